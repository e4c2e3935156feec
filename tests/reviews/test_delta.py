"""A delta round keeps the answers that no change has touched, and asks the others anew."""

from datetime import timedelta

import pytest
from django.urls import reverse

from projects import ledger_check
from projects.actions import candidates
from projects.blocker import Refused
from reviews import carried, gate_content, gates, signing
from reviews.actions import acknowledgements, answers, carrying, rounds
from reviews.actions.acknowledgements import NotAcknowledged
from reviews.models import ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import client_of, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(days=9)
WILL_BE = "Carried over from PPA-1 when convened Unless what it stands on changes before."


def scene():
    """A project in Build, and a significant release that was a go for RC-1, gone back to Stabilize for another look."""
    people = world.People()
    building = world.to_build(world.register(people), people)
    released = world.to_deploy(world.register_large(people, category="significant"), people)
    world.move(released, "return_to_stabilize", people, reason="A fault in the field.")
    world.confirm_outcomes(released, people)
    return people, building, world.fresh(released)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def building(scene):
    return scene[1]


@pytest.fixture
def released(scene):
    return scene[2]


def prepared(project, people, *, delta=True):
    return rounds.open_round(
        project_id=project.pk, kind=ReviewKind.PPA, by=people.program, chair=people.manager, now=LATER, delta=delta
    )


def held(project, people):
    review = prepared(project, people)
    rounds.convene(review_id=review.pk, by=people.program, now=LATER)
    return signing.load(review.pk)


def answers_of(review):
    given = {item.code: signing.current_answer(item) for item in review.items.all()}
    return {code: answer for code, answer in given.items() if answer}


@pytest.mark.req("EXT-16")
def test_untouched_questions_keep_their_answer_with_assessor_and_round(people, building):
    review = held(building, people)

    carried = answers_of(review)

    assert carried
    assert {answer.carried_from for answer in carried.values()} == {"PPA-1"}
    assert {answer.assessor for answer in carried.values()} == {people.sponsor}
    assert world.events(building).count("item.carried_over") == len(carried)
    assert not any(found.code == "item.unanswered" for found in gates.signing_blockers(review, LATER))
    page = text_of(client_of(people.manager).get(review.get_absolute_url()))
    assert page.count("Carried over from PPA-1") == len(carried)


@pytest.mark.req("EXT-16", "EXT-25")
def test_before_the_convening_the_room_says_what_will_be_carried_over(people, building):
    review, client = prepared(building, people), client_of(people.manager)
    before = text_of(client.get(review.get_absolute_url()))

    rounds.convene(review_id=review.pk, by=people.program, now=LATER)

    carried = answers_of(signing.load(review.pk))
    assert before.count(WILL_BE) == len(carried) > 0
    assert WILL_BE not in text_of(client.get(review.get_absolute_url()))


@pytest.mark.req("EXT-02", "EXT-16")
def test_what_will_be_carried_over_is_no_question_without_an_answer(people, building):
    review = prepared(building, people)
    kept = set(carried.to_carry(review))
    assert {"A1", "A2"} <= kept

    answers.answer(
        review_id=review.pk, code="A1", by=people.manager, value="confirmed", reason="Looked at again.", now=LATER
    )

    found = gates.blockers(signing.load(review.pk), LATER)
    assert not [each.text for each in found if each.code == "item.unanswered"]
    page = text_of(client_of(people.manager).get(review.get_absolute_url()))
    assert "A2 is not answered" not in page


@pytest.mark.req("EXT-16")
def test_a_question_whose_evidence_has_a_newer_version_is_asked_anew(people):
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    first = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    world.answer_all(first, people, except_for=("A1", "A2"))
    linked = [world.approved_artifact(project, kind, people) for kind in ("ART-08", "ART-16")]
    for code, version in zip(("A1", "A2"), linked, strict=True):
        answers.answer(
            review_id=first.pk,
            code=code,
            by=people.sponsor,
            value="confirmed",
            version_ids=(version.pk,),
            now=world.NOW,
        )
    for item in signing.load(first.pk).items.all():
        if any(signing.newest_version(pin).pk != pin.version_id for pin in item.pins.all()):
            answers.pin_newest(
                review_id=first.pk, code=item.code, by=people.program, reason="Corrected.", now=world.NOW
            )
    world.sign_all(world.request_sign_offs(first, people))
    world.decide(first)
    world.approved_artifact(project, "ART-16", people, now=LATER - timedelta(days=1))

    ahead, client = prepared(project, people), client_of(people.manager)
    pages = {code: text_of(client.get(reverse("item", args=[project.code, ahead.ref, code]))) for code in ("A1", "A2")}
    rounds.convene(review_id=ahead.pk, by=people.program, now=LATER)
    review = signing.load(ahead.pk)

    assert WILL_BE in pages["A1"]
    assert WILL_BE not in pages["A2"]
    assert "Not answered: blocks" in pages["A2"]
    assert "A1" in answers_of(review)
    assert "A2" not in answers_of(review)
    assert [found.code for found in gate_content.unanswered_blockers(review, LATER.date())] == ["item.unanswered"]


@pytest.mark.req("EXT-16")
def test_only_a_delta_round_carries_over(people, building):
    client = client_of(people.manager)
    review = prepared(building, people, delta=False)
    assert WILL_BE not in text_of(client.get(review.get_absolute_url()))
    rounds.convene(review_id=review.pk, by=people.program, now=LATER)
    assert answers_of(signing.load(review.pk)) == {}


@pytest.mark.req("EXT-16")
def test_a_carried_answer_can_be_given_again(people, building):
    review = held(building, people)
    world.answer_all(review, people, now=LATER)
    assert {answer.carried_from for answer in answers_of(signing.load(review.pk)).values()} == {""}


@pytest.mark.req("EXT-16")
def test_the_chair_asks_a_carried_question_again_and_it_blocks_until_it_is_answered(people, building):
    review = held(building, people)
    code = next(iter(answers_of(review)))
    chair, page = client_of(people.manager), reverse("ask_again", args=[building.code, review.ref, code])
    assert "Ask again" in text_of(chair.get(review.get_absolute_url()))
    assert client_of(people.program).post(page, {"reason": "I doubt it."}).status_code == 403
    assert chair.post(page, {"reason": ""}).status_code == 422

    assert chair.post(page, {"reason": "The vendor has changed."}).status_code == 302

    again = signing.load(review.pk)
    assert [found.text.split()[0] for found in gate_content.unanswered_blockers(again, LATER.date())] == [code]
    room = text_of(chair.get(review.get_absolute_url()))
    assert "The vendor has changed." in room
    assert chair.post(page, {"reason": "Twice."}).status_code == 422
    answers.answer(
        review_id=review.pk, code=code, by=people.sponsor, value="confirmed", evidence="Looked again.", now=LATER
    )
    assert gate_content.unanswered_blockers(signing.load(review.pk), LATER.date()) == []
    assert ledger_check.verify(building).holds


@pytest.mark.req("EXT-16")
def test_a_first_round_is_no_delta(people):
    project = world.to_planning(world.register(people), people)
    client = client_of(people.program)
    assert "Delta review" not in text_of(client.get(f"/projects/{project.code}/reviews/new/ppa/"))
    with pytest.raises(Refused, match="earlier round"):
        held(project, people)


@pytest.mark.req("EXT-16")
def test_the_form_of_a_new_round_offers_it_after_a_decided_one(people, building):
    client, url = client_of(people.program), f"/projects/{building.code}/reviews/new/ppa/"
    assert "Delta review" in text_of(client.get(url))
    client.post(url, {"chair": people.manager.pk, "mode": "async", "delta": "on"})
    assert building.reviews.get(round=2).delta


# --- A release: its candidate, and its questions that everybody has read ---
def again(project, people, candidate):
    review = rounds.open_round(
        project_id=project.pk,
        kind=ReviewKind.RR,
        by=people.program,
        chair=people.manager,
        now=LATER,
        delta=True,
        candidate=candidate,
    )
    rounds.convene(review_id=review.pk, by=people.program, now=LATER)
    return signing.load(review.pk)


@pytest.mark.req("EXT-16", "SEED-31")
def test_what_was_said_of_one_candidate_is_not_carried_over_to_another(people, released):
    candidates.add(project_id=released.pk, by=people.developer, ref="RC-2", built_on=world.NOW.date(), now=world.NOW)
    assert answers_of(again(released, people, "RC-2")) == {}


@pytest.mark.req("EXT-16", "SEED-91")
def test_carried_over_answers_do_not_spare_the_signers_their_acknowledgement(people, released):
    review = again(released, people, "RC-1")
    carried = answers_of(review)
    assert carried
    acknowledgements.acknowledge(review_id=review.pk, by=people.sponsor, now=LATER)
    carrying.ask_again(  # no answer either
        review_id=review.pk, code=next(iter(carried)), by=review.chair, reason="Another build.", now=LATER
    )
    with pytest.raises(NotAcknowledged, match="everybody who signs"):
        answers.answer(
            review_id=review.pk,
            code=next(iter(carried)),
            by=people.sponsor,
            value="confirmed",
            evidence="Looked again.",
            now=LATER,
        )
