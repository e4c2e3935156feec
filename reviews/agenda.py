"""The agenda of a meeting, made from what the round consists of: a point for each part, with minutes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.models import User
from projects.workdays import zone_of
from reviews.models import Review, Section

STEP = 5  # minutes: a part of the checklist gets a minute a question, rounded up to this
LONGEST = 240  # minutes for one point
BOARD = "board"
PARTS = {
    Section.INPUT: "input",
    Section.ANALYSIS: "analysis",
    Section.ASPECT: "aspect",
    Section.GO: BOARD,
    Section.NO_GO: BOARD,
    Section.DECISION: "affirmed",
}
TITLES = {
    "entrance": gettext_lazy("Entrance check"),
    "input": gettext_lazy("Inputs"),
    "analysis": gettext_lazy("Analyses"),
    "aspect": gettext_lazy("Aspects of readiness"),
    BOARD: gettext_lazy("Go/no-go board"),
    "affirmed": gettext_lazy("Decisions affirmed together"),
    "findings": gettext_lazy("Findings"),
    "conditions": gettext_lazy("Conditions"),
    "positions": gettext_lazy("Positions"),
    "decision": gettext_lazy("Go or no-go"),
}
AROUND = {"entrance": 5, "findings": 10, "conditions": 5, "positions": 10, "decision": 10}


@dataclass(frozen=True)
class Point:
    """One point of the agenda.

    Args:
        starts_at: aware; None while the meeting has no day.
        questions: how many questions of the checklist belong to it.
    """

    code: str
    minutes: int
    starts_at: datetime | None
    questions: int = 0

    @property
    def title(self) -> str:
        return str(TITLES[self.code])

    @property
    def about(self) -> str:
        if not self.questions:
            return ""
        return ngettext("%(count)d question", "%(count)d questions", self.questions) % {"count": self.questions}

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


def planned(review: Review) -> dict[str, int]:
    """Minutes of each point, in order: what the chair has set, else what follows from the number of questions.

    The questions of a round never change, so neither does this by itself: a new finding moves no appointment.
    """
    asked = _questions(review)
    usual = {code: -(-asked[code] // STEP) * STEP if code in asked else AROUND.get(code, 0) for code in TITLES}
    return {
        code: review.agenda.get(code, minutes) for code, minutes in usual.items() if code in AROUND or code in asked
    }


def points(review: Review) -> list[Point]:
    """The points with the moment at which each begins; one that is given no time is left out.

    Args:
        review: with its items, as `signing.load` gives it or not.
    """
    asked = _questions(review)
    return begun(planned(review), review.scheduled_for, asked)


def begun(minutes: Mapping[str, int], start: datetime | None, asked: Mapping[str, int] | None = None) -> list[Point]:
    """The same from minutes that are kept somewhere; a database may keep them in any order."""
    found = []
    for code in TITLES:
        if length := minutes.get(code, 0):
            found.append(Point(code, length, start, (asked or {}).get(code, 0)))
            start = start + timedelta(minutes=length) if start else None
    return found


def length(minutes: Mapping[str, int]) -> timedelta:
    return timedelta(minutes=sum(minutes.values()))


def in_words(of: Iterable[Point], reader: User) -> list[str]:
    """A line for each point, on this person's clock: "09:05 to 09:15 Inputs (10 minutes)"."""
    zone = zone_of(reader)
    lines = []
    for point in of:
        said = _("%(point)s (%(minutes)d minutes)") % {"point": point.title, "minutes": point.minutes}
        if point.starts_at and point.ends_at:
            said = f"{point.starts_at.astimezone(zone):%H:%M}-{point.ends_at.astimezone(zone):%H:%M} {said}"
        lines.append(said)
    return lines


def clock_of(reader: User) -> str:
    """The name of the clock that `in_words` goes by."""
    zone = zone_of(reader)
    return zone.key if isinstance(zone, ZoneInfo) else "UTC"


def _questions(review: Review) -> Counter[str]:
    return Counter(PARTS[Section(item.section)] for item in review.items.all() if item.section in PARTS)
