"""A reason why something cannot be done yet: what is missing, who can supply it, where (EXT-25)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Blocker:
    """One thing that stands in the way.

    Args:
        code: stable name for programs and tests, e.g. ``artifact.not_approved``.
        text: one sentence for people: what is missing.
        owner: who can supply it, by name or role; empty when nobody is named yet.
        url: address on this site where it is mended; empty when there is none.
    """

    code: str
    text: str
    owner: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.owner})" if self.owner else self.text


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An expected no. Its text is fit for a user; `blockers` says what is missing when there is a list."""

    def __init__(self, text: str, blockers: Sequence[Blocker] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.blockers = list(blockers)


class Blocked(Refused):
    """Refused because something is missing: carries the same list that the page shows."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__("; ".join(str(blocker) for blocker in blockers), blockers)


class NotAllowed(Refused):
    """Refused because of who asks."""
