"""Replaying the ledger: what its lines say about each row must be what the row says now."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from projects.ledger import plain

BATCH = 500  # rows asked for in one query


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Args:
        kind: stable name: hash, link, number, time, column, form, empty, field, gone, unrecorded, guard, digest.
        text: what is wrong, as a sentence.
        stream, seq: the line it concerns; empty and 0 when it concerns a row without a line.
        object, field: the row, as ``app.model/id``, and the field that differs.
    """

    kind: str
    text: str
    stream: str = ""
    seq: int = 0
    object: str = ""
    field: str = ""

    def __str__(self) -> str:
        where = f"{self.stream}/{self.seq}" if self.seq else self.stream
        return " ".join(part for part in (f"[{self.kind}]", where, self.text) if part)


@dataclass(frozen=True)
class Told:
    """The last that the ledger told of one field."""

    value: Any
    stream: str
    seq: int


@dataclass
class Row:
    """What the ledger tells of one row."""

    stream: str = ""
    seq: int = 0
    deleted: bool = False
    fields: dict[str, Told] = field(default_factory=dict)


class Witness(NamedTuple):
    """How the ledger answers for the rows of one table: every row, every column.

    Args:
        project: lookup that leads from a row to its project; empty when the rows belong to the organisation.
        untold: columns that change without a line, because something else answers for them or nothing hangs on them.
    """

    project: str
    untold: tuple[str, ...] = ()


def _rules() -> Iterator[ModuleType]:
    """Each app's `ledger_rules`: WITNESSED, by model label, and CHECKS, called with a project's id or None for all."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "ledger_rules"):
            yield import_module(f"{app.name}.ledger_rules")


def witnessed() -> dict[str, Witness]:
    """Tables whose every row the ledger must tell of, by model label."""
    found: dict[str, Witness] = {}
    for rules in _rules():
        found |= rules.WITNESSED
    return found


def checks() -> list[Callable[[int | None], Iterator[Finding]]]:
    """What each app checks besides."""
    return [check for rules in _rules() for check in rules.CHECKS]


class Replay:
    """Lines go in, differences between ledger and rows come out.

    A row's lines stand in one chain, so that rows can be compared as soon as their chain has been read to its end:
    memory holds the rows of a few projects, not of all.
    """

    def __init__(self) -> None:
        self.pending: dict[str, dict[str, Row]] = defaultdict(dict)
        self.seen: dict[str, set[str]] = defaultdict(set)

    def add(self, body: Mapping[str, Any], stream: str, seq: int) -> None:
        """One line is folded in: the last value of a field wins."""
        label, pk = body["object"]["type"], body["object"]["id"]
        row = self.pending[label].setdefault(pk, Row())
        row.stream, row.seq = stream, seq
        row.deleted = str(body["event"]).endswith(".deleted")
        for name, value in body["after"].items():
            row.fields[name] = Told(value, stream, seq)

    def chain_ended(self, *, last: bool = False) -> Iterator[Finding]:
        """Rows told of so far are compared, once there are enough of them to ask for together."""
        for label in list(self.pending):
            if last or len(self.pending[label]) >= BATCH:
                rows = self.pending.pop(label)
                self.seen[label].update(rows)
                yield from _differences(label, rows)

    def unrecorded(self, project_id: int | None) -> Iterator[Finding]:
        """Rows that no line tells of. Call after the last chain."""
        for label, witness in witnessed().items():
            if project_id is not None and not witness.project:
                continue
            rows = apps.get_model(label)._base_manager.order_by("pk")
            if project_id is not None:
                rows = rows.filter(**{witness.project: project_id})
            for pk in rows.values_list("pk", flat=True).iterator():
                if str(pk) not in self.seen[label]:
                    yield Finding(
                        "unrecorded",
                        _("%(object)s stands in the database, but no line of the ledger tells of it.")
                        % {"object": f"{label}/{pk}"},
                        object=f"{label}/{pk}",
                    )


def _differences(label: str, rows: dict[str, Row]) -> Iterator[Finding]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        first = next(iter(rows.values()))
        yield Finding("form", _("Nothing here is called %(label)s.") % {"label": label}, first.stream, first.seq, label)
        return
    known = _fields(model)
    born = _as_born(model, label)
    keys = list(rows)
    for start in range(0, len(keys), BATCH):
        part = {key: rows[key] for key in keys[start : start + BATCH]}
        live = _live(model, known, part, born)
        for key, row in part.items():
            name = f"{label}/{key}"
            if key not in live:
                if not row.deleted:
                    yield Finding(
                        "gone", _("%(object)s is gone from the database.") % {"object": name}, row.stream, row.seq, name
                    )
                continue
            if row.deleted:
                yield Finding(
                    "gone",
                    _("%(object)s was deleted, and yet it is there.") % {"object": name},
                    row.stream,
                    row.seq,
                    name,
                )
                continue
            for column, value in born.items():
                if column not in row.fields and known[column].attname not in row.fields:
                    row.fields[column] = Told(value, row.stream, row.seq)
            yield from _row_differences(name, row, known, live[key])


def _row_differences(
    name: str, row: Row, known: Mapping[str, "models.Field[Any, Any]"], live: Mapping[str, Any]
) -> Iterator[Finding]:
    for column, told in row.fields.items():
        kind = known.get(column)
        if kind is not None and not _same(kind, column, told.value, live[column]):
            yield Finding(
                "field",
                _("%(field)s of %(object)s is %(live)s, but the ledger says %(told)s.")
                % {"field": column, "object": name, "live": _shown(live[column]), "told": _shown(told.value)},
                told.stream,
                told.seq,
                name,
                column,
            )


def _fields(model: type[models.Model]) -> dict[str, "models.Field[Any, Any]"]:
    """The model's stored fields under the names that a line may use: name and column, and many-to-many."""
    known: dict[str, models.Field[Any, Any]] = {}
    for each in model._meta.concrete_fields:
        known[each.name] = known[each.attname] = each
    for many in model._meta.many_to_many:
        known[many.name] = many
    return known


def _as_born(model: type[models.Model], label: str) -> dict[str, Any]:
    """What a column of a witnessed row says that no line tells of: nothing, or its default."""
    witness = witnessed().get(label)
    if witness is None:
        return {}
    return {
        each.name: plain(each.get_default())
        for each in model._meta.concrete_fields
        if not each.primary_key and each.name not in witness.untold and (each.null or each.blank or each.has_default())
    }


def _live(
    model: type[models.Model],
    known: Mapping[str, "models.Field[Any, Any]"],
    rows: Mapping[str, Row],
    born: Mapping[str, Any],
) -> dict[str, dict[str, Any]]:
    """The values that these rows have now in the fields that the ledger tells of, by primary key as text."""
    told = {column for row in rows.values() for column in row.fields if column in known} | born.keys()
    plain_columns = [column for column in told if not known[column].many_to_many]
    keys = [key for key in rows if _is_key(model, key)]
    found = model._base_manager.filter(pk__in=keys)
    live = {str(row["pk"]): row for row in found.values("pk", *plain_columns)}
    for column in told - set(plain_columns):
        for row in live.values():
            row[column] = []
        for pk, other in found.filter(**{f"{column}__isnull": False}).values_list("pk", column):
            live[str(pk)][column].append(other)
    return live


def _is_key(model: type[models.Model], key: str) -> bool:
    try:
        return str(model._meta.pk.to_python(key)) == key
    except (ValidationError, ValueError):
        return False


def _same(kind: "models.Field[Any, Any]", column: str, told: Any, live: Any) -> bool:
    """Whether a recorded value and a live one are the same: rows by id, numbers as numbers, all else as written.

    A row is told as ``{"id": ...}``; a text under the name of a relation is a label for readers, e.g. PPA-1.
    """
    if kind.many_to_many:
        return not _rows(told) or sorted(item["id"] for item in told) == sorted(live)
    if kind.is_relation and column == kind.name:
        return isinstance(told, str) or (told["id"] if told else None) == live
    if isinstance(kind, models.DecimalField) and told is not None and live is not None:
        try:
            return bool(Decimal(str(told)) == live)
        except InvalidOperation:
            return False
    return bool(plain(live) == told)


def _rows(told: Any) -> bool:
    return isinstance(told, list) and all(isinstance(item, dict) for item in told)


def _shown(value: Any) -> str:
    text = "empty" if value in (None, "") else str(plain(value))
    return text if len(text) <= 80 else f"{text[:77]}..."
