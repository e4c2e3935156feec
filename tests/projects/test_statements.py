"""Signed statements: on what, by whom, when they count, and that a gate waits for them."""

import hashlib
import json
import zipfile

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from projects import guards
from projects.actions import artifacts, candidates, features, planning, projects, requirements, roles, statements
from projects.actions.artifacts import Content
from projects.actions.statements import StaleStatement
from projects.blocker import Blocked, NotAllowed, Refused
from projects.catalog.statements import STATEMENTS
from projects.checks import check_blockers
from projects.checks.statements import Board
from projects.credentials import WrongCredentials
from projects.digests import digest
from projects.ledger_check import verify
from projects.lifecycle import exit_blockers
from projects.models import Statement
from reviews.evidence import pack
from tests import pages, world
from tests.kept import kept
from tests.supplies import statements as supplies

pytestmark = pytest.mark.django_db
DAY = world.NOW.date()


def scene():
    """A major change in Envision, with a customer, and a vision document that is approved; another one in Deploy."""
    people = world.People()
    made = world.register(people, category="major")
    roles.assign(project_id=made.pk, by=people.manager, role="P-CUST", person=people.user, now=world.NOW)
    world.move(made, "start_envision", people)
    world.approved_artifact(made, "ART-01", people)
    return people, made, world.to_deploy(world.register_large(people), people)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def project(scene):
    return scene[1]


@pytest.fixture
def deployed(scene):
    return scene[2]


def sign(project, by, topic, side, *, seen="", proof=None):
    seen = seen or Board(project).signing(topic, side).digest
    return statements.sign(
        project_id=project.pk,
        by=by,
        topic=topic,
        side=side,
        digest=seen,
        proof=proof or world.proof(by, seen),
        now=world.NOW,
    )


def open_sides(project, gate):
    return [b.text for b in check_blockers(project, gate, world.NOW) if b.code == "statement.not_signed"]


def newer(project, people, kind):
    return world.approved_artifact(project, kind, people, text="Another wording.")


def about(project, topic):
    return json.loads(project.statements.filter(topic=topic).latest("id").body)["about"]


@pytest.mark.req("SEED-21")
def test_the_exit_of_envision_waits_for_team_and_customer_to_understand_the_vision(project, people):
    assert len(open_sides(project, "vision")) == 2
    sign(project, people.developer, "vision", "team")
    assert [text for text in open_sides(project, "vision") if "Customer" in text]
    signed = sign(project, people.user, "vision", "customer")

    assert open_sides(project, "vision") == []
    assert (signed.printed_name, signed.role, signed.method) == ("Chloe Martin", "P-CUST", "password")
    version = project.artifacts.get(kind="ART-01").versions.get()
    assert about(project, "vision")["ART-01"]["digest"] == version.digest


@pytest.mark.req("SEED-21", "SEED-71")
def test_a_newer_version_asks_for_every_signature_again_and_keeps_the_old_one(project, people):
    sign(project, people.developer, "vision", "team")
    sign(project, people.user, "vision", "customer")
    newer(project, people, "ART-01")

    assert len([text for text in open_sides(project, "vision") if "other content" in text]) == 2
    assert project.statements.count() == 2
    sign(project, people.developer, "vision", "team")
    assert project.statements.filter(topic="vision").count() == 3
    assert len(open_sides(project, "vision")) == 1


def test_what_was_shown_is_what_is_signed(project, people):
    seen = Board(project).signing("vision", "team").digest
    newer(project, people, "ART-01")
    with pytest.raises(StaleStatement):
        sign(project, people.developer, "vision", "team", seen=seen)
    assert project.statements.count() == 0


def test_a_proof_for_something_else_signs_nothing(project, people):
    with pytest.raises(WrongCredentials):
        sign(project, people.developer, "vision", "team", proof=world.proof(people.developer, "0" * 64))
    seen = Board(project).signing("vision", "team").digest
    with pytest.raises(NotAllowed):
        sign(project, people.developer, "vision", "team", proof=world.proof(people.manager, seen))
    assert project.statements.count() == 0


def test_only_a_holder_of_the_role_signs_for_a_side_and_two_sides_are_two_people(project, people):
    for stranger in (people.auditor, people.manager, people.outsider, people.developer):
        with pytest.raises(NotAllowed):
            sign(project, stranger, "vision", "customer")
    roles.assign(project_id=project.pk, by=people.manager, role="P-USER", person=people.product, now=world.NOW)
    sign(project, people.product, "vision", "team")
    with pytest.raises(NotAllowed, match="two sides are two people"):
        sign(project, people.product, "vision", "customer")


def test_signed_again_on_the_same_content_the_first_signature_stands(project, people):
    first = sign(project, people.developer, "vision", "team")
    assert sign(project, people.developer, "vision", "team") == first
    assert project.statements.count() == 1
    assert world.events(project).count("statement.signed") == 1


def test_nothing_is_signed_before_what_it_is_about_is_there(project, people):
    with pytest.raises(Refused, match="cannot be signed yet"):
        statements.sign(
            project_id=project.pk,
            by=people.program,
            topic="plan",
            side="team",
            digest="0" * 64,
            proof=world.proof(people.program, "0" * 64),
            now=world.NOW,
        )


def test_the_database_keeps_a_signature_as_it_was_given(project, people):
    signed = sign(project, people.developer, "vision", "team")
    for change in (
        lambda: Statement.objects.filter(pk=signed.pk).update(comment="Not I."),
        lambda: Statement.objects.filter(pk=signed.pk).delete(),
        lambda: Statement.objects.create(
            project=project,
            topic="vision",
            side="customer",
            body="Something else.",
            digest=digest("Forged."),
            created_by=people.user,
            created_at=world.NOW,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert list(verify(project=project).findings) == []


def test_who_owns_the_database_and_changes_what_was_signed_is_found(project, people):
    signed = sign(project, people.developer, "vision", "team")
    with guards.lifted():
        Statement.objects.filter(pk=signed.pk).update(body=signed.body.replace("clear", "dark"))
    found = [finding for finding in verify(project=project).findings if finding.object.startswith("projects.statement")]
    assert {finding.field for finding in found} == {"body"}


def test_the_evidence_pack_holds_what_was_signed_byte_by_byte(project, people, tmp_path, settings):
    settings.SEAL_KEY_FILE = tmp_path / "seal_key.pem"
    older = sign(project, people.developer, "vision", "team")
    newer(project, people, "ART-01")
    signed = sign(project, people.developer, "vision", "team")
    with (tmp_path / "pack.zip").open("w+b") as out:
        pack.build(project, out)
    archive = zipfile.ZipFile(tmp_path / "pack.zip")
    for each in (older, signed):
        assert hashlib.sha256(archive.read(f"statements/{each.digest}.json")).hexdigest() == each.digest
    states = [line.rpartition(",")[2] for line in archive.read("13_statements.csv").decode().splitlines()]
    assert states == ["state", "superseded", "valid"]


def test_a_project_that_rests_takes_no_signature(project, people):
    projects.hold(project_id=project.pk, by=people.manager, reason="Budget.", now=world.NOW)
    with pytest.raises(Blocked):
        sign(project, people.developer, "vision", "team")


@pytest.mark.req("SEED-22")
def test_the_plan_is_agreed_by_team_customer_and_stakeholders(project, people):
    assert [side.code for side in STATEMENTS["plan"].sides] == ["team", "customer", "stakeholders"]
    for words in ("interim milestones", "customer needs", "realistic"):
        assert words in STATEMENTS["plan"].text
    world.approved_artifact(project, "ART-04", people)
    before = [text for text in open_sides(project, "plan") if "The plan is agreed" in text]
    for by, side in ((people.developer, "team"), (people.user, "customer"), (people.sponsor, "stakeholders")):
        sign(project, by, "plan", side)

    assert len(before) == 3
    assert not [text for text in open_sides(project, "plan") if "The plan is agreed" in text]


@pytest.mark.req("SEED-22", "SEED-23")
def test_the_plan_is_not_agreed_while_an_interim_milestone_is_unmet_without_a_reason(project, people):
    world.approved_artifact(project, "ART-04", people)
    milestone = planning.add_milestone(
        project_id=project.pk, by=people.program, name="Prototype seen", stage="planning", planned_on=DAY, now=world.NOW
    )
    with pytest.raises(Blocked, match="Prototype seen"):
        sign(project, people.developer, "plan", "team")
    planning.explain(milestone, by=people.program, unmet_reason="Seen on paper instead.", now=world.NOW)
    assert sign(project, people.developer, "plan", "team").side == "team"


@pytest.mark.req("SEED-69")
@pytest.mark.parametrize(
    ("topic", "kind"), [("specification", "ART-05"), ("master-plan", "ART-08"), ("master-schedule", "ART-09")]
)
def test_specification_master_plan_and_schedule_are_signed_at_a_stated_version(project, people, topic, kind):
    title = STATEMENTS[topic].title
    assert [text for text in open_sides(project, "plan") if title in text]
    world.approved_artifact(project, kind, people)
    for side in STATEMENTS[topic].sides:
        supplies.sign_side(project, people, STATEMENTS[topic], side, world.NOW)

    assert about(project, topic)[kind]["version"] == "1.0"
    assert not [text for text in open_sides(project, "plan") if title in text]


@pytest.mark.req("SEED-65")
def test_the_specification_counts_as_signed_when_every_feature_owner_signed_the_same_version(project, people):
    world.approved_artifact(project, "ART-05", people)
    for owner, name in ((people.developer, "Sign-in"), (people.product, "Badges")):
        features.add(project_id=project.pk, by=people.program, name=name, owner=owner, now=world.NOW)

    def waits():
        return [text for text in open_sides(project, "plan") if "functional specification" in text]

    assert len(waits()) == 3
    first = f"owner-{people.developer.pk}"
    with pytest.raises(NotAllowed, match="nobody but the Feature owner Ravi Menon"):
        sign(project, people.product, "specification", first)
    sign(project, people.developer, "specification", first)
    sign(project, people.user, "specification", "customer")
    assert len(waits()) == 1
    newer(project, people, "ART-05")
    sign(project, people.product, "specification", f"owner-{people.product.pk}")
    assert len(waits()) == 2  # two versions do not add up to one signed specification
    sign(project, people.developer, "specification", first)
    sign(project, people.user, "specification", "customer")
    assert waits() == []


@pytest.mark.req("SEED-26")
@pytest.mark.parametrize("kind", ["business", "user", "operational", "system"])
def test_the_final_design_is_confirmed_against_each_kind_of_requirement(project, people, kind):
    requirements.add(project_id=project.pk, by=people.product, kind=kind, text="It is quick.", now=world.NOW)
    world.approved_artifact(project, "ART-06", people)
    title = STATEMENTS[f"design-{kind}"].title
    assert [text for text in open_sides(project, "scope") if title in text]
    sign(project, people.product, f"design-{kind}", "team")
    assert [each["text"] for each in about(project, f"design-{kind}")[f"requirements, {kind}"]] == ["It is quick."]
    assert not [text for text in open_sides(project, "scope") if title in text]

    requirements.add(project_id=project.pk, by=people.product, kind=kind, text="It is safe.", now=world.NOW)
    assert [text for text in open_sides(project, "scope") if title in text]


@pytest.mark.req("SEED-27")
def test_the_exit_of_build_waits_for_the_statement_that_all_features_are_complete(people):
    project = world.register_large(people)
    world.to_build(project, people)
    world.approved_artifact(project, "ART-28", people)
    blocked = [b.text for b in exit_blockers(world.fresh(project), "build", world.NOW)]
    assert len([text for text in blocked if "All features are complete" in text]) == 2
    assert "ready for external testing" in STATEMENTS["scope"].text

    sign(project, people.program, "scope", "management")
    sign(project, people.developer, "scope", "team")
    blocked = [b.text for b in exit_blockers(world.fresh(project), "build", world.NOW)]
    assert not [text for text in blocked if "All features are complete" in text]


@pytest.mark.req("SEED-83", "SEED-117", "SEED-120")
@pytest.mark.parametrize(
    ("topic", "side", "role"),
    [("user-acceptance", "users", "P-USER"), ("usable", "users", "R-UX"), ("test-environment", "testing", "R-TM")],
)
def test_what_is_said_of_a_release_candidate_holds_for_no_other(project, people, topic, side, role):
    if role != "P-USER":
        roles.assign(project_id=project.pk, by=people.manager, role=role, person=people.support, now=world.NOW)
    by = people.user if role == "P-USER" else people.support
    if topic == "test-environment":
        world.approved_artifact(project, "ART-32", people)
    title = STATEMENTS[topic].title
    candidates.add(project_id=project.pk, by=people.developer, ref="RC-1", built_on=DAY, now=world.NOW)
    signed = sign(project, by, topic, side)
    assert signed.role == role
    assert about(project, topic)["candidate"] == "RC-1"
    assert not [text for text in open_sides(project, "release") if title in text]

    candidates.add(project_id=project.pk, by=people.developer, ref="RC-2", built_on=DAY, now=world.NOW)
    assert [text for text in open_sides(project, "release") if title in text and "other content" in text]


@pytest.mark.req("SEED-118")
def test_release_management_says_that_the_design_meets_the_operational_requirements(project, people):
    roles.assign(project_id=project.pk, by=people.manager, role="R-REL", person=people.support, now=world.NOW)
    requirements.add(project_id=project.pk, by=people.product, kind="operational", text="Restarts.", now=world.NOW)
    world.approved_artifact(project, "ART-06", people)
    with pytest.raises(NotAllowed):
        sign(project, people.developer, "design", "release")
    sign(project, people.support, "design", "release")
    assert [each["text"] for each in about(project, "design")["requirements, operational"]] == ["Restarts."]


def test_after_the_go_a_statement_stays_with_the_candidate_that_the_go_holds_for(deployed, people):
    assert open_sides(deployed, "release") == []
    candidates.add(project_id=deployed.pk, by=people.developer, ref="RC-9", built_on=DAY, now=world.NOW)
    assert open_sides(deployed, "release") == []


@pytest.mark.req("SEED-33")
def test_acceptance_is_signed_by_the_customer_and_never_by_the_team(deployed, people):
    for kind in ("ART-49", "ART-50"):
        world.approved_artifact(deployed, kind, people)
    with pytest.raises(NotAllowed):
        sign(deployed, people.program, "customer-acceptance", "customer")
    roles.assign(project_id=deployed.pk, by=people.manager, role="P-CUST", person=people.product, now=world.NOW)
    with pytest.raises(NotAllowed, match="does not work on the project's team"):
        sign(deployed, people.product, "customer-acceptance", "customer")
    assert [text for text in open_sides(deployed, "close") if "The customer accepts" in text]
    assert sign(deployed, people.user, "customer-acceptance", "customer").printed_name == "Chloe Martin"
    assert not [text for text in open_sides(deployed, "close") if "The customer accepts" in text]


@pytest.mark.req("SEED-34", "SEED-109")
def test_the_transfer_is_complete_with_two_signatures_one_giving_and_one_receiving(deployed, people):
    world.approved_artifact(deployed, "ART-51", people)
    sign(deployed, people.program, "transfer", "giving")
    assert len([text for text in open_sides(deployed, "close") if "handed over" in text]) == 1
    with pytest.raises(NotAllowed):
        sign(deployed, people.program, "transfer", "receiving")
    sign(deployed, people.operations, "transfer", "receiving")
    assert not [text for text in open_sides(deployed, "close") if "handed over" in text]


@pytest.mark.req("SEED-110")
def test_the_post_project_analysis_is_signed_by_team_management_and_stakeholders(deployed, people):
    world.approved_artifact(deployed, "ART-53", people)
    assert len([text for text in open_sides(deployed, "close") if "post-project analysis" in text]) == 3
    sign(deployed, people.developer, "analysis", "team")
    sign(deployed, people.manager, "analysis", "management")
    sign(deployed, people.sponsor, "analysis", "stakeholders")
    assert not [text for text in open_sides(deployed, "close") if "post-project analysis" in text]


def test_a_minor_change_signs_the_transfer_alone(people):
    project = world.register(people)
    board = Board(project)
    assert [topic.code for topic in STATEMENTS.values() if board.wanted(topic)] == ["transfer"]


# --- Pages ------------------------------------------------------------------------------------------------------------


def here(project, topic="vision", side="team"):
    return reverse("statement", args=[project.code, topic, side])


def test_a_statement_is_read_on_its_page_and_signed_with_password_and_second_factor(project, people, settings):
    settings.SECOND_FACTOR_POLICY = "profile"
    client = pages.client_of(people.developer)
    listed = client.get(reverse("statements", args=[project.code])).content.decode()
    assert here(project) in listed
    page = client.get(here(project))
    form = {"digest": pages.hidden(page, "digest"), "password": "not mine", "comment": "With the note."}
    refused = client.post(here(project), form)
    assert refused.status_code == 422
    assert "With the note." in refused.content.decode()
    assert project.statements.count() == 0

    # A major change asks for a second factor: who has none is told so.
    answer = client.post(here(project), {**form, "password": world.PASSWORD})
    assert answer.status_code == 422
    assert "second factor" in answer.content.decode()


def test_a_signature_given_on_the_page_stands_on_the_list(people):
    project = world.register(people, category="significant")
    world.move(project, "start_envision", people)
    world.approved_artifact(project, "ART-01", people)
    client = pages.client_of(people.developer)
    seen = pages.hidden(client.get(here(project)), "digest")
    newer(project, people, "ART-01")
    stale = client.post(here(project), {"digest": seen, "password": world.PASSWORD})
    assert stale.status_code == 422
    assert "changed while you were reading" in stale.content.decode()

    fresh = pages.hidden(stale, "digest")
    assert client.post(here(project), {"digest": fresh, "password": world.PASSWORD}).status_code == 302
    assert "Ravi Menon" in pages.text_of(client.get(reverse("statements", args=[project.code])))
    assert project.statements.get().digest == fresh


def test_the_list_costs_the_same_with_three_signatures_and_with_three_hundred(
    client, project, people, django_assert_num_queries
):
    client.force_login(people.auditor)
    there = reverse("statements", args=[project.code])
    client.get(there)
    with django_assert_num_queries(16):
        client.get(there)
    for n in range(300):
        body = f"{{}}{n}"
        Statement.objects.create(
            project=project,
            topic="vision",
            side="team",
            body=body,
            digest=digest(body),
            printed_name="Ravi Menon",
            role="R-DEV",
            created_by=people.developer,
            created_at=world.NOW,
        )
    with django_assert_num_queries(16):
        assert client.get(there).status_code == 200


# --- Parts of documents -----------------------------------------------------------------------------------------------


def written(project, people, kind):
    version = artifacts.add_version(
        project_id=project.pk, kind=kind, by=people.developer, content=Content(text="Words."), now=world.NOW
    )
    artifacts.submit(project_id=project.pk, version_id=version.pk, by=people.developer, now=world.NOW)
    return artifacts.approve(project_id=project.pk, version_id=version.pk, by=people.sponsor, now=world.NOW)


@pytest.mark.parametrize(
    ("kind", "gate", "codes"),
    [
        pytest.param("ART-01", "vision", "vision scope risks design", marks=pytest.mark.req("SEED-20")),
        pytest.param(
            "ART-05", "plan", "instructions estimates agreement synchronisation", marks=pytest.mark.req("SEED-45")
        ),
        pytest.param(
            "ART-14", "plan", "stakeholders communications requirements risks", marks=pytest.mark.req("SEED-58")
        ),
    ],
)
def test_each_part_of_a_document_is_looked_for_and_a_missing_one_blocks(client, people, kind, gate, codes):
    project = world.register(people, category="significant")
    version = written(project, people, kind)
    codes = codes.split()

    def missing():
        return [b.text for b in check_blockers(project, gate, world.NOW) if b.code == "part.missing"]

    def tick(*found):
        client.force_login(people.developer)
        return client.post(
            reverse("artifact_do", args=[project.code, kind, "parts"]), {"version": version.pk, "part": found}
        )

    assert len(missing()) == 1
    assert tick(*codes[:-1]).status_code == 302
    assert len(missing()[0].partition(": ")[2].split("; ")) == 1
    assert tick("nothing").status_code == 422
    assert tick(*codes).status_code == 302
    assert missing() == []
    written(project, people, kind)  # the next version is looked through anew
    assert len(missing()) == 1
    assert list(verify(project=project).findings) == []
