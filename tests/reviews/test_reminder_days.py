"""On which day a reminder knocks: November 2026, where the 24th is a Tuesday."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import workdays
from reviews import reminder_days
from reviews.reminder_days import Knock

BERLIN, KOLKATA, CHICAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("America/Chicago")


def at(day, clock="12:00", zone=UTC, month=11):
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(19, "16:00"), None),
        (at(20, "08:59"), None),
        (at(20, "09:00"), "due_soon"),  # Friday: two working days before Tuesday
        (at(22, "12:00"), "due_soon"),  # still the newest, should the worker have slept on Friday
        (at(24, "08:59"), "due_soon"),
        (at(24, "09:00"), "due_today"),
        (at(24, "16:59"), "due_today"),
        (at(24, "17:00"), None),  # overdue, but the day is over: tomorrow morning
        (at(25, "08:59"), None),
        (at(25, "09:00"), "overdue"),
        (at(25, "20:00"), None),  # nobody is asked at night
        (at(28, "12:00"), None),  # nor on Saturday
        (at(1, "09:00", month=12), "overdue"),  # Tuesday, the fifth working morning
        (at(2, "09:00", month=12), "escalated"),
        (at(30, "09:00", month=12), "escalated"),
    ],
)
def test_a_sign_off_that_is_due_on_tuesday_at_five(now, expected):
    found = reminder_days.for_sign_off(asked_at=at(9), due_at=at(24, "17:00"), now=now, zone=UTC)
    assert (found.kind if found else None) == expected


def test_overdue_is_told_each_working_day_and_escalation_each_week():
    seen = []
    now = at(24, "17:00")
    while now < at(24, month=12):
        knock = reminder_days.for_sign_off(asked_at=at(9), due_at=at(24, "17:00"), now=now, zone=UTC)
        if knock and knock not in seen:
            seen.append(knock)
        now += timedelta(minutes=30)
    daily = [knock for knock in seen if knock.kind == "overdue"]
    assert [(knock.which, knock.mornings) for knock in daily] == [
        ("2026-11-25", 1),
        ("2026-11-26", 2),
        ("2026-11-27", 3),
        ("2026-11-30", 4),
        ("2026-12-01", 5),
    ]
    weekly = {knock.which: knock for knock in reversed(seen) if knock.kind == "escalated"}
    assert sorted(weekly) == ["0", "1", "2", "3"]
    assert weekly["0"].mornings == 6


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        (CHICAGO, at(24, "15:00")),  # 09:00 there
        (BERLIN, at(24, "08:00")),  # there it is due on the 25th at 06:00, before work: the 24th is the last day
        (KOLKATA, at(25, "03:30")),  # there it is due on the 25th at 10:30
    ],
)
def test_it_knocks_at_nine_on_the_signers_own_clock(zone, first):
    def kind(now):
        due_at = at(24, "23:00", CHICAGO)
        return reminder_days.for_sign_off(asked_at=at(9), due_at=due_at, now=now, zone=zone).kind

    assert kind(first - timedelta(seconds=1)) == "due_soon"
    assert kind(first) == "due_today"


def test_nine_stays_nine_when_the_clocks_change():
    # Berlin leaves summer time on 25 October 2026; 09:00 is 07:00 UTC on the 23rd and 08:00 UTC on the 27th.
    due_at = at(27, "17:00", BERLIN, month=10)

    def kind(now):
        knock = reminder_days.for_sign_off(asked_at=at(1, month=10), due_at=due_at, now=now, zone=BERLIN)
        return knock and knock.kind

    assert [kind(at(23, "06:59", month=10)), kind(at(23, "07:00", month=10))] == [None, "due_soon"]
    assert [kind(at(27, "07:59", month=10)), kind(at(27, "08:00", month=10))] == ["due_soon", "due_today"]


@pytest.mark.parametrize("due", [28, 29])  # Saturday, Sunday
def test_what_is_due_at_the_weekend_is_told_on_friday(due):
    found = reminder_days.for_sign_off(asked_at=at(9), due_at=at(due, "17:00"), now=at(27, "09:00"), zone=UTC)
    assert found == Knock("due_today", f"2026-11-{due}")


def test_who_was_asked_this_morning_is_not_reminded_this_morning():
    asked = at(24, "09:30")
    found = reminder_days.for_sign_off(asked_at=asked, due_at=at(24, "17:00"), now=at(24, "11:00"), zone=UTC)
    assert found is None


def test_who_is_asked_again_after_the_due_day_has_a_morning_of_his_own():
    asked = at(26, "10:00")

    def kind(now):
        knock = reminder_days.for_sign_off(asked_at=asked, due_at=at(24, "17:00"), now=now, zone=UTC)
        return knock and (knock.kind, knock.mornings)

    assert kind(at(26, "11:00")) is None
    assert kind(at(27, "09:00")) == ("overdue", 1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(19), None),
        (at(20, "09:00"), "due_soon"),
        (at(24, "09:00"), "due"),
        (at(24, "23:59"), "due"),
        (at(25, "08:59"), None),
        (at(25, "09:00"), "overdue"),
    ],
)
def test_a_condition_that_is_due_on_tuesday(now, expected):
    found = reminder_days.for_day(known_at=at(2), due_on=date(2026, 11, 24), now=now, zone=UTC)
    assert (found.kind if found else None) == expected


def test_an_overdue_condition_is_told_once_a_week():
    told = {
        reminder_days.for_day(known_at=at(2), due_on=date(2026, 11, 3), now=at(day), zone=UTC).which
        for day in (4, 5, 6, 9, 10, 11, 12, 17, 18)
    }
    assert told == {"2026-11-03:0", "2026-11-03:1", "2026-11-03:2"}


@pytest.mark.parametrize(
    ("now", "known", "expected"),
    [
        (at(17, "08:59"), at(2), False),
        (at(17, "09:00"), at(2), True),
        (at(24, "18:00"), at(2), True),
        (at(25), at(2), False),
        (at(18), at(17, "10:00"), False),
    ],
)
def test_a_waiver_that_ends_on_the_24th_is_told_a_week_before(now, known, expected):
    found = reminder_days.for_expiry(known_at=known, expires_on=date(2026, 11, 24), now=now, zone=UTC)
    assert bool(found) is expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_working_days_between_are_counted_like_on_fingers(start, days):
    end = start + timedelta(days=days)
    fingers = sum(workdays.is_workday(start + timedelta(days=n)) for n in range(1, days + 1))
    assert workdays.between(start, end) == fingers


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_shifting_there_is_the_same_as_counting(day, n):
    later, earlier = workdays.shifted(day, n), workdays.shifted(day, -n)
    assert workdays.is_workday(later)
    assert workdays.is_workday(earlier)
    assert workdays.between(day, later) == n
    assert workdays.between(earlier - timedelta(days=1), day - timedelta(days=1)) == n
