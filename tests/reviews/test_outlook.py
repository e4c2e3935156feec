"""What lists and pages of projects show of reviews."""

from datetime import timedelta

import pytest

from projects.models import Gate
from projects.ports import ports
from reviews import outlook
from reviews.actions import conditions, rounds
from reviews.models import ReviewKind
from tests import world

pytestmark = pytest.mark.django_db

LATER = world.NOW + timedelta(hours=1)
NEXT_MONTH = world.NOW + timedelta(days=30)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    project = world.register(people)
    world.to_planning(project, people)
    return project


def seen(project, now=LATER):
    return outlook.outlooks([project.pk], now).get(project.pk)


@pytest.mark.req("SEED-115")
def test_an_open_round_shows_its_date_and_who_is_waited_for(people, project):
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    rounds.set_facts(
        review_id=review.pk,
        by=people.program,
        chair=people.manager,
        mode="async",
        scheduled_for=NEXT_MONTH,
        candidate="",
        now=world.NOW,
    )
    world.sign(review, people.sponsor, now=LATER)

    found = seen(project)

    assert (found.ref, found.gate, found.state, found.planned) == ("PPA-1", Gate.PLAN, "signing", NEXT_MONTH)
    assert (found.signed, found.signers, found.waiting_for) == (1, 2, "Hannah Vogel")
    assert found.waiting_since == world.NOW
    assert found.url == f"/projects/{project.code}/reviews/PPA-1/"


def test_a_project_without_a_round_has_no_outlook(people):
    assert outlook.outlooks([world.register(people).pk], LATER) == {}


def test_a_withdrawn_round_gives_way_to_the_one_before(people, project):
    review = world.open_review(project, ReviewKind.PPA, people)
    rounds.withdraw(review_id=review.pk, by=people.program, reason="Too early.", now=LATER)
    assert seen(project) is None


@pytest.mark.req("SEED-115", "EXT-06")
def test_conditions_overdue_are_counted_from_the_day_after(people, project):
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    due = (world.NOW + timedelta(days=3)).date()
    for text in ("Label the tablets.", "Train the porters."):
        conditions.add(
            review_id=review.pk,
            by=people.program,
            text=text,
            consequence="They walk off.",
            owner=people.user,
            due_on=due,
            now=world.NOW,
        )
    world.sign_all(review, now=LATER)
    world.decide(review, now=LATER)

    assert seen(project, world.NOW + timedelta(days=3)).conditions_overdue == 0
    late = seen(project, world.NOW + timedelta(days=4))
    assert (late.conditions_overdue, late.decision) == (2, "go_conditions")
    (row,) = outlook.rounds(project, world.NOW + timedelta(days=4))
    assert (row.conditions_open, row.conditions_overdue, row.signed, row.signers) == (2, 2, 2, 2)


@pytest.mark.parametrize("count", [3, 30])
def test_outlooks_cost_three_queries(people, count, django_assert_num_queries):
    made = [world.register(people) for _each in range(count)]
    for project in made[: count // 3]:
        world.to_planning(project, people)
        world.ready_to_sign(project, ReviewKind.PPA, people)

    with django_assert_num_queries(3):
        found = outlook.outlooks([project.pk for project in made], LATER)

    assert len(found) == count // 3


def test_rounds_cost_three_queries(people, project, django_assert_num_queries):
    for _each in range(3):
        review = world.open_review(project, ReviewKind.PPA, people)
        rounds.withdraw(review_id=review.pk, by=people.program, reason="Too early.", now=LATER)
    with django_assert_num_queries(3):
        assert [each.ref for each in outlook.rounds(project, LATER)] == ["PPA-3", "PPA-2", "PPA-1"]


def test_a_round_can_be_prepared_where_its_review_is_held(people, project):
    project = world.fresh(project)
    (opening,) = outlook.openings(project)
    assert opening.url == f"/projects/{project.code}/reviews/new/ppa/"
    assert opening.blockers == []
    world.open_review(project, ReviewKind.PPA, people)
    assert [blocker.code for blocker in outlook.openings(project)[0].blockers] == ["review.already_open"]
    assert outlook.openings(world.register(people)) == []


@pytest.mark.req("SEED-03", "SEED-04")
def test_plans_say_who_signs_and_grow_with_rigor(people):
    minor, major = (ports.review_plans(category, False, catalogue=True) for category in ("minor", "major"))

    assert [plan.name for plan in minor] == ["Project Plan Approved", "Release Readiness"]
    assert len(minor[1].signers) == 3
    for small, large in zip(minor, major, strict=True):
        assert small.questions < large.questions
        assert len(small.signers) < len(large.signers)


def test_every_port_is_plugged_in():
    assert ports.inbox
    assert ports.inbox_counts
    assert ports.requests
    assert ports.outlooks([], LATER) == {}
