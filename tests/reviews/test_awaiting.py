"""What waits for a person in reviews, and how many queries it costs to tell."""

from datetime import timedelta
from decimal import Decimal

import pytest

from projects.actions import projects
from projects.models import Project
from reviews import awaiting, signing
from reviews.actions import answers, conditions, decisions, rounds
from reviews.actions.decisions import AreaToAddress
from reviews.models import Review, ReviewKind
from tests import rows, world
from tests.kept import kept

pytestmark = pytest.mark.django_db

LATER = world.NOW + timedelta(hours=1)
NEXT_WEEK = (world.NOW + timedelta(days=7)).date()


def asked_to_sign() -> tuple[world.People, Project, Review]:
    """The plan of a minor project is ready to be signed."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, project, world.ready_to_sign(project, ReviewKind.PPA, people)


_asked_once, _asked = kept(asked_to_sign)


@pytest.fixture
def people(asked_to_sign):
    return asked_to_sign[0]


@pytest.fixture
def project(asked_to_sign):
    return asked_to_sign[1]


@pytest.fixture
def review(asked_to_sign):
    return asked_to_sign[2]


def kinds(user):
    return sorted(entry.kind for entry in awaiting.inbox(user, LATER))


def asked(user):
    return sorted(entry.kind for entry in awaiting.requests(user, LATER))


def assert_counts_agree(user):
    assert awaiting.count(user, LATER) == len(list(awaiting.inbox(user, LATER)))


def test_a_signature_waits_for_who_owes_it_until_it_is_given(people, project, review):
    (entry,) = awaiting.inbox(people.sponsor, LATER)
    assert entry.kind == "sign_off"
    assert entry.url == f"/projects/{project.code}/reviews/PPA-1/sign/"
    assert entry.due == (world.NOW + timedelta(days=5)).date()
    assert kinds(people.outsider) == []
    assert_counts_agree(people.sponsor)

    world.sign(review, people.sponsor, now=LATER)
    assert kinds(people.sponsor) == []
    assert_counts_agree(people.sponsor)


def test_the_chair_is_asked_to_decide_once_everybody_has_signed(people, review):
    assert kinds(people.manager) == []
    assert asked(people.manager) == ["signatures"]

    world.sign_all(review, now=LATER)

    assert kinds(people.manager) == ["decide"]
    assert asked(people.manager) == []
    assert_counts_agree(people.manager)
    world.decide(review, now=LATER)
    assert kinds(people.manager) == []


def test_what_others_owe_does_not_name_the_reader(people, project, review):
    rounds.withdraw(review_id=review.pk, by=people.manager, reason="The chair signs too.", now=world.NOW)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    looks_on = next(person for person in review.participants.all() if person.user == people.manager)
    rounds.remove_participant(review_id=review.pk, participant_id=looks_on.pk, by=people.program, now=world.NOW)
    rounds.name_participant(
        review_id=review.pk, by=people.program, group="PPA-P6", person=people.manager, signs=True, now=world.NOW
    )
    world.request_sign_offs(world.answer_all(review, people), people)
    (told,) = awaiting.requests(people.manager, LATER)
    assert "Ingrid Solheim" not in told.text
    for signer in signing.standing(signing.load(review.pk)).waiting:
        if signer.user != people.manager:
            world.sign(review, signer.user, now=LATER)
    assert kinds(people.manager) == ["sign_off"]  # hers alone is left: it is no request of hers
    assert asked(people.manager) == []


def test_a_project_on_hold_chases_nobody(people, project):
    projects.hold(project_id=project.pk, by=people.program, reason="Supplier late.", now=LATER)

    assert kinds(people.sponsor) == []
    assert awaiting.count(people.sponsor, LATER) == 0


def ask_waiver(review, people, by):
    return answers.request_waiver(
        review_id=review.pk,
        code="A2",
        by=by,
        reason="Measured next month.",
        risk="A wrong estimate.",
        compensation="Weekly look.",
        expires_on=NEXT_WEEK,
        now=world.NOW,
    )


def test_a_waiver_waits_for_authorities_but_not_for_who_asked(people, review):
    waiver = ask_waiver(review, people, by=people.operations)

    assert "waiver" in kinds(people.manager)  # chairs
    assert "waiver" in kinds(people.sponsor)
    assert "waiver" not in kinds(people.operations)  # an authority too, but asked for it
    assert "waiver" not in kinds(people.program)  # never the program manager
    assert "waiver" not in kinds(people.developer)
    assert "waiver_asked" in asked(people.operations)
    assert_counts_agree(people.sponsor)

    answers.answer_waiver(review_id=review.pk, waiver_id=waiver.pk, by=people.sponsor, approve=True, now=LATER)
    assert "waiver" not in kinds(people.manager)
    assert "waiver_asked" not in asked(people.operations)


def test_a_condition_waits_for_its_owner_from_the_go_on(people, review):
    conditions.add(
        review_id=review.pk,
        by=people.program,
        text="Label the tablets.",
        consequence="They walk off.",
        owner=people.user,
        due_on=NEXT_WEEK,
        now=world.NOW,
    )
    assert kinds(people.user) == []
    world.sign_all(review, now=LATER)
    world.decide(review, now=LATER)

    (entry,) = awaiting.inbox(people.user, LATER)
    assert (entry.kind, entry.due) == ("condition", NEXT_WEEK)
    assert_counts_agree(people.user)
    decisions.close_condition(
        condition_id=review.conditions.get().pk, by=people.program, evidence="Photograph.", now=LATER
    )
    assert kinds(people.user) == []


@pytest.mark.req("EXT-06")
def test_an_overdue_condition_waits_for_whoever_can_close_it_too(people, review):
    condition = rows.condition(review, people.user, due_on=NEXT_WEEK)
    world.sign_all(review, now=LATER)
    world.decide(review, now=LATER)
    in_time, late = LATER + timedelta(days=6), LATER + timedelta(days=8)

    def told(person, now):
        found = list(awaiting.inbox(person, now))
        assert awaiting.count(person, now) == len(found)
        return [(entry.kind, entry.due) for entry in found if "condition" in entry.kind]

    assert told(people.manager, in_time) == told(people.program, in_time) == []
    for person in (people.manager, people.program):
        assert told(person, late) == [("condition_overdue", NEXT_WEEK)]
    assert told(people.user, late) == [("condition", NEXT_WEEK)]
    assert told(people.sponsor, late) == []

    decisions.close_condition(condition_id=condition.pk, by=people.program, evidence="Photograph.", now=late)
    assert told(people.manager, late) == []


def test_remediation_waits_for_its_owner(people, review):
    world.sign_all(review, now=LATER)
    area = AreaToAddress(area="Estimate anew.", effort_days=Decimal(3), owner=people.user, due_on=NEXT_WEEK)
    world.decide(review, "no_go_postponed", now=LATER, reason="Too dear.", areas=(area,))

    (entry,) = awaiting.inbox(people.user, LATER)
    assert (entry.kind, entry.due) == ("remediation", NEXT_WEEK)
    assert_counts_agree(people.user)
    decisions.finish_remediation(item_id=review.remediation.get().pk, by=people.user, note="Done.", now=LATER)
    assert kinds(people.user) == []


@pytest.mark.parametrize("rounds", [1, 5])
def test_queries_do_not_grow(people, rounds, django_assert_num_queries):
    for _each in range(rounds - 1):
        project = world.register(people)
        world.to_planning(project, people)
        world.ready_to_sign(project, ReviewKind.PPA, people)

    with django_assert_num_queries(8):
        assert kinds(people.sponsor) == ["sign_off"] * rounds
    with django_assert_num_queries(2):
        assert awaiting.count(people.sponsor, LATER) == rounds
    with django_assert_num_queries(3):
        assert asked(people.manager) == ["signatures"] * rounds
