"""Naming environments, comparing levels with what they support, recording reviews of compliance."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.models import ComplianceReview, Environment, SupportedLevel, User

Supported = SupportedLevel.Supported


@transaction.atomic
def add(*, project_id: int, by: User, name: str, purpose: str, kept_apart: str, now: datetime) -> Environment:
    """An environment is named, with how it is kept apart from the others (SEED-50).

    Args:
        name: unique on the project.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Environments are named by people with a working role on the project."))
    if Environment.objects.filter(project=project, name=name.strip()).exists():
        raise Refused(_("There is already an environment %(name)s.") % {"name": name.strip()})
    return rows.add(
        Environment,
        project=project,
        by=by,
        event="environment.named",
        now=now,
        name=name,
        purpose=purpose,
        kept_apart=kept_apart,
    )


def _require_until_of_support(supported: str, until: date | None) -> None:
    if until is not None and supported != Supported.YES:
        raise Refused(_("Only what is supported has a day until which it is: leave “supported until” empty."))


@transaction.atomic
def add_level(
    *,
    project_id: int,
    by: User,
    component: str,
    version: str,
    environment: Environment,
    supported: str,
    now: datetime,
    supported_until: date | None = None,
    note: str = "",
) -> SupportedLevel:
    """A version that the solution needs is compared with what an environment supports (SEED-100).

    Args:
        environment: one of the same project.
        supported: yes, no or unknown.
        supported_until: last day of support; without end when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Levels are compared by people with a working role on the project."))
    if environment.project_id != project.pk:
        raise Refused(_("This environment belongs to another project."))
    _require_until_of_support(supported, supported_until)
    pair = {"environment": environment, "component": component.strip(), "version": version.strip()}
    if SupportedLevel.objects.filter(**pair).exists():
        raise Refused(_("This version is on the list for this environment already: assess it again there."))
    return rows.add(
        SupportedLevel,
        project=project,
        by=by,
        event="level.compared",
        now=now,
        supported=supported,
        supported_until=supported_until,
        note=note,
        **pair,
    )


@transaction.atomic
def assess_level(
    row: SupportedLevel,
    *,
    by: User,
    version: str,
    supported: str,
    now: datetime,
    supported_until: date | None = None,
    note: str = "",
) -> SupportedLevel:
    """The comparison is made again: another version, other support, or support found out.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Levels are compared by people with a working role on the project."))
    _require_until_of_support(supported, supported_until)
    same = SupportedLevel.objects.filter(
        environment=row.environment_id, component=row.component, version=version.strip()
    )
    if same.exclude(pk=row.pk).exists():
        raise Refused(_("This version is on the list for this environment already: assess it again there."))
    return rows.change(
        row,
        by=by,
        event="level.assessed",
        now=now,
        version=version,
        supported=supported,
        supported_until=supported_until,
        note=note,
    )


@transaction.atomic
def add_review(
    *,
    project_id: int,
    by: User,
    kind: str,
    subject: str,
    reviewer: str,
    reviewed_on: date,
    result: str,
    now: datetime,
    note: str = "",
) -> ComplianceReview:
    """A review for privacy, standards or policy is on record; a failed one stands until a later one passes (SEED-49).

    Args:
        subject: what was looked at; the same words for a repeated review.
        reviewer: name of the person or the body.
        reviewed_on: today or earlier.
        note: required unless it passed without more.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Reviews are recorded by people with a working role on the project."))
    if reviewed_on > timezone.localdate(now):
        raise Refused(_("Reviewed on lies ahead: record the review once it has been held."))
    if result != ComplianceReview.Result.PASSED and not note.strip():
        raise Refused(_("Say what was found or on which conditions it passed."))
    return rows.add(
        ComplianceReview,
        project=project,
        by=by,
        event="compliance.reviewed",
        now=now,
        kind=kind,
        subject=subject,
        reviewer=reviewer,
        reviewed_on=reviewed_on,
        result=result,
        note=note,
    )
