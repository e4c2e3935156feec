"""A standard change from request to done through one page alone: whoever runs it, answers, signs, decides and deploys
does it there, each under the own login.
"""

from datetime import timedelta

import pytest
import time_machine

from projects.ledger_check import verify
from projects.models import Project
from reviews.catalog import REVIEW_TYPES
from tests import world
from tests.journeys.major_steps import Place
from tests.journeys.markup import Page
from tests.journeys.walking import Walker

NAMES = ("ingrid", "yusuf", "ravi", "anneke", "hannah", "joy")
ON_PAGE = "Do it on one page"
CODES = {item.code for review in REVIEW_TYPES.values() for item in review.items}
REACHED = {"What shows that they are reached": "Read with the owner of the template."}


@pytest.fixture
def staff(db):
    people = world.People()
    template = world.known_template(people)
    with time_machine.travel(world.NOW, tick=False) as clock:
        yield {name: Walker(name, pass_time=clock.shift) for name in NAMES}, template


@pytest.fixture
def place(staff) -> Place:
    """The change is asked for: which template, when, and who does what."""
    people, template = staff
    program = people["yusuf"]
    program.open("/")
    program.follow("Templates")
    program.follow(template.code)
    program.follow("Open a change from it")
    typed = {
        "When it is deployed": "2026-11-24",
        "Who deploys": "hannah",
        "Who speaks for the customer": "anneke",
        "Who prepares it": "ravi",
        "Who supports it": "joy",
        "Solution manager": "Ingrid Solheim",
    }
    program.send("Register the change", typed)
    return Place(program.page.path.removesuffix("standard/"))


def on_page(place: Place, person: Walker) -> Walker:
    """The person is on the change's page: found by its link once, then opened by heart."""
    return place.at(person, ON_PAGE)


def do(place: Place, person: Walker, button: str, typed: dict[str, object] | None = None, *, part: str = "") -> Page:
    """Something is done on that page, and leads to that page."""
    on_page(place, person).send(button, typed, part=part)
    assert person.page.path == place.url + "standard/"
    return person.page


def go_on(place: Place, person: Walker, step: str) -> None:
    on_page(place, person)
    do(place, person, step, REACHED if person.page.has("id_evidence") else {}, part="next")


def answer(place: Place, person: Walker, button: str = "Save the answers") -> None:
    """Every question that is asked of this person gets the good answer."""
    on_page(place, person)
    form = person.page.form(button)[0]
    asked = {code for code in CODES if any(form.caption(each).startswith(f"{code} ") for each in form.controls)}
    typed: dict[str, object] = {f"{code} ": "Clear" if code.startswith("N-") else "Confirmed" for code in asked}
    words = form.as_it_stands()
    for code in asked:
        name = next(name for name in words if name.endswith(f"-{code}-words"))
        lines = words[name][0].splitlines()
        said = "\n".join(f"{line} seen on site." for line in lines) or "Seen on site."
        typed[f"What shows it, or the reason ({code})"] = said
    do(place, person, button, typed)


def sign_all(place: Place, people: dict[str, Walker]) -> int:
    """Everybody who is asked on that page signs there."""
    signed = 0
    for person in people.values():
        if on_page(place, person).page.has("signature"):
            do(place, person, "Sign as", {"Your position": "Agree", **person.credentials()})
            signed += 1
    return signed


def hold(people: dict[str, Walker], place: Place, *, release: bool) -> None:
    """The round of this stage: convened, answered, signed by everybody asked, decided."""
    program = people["yusuf"]
    do(place, program, "Confirm, and stay", REACHED)
    do(place, program, "Convene the review")
    for who in ("anneke", "joy") if release else ():
        do(place, people[who], "I know the questions")
    answer(place, people["anneke"])
    do(place, program, "Request the sign-offs")
    assert sign_all(place, people) == (2 if release else 1)
    stated = {"The risks that remain": True} if release else {}
    do(place, people["ingrid"], "Decide go as", {**stated, **people["ingrid"].credentials()})


@pytest.mark.req("SEED-07", "EXT-17")
def test_a_standard_change_goes_from_request_to_done_on_one_page(staff, place):
    people, _template = staff
    program, deployer, chair = people["yusuf"], people["hannah"], people["ingrid"]
    do(place, program, "Take over the documents")
    do(place, people["anneke"], "Approve the documents")
    go_on(place, program, "Start Envision")
    go_on(place, program, "Start Project Planning")
    hold(people, place, release=False)
    go_on(place, program, "Start Build")
    answer(place, program, "Record it")
    go_on(place, program, "Start Stabilize")
    hold(people, place, release=True)
    go_on(place, program, "Start Deploy")
    for number in (1, 2, 3):
        do(place, deployer, "Done", {"What shows it": "Seen."}, part=f"step-{number}")
    times = {"Began": "2026-11-23T09:30", "Ended": "2026-11-23T09:50"}
    deployer.pass_time(timedelta(hours=2))
    do(place, deployer, "It was deployed", times)
    do(place, deployer, "It is stable", {"What shows": "Half an hour without an alarm."})
    do(place, program, "Make the deployment record")
    do(place, people["anneke"], "Approve the documents")
    do(place, program, "Record how it went", {"How it went": "As the template", "What was seen": "All well."})
    assert "It went as the template says" in program.page.html
    answer(place, people["joy"], "Record it")
    assert not on_page(place, program).page.has("outputs")
    do(place, chair, "Close the project", REACHED, part="next")
    project = Project.objects.get()
    assert project.stage == "closed"
    assert "Half an hour without an alarm." in project.artifacts.get(kind="ART-49").versions.get().text
    assert list(verify(project=project).findings) == []


@pytest.mark.req("EXT-17")
def test_a_failed_change_suspends_its_template_from_the_same_page(staff, place):
    people, template = staff
    program = people["yusuf"]
    on_page(place, program)
    program.send("Record how it went", {"How it went": "It failed", "What was seen": "It timed out."})
    assert "It failed, and the template is suspended" in program.page.html
    template.refresh_from_db()
    assert template.state == "suspended"


@pytest.mark.req("SEED-05", "SEED-07")
def test_a_change_that_departs_becomes_a_minor_one_from_the_same_page(staff, place):
    people, _template = staff
    program = people["yusuf"]
    on_page(place, program)
    program.send("Make it a minor change", {"From which step": "2.", "What is different": "Another issuer."})
    assert Project.objects.get().category == "minor"
    assert "Minor" in program.page.root.text
