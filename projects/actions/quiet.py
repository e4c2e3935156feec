"""The quiet period after deployment and the incidents in it (EXT-20)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.models import Incident, QuietPeriod, User


@transaction.atomic
def add_period(
    *, project_id: int, by: User, starts_on: date, ends_on: date, watched: str, exit_criteria: str, now: datetime
) -> QuietPeriod:
    """A quiet period is set (EXT-20).

    Args:
        watched: the measures that are looked at, e.g. tickets per 1,000 payslips.
        exit_criteria: what must be true for it to end well.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("A quiet period is set by people with a working role on the project."))
    if ends_on < starts_on:
        raise Refused(_("It ends before it begins: change one of the two days."))
    return rows.add(
        QuietPeriod,
        project=project,
        by=by,
        event="quiet_period.set",
        now=now,
        starts_on=starts_on,
        ends_on=ends_on,
        watched=watched,
        exit_criteria=exit_criteria,
    )


@transaction.atomic
def end_period(row: QuietPeriod, *, by: User, outcome: str, now: datetime, early_reason: str = "") -> QuietPeriod:
    """The quiet period is over, with how its exit criteria stand.

    Args:
        early_reason: required before its last day.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.manages, _("A quiet period is ended by whoever manages the project."))
    if row.ended_at is not None:
        raise Refused(_("It has ended already."))
    if not outcome.strip():
        raise Refused(_("Say how each of the exit criteria stands."))
    early = timezone.localdate(now) < row.ends_on
    if early and not early_reason.strip():
        raise Refused(
            _("It was to run until %(day)s: say why it ends early, or wait.")
            % {"day": date_format(row.ends_on, "j M Y")}
        )
    reason = early_reason.strip() if early else ""
    return rows.change(
        row,
        by=by,
        event="quiet_period.ended",
        now=now,
        ended_at=now,
        ended_by=by,
        outcome=outcome,
        early_reason=reason,
        reason=reason,
    )


@transaction.atomic
def add_incident(
    *, project_id: int, by: User, priority: str, occurred_at: datetime, description: str, now: datetime, ref: str = ""
) -> Incident:
    """Something went wrong in production.

    Args:
        priority: an `Incident.Priority` value.
        occurred_at: aware moment, not ahead.
        ref: as the service desk calls it; the next free INC number when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Incidents are recorded by people with a working role on the project."))
    if occurred_at > now:
        raise Refused(_("The moment lies ahead: an incident is recorded once it has happened."))
    return rows.add(
        Incident,
        project=project,
        by=by,
        event="incident.recorded",
        now=now,
        ref=rows.free_ref(project, Incident, "INC", ref),
        priority=priority,
        occurred_at=occurred_at,
        description=description,
    )


@transaction.atomic
def resolve_incident(row: Incident, *, by: User, resolution: str, now: datetime) -> Incident:
    """The incident is resolved, with what was done. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Incidents are resolved by people with a working role on the project."))
    if row.resolved_at is not None:
        raise Refused(_("%(ref)s is resolved already.") % {"ref": row.ref})
    if not resolution.strip():
        raise Refused(_("Say how it was resolved."))
    return rows.change(
        row, by=by, event="incident.resolved", now=now, resolved_at=now, resolved_by=by, resolution=resolution
    )
