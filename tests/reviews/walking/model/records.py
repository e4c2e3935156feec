"""What stands in a round: people, answers, waivers, findings, signatures, what was lent, conditions."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass
class Named:
    """A person's place in a round; whoever is named again has another one.

    Args:
        signs: None once the person is recused, which everybody who signs is shown.
    """

    number: int
    group: str
    who: str
    signs: bool | None


@dataclass
class Answered:
    number: int
    value: str
    by: str
    at: datetime
    carried: bool = False


@dataclass
class Waived:
    by: str
    until: date
    at: datetime
    approved: tuple[str, datetime] | None = None
    refused: bool = False


@dataclass
class Found:
    number: int
    code: str
    category: str
    owner: str
    due: date | None
    by: str
    at: datetime
    settled: tuple[str, str, datetime] | None = None
    into: int = 0

    @property
    def is_open(self) -> bool:
        return self.settled is None and not self.into


@dataclass
class Signed:
    place: int
    who: str
    part: object
    position: str
    by: str = ""


@dataclass
class Lent:
    """A signature lent for a while. Args: place: number of the place whose signature it is."""

    place: int
    owner: str
    to: str
    until: datetime
    revoked: bool = False

    def lasts(self, now: datetime) -> bool:
        return not self.revoked and now < self.until


@dataclass
class Debt:
    number: int
    owner: str
    due: date
    closed: bool = False
    moved: date | None = None

    @property
    def day(self) -> date:
        """The day that binds; the one that was signed stays."""
        return self.moved or self.due
