"""What the product knows answers an indicator: proposed with its source and confirmed by a person."""

import re
from datetime import timedelta
from html import unescape

import pytest

from projects.actions import environments, rollbacks
from projects.ledger_check import verify
from projects.lifecycle import MOVES
from projects.lifecycle import blockers as step_blockers
from reviews import gates, signing
from reviews.actions import answers
from reviews.models import Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, text_of

pytestmark = pytest.mark.django_db


def convened() -> tuple[world.People, Review]:
    """The release round of a minor change, convened, its questions known to everybody."""
    people = world.People()
    project = world.to_stabilize(world.register(people), people)
    world.supply_artifacts(world.fresh(project), "release", people)
    world.confirm_outcomes(project, people)
    review = world.convene(world.open_review(project, ReviewKind.RR, people), people)
    world.acknowledged(review, people)
    return people, review


_convened_once, _convened = kept(convened)


@pytest.fixture
def people(convened):
    return convened[0]


@pytest.fixture
def review(convened) -> Review:
    return signing.load(convened[1].pk)


def offered(client, review, code) -> dict[str, str]:
    """The hidden fields of the button that confirms what is on record; none where nothing is proposed."""
    room = client.get(address("review", review)).content.decode()
    form = re.search(rf'action="{address("item_confirm", review, code)}">(.*?)</form>', room, re.S)
    if form is None:
        return {}
    return {name: unescape(value) for name, value in re.findall(r'name="(fact|seen)" value="([^"]*)"', form.group(1))}


def current(review, code):
    return signing.current_answer(next(item for item in signing.load(review.pk).items.all() if item.code == code))


def codes(review) -> set[str]:
    return {blocker.code for blocker in gates.blockers(signing.load(review.pk), world.NOW)}


def unsupported(project, people):
    place = environments.add(
        project_id=project.pk, by=people.program, name="Tablets", purpose="production", kept_apart="Own", now=world.NOW
    )
    return environments.add_level(
        project_id=project.pk,
        by=people.program,
        component="Tablet system",
        version="11",
        environment=place,
        supported="no",
        now=world.NOW,
    )


@pytest.mark.req("SEED-101")
def test_without_a_backup_plan_the_indicator_is_raised_and_one_click_confirms_it(people, review):
    client = client_of(people.sponsor)
    shown = offered(client, review, "N-ENV-3")
    assert shown == {"fact": "No version of Backup plan is approved.", "seen": "0"}
    assert client_of(people.auditor).post(address("item_confirm", review, "N-ENV-3"), shown).status_code == 403

    assert client.post(address("item_confirm", review, "N-ENV-3"), shown).status_code == 302

    answer = current(review, "N-ENV-3")
    assert (answer.value, answer.assessor) == ("present", people.sponsor)
    assert answer.proposed_from == answer.reason == shown["fact"]
    assert "item.not_fine" in codes(review)
    assert "Proposed from what was on record, and confirmed." in text_of(client.get(address("review", review)))
    assert list(verify(project=review.project).findings) == []

    world.approved_artifact(review.project, "ART-37", people)
    shown = offered(client, review, "N-ENV-3")
    assert shown == {"fact": "Backup plan 1.0 is approved.", "seen": "1"}
    assert client.post(address("item_confirm", review, "N-ENV-3"), shown).status_code == 302
    assert current(review, "N-ENV-3").value == "clear"
    assert offered(client, review, "N-ENV-3") == {}


@pytest.mark.req("SEED-100")
def test_an_unsupported_level_raises_the_indicator_and_a_waiver_stands_in_for_both(people, review):
    unsupported(review.project, people)
    client = client_of(people.sponsor)
    shown = offered(client, review, "N-ENV-1")
    assert shown["fact"].startswith("Tablet system 11 is not supported on Tablets")
    assert client.post(address("item_confirm", review, "N-ENV-1"), shown).status_code == 302
    assert {"level.no", "item.not_fine"} <= codes(review)
    world.answer_all(review, people, except_for=("N-ENV-1",))
    waiver = answers.request_waiver(
        review_id=review.pk,
        code="N-ENV-1",
        by=people.sponsor,
        reason="The vendor ends support in a month.",
        risk="Nobody mends a fault.",
        compensation="Spare tablets with the older system.",
        expires_on=(world.NOW + timedelta(days=5)).date(),
        now=world.NOW,
    )
    assert "level.no" in codes(review)  # asked for is not approved
    answers.answer_waiver(review_id=review.pk, waiver_id=waiver.pk, by=people.manager, approve=True, now=world.NOW)
    assert not {"level.no", "item.not_fine"} & codes(review)

    world.sign_all(world.request_sign_offs(review, people))
    world.decide(review)

    start = MOVES["start_deploy"]
    assert step_blockers(world.fresh(review.project), start, world.NOW) == []
    late = step_blockers(world.fresh(review.project), start, world.NOW + timedelta(days=6))
    assert "level.no" in {blocker.code for blocker in late}  # the waiver has run out


@pytest.mark.req("SEED-100")
def test_an_answer_against_the_record_is_told_and_keeps_the_gate_shut(people, review):
    unsupported(review.project, people)
    world.answer_all(review, people)
    room = text_of(client_of(people.sponsor).get(address("review", review)))
    assert "On record it is otherwise Tablet system 11 is not supported on Tablets" in room
    assert "level.no" in codes(review)


@pytest.mark.req("SEED-95")
def test_one_person_alone_in_support_is_held_against_the_answer_where_a_support_plan_is_asked_for(people, review):
    """The change is made a significant one past the actions: only the question of support is of interest here."""
    client = client_of(people.sponsor)
    assert offered(client, review, "N-REL-3")["fact"] == "Nobody holds: Secondary Support."
    world.answer_all(review, people)
    assert "item.contradicted" not in codes(review)  # a minor change may do with one: it is told, no more
    type(review.project).objects.filter(pk=review.project_id).update(category="significant")

    found = [b for b in gates.blockers(signing.load(review.pk), world.NOW) if b.code == "item.contradicted"]

    assert [blocker.text for blocker in found] == ["N-REL-3 is answered clear, but: Nobody holds: Secondary Support."]


def test_a_fact_that_has_changed_or_is_none_is_not_confirmed(people, review):
    client = client_of(people.sponsor)
    shown = offered(client, review, "N-ENV-3")
    world.approved_artifact(review.project, "ART-37", people)
    refused = client.post(address("item_confirm", review, "N-ENV-3"), shown)
    assert refused.status_code == 422
    assert "What is on record has changed" in text_of(refused)
    nothing = client.post(address("item_confirm", review, "N-STR-1"), {"fact": "", "seen": "0"})
    assert "Nothing on record answers N-STR-1: answer it yourself." in text_of(nothing)
    assert current(review, "N-ENV-3") is None


@pytest.mark.req("SEED-96")
def test_the_last_rehearsal_answers_for_the_way_back_and_one_click_confirms_it(people, review):
    client = client_of(people.sponsor)
    assert offered(client, review, "G-REL-3")["fact"] == "No rehearsal of the way back is recorded."
    world.answer_all(review, people)
    held = {"rehearsed_on": world.NOW.date(), "rehearsed_by": people.operations, "seen": "Seen.", "now": world.NOW}
    held |= {"project_id": review.project_id, "by": people.program, "point_of_no_return": "None.", "result": "worked"}

    rollbacks.add(minutes=70, window_minutes=60, **held)

    room = text_of(client.get(address("review", review)))
    assert "On record it is otherwise Way back rehearsed on 23 Nov 2026 by Hannah Vogel" in room
    assert "rollback.too_slow" in codes(review)

    rollbacks.add(minutes=50, window_minutes=60, **held)

    assert "rollback.too_slow" not in codes(review)
    room = text_of(client.get(address("review", review)))
    assert "On record: Way back rehearsed on 23 Nov 2026 by Hannah Vogel: It worked, in 50 minutes." in room
    assert offered(client, review, "G-REL-3") == {}


@pytest.mark.req("SEED-96")
def test_a_rehearsal_is_the_evidence_of_the_answer_that_it_proposes(people, review):
    rollbacks.add(
        project_id=review.project_id,
        by=people.program,
        rehearsed_on=world.NOW.date(),
        rehearsed_by=people.operations,
        result="worked",
        minutes=50,
        point_of_no_return="None.",
        seen="The book was open again.",
        now=world.NOW,
    )
    client = client_of(people.sponsor)
    shown = offered(client, review, "G-REL-3")
    assert client.post(address("item_confirm", review, "G-REL-3"), shown).status_code == 302
    answer = current(review, "G-REL-3")
    assert (answer.value, answer.evidence, answer.proposed_from) == ("confirmed", shown["fact"], shown["fact"])
