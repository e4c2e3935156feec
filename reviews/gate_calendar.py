"""The gate calendar: coming reviews by week, blackout periods, people named for two meetings at once (EXT-26)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Project, Status, User
from reviews import owed
from reviews.models import OPEN_STATES, Blackout, MeetingCall, Mode, Participant, Review

WEEKS = 12
APART = timedelta(hours=2)  # meetings that begin closer together than this cannot both be attended, however short


@dataclass(frozen=True)
class Clash:
    """A person who is named for another review at about the same time.

    Args:
        other: None when it belongs to a project that the reader does not see: only the time is told.
        at: when the other one begins.
    """

    person: User
    other: Review | None
    at: datetime

    @property
    def meeting(self) -> str:
        """What the reader may know of the other one."""
        return _("another meeting") if self.other is None else f"{self.other.ref}, {self.other.project.code}"


@dataclass
class Coming:
    """One planned review with what speaks against its time."""

    review: Review
    at: datetime
    day: date
    until: datetime
    blackouts: list[Blackout] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    hidden: bool = False

    @property
    def booked_twice(self) -> list[str]:
        """Who is taken by another meeting, a sentence without its full stop for each of these."""
        taken: dict[tuple[datetime, str], list[User]] = {}
        for clash in self.clashes:
            taken.setdefault((clash.at, clash.meeting), []).append(clash.person)
        return [
            ngettext(
                "%(who)s is booked twice: %(meeting)s at %(at)s",
                "%(who)s are booked twice: %(meeting)s at %(at)s",
                len(people),
            )
            % {"who": ", ".join(map(str, people)), "meeting": meeting, "at": f"{timezone.localtime(at):%H:%M}"}
            for (at, meeting), people in taken.items()
        ]


@dataclass
class Week:
    """Seven days, Monday first; or several weeks one after the other with nothing in them.

    Args:
        ends_on: the last day, a Sunday.
        again: decided rounds that are looked at again in it.
    """

    starts_on: date
    ends_on: date
    reviews: list[Coming] = field(default_factory=list)
    blackouts: list[Blackout] = field(default_factory=list)
    again: list[Review] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        return not (self.reviews or self.blackouts or self.again)

    @property
    def number(self) -> int:
        return self.starts_on.isocalendar().week

    @property
    def last_number(self) -> int:
        return self.ends_on.isocalendar().week


@dataclass
class Calendar:
    """Coming weeks and what is past its day.

    Args:
        late: open rounds whose planned day was before this week.
        again: decided rounds that were to be looked at again before this week.
        undated: open rounds without a day.
    """

    weeks: list[Week]
    late: list[Coming]
    again: list[Review]
    undated: int
    blackouts: list[Blackout]

    @property
    def clashes(self) -> int:
        return sum(bool(coming.clashes) for week in self.weeks for coming in week.reviews)


def calendar_for(reader: User, now: datetime) -> Calendar:
    """What the reader may see of the next weeks, on the reader's clock.

    Four queries, the count of the undated, and two for meetings elsewhere that take the same people.

    Args:
        now: aware moment; days are those of the current time zone.
    """
    today = timezone.localdate(now)
    first = today - timedelta(days=today.weekday())
    end = first + timedelta(weeks=WEEKS)
    opened = Review.objects.filter(state__in=OPEN_STATES, project__in=Project.objects.visible_to(reader))
    planned = list(_with_people(opened.filter(scheduled_for__lt=_midnight(end))))
    elsewhere = _meetings_of(planned, _midnight(first), _midnight(end)).exclude(
        project__in=Project.objects.visible_to(reader)
    )
    blackouts = list(Blackout.objects.filter(lifted_at__isnull=True, ends_on__gte=first))
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    weeks = [Week(monday, monday + timedelta(days=6)) for monday in mondays]
    late: list[Coming] = []
    for coming in _coming(planned, list(elsewhere), blackouts):
        if coming.day < first:
            late.append(coming)
        else:
            weeks[(coming.day - first).days // 7].reviews.append(coming)
    looks = owed.to_look_at_again().filter(project__in=Project.objects.visible_to(reader), next_review_on__lt=end)
    active = looks.filter(project__status=Status.ACTIVE).select_related("project", "chair")
    again: list[Review] = []
    for review in active.order_by("next_review_on", "id"):
        assert review.next_review_on  # only such are asked for
        at = (review.next_review_on - first).days // 7
        (again if at < 0 else weeks[at].again).append(review)
    for week in weeks:
        week.blackouts = [one for one in blackouts if one.starts_on <= week.ends_on and one.ends_on >= week.starts_on]
    undated = opened.filter(scheduled_for__isnull=True).count()
    return Calendar(_quiet_ones_joined(weeks), late, again, undated, blackouts)


def _quiet_ones_joined(weeks: list[Week]) -> list[Week]:
    joined: list[Week] = []
    for week in weeks:
        if joined and joined[-1].quiet and week.quiet:
            joined[-1].ends_on = week.ends_on
        else:
            joined.append(week)
    return joined


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def against(review: Review, reader: User) -> list[str]:
    """What speaks against the time that a round is planned for, in words; of other projects only that they are.

    Args:
        review: its chair and participants as they are now.
    """
    if review.scheduled_for is None:
        return []
    near = timedelta(days=1)
    [own] = _with_people(Review.objects.filter(pk=review.pk))
    others = _meetings_of([own], review.scheduled_for - near, review.scheduled_for + near).exclude(pk=review.pk)
    seen = set(Project.objects.visible_to(reader).filter(reviews__in=others).values_list("pk", flat=True))
    shown = [other for other in others if other.project_id in seen]
    hidden = [other for other in others if other.project_id not in seen]
    day = timezone.localdate(review.scheduled_for)
    blackouts = list(Blackout.objects.filter(lifted_at__isnull=True, starts_on__lte=day, ends_on__gte=day))
    coming = sorted([own, *shown], key=lambda each: (each.scheduled_for, each.project_id))
    [found] = [each for each in _coming(coming, hidden, blackouts) if each.review.pk == review.pk]
    said = [_("It is planned in the blackout: %(reason)s") % {"reason": one.reason} for one in found.blackouts]
    return said + [f"{told}." for told in found.booked_twice]


def _with_people(reviews: "QuerySet[Review]") -> "QuerySet[Review]":
    """The same in order of time, with who takes part and until when the people are called."""
    calls = MeetingCall.objects.filter(review=OuterRef("pk"), cancelled=False, starts_at=OuterRef("scheduled_for"))
    there = Participant.objects.filter(removed_at__isnull=True).select_related("user")
    return (
        reviews.select_related("project", "chair")
        .prefetch_related(Prefetch("participants", there))
        .annotate(called_until=Subquery(calls.order_by("-sequence").values("ends_at")[:1]))
        .order_by("scheduled_for", "project_id")
    )


def _people(review: Review) -> set[User]:
    return {review.chair, *(each.user for each in review.participants.all())}


def _meetings_of(reviews: list[Review], first: datetime, end: datetime) -> "QuerySet[Review]":
    """Open meetings in this time of anybody who takes part in a meeting among these."""
    people = {person.pk for review in reviews if review.mode == Mode.MEETING for person in _people(review)}
    named = Participant.objects.filter(user__in=people, removed_at__isnull=True).values("review")
    meetings = Review.objects.filter(state__in=OPEN_STATES, mode=Mode.MEETING, scheduled_for__range=(first, end))
    return _with_people(meetings.filter(Q(chair__in=people) | Q(pk__in=named)))


def _coming(reviews: list[Review], hidden: list[Review], blackouts: list[Blackout]) -> list[Coming]:
    """Args: reviews, hidden: each in order of time; of the hidden ones only who is taken by them is told."""
    found = [_come(review, review.scheduled_for, blackouts) for review in reviews if review.scheduled_for is not None]
    taken = [_come(review, review.scheduled_for, hidden=True) for review in hidden if review.scheduled_for is not None]
    _mark_clashes(sorted([*found, *taken], key=lambda each: each.at))
    return found


def _come(review: Review, at: datetime, blackouts: Iterable[Blackout] = (), *, hidden: bool = False) -> Coming:
    day = timezone.localdate(at)
    until = max(at + APART, getattr(review, "called_until", None) or at)
    within = [one for one in blackouts if one.starts_on <= day <= one.ends_on]
    return Coming(review, at, day, until, within, hidden=hidden)


def _mark_clashes(coming: list[Coming]) -> None:
    """Only meetings clash: what is held asynchronously is answered when each has time."""
    booked: dict[User, list[Coming]] = defaultdict(list)
    for one in coming:
        if one.review.mode == Mode.MEETING:
            for person in _people(one.review):
                booked[person].append(one)
    for person in sorted(booked, key=str):
        meetings = booked[person]
        for at, one in enumerate(meetings):
            for other in meetings[at + 1 :]:
                if other.at >= one.until:
                    break  # they are in order of time
                one.clashes.append(Clash(person, None if other.hidden else other.review, other.at))
                other.clashes.append(Clash(person, None if one.hidden else one.review, one.at))
