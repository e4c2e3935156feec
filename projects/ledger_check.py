"""Verifying the ledger: every chain by its stored bytes, then the live rows against what the lines say.

What this proves without anything from outside is in docs/auditor/ledger.md: a chain that was rewritten to its end, or
cut at its end together with its rows, agrees with itself. Checkpoints kept elsewhere find that.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from projects import guards
from projects.ledger import GENESIS, VERSION, stream_key, utc
from projects.ledger_replay import Finding, Replay, checks
from projects.models import LedgerEntry, LedgerStream, Project

CHUNK = 2000  # lines fetched at once


@dataclass(frozen=True)
class Head:
    """A chain's end: how many lines it has, and the hash of the last."""

    stream: str
    count: int
    hash: str


@dataclass
class Report:
    """What `verify` found. The ledger holds when there are no findings."""

    heads: list[Head] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings

    @property
    def lines(self) -> int:
        return sum(head.count for head in self.heads)


def verify(project: Project | None = None) -> Report:
    """All chains are walked and replayed, or the one of this project; findings name line, object and field.

    Reads one moment of the database: work that goes on meanwhile does not show up as a difference.
    """
    report = Report()
    with one_moment():
        report.findings += [Finding("guard", text) for text in guards.faults(connection)]
        streams = LedgerStream.objects.order_by("id")
        if project is not None:
            streams = streams.filter(key=stream_key(project))
        replay = Replay()
        report.findings += _walk(dict(streams.values_list("id", "key")), replay, report.heads)
        only = project.pk if project else None
        report.findings += replay.unrecorded(only)
        for check in checks():
            report.findings += check(only)
    return report


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment. Inside somebody's transaction, that one sets what is seen."""
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # reading takes no write lock
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]  # SQLite's connection alone has it


class _Stored(NamedTuple):
    """A row of the ledger as it is stored."""

    stream_id: int
    seq: int
    prev: str
    hash: str
    line: str
    recorded_at: datetime
    occurred_at: datetime
    actor_id: int | None
    source: str
    event: str
    object_type: str
    object_id: str
    correlation_id: str


def _walk(keys: dict[int, str], replay: Replay, heads: list[Head]) -> Iterator[Finding]:
    """Every line of these chains, in order; `heads` and `replay` are filled on the way."""
    entries = LedgerEntry.objects.filter(stream__in=keys) if len(keys) == 1 else LedgerEntry.objects.all()
    rows = entries.order_by("stream_id", "seq").values_list(*_Stored._fields).iterator(chunk_size=CHUNK)
    for stream_id, lines in groupby((_Stored(*row) for row in rows), key=attrgetter("stream_id")):
        key = keys.pop(stream_id, f"unnamed-{stream_id}")
        last, count = None, 0
        for stored in lines:
            yield from _line(stored, last, key, replay)
            last, count = stored, count + 1
        heads.append(Head(key, count, last.hash if last else GENESIS))
        yield from replay.chain_ended()
    yield from replay.chain_ended(last=True)
    for key in keys.values():
        yield Finding("empty", _("The chain has no lines."), key)


def _line(stored: _Stored, last: _Stored | None, key: str, replay: Replay) -> Iterator[Finding]:
    """One line: its hash, its link, its number, its time, and that the columns say what the line says."""

    def wrong(kind: str, text: str) -> Finding:
        return Finding(kind, text, key, stored.seq, f"{stored.object_type}/{stored.object_id}")

    if hashlib.sha256(stored.line.encode()).hexdigest() != stored.hash:
        yield wrong("hash", _("The line was changed: its bytes do not have its hash."))
    if stored.prev != (last.hash if last else GENESIS) or stored.line[:75] != f'{{"prev":"{stored.prev}",':
        yield wrong("link", _("The line does not follow from the line before it."))
    if stored.seq != (last.seq + 1 if last else 1):
        yield wrong("number", _("Lines are missing before this one."))
    if last is not None and stored.recorded_at < last.recorded_at:
        yield wrong("time", _("The line says that it was recorded before the line that precedes it."))
    try:
        body = READER.decode(stored.line)
        differing = _differing(stored, body, key)
        replay.add(body, key, stored.seq)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield wrong("form", _("The line is not a line of the ledger."))
        return
    for column in differing:
        yield wrong("column", _("The column %(name)s does not say what the line says.") % {"name": column})


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refused when it names a key twice: two readers would read it differently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


READER = json.JSONDecoder(object_pairs_hook=_each_name_once)


def _differing(stored: _Stored, body: dict[str, Any], key: str) -> list[str]:
    """The searchable columns that differ from the line they are read from."""
    pairs = {
        "v": (body["v"], VERSION),
        "stream": (body["stream"], key),
        "seq": (body["seq"], stored.seq),
        "recorded_at": (body["at"], utc(stored.recorded_at)),
        "occurred_at": (body["occurred"], utc(stored.occurred_at)),
        "actor": (body["actor"]["id"] if body["actor"] else None, stored.actor_id),
        "source": (body["source"], stored.source),
        "event": (body["event"], stored.event),
        "object_type": (body["object"]["type"], stored.object_type),
        "object_id": (body["object"]["id"], stored.object_id),
        "correlation_id": (body["correlation"], stored.correlation_id),
    }
    return [name for name, (told, column) in pairs.items() if told != column]
