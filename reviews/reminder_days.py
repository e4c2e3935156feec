"""On which day a reminder is due, on the recipient's own clock. Pure: dates in, a kind of reminder out.

All of them knock at 09:00 on working days. What was asked for after that morning needs no reminder of that morning:
the request itself said when it is due. A worker that slept through some mornings sends the newest reminder alone.
"""

from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from projects import workdays

SOON = 2
"""Working days before the due day."""
DAILY = 5
"""So many working mornings an overdue sign-off is asked for daily; then it is escalated, and again once a week."""
WEEK = 5
WAIVER_NOTICE = timedelta(days=7)


class Knock(NamedTuple):
    """A reminder that is due. `which` tells it from others of its kind about the same thing, in the dedupe key."""

    kind: str
    which: str
    mornings: int = 0


def for_sign_off(*, asked_at: datetime, due_at: datetime, now: datetime, zone: tzinfo) -> Knock | None:
    """The newest reminder of a signature that is still missing: due_soon, due_today, overdue or escalated.

    Args:
        asked_at, due_at, now: aware moments.
        zone: of the signer.
    """
    if now >= due_at:
        return _overdue_sign_off(max(asked_at, due_at), now, zone)
    due_on = due_at.astimezone(zone).date()
    if due_at <= workdays.morning(due_on, zone):  # due before he starts work: the day before is his last
        due_on -= timedelta(days=1)
    for kind, day in (("due_today", workdays.on_or_before(due_on)), ("due_soon", workdays.shifted(due_on, -SOON))):
        morning = workdays.morning(day, zone)
        if now >= morning:
            return Knock(kind, due_on.isoformat()) if asked_at < morning else None
    return None


def _overdue_sign_off(since: datetime, now: datetime, zone: tzinfo) -> Knock | None:
    today = _working_hours(now, zone)
    if today is None:
        return None
    first = since.astimezone(zone).date()
    if since < workdays.morning(first, zone):  # that very morning already counts
        first -= timedelta(days=1)
    mornings = workdays.between(first, today)
    if mornings < 1:
        return None
    if mornings <= DAILY:
        return Knock("overdue", today.isoformat(), mornings)
    return Knock("escalated", str((mornings - DAILY - 1) // WEEK), mornings)


def for_day(*, known_at: datetime, due_on: date, now: datetime, zone: tzinfo) -> Knock | None:
    """The newest reminder of something that is due on a day, not at a moment: due_soon, due, then weekly overdue."""
    today = now.astimezone(zone).date()
    if today > due_on:
        if _working_hours(now, zone) is None or (late := workdays.between(due_on, today)) < 1:
            return None
        return Knock("overdue", f"{due_on}:{(late - 1) // WEEK}", late)
    for kind, day in (("due", workdays.on_or_before(due_on)), ("due_soon", workdays.shifted(due_on, -SOON))):
        morning = workdays.morning(day, zone)
        if now >= morning:
            return Knock(kind, due_on.isoformat()) if known_at < morning else None
    return None


def for_expiry(*, known_at: datetime, expires_on: date, now: datetime, zone: tzinfo) -> Knock | None:
    """Once, a week before the day, unless it had less than a week from the start or is over."""
    morning = workdays.morning(workdays.on_or_before(expires_on - WAIVER_NOTICE), zone)
    if known_at < morning <= now and now.astimezone(zone).date() <= expires_on:
        return Knock("expiring", expires_on.isoformat())
    return None


def _working_hours(now: datetime, zone: tzinfo) -> date | None:
    """The recipient's day when it is a working day between morning and evening; None outside."""
    local = now.astimezone(zone)
    if workdays.is_workday(local.date()) and workdays.MORNING <= local.time() < workdays.EVENING:
        return local.date()
    return None
