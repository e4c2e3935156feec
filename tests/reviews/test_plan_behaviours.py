"""What the review of the plan promises, seen through its pages: who, when, what it stands on and what it leaves."""

import pytest
from django.urls import reverse

from projects.actions import requirements, roles, stages
from projects.blocker import Blocked
from projects.models import Stage
from reviews import packets, signing
from reviews.actions import rounds
from reviews.evidence import collect
from reviews.models import ReviewKind, ReviewState
from tests import world
from tests.pages import address, answer_form, client_of, decide_form, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


def ready_for_planning(project, people) -> None:
    """All that Envision must leave behind."""
    world.supply_artifacts(project, "vision", people)
    requirements.add(
        project_id=project.pk, by=people.product, kind="business", text="Visitors are known.", now=world.NOW
    )
    world.confirm_outcomes(project, people)


@pytest.mark.req("SEED-114")
@pytest.mark.parametrize(
    ("role", "called"), [("R-PGM", "Program Manager"), ("R-PDM", "Product Manager"), ("R-DEV", "Developer")]
)
def test_planning_does_not_begin_while_a_key_role_is_vacant(people, role, called):
    project = world.register(people)
    world.move(project, "start_envision", people)
    ready_for_planning(project, people)
    held = world.holder(project, role)
    roles.end(assignment_id=held.pk, by=people.manager, now=world.NOW)

    with pytest.raises(Blocked) as refusal:
        stages.move(project_id=project.pk, by=people.manager, name="start_planning", now=world.NOW)

    assert [blocker.text for blocker in refusal.value.blockers] == [f"Nobody holds the role {called}."]
    assert world.fresh(project).stage == Stage.ENVISION
    roles.assign(project_id=project.pk, by=people.manager, role=role, person=held.user, now=world.NOW)
    moved = stages.move(project_id=project.pk, by=people.manager, name="start_planning", now=world.NOW)
    assert moved.stage == Stage.PLANNING


@pytest.mark.req("SEED-41")
def test_a_review_of_the_plan_is_planned_ahead_and_begins_in_planning(people):
    project = world.register(people)
    client, new = client_of(people.program), reverse("review_new", args=[project.code, "ppa"])
    facts = {"chair": people.manager.pk, "mode": "async", "scheduled_for": "2027-01-20T10:00"}
    early = client.post(new, facts)
    assert early.status_code == 409
    assert "a round of it is prepared from Envision on" in text_of(early)
    world.move(project, "start_envision", people)
    assert client.post(new, facts).status_code == 302
    review = project.reviews.get()
    assert "Planned for 20 Jan 2027" in text_of(client.get(address("review", review)))
    assert "PPA-1 is held in Project Planning" in text_of(client.post(address("convene", review)))
    assert signing.load(review.pk).state == ReviewState.PREPARING

    ready_for_planning(project, people)
    world.move(project, "start_planning", people)
    world.supply_artifacts(world.fresh(project), "plan", people)

    assert client.post(address("convene", review)).status_code == 302
    assert signing.load(review.pk).state == ReviewState.CONVENED


@pytest.mark.req("SEED-91", "EXT-01")
def test_a_meeting_about_the_plan_begins_with_everybody_knowing_the_questions(people):
    """Held without a meeting, nobody is asked to: two people answer and sign, each at the own time."""
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    client, url = client_of(people.sponsor), address("item", review, "A1")
    form = answer_form(client, review, "A1", "confirmed", evidence="Read aloud.")
    assert client.post(url, form).status_code == 302
    assert "asks nobody to acknowledge" in text_of(client.post(address("acknowledge", review)))
    rounds.withdraw(review_id=review.pk, by=people.program, reason="We meet.", now=world.NOW)

    review = world.open_review(project, ReviewKind.PPA, people)
    meeting = {"chair": people.manager.pk, "mode": "meeting", "scheduled_for": "", "candidate": ""}
    assert client_of(people.manager).post(address("review_facts", review), meeting).status_code == 302
    review, url = world.convene(review, people), address("item", review, "A1")
    form = answer_form(client, review, "A1", "confirmed", evidence="Read aloud.")
    assert "Acknowledge the questions of this review first" in text_of(client.post(url, form))
    client.post(address("acknowledge", review))
    refused = client.post(url, form)
    others = [each.user for each in review.participants.all() if each.signs and each.user != people.sponsor]
    assert f"Waiting for: {', '.join(map(str, others))}." in text_of(refused)
    for other in others:
        client_of(other).post(address("acknowledge", review))
    assert client.post(url, form).status_code == 302


@pytest.mark.req("SEED-48")
def test_the_security_assessment_is_an_item_of_its_own_at_the_plan(people):
    project = world.to_planning(world.register_large(people, category="significant"), people)
    review = world.open_review(project, ReviewKind.PPA, people)
    client = client_of(people.program)
    missing = "Security assessment and threat modelling plan has not been started."
    assert missing in text_of(client.get(address("review", review)))

    world.approved_artifact(project, "ART-39", people)
    assert missing in text_of(client.get(address("review", review)))
    world.approved_artifact(project, "ART-19", people)

    assert missing not in text_of(client.get(address("review", review)))


@pytest.mark.req("SEED-38")
def test_a_review_is_one_record_with_all_that_belongs_to_it(people):
    """On the room's page while it lives, and in the evidence for good."""
    project = world.to_planning(world.register(people), people)
    client = client_of(people.manager)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.open_review(project, ReviewKind.PPA, people)
    typed = {"chair": people.manager.pk, "mode": "meeting", "scheduled_for": "2026-12-01T10:00"}
    assert client.post(address("review_facts", review), typed).status_code == 302
    world.answer_all(world.convene(review, people), people)
    world.sign_all(world.request_sign_offs(review, people))
    assert client.post(address("decide", review), decide_form(client, review, "go")).status_code == 302

    page = client.get(address("review", review))

    told, body = text_of(page), page.content.decode()
    assert "Project Plan Approved" in told
    assert "Planned for 1 Dec 2026" in told
    assert "Decided by Ingrid Solheim" in told
    for part in ("input", "analysis", "decision", "output", "people"):
        assert f'id="{part}"' in body, part
    for who in (people.sponsor, people.operations):
        assert f"{who} Agree" in told
    kept = {file.name: b"".join(file.chunks()).decode() for file in collect.files(project) if "PPA-1/" in file.name}
    facts = kept["06_reviews/PPA-1/review.json"]
    for said in ('"kind": "ppa"', '"round": 1', '"scheduled_for": "2026-12-01', '"decision": "go"', '"chair"'):
        assert said in facts, said
    for table in ("participants", "inputs", "items", "signatures"):
        assert len(kept[f"06_reviews/PPA-1/{table}.csv"].splitlines()) > 1, table
    items = kept["06_reviews/PPA-1/items.csv"]
    assert all(f"{code}," in items or f",{code}" in items for code in ("A1", "D1", "O1"))


@pytest.mark.req("SEED-68")
def test_the_approval_names_who_owns_the_project_and_who_answers_for_what(people):
    """On the sign page, in the bytes that are signed, and a change of them asks for the signatures anew."""
    project = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    page = text_of(client_of(people.sponsor).get(address("sign", review)))
    assert "Who owns the project and answers for what" in page
    for who, called in ((people.manager, "Solution Manager"), (people.product, "Product Manager")):
        assert f"{called} {who}" in page
    signed = world.sign(review, people.sponsor)
    named = {each["role"]: [one["name"] for one in each["people"]] for each in packet_of(signed)["accountabilities"]}
    assert named["R-PGM"] == [str(people.program)]
    assert named["P-SPONSOR"] == [str(people.sponsor)]

    held = world.holder(project, "R-DEV")
    roles.end(assignment_id=held.pk, by=people.manager, now=world.NOW)
    roles.assign(project_id=project.pk, by=people.manager, role="R-DEV", person=people.support, now=world.NOW)

    again = text_of(client_of(people.sponsor).get(address("sign", review)))
    assert f"Developer before: {people.developer} now: {people.support}" in again
    assert people.sponsor in [person.user for person in signing.standing(signing.load(review.pk)).waiting]


def packet_of(signature) -> dict:
    return packets.read(signature.packet.body)
