"""Metrics, interim milestones, capability gaps, and what could be merged, made simpler or retired."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.actions.projects import required_reason
from projects.blocker import Refused
from projects.models import CapabilityGap, Measurement, Milestone, Opportunity, ProjectMetric, User


@transaction.atomic
def add_metric(
    *, project_id: int, by: User, name: str, unit: str, target: str, source: str, cadence: str, now: datetime
) -> ProjectMetric:
    """The project is measured by this from now on (SEED-60).

    Args:
        name: unique on the project.
        cadence: how often it is measured, in words.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Metrics are named by people with a working role on the project."))
    if ProjectMetric.objects.filter(project=project, name=name.strip()).exists():
        raise Refused(_("There is already a metric %(name)s.") % {"name": name.strip()})
    return rows.add(
        ProjectMetric,
        project=project,
        by=by,
        event="metric.named",
        now=now,
        name=name,
        unit=unit,
        target=target,
        source=source,
        cadence=cadence,
    )


@transaction.atomic
def add_measurement(
    *,
    project_id: int,
    by: User,
    metric: ProjectMetric,
    measured_on: date,
    value: Decimal,
    now: datetime,
    note: str = "",
) -> Measurement:
    """What a metric was on a day.

    Args:
        metric: one of the same project.
        measured_on: today or earlier.
        value: in the metric's unit.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Measurements are recorded by people with a working role on the project."))
    if metric.project_id != project.pk:
        raise Refused(_("This metric belongs to another project."))
    if measured_on > timezone.localdate(now):
        raise Refused(_("Measured on lies ahead: record what has been measured."))
    return rows.add(
        Measurement,
        project=project,
        by=by,
        event="metric.measured",
        now=now,
        metric=metric,
        measured_on=measured_on,
        value=value,
        note=note,
    )


def measure(
    row: ProjectMetric, *, by: User, measured_on: date, value: Decimal, now: datetime, note: str = ""
) -> Measurement:
    """What this metric was on a day. Raises: NotAllowed, Blocked, Refused."""
    return add_measurement(
        project_id=row.project_id, by=by, metric=row, measured_on=measured_on, value=value, now=now, note=note
    )


@transaction.atomic
def add_milestone(*, project_id: int, by: User, stage: str, name: str, planned_on: date, now: datetime) -> Milestone:
    """A milestone inside a stage is planned (SEED-23).

    Args:
        stage: key of the stage, e.g. ``planning``.
        name: unique in the stage.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Milestones are planned by people with a working role on the project."))
    if Milestone.objects.filter(project=project, stage=stage, name=name.strip()).exists():
        raise Refused(_("There is already a milestone %(name)s in this stage.") % {"name": name.strip()})
    return rows.add(
        Milestone,
        project=project,
        by=by,
        event="milestone.planned",
        now=now,
        stage=stage,
        name=name,
        planned_on=planned_on,
    )


@transaction.atomic
def meet(row: Milestone, *, by: User, actual_on: date, now: datetime) -> Milestone:
    """The milestone was reached on a day, today or earlier. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Milestones are met by people with a working role on the project."))
    if row.actual_on is not None:
        raise Refused(_("This milestone was reached already."))
    if actual_on > timezone.localdate(now):
        raise Refused(_("Reached on lies ahead: record the milestone once it has been reached."))
    return rows.change(row, by=by, event="milestone.met", now=now, actual_on=actual_on)


@transaction.atomic
def explain(row: Milestone, *, by: User, unmet_reason: str, now: datetime) -> Milestone:
    """The milestone is not met, and the plan goes on without it, for a stated reason.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.manages, _("Why a milestone is not met is said by the program manager or a solution manager."))
    if row.actual_on is not None:
        raise Refused(_("This milestone was reached already."))
    return rows.change(row, by=by, event="milestone.not_met", now=now, unmet_reason=required_reason(unmet_reason))


@transaction.atomic
def add_gap(*, project_id: int, by: User, kind: str, text: str, owner: User, plan: str, now: datetime) -> CapabilityGap:
    """A capability that is lacking, or people who are, with an owner and a plan (SEED-62).

    Raises: NotAllowed, Blocked.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Gaps are recorded by people with a working role on the project."))
    return rows.add(
        CapabilityGap,
        project=project,
        by=by,
        event="gap.recorded",
        now=now,
        kind=kind,
        text=text,
        owner=owner,
        plan=plan,
    )


@transaction.atomic
def close_gap(row: CapabilityGap, *, by: User, outcome: str, now: datetime) -> CapabilityGap:
    """The gap is there no more; `outcome` says what closed it. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Gaps are closed by people with a working role on the project."))
    if row.closed_at is not None:
        raise Refused(_("This gap is closed already."))
    return rows.change(row, by=by, event="gap.closed", now=now, outcome=outcome, closed_by=by, closed_at=now)


@transaction.atomic
def add_opportunity(
    *, project_id: int, by: User, kind: str, text: str, now: datetime, decision: str = ""
) -> Opportunity:
    """Something that could be merged, made simpler or retired; or where was looked and nothing found (SEED-59).

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Opportunities are recorded by people with a working role on the project."))
    if decision.strip():
        place.require(place.approves, _("Opportunities are decided by people who approve on this project."))
    if kind == Opportunity.Kind.NONE_FOUND and decision.strip():
        raise Refused(_("Where nothing was found there is nothing to decide: leave the decision empty."))
    return rows.add(
        Opportunity,
        project=project,
        by=by,
        event="opportunity.recorded",
        now=now,
        kind=kind,
        text=text,
        decision=decision,
    )


@transaction.atomic
def decide_opportunity(row: Opportunity, *, by: User, decision: str, now: datetime) -> Opportunity:
    """What becomes of an opportunity is decided, once. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.approves, _("Opportunities are decided by people who approve on this project."))
    if row.kind == Opportunity.Kind.NONE_FOUND:
        raise Refused(_("Where nothing was found there is nothing to decide."))
    if row.decision:
        raise Refused(_("This opportunity is decided already."))
    return rows.change(row, by=by, event="opportunity.decided", now=now, decision=decision)
