"""The audit trail. `record` is its only writer.

An entry is a stored line of canonical JSON that carries the hash of the line before it; its own hash is the SHA-256
of the stored bytes. Nothing is ever serialised again to be checked (evidence design, "Ledger").
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from projects.digests import canonical as canonical
from projects.digests import digest as digest
from projects.digests import plain as plain
from projects.digests import utc as utc
from projects.models import SYSTEM_STREAM, LedgerEntry, LedgerStream, Project, User

GENESIS = "0" * 64
VERSION = 1


@dataclass(frozen=True)
class Origin:
    """Where a change comes from; one for a request, a command or a task.

    Args:
        source: web, api, admin, import, command or system.
        ip: address of the client, when there is one.
        session: SHA-256 of the session key, so that the trail does not hold the key itself.
        correlation_id: the same for every entry that one request wrote.
    """

    source: str = "system"
    ip: str = ""
    session: str = ""
    correlation_id: str = field(default_factory=lambda: uuid.uuid4().hex)


_origin: ContextVar[Origin | None] = ContextVar("ledger_origin", default=None)


def origin() -> Origin:
    """The origin that `record` writes now."""
    return _origin.get() or Origin()


@contextmanager
def coming_from(source: str, *, ip: str = "", session: str = "") -> Iterator[Origin]:
    """Entries recorded inside carry this origin and share one correlation id."""
    mark = Origin(source=source, ip=ip, session=session)
    token = _origin.set(mark)
    try:
        yield mark
    finally:
        _origin.reset(token)


def as_source(source: str) -> "Origin":
    """The present origin under another source name."""
    return replace(origin(), source=source)


def snapshot(obj: models.Model, *names: str) -> dict[str, Any]:
    """These fields of a row as they are now, for `before` and `after`."""
    return {name: getattr(obj, name) for name in names}


def row(obj: models.Model, *, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every stored field of a row just added, so that none of them can be changed behind the ledger's back.

    Rows it refers to are named when they are at hand and told by id otherwise: telling costs no query.
    """
    told: dict[str, Any] = {}
    for each in obj._meta.concrete_fields:
        if each.primary_key or each.name in leave_out:
            continue
        if isinstance(each, models.ForeignKey) and not each.is_cached(obj):
            key = getattr(obj, each.attname)
            told[each.name] = None if key is None else {"id": key}
        else:
            told[each.name] = getattr(obj, each.name)
    return told


def stream_key(project: Project | None) -> str:
    return f"project-{project.pk}" if project else SYSTEM_STREAM


def record(
    *,
    project: Project | None,
    by: User | None,
    event: str,
    obj: models.Model,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    role: str = "",
) -> LedgerEntry:
    """One line is appended to the project's chain, or to `system` when there is no project.

    Must run inside the transaction of the change that it tells of: if the line can't be written, nothing is.

    Args:
        by: the actor; None for the system itself.
        event: verb in the field's words, ``noun.verb``, e.g. ``review.decided``.
        obj: the row that changed; named by model and primary key.
        now: when it happened, aware. The line also keeps the server's own time of recording.
        before, after: the fields that changed. Decimals, dates, rows are made plain; floats are refused.
        reason: what the actor gave as reason.
        role: the role in which the actor acted.

    Raises: RuntimeError outside a transaction; TypeError on a float.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("ledger.record() belongs in the transaction of the change it records")
    key = stream_key(project)
    stream = LedgerStream.objects.select_for_update().filter(key=key).first()
    if stream is None:
        stream, made = LedgerStream.objects.get_or_create(key=key, defaults={"project": project})
        if not made:  # another transaction was first: wait for it
            stream = LedgerStream.objects.select_for_update().get(pk=stream.pk)
    last = LedgerEntry.objects.filter(stream=stream).order_by("-seq").values("seq", "hash", "recorded_at").first()
    prev, seq = (last["hash"], last["seq"] + 1) if last else (GENESIS, 1)
    recorded_at = max(timezone.now(), last["recorded_at"]) if last else timezone.now()
    where = origin()
    body = {
        "v": VERSION,
        "stream": key,
        "seq": seq,
        "at": recorded_at,
        "occurred": now,
        "actor": {"id": by.pk, "name": str(by), "username": by.username, "role": role} if by else None,
        "source": where.source,
        "ip": where.ip,
        "session": where.session,
        "correlation": where.correlation_id,
        "event": event,
        "object": {"type": obj._meta.label_lower, "id": str(obj.pk), "name": str(obj)},
        "before": dict(before or {}),
        "after": dict(after or {}),
        "reason": reason,
    }
    line = f'{{"prev":"{prev}",{canonical(body)[1:]}\n'
    return LedgerEntry.objects.create(
        stream=stream,
        seq=seq,
        prev=prev,
        hash=digest(line),
        line=line,
        recorded_at=recorded_at,
        occurred_at=now,
        actor=by,
        source=where.source,
        event=event,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        correlation_id=where.correlation_id,
    )


def head(project: Project) -> str:
    """The hash of the newest line of the project's chain; it changes whenever anything about the project does."""
    newest = LedgerEntry.objects.filter(stream__project=project).order_by("-seq").values_list("hash", flat=True).first()
    return newest or GENESIS


def newest_entry() -> int:
    """The key of the newest line of any chain; it changes whenever anything does."""
    return LedgerEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
