"""The way of a project: five stages and two gates, each with its state, dates and the page that tells more."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.catalog.stages import STAGES
from projects.models import Gate, GatePass, Project, Stage, StageRun
from projects.ports import RoundSummary

# Behind which stage a gate stands.
GATE_AFTER = {Stage.PLANNING: Gate.PLAN, Stage.STABILIZE: Gate.RELEASE}
ORDER = list(Stage)


@dataclass(frozen=True)
class Stop:
    """A stage or a gate on the rail; see templates/components/stage_rail.html."""

    kind: Literal["stage", "gate"]
    name: str
    state: str
    note: str = ""
    url: str = ""


def stops(project: Project, rounds: list[RoundSummary], now: datetime) -> list[Stop]:
    """The rail of one project. Two queries.

    Args:
        rounds: newest first, as the port gives them.
    """
    runs: dict[str, StageRun] = {run.stage: run for run in StageRun.objects.filter(project=project).order_by("id")}
    passes: dict[str, GatePass] = {each.gate: each for each in GatePass.objects.filter(project=project).order_by("id")}
    found = []
    for stage in STAGES:
        found.append(_stage(project, Stage(stage), runs.get(stage)))
        if gate := GATE_AFTER.get(Stage(stage)):
            newest = next((each for each in rounds if each.gate == gate), None)
            found.append(_gate(project, gate, passes.get(gate), newest, now))
    return found


def _stage(project: Project, stage: Stage, run: StageRun | None) -> Stop:
    here, there = ORDER.index(Stage(project.stage)), ORDER.index(stage)
    if there == here:
        state = "reopened" if run and run.iteration > 1 else "current"
    else:
        state = "done" if there < here else "ahead"
    note = ""
    if run is not None and state != "ahead":
        note = span(run.started_at, run.ended_at)
        if run.iteration > 1:
            note = _("%(dates)s, passage %(number)d") % {"dates": note, "number": run.iteration}
    return Stop("stage", STAGES[stage].name, state, note, reverse("stage", args=[project.code, stage]))


def _gate(project: Project, gate: Gate, last: GatePass | None, newest: RoundSummary | None, now: datetime) -> Stop:
    passed = project.plan_approved_at if gate == Gate.PLAN else project.release_ready_at
    if passed:
        expired = gate == Gate.RELEASE and project.stage == Stage.STABILIZE and is_expired(project, now)
        state = "expired" if expired else "open"
    else:
        state = "revoked" if last is not None and last.revoked_at is not None else "closed"
    return Stop("gate", str(gate.label), state, _gate_note(state, last, newest), newest.url if newest else "")


def is_expired(project: Project, now: datetime) -> bool:
    """A ready release is good until a day; afterwards it opens nothing (the gate looks at the same moment)."""
    return project.release_valid_until is not None and project.release_valid_until < now


def _gate_note(state: str, last: GatePass | None, newest: RoundSummary | None) -> str:
    if state in ("open", "expired") and last is not None:
        note = f"{last.review_ref}, {day(last.opened_at)}"
        if last.valid_until is not None:
            note = _("%(note)s, valid until %(date)s") % {"note": note, "date": day(last.valid_until)}
        return note
    if newest is None:
        return ""
    when = _("planned %(date)s") % {"date": day(newest.planned)} if newest.planned else newest.state_label
    return f"{newest.ref}, {newest.decision_label or when}"


def day(moment: datetime | date) -> str:
    """3 Mar 2026."""
    return date_format(timezone.localtime(moment) if isinstance(moment, datetime) else moment, "j M Y")


def span(start: datetime, end: datetime | None) -> str:
    """3 Mar 2026 to 9 Apr 2026; since 3 Mar 2026 while it lasts."""
    if end is None:
        return _("since %(date)s") % {"date": day(start)}
    if timezone.localdate(start) == timezone.localdate(end):
        return day(end)
    return _("%(start)s to %(end)s") % {"start": day(start), "end": day(end)}
