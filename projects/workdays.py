"""Working days and a person's own clock: when a reminder may knock. Monday to Friday; public holidays are not known."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from projects.models import User

MORNING = time(9)
EVENING = time(20)


def zone_of(user: User) -> tzinfo:
    """The person's time zone; UTC when the stored name is unknown to this machine."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def is_workday(day: date) -> bool:
    return day.weekday() < 5


def on_or_before(day: date) -> date:
    """The day itself when it is a working day, else the last one before it."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def shifted(day: date, workdays: int) -> date:
    """The working day that lies so many working days after `day`, or before it when negative."""
    step = timedelta(days=1 if workdays > 0 else -1)
    for _ in range(abs(workdays)):
        day += step
        while not is_workday(day):
            day += step
    return day


def between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`; 0 when `end` is not later."""
    days = max((end - start).days, 0)
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum(is_workday(start + timedelta(days=weeks * 7 + n)) for n in range(1, rest + 1))


def morning(day: date, zone: tzinfo) -> datetime:
    """09:00 of that day on the person's clock, aware."""
    return datetime.combine(day, MORNING, tzinfo=zone)
