"""What stands around every page of a project: its header with the stage rail, and the way to its other pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import Seat
from projects.catalog.stages import STAGES
from projects.models import Gate, GatePass, Project, Status
from projects.ports import RoundSummary, ports

# Name of the address, words. Pages of the upper app are named, not imported.
PAGES = [
    ("project", gettext_lazy("Overview")),
    ("artifacts", gettext_lazy("Artifacts")),
    ("requirements", gettext_lazy("Requirements")),
    ("registers", gettext_lazy("Registers")),
    ("statements", gettext_lazy("Statements")),
    ("governance", gettext_lazy("Governance")),
    ("roles", gettext_lazy("People")),
    ("history", gettext_lazy("History")),
    ("evidence", gettext_lazy("Evidence")),
]
GATE_AFTER = {"planning": Gate.PLAN, "stabilize": Gate.RELEASE}
HOLDS_UP = {**GATE_AFTER, "deploy": Gate.RELEASE}
"""By stage, the gate whose go still counts: deployments too are refused once what it was tied to is overdue."""


def frame(
    place: Seat, *, here: str, now: datetime, subtitle: object = "", rounds: Sequence[RoundSummary] = ()
) -> dict[str, Any]:
    """Context for `components/project_header.html` and `components/section_nav.html`.

    Two queries, made when the rail is shown; a few more while a gate stands open whose go still counts.

    Args:
        here: name of the present page's address; one of PAGES or a page below it.
        subtitle: the page's own heading; empty on the project's main page.
        rounds: newest first; where they are at hand, a gate tells which round is on its way and when it is planned.
    """
    project = place.project
    return {
        "project": project,
        "place": place,
        "rail": SimpleLazyObject(lambda: rail(project, now, rounds)),
        "subtitle": subtitle,
        "url": project.get_absolute_url(),
        "pages": [
            {"label": label, "url": reverse(name, args=[project.code]), "here": name == here} for name, label in PAGES
        ],
    }


STOPPED: dict[str, str] = {Status.ON_HOLD: "on_hold", Status.CANCELLED: "cancelled"}
"""How the present stage stands while nothing moves."""


def rail(project: Project, now: datetime, rounds: Sequence[RoundSummary] = ()) -> list[dict[str, str]]:
    """The five stages and, between them, the two gates, each with its state and dates (SEED-08)."""
    runs = _passages(project)
    passes = list(project.gate_passes.order_by("id"))
    stops = []
    for key, kind in STAGES.items():
        stops.append(_stage(project, key, kind.name, runs.get(key, [])))
        if key in GATE_AFTER:
            gate = GATE_AFTER[key]
            held = [one for one in passes if one.gate == gate]
            newest = next((one for one in rounds if one.gate == gate), None)
            stops.append(_gate(project, gate, held, now) if held else _gate_ahead(gate, newest))
    return stops


@dataclass(frozen=True)
class _Passage:
    """A passage through a stage as the rail shows it. Args: iteration: 0 for a stage run outside the system."""

    stage: str
    iteration: int
    started_at: datetime
    ended_at: datetime | None


def _passages(project: Project) -> dict[str, list[_Passage]]:
    """By stage, in their order, those outside the system first; one query."""
    fields = ("stage", "iteration", "started_at", "ended_at")
    outside = project.stageoutsides.order_by().values_list(
        "stage", Value(0), "created_at", Value(None, output_field=DateTimeField())
    )
    found: dict[str, list[_Passage]] = {}
    for row in project.stage_runs.order_by().values_list(*fields).union(outside, all=True).order_by("iteration"):
        passage = _Passage(*row)
        found.setdefault(passage.stage, []).append(passage)
    return found


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y")


def _stage(project: Project, key: str, name: str, runs: list[_Passage]) -> dict[str, str]:
    if runs and runs[0].iteration == 0:
        if runs[-1].iteration <= 1:
            return _outside(project, key, name, runs)
        runs = runs[2:]  # rework has brought the stage into the system
    last = runs[-1] if runs else None
    order = list(STAGES)
    if project.stage == key and last is not None:
        state = STOPPED.get(project.status, "reopened" if last.iteration > 1 else "current")
        note = _("since %(day)s") % {"day": _day(last.started_at)}
    elif last is not None and (project.stage == "closed" or order.index(key) < _index(project.stage)):
        state = "done"
        days = [_day(runs[0].started_at), _day(last.ended_at)] if last.ended_at else []
        note = " – ".join(dict.fromkeys(days))  # noqa: RUF001 - a dash between days is right
    else:
        state = "ahead"
        note = _("was left on %(day)s") % {"day": _day(last.ended_at)} if last is not None and last.ended_at else ""
    url = reverse("stage", args=[project.code, key])
    if last is not None and last.iteration > 1:
        note = _("%(note)s, passage %(number)d") % {"note": note, "number": last.iteration}
    return {"kind": "stage", "name": name, "state": state, "note": note, "url": url}


def _outside(project: Project, key: str, name: str, runs: list[_Passage]) -> dict[str, str]:
    """A stage that was run before the project came into the system: never done here (SEED-14)."""
    here = project.stage == key
    note = _("passed on record since %(day)s") % {"day": _day(runs[-1].started_at)} if here else ""
    url = reverse("stage", args=[project.code, key])
    return {"kind": "stage", "name": name, "state": "outside", "note": note, "url": url, "here": "yes" if here else ""}


def _index(stage: str) -> int:
    order = list(STAGES)
    return order.index(stage) if stage in order else -1


def _gate(project: Project, gate: Gate, passes: list[GatePass], now: datetime) -> dict[str, str]:
    """A gate that was opened: still open, revoked, expired, or on hold because its go has lapsed (EXT-06)."""
    last = passes[-1]
    note = f"{last.review_ref}, {_day(last.opened_at)}"
    if last.revoked_at is not None:
        state = "revoked"
    elif last.valid_until is not None and last.valid_until < now and project.stage == "stabilize":
        state, note = "expired", _("%(ref)s, until %(day)s") % {"ref": last.review_ref, "day": _day(last.valid_until)}
    elif HOLDS_UP.get(project.stage) == gate and (lapsed := ports.lapse_blockers(project, gate, now)):
        late = any(blocker.code == "condition.overdue" for blocker in lapsed)
        words = _("%(ref)s, condition overdue") if late else _("%(ref)s, waiver ended")
        state, note = "held", words % {"ref": last.review_ref}
    else:
        state = "open"
    url = reverse("review", args=[project.code, last.review_ref])
    return {"kind": "gate", "name": str(gate.label), "state": state, "note": note, "url": url}


def _gate_ahead(gate: Gate, newest: RoundSummary | None) -> dict[str, str]:
    """A gate that was never open, and the round that may open it."""
    note = ""
    if newest is not None:
        planned = _("planned for %(day)s") % {"day": _day(newest.planned)} if newest.planned else newest.state_label
        note = f"{newest.ref}, {newest.decision_label or planned}"
    url = newest.url if newest else ""
    return {"kind": "gate", "name": str(gate.label), "state": "closed", "note": note, "url": url}
