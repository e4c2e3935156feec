"""A minor project from its registration to its close, by eight people in eight browsers, through pages only.

On its way: gates that hold, a signature that goes stale, a wrong password, dissent, a no-go with its second round.
"""

import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from projects.models import Project
from reviews.evidence.verify import verify
from reviews.models import SignOff
from tests import world
from tests.journeys import steps
from tests.parts import needs_chromium
from tests.world import PASSWORD

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

SCRIPT = Path(__file__).resolve().parents[2] / "docs/auditor/verify_pack.sh"
ROLES = {
    "product": ("Product Manager", "anneke"),
    "developer": ("Developer", "ravi"),
    "sponsor": ("Sponsor", "lucia"),
    "operations": ("Operations Manager", "hannah"),
    "support": ("Primary Support", "joy"),
    "user": ("End User", "chloe"),
}
STORY = [
    "Ingrid Solheim registered the project",
    "Ravi Menon acknowledged the role Developer",
    "Yusuf Karaca moved the project to Project Planning",
    "Yusuf Karaca convened PPA-1",
    "Lucía Benítez signed PPA-1: Agree",
    "Ravi Menon added Work plan 2.0",
    "Ravi Menon made the signature of Lucía Benítez on PPA-1 stale",
    "Yusuf Karaca pinned version 2.0 to I2 in PPA-1",
    "Lucía Benítez signed PPA-1: Agree",
    "Hannah Vogel signed PPA-1: Dissent",
    "Ingrid Solheim decided PPA-1: Go",
    "Yusuf Karaca moved the project to Build",
    "Ingrid Solheim decided RR-1: No-go, postponed",
    "Yusuf Karaca finished remediation REM-01",
    "Chloe Martin signed RR-2: Disagree, but will support",
    "Ingrid Solheim decided RR-2: Go",
    "Yusuf Karaca moved the project to Deploy",
    "Yusuf Karaca began to deploy RC-",
    "Ingrid Solheim closed the project",
]


@pytest.fixture
def desks(desk_of, settings, tmp_path) -> SimpleNamespace:
    settings.SEAL_KEY_FILE = tmp_path / "seal_key.pem"
    people = world.People()
    who = ("manager", "program", *ROLES, "auditor")
    return SimpleNamespace(**{name: desk_of(getattr(people, name)) for name in who})


@pytest.mark.req("SEED-09", "SEED-18", "SEED-19", "SEED-70", "SEED-87", "SEED-94", "SEED-111", "EXT-08", "EXT-10")
def test_a_minor_project_goes_from_registration_to_close(desks, tmp_path):
    project = register(desks)
    name_people(desks, project)
    envision(desks, project, tmp_path)
    planning(desks, project, tmp_path)
    plan_is_approved(desks, project)
    build(desks, project)
    stabilize(desks, project)
    release_is_postponed(desks, project)
    release_is_ready(desks, project)
    deploy_and_close(desks, project)
    history_tells_it(desks, project)
    evidence_verifies(desks, project, tmp_path)


def register(desks) -> str:
    """The solution manager registers the project; returns its address."""
    desk = desks.manager.open("/projects/")
    desk.page.get_by_role("link", name=re.compile("Register|New project")).first.click()
    desk.fill("Title", "Visitor sign-in at three depots")
    desk.choose("Packaged product deployment")
    desk.page.get_by_role("radio", name="Minor").check()
    desk.fill("Nature of the change", "No core system is touched.")
    desk.fill("Size of the change", "Three sites, six weeks.")
    desk.page.get_by_label("Program manager").select_option(label="Yusuf Karaca")
    desk.press("Register the project")
    desk.told("is registered")
    return re.match("/projects/[^/]+/", steps.path_of(desk.page)).group()


def name_people(desks, project: str) -> None:
    """Everybody is named; the developer takes the role on."""
    desk = desks.manager.open(f"{project}roles/")
    desk.page.get_by_role("link", name="Fill the roles").click()
    for role, username in ROLES.values():
        desk.page.get_by_label(f"{role}: person", exact=True).fill(username)
    desk.press("Save the roles")
    desk.told("Named and asked to acknowledge:")
    desks.developer.open(f"{project}roles/").press("I take this role on")
    desks.developer.told("You have taken the role on.")


def envision(desks, project: str, tmp_path) -> None:
    steps.take(desks.program, project, "Start Envision", "Envision")
    steps.follow_every_entry(desks.program, project)
    steps.add_version(desks.developer, f"{project}artifacts/ART-01/", text="Visitors are known to the depot.")
    desks.developer.sees("You wrote this version: somebody else approves it.")
    steps.approve(desks.sponsor, f"{project}artifacts/ART-01/")
    desk = desks.product.open(f"{project}requirements/")
    desk.fill("Requirement", "Every visitor is known to the depot before the gate opens.")
    desk.press("Record it")
    steps.confirm_outcomes(desks.program, project, "envision")
    steps.take(desks.program, project, "Start Project Planning", "Project Planning")


def planning(desks, project: str, tmp_path) -> None:
    """Build is held until its review has said go: the list of what is missing leads to every fix."""
    desks.program.open(f"{project}move/start_build/")
    expect(desks.program.page.get_by_role("button", name="Start Build")).to_be_disabled()
    desks.program.follow("It is not said whether data or system conversion applies.")
    desks.program.choose("Does not apply")
    desks.program.press("Save")
    desks.program.told("Saved.")
    missing = steps.follow_every_entry(desks.program, project)
    assert len(missing) > 5
    assert any("has not been opened" in text for text in missing)
    specification = tmp_path / "functional specification.txt"
    specification.write_text("A visitor signs in at a screen; the host is told.")
    steps.add_version(desks.developer, f"{project}artifacts/ART-05/", file=specification)
    steps.add_version(desks.developer, f"{project}artifacts/ART-11/", link="https://docs.example.test/work-plan")
    steps.add_version(desks.developer, f"{project}artifacts/ART-15/", text="Each depot, each kind of visitor.")
    for kind in ("ART-05", "ART-11", "ART-15"):
        steps.approve(desks.product, f"{project}artifacts/{kind}/")
    steps.confirm_outcomes(desks.program, project, "planning")


def plan_is_approved(desks, project: str) -> None:
    room = steps.open_round(desks.program, project, "ppa")
    steps.follow_every_entry(desks.program, project)
    desks.program.open(room).press("Convene the review")
    steps.follow_every_entry(desks.program, room)
    steps.answer_all(desks.user, room)
    steps.request_sign_offs(desks.program, room)
    assert steps.waiting_for(desks.program, room) == ["Hannah Vogel", "Lucía Benítez"]
    a_changed_artifact_makes_a_signature_stale(desks, project, room)
    a_wrong_password_signs_nothing(desks, room)
    dissent_needs_words(desks, room)
    dissent_is_answered(desks, project, room)


def a_changed_artifact_makes_a_signature_stale(desks, project: str, room: str) -> None:
    """The sponsor has signed and operations are reading when the work plan changes."""
    steps.open_sign_page(desks.sponsor, project)
    steps.sign(desks.sponsor, "Agree", PASSWORD)
    desks.sponsor.told("You have signed.")
    steps.open_sign_page(desks.operations, project)
    steps.add_version(
        desks.developer,
        f"{project}artifacts/ART-11/",
        link="https://docs.example.test/work-plan-2",
        note="A week more.",
    )
    assert steps.waiting_for(desks.program, room) == ["Hannah Vogel", "Lucía Benítez"]
    missing = steps.follow_every_entry(desks.program, room, instead={"/sign/": desks.sponsor})
    assert any("version 2.0 exists and is not approved yet" in text for text in missing)
    steps.approve(desks.product, f"{project}artifacts/ART-11/")
    steps.follow_every_entry(desks.program, room, instead={"/sign/": desks.sponsor})
    desks.program.open(room)
    for code in ("I2", "I3"):
        question = desks.program.within(f"#{code}")
        question.get_by_label("Why the newer one").fill("A week more, as the developer found.")
        desks.program.press("Pin version 2.0", question)
    steps.open_sign_page(desks.sponsor, project)
    changed = desks.sponsor.page.locator(".panel", has_text="What changed since you signed")
    expect(changed).to_contain_text("2.0")
    steps.sign(desks.sponsor, "Agree", PASSWORD)
    desks.sponsor.told("You have signed.")
    assert SignOff.objects.filter(user__username="lucia").count() == 2


def a_wrong_password_signs_nothing(desks, room: str) -> None:
    """First what was read is overtaken, then the password is wrong; what was typed stays both times."""
    desk = desks.operations
    steps.sign(desk, "Agree, with a comment", PASSWORD, comment="Watch the second depot.")
    assert desk.status == 409
    expect(desk.page.locator(".panel", has_text="What changed while you were reading")).to_contain_text("2.0")
    expect(desk.page.get_by_role("textbox", name="Comment")).to_have_value("Watch the second depot.")
    steps.sign(desk, "Agree, with a comment", "not my password")
    desk.sees("not right")
    expect(desk.page.get_by_role("textbox", name="Comment")).to_have_value("Watch the second depot.")
    assert steps.waiting_for(desks.program, room) == ["Hannah Vogel"]
    assert not SignOff.objects.filter(user__username="hannah").exists()


def dissent_needs_words(desks, room: str) -> None:
    desk = desks.operations
    desk.page.get_by_role("textbox", name="Comment").fill("")
    steps.sign(desk, "Dissent", PASSWORD)
    desk.sees("Say it in a sentence")
    assert not SignOff.objects.filter(user__username="hannah").exists()
    steps.sign(desk, "Dissent", PASSWORD, comment="Nobody is on call at the second depot.")
    desk.told("You have signed.")
    assert steps.waiting_for(desks.program, room) == []


def dissent_is_answered(desks, project: str, room: str) -> None:
    """The chair cannot say go over a dissent without answering it."""
    steps.decide(desks.manager, room, "Go", PASSWORD)
    desks.manager.sees("Hannah Vogel dissents: answer it in the reason")
    steps.fill_decision(desks.manager, "Go", PASSWORD, reason="Joy Mbeki is on call from the first day.")
    desks.manager.told("PPA-1 is decided: Go.")
    steps.take(desks.program, project, "Start Build", "Build")


def build(desks, project: str) -> None:
    missing = steps.follow_every_entry(desks.program, project)
    assert sum(text.startswith("PPA-1, O") for text in missing) == 4
    desks.program.open(f"{project}reviews/PPA-1/")
    for code in ("O1", "O2", "O4", "O7"):
        steps.answer(desks.program, code, "Confirmed", evidence="Version 1.0, by Lucía Benítez, without a limit.")
    steps.confirm_outcomes(desks.program, project, "build")
    steps.take(desks.program, project, "Start Stabilize", "Stabilize")


def stabilize(desks, project: str) -> None:
    """Deploy is held until its review has said go."""
    desks.program.open(f"{project}move/start_deploy/")
    expect(desks.program.page.get_by_role("button", name="Start Deploy")).to_be_disabled()
    desks.program.open(f"{project}reviews/new/rr/").sees("Name the release candidate first.")
    expect(desks.program.page.get_by_role("button", name="Prepare the round")).to_have_count(0)
    steps.name_candidate(desks.program, project, "RC-1")
    missing = steps.follow_every_entry(desks.program, project)
    assert any("Release Readiness" in text and "has not been opened" in text for text in missing)
    for kind in ("ART-35", "ART-36"):
        steps.add_version(
            desks.developer, f"{project}artifacts/{kind}/", text=f"As rehearsed at the first depot: {kind}."
        )
        steps.approve(desks.operations, f"{project}artifacts/{kind}/")
    steps.confirm_outcomes(desks.program, project, "stabilize")


def release_is_postponed(desks, project: str) -> None:
    """No-go as soon as nobody knows a way back. It is addressed; Deploy stays shut until another round."""
    room = steps.open_round(desks.program, project, "rr", candidate="RC-1")
    steps.follow_every_entry(desks.program, room)
    desks.program.open(room).press("Convene the review")
    steps.follow_every_entry(desks.program, room)
    desks.operations.open(room)
    steps.answer(desks.operations, "G-REL-1", "Confirmed", evidence="Ticked off by Ravi Menon.")
    steps.answer(desks.operations, "G-REL-3", "Not confirmed", reason="Going back was never tried.")
    decide_no_go(desks, room)
    address(desks, project, room)


def decide_no_go(desks, room: str) -> None:
    desk = desks.manager.open(f"{room}decide/")
    expect(desk.page.get_by_role("radio", name=re.compile("^Go"))).to_be_disabled()
    area = desk.within(".area").first
    expect(area.get_by_label("Area to address")).to_have_value(re.compile("Going back was never tried"))
    area.get_by_label("First estimate, person-days").fill("2.5")
    steps.fill_decision(desk, "No-go, postponed", PASSWORD, reason="We do not go where we cannot come back from.")
    desk.told("RR-1 is decided: No-go, postponed.")


def address(desks, project: str, room: str) -> None:
    desks.program.open(room).sees("2.5 person-days")
    desks.program.page.get_by_role("link", name=re.compile("^Report done")).click()
    desks.program.fill("What was done", "Went back and forth twice on Thursday, 40 minutes each.")
    desks.program.press("Report it done")
    desks.program.told("is done.")
    missing = steps.follow_every_entry(desks.program, project)
    assert any("Release Readiness" in text and "has not been opened" in text for text in missing)


def release_is_ready(desks, project: str) -> None:
    steps.name_candidate(desks.program, project, "RC-2")
    room = steps.open_round(desks.program, project, "rr", candidate="RC-2")
    desks.program.open(room).sees("Going back was never tried.")  # what the last round said stands beside the question
    desks.program.press("Convene the review")
    steps.answer_all(desks.operations, room)
    steps.request_sign_offs(desks.program, room)
    for desk in (desks.support, desks.program):
        steps.open_sign_page(desk, project)
        steps.sign(desk, "Agree", PASSWORD)
        desk.told("You have signed.")
    steps.open_sign_page(desks.user, project)
    steps.sign(desks.user, "Disagree, but will support", PASSWORD, comment="I would wait a week.")
    steps.decide(desks.manager, room, "Go", PASSWORD)
    desks.manager.told("RR-2 is decided: Go.")
    steps.take(desks.program, project, "Start Deploy", "Deploy")


def deploy_and_close(desks, project: str) -> None:
    steps.follow_every_entry(desks.program, project)
    for kind in ("ART-49", "ART-51"):
        steps.add_version(desks.developer, f"{project}artifacts/{kind}/", text=f"Handed over: {kind}.")
        steps.approve(desks.operations, f"{project}artifacts/{kind}/")
    steps.sign_statement(desks.program, project, "transfer", "giving", PASSWORD)
    steps.sign_statement(desks.operations, project, "transfer", "receiving", PASSWORD)
    deploy_to_the_depot(desks, project)
    steps.confirm_outcomes(desks.program, project, "deploy")
    outputs_are_recorded(desks, project)
    steps.take(desks.manager, project, "Close the project", "Closed")
    assert Project.objects.get().status == "closed"


def outputs_are_recorded(desks, project: str) -> None:
    """The project stays open until every output of the release review is confirmed; support accepts for itself."""
    missing = steps.follow_every_entry(desks.program, project)
    assert sum("is not confirmed" in text for text in missing) == 3
    room = f"{project}reviews/RR-2/"
    desks.program.open(room)
    steps.answer(desks.program, "O1", "Confirmed", evidence="Three of three signatures under one packet.")
    steps.answer(desks.program, "O3", "Confirmed", evidence="Mail to the three depot managers on Friday.")
    desks.support.open(room)
    steps.answer(desks.support, "O2", "Confirmed", evidence="Joy Mbeki for support, Hannah Vogel for operations.")


def deploy_to_the_depot(desks, project: str) -> None:
    """Planned, begun, ended and found stable; the approved candidate stands in the form already."""
    register = f"{project}registers/deployments/"
    desk = desks.program.open(register)
    desk.fill("Site or target", "North Quay")
    desk.fill("Planned for", "2026-11-23T10:00")
    desk.press("Record it")
    desk.told("is recorded.")
    desk.follow("Record the beginning")
    desk.page.get_by_label("Deployed by").select_option(label="Joy Mbeki")
    desk.press("Record the beginning")
    desk.follow("Record the result")
    desk.page.get_by_label("Result").select_option(label="Success")
    desk.press("Record the result")
    desk.follow("Say that it is stable")
    desk.fill("What shows that it is stable", "A day at the gate without an alert.")
    desk.press("Say that it is stable")
    desk.sees("Stable")


def history_tells_it(desks, project: str) -> None:
    """In sentences, newest first; every line of the chain fits."""
    desk = desks.auditor.open(f"{project}history/")
    told = desk.within(".timeline-what").all_inner_texts()
    while desk.page.get_by_role("link", name="Older").count():
        desk.follow("Older")
        told += desk.within(".timeline-what").all_inner_texts()
    whole = "\n".join(reversed(told))
    at = 0
    for words in STORY:
        found = whole.find(words, at)
        assert found >= 0, f"{words!r} is not told after {whole[:at][-200:]!r}"
        at = found


def evidence_verifies(desks, project: str, tmp_path) -> None:
    """The auditor downloads pack and key in the browser; both verifiers say yes, and no after one byte."""
    desk = desks.auditor.open(f"{project}evidence/")
    pack, key = tmp_path / "pack.zip", tmp_path / "key.pem"
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="Download the evidence pack").click()
    download.value.save_as(pack)
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Download the public key").click()
    download.value.save_as(key)
    assert verify(pack, key.read_bytes()).faults == []
    said = subprocess.run(["sh", str(SCRIPT), str(pack), str(key)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    changed = bytearray(pack.read_bytes())
    changed[len(changed) // 2] ^= 1
    pack.write_bytes(changed)
    assert verify(pack, key.read_bytes()).faults
    said = subprocess.run(["sh", str(SCRIPT), str(pack), str(key)], capture_output=True, text=True, check=False)
    assert said.returncode == 1
