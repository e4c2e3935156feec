"""Planning and recording what is deployed where, by whom, with what result (SEED-32, SEED-121)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.access import Seat
from projects.actions import rows
from projects.blocker import Blocked, NotAllowed, Refused
from projects.catalog import segregation
from projects.catalog.roles import role_name
from projects.catalog.stages import STAGES
from projects.models import Deployment, Gate, GatePass, Project, Stage, User
from projects.ports import ports

TO_THE_MINUTE = timedelta(minutes=1)  # moments are typed without seconds


class NotTheApproved(Refused):
    """What would be deployed is not what a Release Readiness review has approved for now (EXT-14)."""


def _may(place: Seat) -> None:
    place.require(
        place.contributes, _("Deployments are planned and recorded by people with a working role on the project.")
    )


def _told(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i")


@transaction.atomic
def plan(*, project_id: int, by: User, site: str, candidate: str, planned_for: datetime, now: datetime) -> Deployment:
    """A deployment is planned for one site or target (SEED-121).

    Args:
        candidate: name of the release candidate, as its review names it.
        planned_for: aware moment at which it is to begin.

    Raises: NotAllowed, Blocked.
    """
    project, place = rows.opened(project_id, by)
    _may(place)
    return rows.add(
        Deployment,
        project=project,
        by=by,
        event="deployment.planned",
        now=now,
        site=site,
        candidate=candidate,
        planned_for=planned_for,
    )


@transaction.atomic
def start(row: Deployment, *, by: User, deployed_by: User, started_at: datetime, now: datetime) -> Deployment:
    """The deployment has begun: of the very candidate that was approved, while its approval holds (EXT-14).

    Args:
        deployed_by: who carries it out; not somebody whose other duties rule that out (AUD-11).
        started_at: aware moment, not ahead.

    Raises: NotAllowed, Blocked, NotTheApproved, Refused.
    """
    row, place = rows.opened_row(row, by)
    _may(place)
    if row.state != Deployment.State.PLANNED:
        raise Refused(_("%(row)s has begun or was dropped already.") % {"row": row})
    project = place.project
    if project.stage != Stage.DEPLOY:
        raise Refused(
            _("The project is in %(stage)s: move it to %(deploy)s before anything is deployed.")
            % {"stage": Stage(project.stage).label, "deploy": STAGES["deploy"].name}
        )
    if started_at > now:
        raise Refused(_("The beginning lies ahead: record it once it has begun."))
    approval = _approval(project, row.candidate, started_at)
    lapsed = ports.lapse_blockers(project, Gate.RELEASE, started_at)
    if lapsed:
        raise Blocked(lapsed)
    _check_duties(project, deployed_by, approval)
    return rows.change(row, by=by, event="deployment.started", now=now, started_at=started_at, deployed_by=deployed_by)


def _approval(project: Project, candidate: str, at: datetime) -> GatePass:
    """The pass that held the gate open at that moment, for this candidate. Raises: NotTheApproved."""
    found = (
        project.gate_passes.filter(gate=Gate.RELEASE, opened_at__lt=at + TO_THE_MINUTE)
        .filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=at))
        .last()
    )
    if found is None:
        raise NotTheApproved(
            _("No Release Readiness review had approved a release by %(moment)s: hold one, then deploy.")
            % {"moment": _told(at)}
        )
    if found.valid_until is not None and found.valid_until < at:
        raise NotTheApproved(
            _("%(ref)s was valid until %(date)s: hold another Release Readiness review before you deploy.")
            % {"ref": found.review_ref, "date": _told(found.valid_until)}
        )
    if found.candidate.strip() not in ("", candidate):
        raise NotTheApproved(
            _(
                "%(ref)s approved %(approved)s, and this is %(candidate)s: deploy %(approved)s, or hold another "
                "Release Readiness review for %(candidate)s."
            )
            % {"ref": found.review_ref, "approved": found.candidate, "candidate": candidate}
        )
    return found


def _check_duties(project: Project, deployer: User, approval: GatePass) -> None:
    """Raises: NotAllowed when the deployer holds another duty here that must not go with deploying (AUD-11)."""
    if deployer.pk == approval.opened_by_id:
        raise NotAllowed(
            _("%(person)s decided %(ref)s, and who approves a release does not deploy it: name somebody else.")
            % {"person": deployer, "ref": approval.review_ref}
        )
    held = project.roles.filter(user=deployer, ends_on__isnull=True).values_list("role", flat=True)
    for role in held:
        if segregation.conflicts("deployer", role, project.category) == "refuse":
            raise NotAllowed(
                _(
                    "%(person)s is %(role)s here, and in this change category that does not go with deploying: "
                    "name somebody else."
                )
                % {"person": deployer, "role": role_name(role)}
            )


@transaction.atomic
def finish(
    row: Deployment, *, by: User, ended_at: datetime, result: str, now: datetime, result_note: str = ""
) -> Deployment:
    """The deployment has ended, with its result (SEED-32).

    Args:
        ended_at: aware moment, not before the beginning and not ahead.
        result: a `Deployment.Result` value.
        result_note: required unless it was a success.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    _may(place)
    if row.state != Deployment.State.UNDER_WAY or row.started_at is None:
        raise Refused(_("%(row)s is not under way: record its beginning first.") % {"row": row})
    if result not in Deployment.Result.values:
        raise Refused(_("Choose the result: success, failed or rolled back."))
    if not row.started_at <= ended_at <= now:
        raise Refused(
            _("It began %(moment)s: the end lies after that, and not ahead.") % {"moment": _told(row.started_at)}
        )
    if result != Deployment.Result.SUCCESS and not result_note.strip():
        raise Refused(_("Say what happened: somebody plans the next attempt from it."))
    return rows.change(
        row,
        by=by,
        event="deployment.ended",
        now=now,
        ended_at=ended_at,
        result=result,
        result_note=result_note,
    )


@transaction.atomic
def call_stable(row: Deployment, *, by: User, stability: str, now: datetime) -> Deployment:
    """What was deployed is stable in production, with what shows it (SEED-32).

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    _may(place)
    if row.state != Deployment.State.DEPLOYED:
        raise Refused(_("%(row)s is called stable once, after a successful deployment.") % {"row": row})
    if not stability.strip():
        raise Refused(_("Say what shows that it is stable."))
    return rows.change(row, by=by, event="deployment.stable", now=now, stable_at=now, stable_by=by, stability=stability)


@transaction.atomic
def drop(row: Deployment, *, by: User, dropped_reason: str, now: datetime) -> Deployment:
    """A deployment that was planned does not take place. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.manages, _("A planned deployment is dropped by whoever manages the project."))
    if row.state != Deployment.State.PLANNED:
        raise Refused(_("%(row)s has begun or was dropped already.") % {"row": row})
    if not dropped_reason.strip():
        raise Refused(_("Say why it does not take place."))
    return rows.change(
        row, by=by, event="deployment.dropped", now=now, dropped_reason=dropped_reason, reason=dropped_reason
    )
