"""The gate calendar: coming reviews by week, blackout periods, people named for two meetings at once (EXT-26)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch
from django.utils import timezone

from projects.models import Project, User
from reviews.models import OPEN_STATES, Blackout, Mode, Participant, Review

WEEKS = 12
APART = timedelta(hours=2)  # meetings that begin closer together than this cannot both be attended


@dataclass(frozen=True)
class Clash:
    """A person who is named for another review at about the same time."""

    person: User
    other: Review


@dataclass
class Coming:
    """One planned review with what speaks against its time."""

    review: Review
    at: datetime
    day: date
    blackouts: list[Blackout] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


@dataclass
class Week:
    """Seven days, Monday first."""

    starts_on: date
    reviews: list[Coming] = field(default_factory=list)
    blackouts: list[Blackout] = field(default_factory=list)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=6)

    @property
    def number(self) -> int:
        return self.starts_on.isocalendar().week


@dataclass
class Calendar:
    """Args: late: open rounds whose planned day was before this week. undated: open rounds without a day."""

    weeks: list[Week]
    late: list[Coming]
    undated: int
    blackouts: list[Blackout]

    @property
    def clashes(self) -> int:
        return sum(bool(coming.clashes) for week in self.weeks for coming in week.reviews)


def calendar_for(reader: User, now: datetime) -> Calendar:
    """What the reader may see of the next weeks, on the reader's clock. Three queries and the count of the undated.

    Args:
        now: aware moment; days are those of the current time zone.
    """
    today = timezone.localdate(now)
    first = today - timedelta(days=today.weekday())
    end = first + timedelta(weeks=WEEKS)
    opened = Review.objects.filter(state__in=OPEN_STATES, project__in=Project.objects.visible_to(reader))
    planned = (
        opened.filter(scheduled_for__lt=_midnight(end))
        .select_related("project", "chair")
        .prefetch_related(
            Prefetch("participants", Participant.objects.filter(removed_at__isnull=True).select_related("user"))
        )
        .order_by("scheduled_for", "project_id")
    )
    blackouts = list(Blackout.objects.filter(lifted_at__isnull=True, ends_on__gte=first))
    weeks = [Week(first + timedelta(weeks=number)) for number in range(WEEKS)]
    late: list[Coming] = []
    for coming in _coming(list(planned), blackouts):
        if coming.day < first:
            late.append(coming)
        else:
            weeks[(coming.day - first).days // 7].reviews.append(coming)
    for week in weeks:
        week.blackouts = [one for one in blackouts if one.starts_on <= week.ends_on and one.ends_on >= week.starts_on]
    return Calendar(weeks, late, opened.filter(scheduled_for__isnull=True).count(), blackouts)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _coming(reviews: list[Review], blackouts: list[Blackout]) -> list[Coming]:
    found = []
    for review in reviews:
        if review.scheduled_for is not None:
            at, day = review.scheduled_for, timezone.localdate(review.scheduled_for)
            found.append(Coming(review, at, day, [one for one in blackouts if one.starts_on <= day <= one.ends_on]))
    _mark_clashes(found)
    return found


def _mark_clashes(coming: list[Coming]) -> None:
    """Only meetings clash: what is held asynchronously is answered when each has time."""
    booked: dict[User, list[Coming]] = defaultdict(list)
    for one in coming:
        if one.review.mode == Mode.MEETING:
            for person in {one.review.chair, *(each.user for each in one.review.participants.all())}:
                booked[person].append(one)
    for person in sorted(booked, key=str):
        meetings = booked[person]
        for at, one in enumerate(meetings):
            for other in meetings[at + 1 :]:
                if other.at - one.at >= APART:
                    break  # they are in order of time
                one.clashes.append(Clash(person, other.review))
                other.clashes.append(Clash(person, one.review))
