"""The story's dates, and the dates they become when the story is loaded."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

ANCHOR = date(2026, 11, 23)
"""The Monday on which the story stands still."""

DAY = re.compile(r"\[(\d{4}-\d{2}-\d{2})\]")
MONTH = re.compile(r"\[(\d{4}-\d{2})\]")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Calendar:
    """Shifts the story by whole weeks. Its times are UTC."""

    weeks: int = 0

    @classmethod
    def for_day(cls, today: date) -> "Calendar":
        """The story's last Monday becomes the last Monday on or before `today`."""
        monday = today - timedelta(days=today.weekday())
        return cls(weeks=(monday - ANCHOR).days // 7)

    @property
    def anchor(self) -> date:
        return self.day(ANCHOR.isoformat())

    def day(self, text: str) -> date:
        """The day that a day of the story, e.g. 2026-09-15, becomes."""
        return date.fromisoformat(text) + timedelta(weeks=self.weeks)

    def at(self, text: str) -> datetime:
        """The moment that a moment of the story, e.g. 2026-09-15 14:00, becomes; 09:00 when no time is given."""
        day, _space, time = text.partition(" ")
        moment = datetime.fromisoformat(f"{day}T{time or '09:00'}").replace(tzinfo=UTC)
        return moment + timedelta(weeks=self.weeks)

    def told(self, text: str) -> str:
        """The text with [2026-09-15] become a date and [2026-09] the name of a month, both shifted."""
        text = DAY.sub(lambda found: self._spoken(found[1]), text)
        return MONTH.sub(lambda found: MONTHS[self.day(f"{found[1]}-15").month - 1], text)

    def _spoken(self, text: str) -> str:
        day = self.day(text)
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
