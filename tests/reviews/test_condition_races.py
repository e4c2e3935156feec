"""Moving the day of one condition, and taking it back while deciding, at the same moment; with controls."""

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from projects import ledger_check
from projects.blocker import Refused
from projects.models import LedgerEntry
from reviews import owed
from reviews.actions import conditions
from reviews.models import Condition, ConditionMove, Review, ReviewKind
from tests import world
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DUE = date(2026, 12, 8)
LAST = DUE + owed.MOST_MOVED


@pytest.fixture
def people():
    """Two solution managers may move the day: the chair owns the condition."""
    people = world.People()
    people.other = world.person("bruno", "Bruno Silva", is_solution_manager=True)
    people.third = world.person("carla", "Carla Nunes", is_solution_manager=True)
    return people


@pytest.fixture
def signed(people) -> Condition:
    """Of a plan that everybody has signed."""
    project = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    conditions.add(
        review_id=review.pk,
        by=people.program,
        text="The night shift is trained.",
        consequence="Build stops.",
        owner=people.manager,
        due_on=DUE,
        now=world.NOW,
    )
    world.sign_all(review)
    return Condition.objects.get()


@pytest.fixture
def condition(signed) -> Condition:
    world.decide(signed.review)
    return Condition.objects.get()


def move(condition: Condition, by, to_on: date) -> ConditionMove:
    return conditions.move_day(condition_id=condition.pk, by=by, to_on=to_on, reason="Ill.", now=world.NOW)


def moves() -> list[tuple[int, date, date]]:
    return list(ConditionMove.objects.order_by("number").values_list("number", "from_on", "to_on"))


def raised(told: list) -> list[Exception]:
    """Refusals; whatever else a thread raised is the test's."""
    for each in told:
        if isinstance(each, Exception) and not isinstance(each, Refused):
            raise each
    return [each for each in told if isinstance(each, Exception)]


@pytest.mark.req("EXT-06")
def test_of_two_moves_at_once_the_second_begins_where_the_first_ended_or_is_refused(people, condition):
    """To two days: whoever is second moves on from the first one's day, or is told that this day binds already."""
    sooner, later = DUE + timedelta(days=5), DUE + timedelta(days=9)

    told = at_once(lambda: move(condition, people.other, sooner), lambda: move(condition, people.third, later))

    refused = raised(told)
    if refused:
        assert moves() == [(1, DUE, later)]
        assert str(refused[0]).startswith(f"New day: later than {later:%-d %b %Y} and not past")
    else:
        assert moves() == [(1, DUE, sooner), (2, sooner, later)]
    assert Condition.objects.get().day == later
    assert LedgerEntry.objects.filter(event="condition.moved").count() == len(moves())
    assert ledger_check.verify(condition.review.project).holds


@pytest.mark.req("EXT-06")
def test_two_moves_at_once_do_not_add_up_to_more_than_a_month(people, condition):
    """Both to the last day: one of them is told; a day more is refused to both, whoever asks."""
    told = at_once(lambda: move(condition, people.other, LAST), lambda: move(condition, people.third, LAST))

    assert ["cannot be moved further" in str(each) for each in raised(told)] == [True]
    assert moves() == [(1, DUE, LAST)]
    beyond = LAST + timedelta(days=1)
    again = at_once(lambda: move(condition, people.other, beyond), lambda: move(condition, people.third, beyond))
    assert ["cannot be moved further" in str(each) for each in raised(again)] == [True, True]
    assert Condition.objects.get().day == LAST


def test_control_without_the_lock_both_find_the_signed_day_and_the_database_holds(people, condition):
    """Both look before either writes: only the guards and the unique numbers refuse the second move."""
    looked = threading.Barrier(2)

    def blind(by, to_on: date):
        row = Condition.objects.get(pk=condition.pk)
        found = (row.day, row.moves.count())
        looked.wait(timeout=60)
        assert found == (DUE, 0)
        with transaction.atomic():
            ConditionMove.objects.create(
                condition=row,
                number=1,
                from_on=row.day,
                to_on=to_on,
                reason="Ill.",
                at=world.NOW,
                by=by,
            )
            Condition.objects.filter(pk=row.pk).update(moved_to=to_on)
        return "moved"

    told = at_once(lambda: blind(people.other, LAST), lambda: blind(people.third, LAST - timedelta(days=9)))

    assert told.count("moved") == 1
    assert sum(isinstance(each, DatabaseError) for each in told) == 1
    assert [number for number, _from, _to in moves()] == [1]


def take_back(condition: Condition, by) -> Condition:
    return conditions.take_back(condition_id=condition.pk, by=by, reason="Another project's.", now=world.NOW)


@pytest.mark.req("EXT-06")
def test_a_condition_is_taken_back_before_the_decision_or_binds_by_it(people, signed):
    told = at_once(lambda: world.decide(signed.review), lambda: take_back(signed, people.program))

    refused = raised(told)
    assert len(refused) == 1
    review, standing = Review.objects.get(), Condition.objects.exists()
    if standing:
        assert review.decision == "go_conditions"
        assert "stay as they were signed" in str(refused[0])
        assert owed.binding().get() == signed
    else:
        assert review.is_open, "nobody has signed what is left"
    assert ledger_check.verify(review.project).holds


def test_control_whoever_looked_before_the_decision_is_stopped_by_the_database(people, signed):
    """Without the action's lock and look: the guard alone refuses what comes after the decision."""
    assert signed.review.is_open
    world.decide(signed.review)

    with pytest.raises(DatabaseError, match=r"taken back while its round is open"), transaction.atomic():
        Condition.objects.filter(pk=signed.pk).update(
            taken_back_at=world.NOW, taken_back_by=people.program, taken_back_why="Another project's."
        )
