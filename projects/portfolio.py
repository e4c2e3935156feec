"""The portfolio: every project a person may see, filtered, sorted and leafed through at a cost that does not grow.

Pages are found by key (the sort value and id of the row at the edge), never by counting rows off; totals are counted up
to a bound. Gates, signatures and conditions come through `ports.outlooks` for the rows of one page at once.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import Gate, Project, Stage, Status, User
from projects.ports import GateOutlook, ports

PAGE = 25
COUNTED = 1000
"""Totals are exact up to here; beyond, "more than"."""
BIGGEST = 2**63  # what a key of a row can be
SUMMARY_SECONDS = 60
SLIM = ["description", "intents", "category_nature", "category_size"]
"""Long texts that no list shows."""

DECISIONS = ("go", "go_conditions", "no_go_postponed", "no_go_cancelled", "hold")
"""What an outlook's decision can be; the words are the upper app's, like those of `projects.looks`."""

NEXT_GATE: dict[str, Gate] = {
    Stage.REGISTERED: Gate.PLAN,
    Stage.ENVISION: Gate.PLAN,
    Stage.PLANNING: Gate.PLAN,
    Stage.BUILD: Gate.RELEASE,
    Stage.STABILIZE: Gate.RELEASE,
}


@dataclass(frozen=True)
class Order:
    """A way to sort. Args: column: of `Project`, unique together with id; its index makes the page cheap."""

    label: Any
    column: str
    down: bool = False


ORDERS: dict[str, Order] = {
    "new": Order(_("Newest first"), "id", down=True),
    "code": Order(_("Code"), "code"),
    "title": Order(_("Title"), "title"),
    "ends": Order(_("Planned end, latest first"), "planned_end", down=True),
}
DEFAULT_ORDER = "new"
COLUMNS = {field.name: field for field in Project._meta.concrete_fields}


@dataclass(frozen=True)
class Row:
    """One project of the list with how its reviews stand."""

    project: Project
    gate: Gate | None
    outlook: GateOutlook


@dataclass(frozen=True)
class Leaf:
    """One page of the list. Args: before, after: keys of the neighbouring pages, empty at an end."""

    rows: list[Row]
    before: str
    after: str


def leaf(projects: "QuerySet[Project]", order: Order, now: datetime, *, after: str = "", before: str = "") -> Leaf:
    """The page behind or ahead of a key; the first without one. Four queries at most."""
    backwards = bool(before) and not after
    edge = _unpack(order, before if backwards else after)
    down = order.down != backwards
    found = list(_ordered(_beyond(projects, order, edge, down=down), order, down=down).defer(*SLIM)[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        found.reverse()
    outlooks = ports.outlooks([project.pk for project in found], now) if found else {}
    return Leaf(
        rows=[_row(project, outlooks) for project in found],
        before=_pack(order, found[0]) if found and (more if backwards else bool(edge)) else "",
        after=_pack(order, found[-1]) if found and (more or backwards) else "",
    )


def _row(project: Project, outlooks: dict[int, GateOutlook]) -> Row:
    gate = NEXT_GATE.get(project.stage) if project.status in (Status.ACTIVE, Status.ON_HOLD) else None
    return Row(project, gate, outlooks.get(project.pk, GateOutlook()))


def _ordered(projects: "QuerySet[Project]", order: Order, *, down: bool) -> "QuerySet[Project]":
    """Rows without a value come last when it is sorted down, first when up: then both directions read one index."""
    if order.column == "id":
        return projects.order_by("-id" if down else "id")
    if not COLUMNS[order.column].null:
        return projects.order_by(*(f"-{name}" if down else name for name in (order.column, "id")))
    if down:
        return projects.order_by(F(order.column).desc(nulls_last=True), "-id")
    return projects.order_by(F(order.column).asc(nulls_first=True), "id")


def _beyond(
    projects: "QuerySet[Project]", order: Order, edge: tuple[Any, int] | None, *, down: bool
) -> "QuerySet[Project]":
    """The rows strictly beyond the edge."""
    if edge is None:
        return projects
    value, key = edge
    than = "lt" if down else "gt"
    if order.column == "id":
        return projects.filter(**{f"id__{than}": key})
    nullable = COLUMNS[order.column].null
    same = Q(**{f"id__{than}": key})
    if value is None:
        rest = Q(**{f"{order.column}__isnull": True}) & same
        return projects.filter(rest if down else rest | Q(**{f"{order.column}__isnull": False}))
    further = Q(**{f"{order.column}__{than}": value}) | (Q(**{order.column: value}) & same)
    return projects.filter(further | Q(**{f"{order.column}__isnull": True}) if down and nullable else further)


def _pack(order: Order, project: Project) -> str:
    value = getattr(project, order.column)
    plain = value.isoformat() if isinstance(value, date) else value
    return urlsafe_b64encode(json.dumps([plain, project.pk]).encode()).decode().rstrip("=")


def _unpack(order: Order, key: str) -> tuple[Any, int] | None:
    """The key of an address, or None for one that somebody has mangled: the list then begins at its start."""
    try:
        value, number = json.loads(urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        value, number = COLUMNS[order.column].to_python(value), int(number)
    except (ValueError, TypeError, OverflowError, ValidationError):
        return None
    return (value, number) if abs(number) < BIGGEST else None


def counted(projects: "QuerySet[Project]") -> int:
    """How many there are; `COUNTED` + 1 stands for more. One query that reads no more rows than that."""
    return projects.order_by()[: COUNTED + 1].count()


@dataclass(frozen=True)
class Summary:
    """How many projects stand where, and how many need attention why.

    Args:
        attention: counted up to `COUNTED`, beyond it one more.
        as_of: when it was counted.
    """

    stages: dict[str, int]
    on_hold: int
    attention: dict[str, int]
    as_of: datetime


def summary(user: User, now: datetime) -> Summary:
    """Active projects by stage, and those on hold, of all that the person may see; counted anew once a minute."""
    sees_all = user.is_solution_manager or user.is_auditor or user.is_process_owner
    key = f"portfolio-summary:{'all' if sees_all else user.pk}"
    known: Summary | None = cache.get(key)
    if known is not None:
        return known
    counts = (
        Project.objects.visible_to(user)
        .filter(status__in=[Status.ACTIVE, Status.ON_HOLD])
        .order_by()
        .values_list("status", "stage")
        .annotate(n=Count("id"))
    )
    stages: dict[str, int] = {}
    on_hold = 0
    for status, stage, n in counts:
        if status == Status.ACTIVE:
            stages[stage] = n
        else:
            on_hold += n
    active = Project.objects.visible_to(user).filter(status=Status.ACTIVE)
    attention = {name: counted(reason.narrow(active, now)) for name, reason in ports.attention.items()}
    fresh = Summary(stages, on_hold, attention, now)
    cache.set(key, fresh, SUMMARY_SECONDS)
    return fresh


# --- Download ---------------------------------------------------------------------------------------------------------
CSV_BATCH = 500
CSV_HEAD = (
    "code", "title", "type", "category", "unit", "stage", "status", "external_ref", "planned_start", "planned_end",
    "review", "review_state", "decision", "planned_review", "signed", "signers", "waiting_for", "waiting_since",
    "conditions_overdue",
)  # fmt: skip


def lines(projects: "QuerySet[Project]", now: datetime) -> Iterator[tuple[str, ...]]:
    """The filtered list as rows of a table, batch by batch: memory and queries grow by the batch, not by the row."""
    yield CSV_HEAD
    last = 0
    while batch := list(projects.filter(pk__gt=last).order_by("id").defer(*SLIM)[:CSV_BATCH]):
        last = batch[-1].pk
        outlooks = ports.outlooks([project.pk for project in batch], now)
        for project in batch:
            yield tuple(harmless(cell) for cell in _cells(project, outlooks.get(project.pk, GateOutlook())))


def _cells(project: Project, outlook: GateOutlook) -> Iterator[object]:
    yield from (project.code, project.title, project.project_type, project.category, project.unit)
    yield from (project.stage, project.status, project.external_ref, project.planned_start, project.planned_end)
    yield from (outlook.ref, outlook.state, outlook.decision, outlook.planned, outlook.signed, outlook.signers)
    yield from (outlook.waiting_for, outlook.waiting_since, outlook.conditions_overdue)


def harmless(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    return f"'{text}" if text.lstrip()[:1] in set("=+-@") or text[:1] in set("\t\r\n") else text
