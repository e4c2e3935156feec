"""Playing the stories together, step by step in the order of their moments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from projects import ledger
from projects.blocker import Refused
from projects.models import User
from reviews.demo.dates import Calendar

Do = Callable[[datetime], object]


class StoryBroken(Exception):  # noqa: N818 - the story is broken, not the program
    """An action refused what the story tells: one of the two is wrong."""


@dataclass(frozen=True)
class Step:
    at: datetime
    what: str
    do: Do


@dataclass
class Timeline:
    """What happened at Tarnwick Water & Energy.

    Args:
        cast: the people by key.
    """

    calendar: Calendar
    cast: dict[str, User]
    steps: list[Step] = field(default_factory=list)

    def add(self, at: datetime, what: str, do: Do) -> None:
        self.steps.append(Step(at, what, do))

    def play(self) -> int:
        """Every step is taken, earliest first; of two at one moment the one told first. Returns how many.

        Raises: StoryBroken.
        """
        for step in sorted(self.steps, key=lambda step: step.at):
            try:
                with ledger.coming_from("import"):  # a change of its own, as each would have been a request of its own
                    step.do(step.at)
            except Refused as refusal:
                raise StoryBroken(f"{step.at:%Y-%m-%d %H:%M} {step.what}: {refusal.text}") from refusal
        return len(self.steps)
