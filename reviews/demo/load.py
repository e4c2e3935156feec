"""Loading the demo organisation: its people, then all stories played together, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from projects import doorbell, ledger, notices
from projects.models import Project, User
from reviews import reminders, signing
from reviews.demo import certificate, leaked_key, lessons, payroll, people, visitor, voice, wifi
from reviews.demo.dates import Calendar
from reviews.demo.timeline import Timeline
from reviews.models import Participant, Review, ReviewState

STORIES = (voice, payroll, wifi, leaked_key, visitor, certificate, lessons)
FIRST_DAY = "2025-09-29 08:00"
"""When the story's accounts were made, before its first project."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded. Args: steps: actions taken; quiet: notices of long ago that are not sent."""

    anchor: date
    people: int
    projects: int
    steps: int
    quiet: int


def is_empty() -> bool:
    """Whether the installation holds no person and no project."""
    return not User.objects.exists() and not Project.objects.exists()


@transaction.atomic
def load(*, today: date, now: datetime) -> Loaded:
    """The demo organisation stands in the database, as if it had worked here until last Friday.

    Args:
        today: the day of installation; the story's last Monday becomes the last Monday on or before it.
        now: aware; notices from before it are not sent.

    Raises: StoryBroken; NameTaken when a person of the demo is there already.
    """
    with ledger.coming_from("import"):
        calendar = Calendar.for_day(today)
        timeline = Timeline(calendar, people.make(calendar.at(FIRST_DAY)))
        for story in STORIES:
            story.tell(timeline)
        with doorbell.muffled():
            steps = timeline.play()
        quiet = notices.quieten(until=now, keep=_waiting_signers(), kinds=reminders.ASKED)
    return Loaded(calendar.anchor, len(timeline.cast), Project.objects.count(), steps, quiet)


def _waiting_signers() -> list[Participant]:
    """Whose signature is wanted now: they alone are told after the loading."""
    signing_now = signing.loaded(Review.objects.filter(state=ReviewState.SIGNING))
    return [participant for review in signing_now for participant in signing.standing(review).waiting]
