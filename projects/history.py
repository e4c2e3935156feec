"""A project's history as people read it: what changed together, in sentences, each line with the proof that it fits.

Reads one chain of the ledger by its numbers, a bounded piece at a time.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby

from django.db.models import QuerySet

from projects import ledger, sentences
from projects.models import LedgerEntry, Project, User

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One entry in words. Args: fits: its bytes have its hash, and it names the hash of the line before it."""

    entry: LedgerEntry
    fits: bool

    @cached_property
    def told(self) -> sentences.Told:
        return sentences.tell(self.entry)

    @property
    def object_key(self) -> str:
        return f"{self.entry.object_type}:{self.entry.object_id}"


@dataclass(frozen=True)
class Change:
    """Everything that one request, command or task wrote; the newest line first."""

    at: datetime
    source: str
    lines: list[Line]

    @property
    def who(self) -> str:
        return self.lines[0].told.who


@dataclass(frozen=True)
class Piece:
    """A part of the history. Args: older: number to go on below; 0 at the beginning of the chain."""

    changes: list[Change] = field(default_factory=list)
    older: int = 0

    @property
    def lines(self) -> int:
        return sum(len(change.lines) for change in self.changes)

    @property
    def fits(self) -> bool:
        return all(line.fits for change in self.changes for line in change.lines)


@dataclass(frozen=True)
class Narrowing:
    """Which lines. Args: person: key of who did it; thing: ``model:key`` of what it was done to."""

    event: str = ""
    person: int | None = None
    thing: str = ""
    below: int = 0

    def of(self, entries: "QuerySet[LedgerEntry]") -> "QuerySet[LedgerEntry]":
        if self.event:
            entries = entries.filter(event=self.event)
        if self.person is not None:
            entries = entries.filter(actor=self.person)
        if self.thing:
            kind, _colon, key = self.thing.partition(":")
            entries = entries.filter(object_type=kind, object_id=key)
        if self.below:
            entries = entries.filter(seq__lt=self.below)
        return entries


def piece(project: Project, narrowing: Narrowing) -> Piece:
    """The newest lines that are asked for, grouped by what wrote them; a group is torn only if it fills the page.

    Two queries.
    """
    chain = LedgerEntry.objects.filter(stream__project=project)
    found = list(narrowing.of(chain).order_by("-seq")[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    if more:
        whole = [entry for entry in found if entry.correlation_id != found[-1].correlation_id]
        found = whole or found
    before = dict(chain.filter(seq__in=[entry.seq - 1 for entry in found]).values_list("seq", "hash"))
    changes = []
    for _correlation, group in groupby(found, key=lambda entry: entry.correlation_id):
        lines = [Line(entry, _fits(entry, before)) for entry in group]
        newest = lines[0]
        changes.append(Change(newest.entry.occurred_at, newest.entry.source, lines))
    return Piece(changes, found[-1].seq if more and found else 0)


def _fits(entry: LedgerEntry, before: dict[int, str]) -> bool:
    """Whether the line's bytes have the hash that stands beside them, and the line follows the one before it."""
    return (
        ledger.digest(entry.line) == entry.hash
        and entry.line.startswith(f'{{"prev":"{entry.prev}",')
        and entry.prev == (before.get(entry.seq - 1) if entry.seq > 1 else ledger.GENESIS)
    )


def events(project: Project) -> list[str]:
    """The kinds of events that the chain holds. One query."""
    chain = LedgerEntry.objects.filter(stream__project=project)
    return sorted(chain.order_by().values_list("event", flat=True).distinct())


def people(project: Project) -> "QuerySet[User]":
    """Who wrote in the chain. One query."""
    chain = LedgerEntry.objects.filter(stream__project=project, actor__isnull=False)
    return User.objects.filter(pk__in=chain.order_by().values("actor").distinct())
