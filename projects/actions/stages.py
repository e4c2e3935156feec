"""Moving a project between stages, and confirming a stage's outcomes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from projects import exits, gate_closing, ledger, lifecycle, notices
from projects.access import locked, seat
from projects.actions.projects import end_open_reviews, require_active, required_reason
from projects.blocker import Blocked, Refused
from projects.catalog.stages import STAGES
from projects.exits import EXIT_GATES
from projects.lifecycle import MOVES, Move
from projects.models import Gate, GatePass, OutcomeConfirmation, Project, Stage, StageExit, StageRun, Status, User


class NoSuchMove(Refused):
    """The lifecycle has no step of this name."""


@transaction.atomic
def move(*, project_id: int, by: User, name: str, now: datetime, reason: str = "") -> Project:
    """The project takes one step of the lifecycle; rework closes the gates it goes back through.

    Args:
        name: a key of `lifecycle.MOVES`, e.g. ``start_build``.
        reason: required for rework.
        now: aware moment.

    Raises: NoSuchMove, NotAllowed, ReasonMissing, Blocked (the list that the readiness panel shows).
    """
    if name not in MOVES:
        raise NoSuchMove(_("There is no step %(name)s.") % {"name": name})
    step = MOVES[name]
    project = locked(project_id)
    place = seat(by, project)
    place.require(
        place.directs if step.director else place.manages,
        _("This step is taken by a solution manager.")
        if step.director
        else _("This step is taken by the program manager or a solution manager."),
    )
    found = lifecycle.blockers(project, step, now)
    if found:
        raise Blocked(found)
    if step.back:
        reason = required_reason(reason)
        _close_gates(project, step, by=by, reason=reason, now=now)
        end_open_reviews(project, by=by, reason=reason, now=now)
    else:
        _record_exit(project, by=by, now=now)
    before = ledger.snapshot(project, "stage", "plan_approved_at", "release_ready_at", "release_valid_until", "status")
    _take(project, step, now)
    ledger.record(
        project=project,
        by=by,
        event=f"stage.{name}",
        obj=project,
        now=now,
        before=before,
        after=ledger.snapshot(
            project, "stage", "plan_approved_at", "release_ready_at", "release_valid_until", "status", "closed_at"
        ),
        reason=reason,
    )
    _start_run(project, by=by, now=now)
    _tell(project, step, by=by, now=now)
    return project


def _record_exit(project: Project, *, by: User, now: datetime) -> None:
    """A stage that ends with a light milestone leaves the record of what it was decided on (EXT-19)."""
    if project.stage not in EXIT_GATES:
        return
    run = StageRun.objects.select_related("project").get(project=project, stage=project.stage, ended_at__isnull=True)
    body = ledger.canonical(exits.build(run, by=by, now=now))
    kept = StageExit.objects.create(run=run, body=body, digest=ledger.digest(body), by=by, at=now)
    ledger.record(
        project=project,
        by=by,
        event="stage.exit_recorded",
        obj=kept,
        now=now,
        after={**ledger.row(kept, leave_out=("body",)), "milestone": STAGES[run.stage].exit_milestone},
    )


def _take(project: Project, step: Move, now: datetime) -> None:
    try:
        getattr(project, step.name)()
    except TransitionNotAllowed as error:  # blockers() and the machine disagree: fail closed
        raise Refused(_("The project cannot take this step now.")) from error
    if Gate.PLAN in step.closes:
        project.plan_approved_at = None
    if Gate.RELEASE in step.closes:
        project.release_ready_at = project.release_valid_until = None
    if project.stage == Stage.CLOSED:
        project.status, project.closed_at = Status.CLOSED, now
    project.save(
        update_fields=["stage", "plan_approved_at", "release_ready_at", "release_valid_until", "status", "closed_at"]
    )


def _close_gates(project: Project, step: Move, *, by: User, reason: str, now: datetime) -> None:
    for opened in GatePass.objects.filter(project=project, gate__in=step.closes, revoked_at__isnull=True):
        gate_closing.revoke(opened, by=by, reason=reason, now=now)


def _start_run(project: Project, *, by: User, now: datetime) -> None:
    """The passage through the stage just left ends; one through the stage just entered begins, numbered."""
    for left in StageRun.objects.filter(project=project, ended_at__isnull=True):
        left.ended_at = now
        left.save(update_fields=["ended_at"])
        ledger.record(
            project=project,
            by=by,
            event="stage.ended",
            obj=left,
            now=now,
            before={"ended_at": None},
            after=ledger.snapshot(left, "stage", "iteration", "ended_at"),
        )
    if project.stage not in STAGES:
        return
    last = StageRun.objects.filter(project=project, stage=project.stage).aggregate(last=Max("iteration"))["last"]
    run = StageRun.objects.create(project=project, stage=project.stage, iteration=(last or 0) + 1, started_at=now)
    ledger.record(
        project=project,
        by=by,
        event="stage.started",
        obj=run,
        now=now,
        after=ledger.row(run),
    )


def _tell(project: Project, step: Move, *, by: User, now: datetime) -> None:
    for assignment in project.roles.filter(ends_on__isnull=True, role__in=["R-SM", "R-PGM"]).select_related("user"):
        if assignment.user_id != by.pk and assignment.user.is_active:
            notices.queue(
                kind="stage.moved",
                to=assignment.user,
                subject=_("%(project)s is now in %(stage)s")
                % {"project": project.code, "stage": Stage(project.stage).label},
                body=_("%(person)s: %(move)s.") % {"person": by, "move": step.label},
                dedupe_key=f"stage.moved:{project.pk}:{step.name}:{ledger.utc(now)}:{assignment.user_id}",
                now=now,
                project=project,
                path=project.get_absolute_url(),
                about=project,
            )


@transaction.atomic
def confirm_outcome(
    *, project_id: int, by: User, outcome: str, confirmed: bool, evidence: str, now: datetime
) -> OutcomeConfirmation:
    """One outcome of the present stage is confirmed or not, with what shows it; the newest answer counts (SEED-19).

    Args:
        outcome: code from Table 1, e.g. ENV-O1; must belong to the project's present stage.
        evidence: what shows it; required either way.

    Raises: NotAllowed, Blocked, Refused.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.manages, _("Outcomes are confirmed by the program manager or a solution manager."))
    require_active(project)
    kind = STAGES.get(project.stage)
    if kind is None or outcome not in {item.code for item in kind.outcomes}:
        raise Refused(_("%(outcome)s is not an outcome of the present stage.") % {"outcome": outcome})
    if not evidence.strip():
        raise Refused(_("Say what shows it: an outcome is confirmed with evidence."))
    run = StageRun.objects.get(project=project, stage=project.stage, ended_at__isnull=True)
    answer = OutcomeConfirmation.objects.create(
        run=run, outcome=outcome, confirmed=confirmed, evidence=evidence.strip(), by=by, at=now
    )
    ledger.record(
        project=project,
        by=by,
        event="outcome.confirmed" if confirmed else "outcome.not_confirmed",
        obj=answer,
        now=now,
        after=ledger.row(answer),
    )
    return answer
