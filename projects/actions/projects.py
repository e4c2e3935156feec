"""Creating, changing, holding and cancelling projects."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import gate_closing, ledger, lifecycle, standard_changes
from projects.access import locked, may_create_projects, seat
from projects.blocker import Blocked, NotAllowed, Refused
from projects.facts import CODE, RESERVED_CODES, ProjectFacts
from projects.models import Category, ChangeTemplate, GatePass, Project, RoleAssignment, Stage, Status, User
from projects.models.project import AFTER_PLAN_GATE
from projects.ports import ports

GATE_COLUMNS = ("plan_approved_at", "release_ready_at", "release_valid_until")
RIGOR_ORDER = ["standard", "emergency", "minor", "significant", "major"]  # how much each asks before its gates


CODE_ATTEMPTS = 20  # people who register at the same moment may reach for the same next code


class CodeTaken(Refused):
    """Another project has this code."""


class BadCode(Refused):
    """The code cannot stand in an address."""


class GatePassed(Refused):
    """The change would ask more at a gate that the project has passed already."""


class NoSolutionManager(Refused):
    """The person named is not a solution manager."""


class NoKnownTemplate(Refused):
    """The change is no standard change: its template is missing, a draft, suspended or expired."""


class ReasonMissing(Refused):
    """The step asks for a reason and none was given."""


class ChangedMeanwhile(Refused):
    """Somebody saved the project since this form was opened."""


def require_active(project: Project) -> None:
    """Raises: Blocked when the project is on hold, cancelled or closed."""
    found = lifecycle.status_blockers(project)
    if found:
        raise Blocked(found)


def required_reason(reason: str) -> str:
    """The reason, trimmed. Raises: ReasonMissing."""
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Give a reason: it stays in the record."))
    return reason


@transaction.atomic
def create(
    *,
    by: User,
    facts: ProjectFacts,
    solution_manager: User,
    now: datetime,
    program_manager: User | None = None,
    code: str = "",
) -> Project:
    """A project is registered, with its accountable solution manager from the first moment (SEED-02, SEED-113).

    Args:
        solution_manager: accountable; must be one.
        program_manager: drives the project; may be named later.
        code: unique, e.g. PRJ-0042; the next free one when empty.
        now: aware moment.

    Raises: NotAllowed, NoSolutionManager, BadCode, CodeTaken, NoKnownTemplate.
    """
    if not may_create_projects(by):
        raise NotAllowed(_("Projects are created by a solution manager or a program manager."))
    if not (solution_manager.is_solution_manager and solution_manager.is_active):
        raise NoSolutionManager(_("%(person)s is not a solution manager.") % {"person": solution_manager})
    if code and (not CODE.fullmatch(code) or code in RESERVED_CODES):
        raise BadCode(_("A code is 1 to 40 letters, digits, dots, dashes or underscores, e.g. PRJ-0042."))
    project = Project(code=code, created_at=now, created_by=by, **facts.as_dict())
    if facts.template is not None or facts.category == Category.STANDARD:
        project.template_basis = _basis(facts, now)
    _insert(project)
    ledger.record(
        project=project,
        by=by,
        event="project.created",
        obj=project,
        now=now,
        after=ledger.row(project, leave_out=("version",)),
    )
    people = [("R-SM", solution_manager)] + ([("R-PGM", program_manager)] if program_manager else [])
    for role, person in people:
        name_to_role(project=project, role=role, person=person, by=by, now=now)
    return project


def _basis(facts: ProjectFacts, now: datetime) -> str:
    """Approval and test evidence of the template, which is locked: nobody suspends it meanwhile (SEED-07).

    Raises: NoKnownTemplate.
    """
    if facts.template is not None and facts.category != Category.STANDARD:
        raise NoKnownTemplate(_("Only a standard change is opened from a template."))
    rows = ChangeTemplate.objects.select_for_update(of=("self",)).select_related("owner", "approved_by")
    template = rows.get(pk=facts.template.pk) if facts.template else None
    found = standard_changes.blockers(facts.category, template, timezone.localdate(now))
    if found or template is None:
        raise NoKnownTemplate(found[0].text)
    return standard_changes.basis(template)


def _insert(project: Project) -> None:
    """The row is written under its code, or under the next free one. Raises: CodeTaken when the given code is taken."""
    given = bool(project.code)
    for attempt in range(CODE_ATTEMPTS):
        project.code = project.code if given else _next_code()
        try:
            with transaction.atomic():
                project.save(force_insert=True)
        except IntegrityError as error:
            if not Project.objects.filter(code=project.code).exists():
                raise
            if given or attempt == CODE_ATTEMPTS - 1:
                raise CodeTaken(_("The code %(code)s is taken.") % {"code": project.code}) from error
        else:
            return


def _next_code() -> str:
    newest = Project.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    number = newest + 1
    while Project.objects.filter(code=f"PRJ-{number:04}").exists():
        number += 1
    return f"PRJ-{number:04}"


def name_to_role(
    *, project: Project, role: str, person: User, by: User, now: datetime, acknowledged: bool = False
) -> RoleAssignment:
    """A role assignment begins today, in the ledger; the caller has checked who may and holds the row lock."""
    today = timezone.localdate(now)
    assignment = RoleAssignment.objects.create(
        project=project,
        role=role,
        user=person,
        starts_on=today,
        assigned_by=by,
        acknowledged_at=now if acknowledged or person == by else None,
    )
    ledger.record(
        project=project,
        by=by,
        event="role.assigned",
        obj=assignment,
        now=now,
        after=ledger.row(assignment),
    )
    return assignment


@transaction.atomic
def edit(*, project_id: int, by: User, facts: ProjectFacts, version: int, now: datetime, reason: str = "") -> Project:
    """The project's facts are as given; what changed stands in the history with old and new values.

    Args:
        version: the project's version that the form was filled from.
        reason: required when the change category changes (SEED-05).

    Raises: NotAllowed, Blocked, ChangedMeanwhile, ReasonMissing, GatePassed, NoKnownTemplate.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.manages, _("A project is edited by its program manager or a solution manager."))
    require_active(project)
    if project.version != version:
        raise ChangedMeanwhile(_("Somebody changed this project since you opened the form. Compare, then save again."))
    new = facts.as_dict()
    changed = [name for name, value in new.items() if getattr(project, name) != value]
    if not changed:
        return project
    if "category" in changed:
        required_reason(reason)
    before = ledger.snapshot(project, *changed, *GATE_COLUMNS, "template_basis")
    if _rests_on_another_template(project, facts):
        project.template_basis = _basis(facts, now)
        rebased = ["template_basis"]
    else:
        rebased = []
    gates_closed = _reopen_what_rests_on(project, changed, new, by=by, reason=reason, now=now)
    for name in changed:
        setattr(project, name, new[name])
    project.version += 1
    changed += gates_closed + rebased
    project.save(update_fields=[*changed, "version"])
    ledger.record(
        project=project,
        by=by,
        event="project.recategorised" if "category" in changed else "project.edited",
        obj=project,
        now=now,
        before={name: before[name] for name in changed},
        after=ledger.snapshot(project, *changed),
        reason=reason,
    )
    for content_changed in ports.on_content_change:
        content_changed(project=project, by=by, now=now)
    return project


def _rests_on_another_template(project: Project, facts: ProjectFacts) -> bool:
    """Whether the change becomes standard, or takes another template. Giving one up makes it no standard change."""
    if facts.category == Category.STANDARD:
        return project.category != Category.STANDARD or facts.template != project.template
    return facts.template is not None and facts.template != project.template


def _reopen_what_rests_on(
    project: Project, changed: list[str], new: dict[str, Any], *, by: User, reason: str, now: datetime
) -> list[str]:
    """Rounds asked by the old category or conversion are withdrawn; gates they opened close when more is asked now.

    A lower category never opens anything and keeps what a stricter one opened (SEED-04, SEED-47). Once past a gate the
    project goes back by the rework steps, so a change that would shut that gate is refused here.

    Returns: the columns of the project that changed with it.
    """
    if not {"category", "conversion_applies"} & set(changed):
        return []
    why = reason.strip() or _("the category or the conversion question changed")
    end_open_reviews(project, by=by, reason=why, now=now)
    stricter = RIGOR_ORDER.index(new["category"]) > RIGOR_ORDER.index(project.category)
    converts = new["conversion_applies"] and project.conversion_applies is False
    if not (stricter or converts):
        return []
    if project.stage in AFTER_PLAN_GATE:
        raise GatePassed(
            _("More would be asked at a gate that the project has passed: take it back to Project Planning first.")
        )
    opened_gates = list(GatePass.objects.filter(project=project, revoked_at__isnull=True))
    if not opened_gates:
        return []
    for opened in opened_gates:
        gate_closing.revoke(opened, by=by, reason=why, now=now)
    project.plan_approved_at = project.release_ready_at = project.release_valid_until = None
    return list(GATE_COLUMNS)


def _set_status(project: Project, status: Status, *, reason: str, by: User, event: str, now: datetime) -> Project:
    """A status that rests or ends carries its reason on the project; the record keeps the reason in any case."""
    before = ledger.snapshot(project, "status", "status_reason")
    project.status, project.status_reason = status, "" if status == Status.ACTIVE else reason
    project.save(update_fields=["status", "status_reason"])
    ledger.record(
        project=project,
        by=by,
        event=event,
        obj=project,
        now=now,
        before=before,
        after=ledger.snapshot(project, "status", "status_reason"),
        reason=reason,
    )
    return project


@transaction.atomic
def hold(*, project_id: int, by: User, reason: str, now: datetime) -> Project:
    """The project rests: nothing on it moves until it is resumed. Raises: NotAllowed, Blocked, ReasonMissing."""
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.manages, _("A project is put on hold by its program manager or a solution manager."))
    require_active(project)
    return _set_status(
        project, Status.ON_HOLD, reason=required_reason(reason), by=by, event="project.put_on_hold", now=now
    )


@transaction.atomic
def resume(*, project_id: int, by: User, reason: str, now: datetime) -> Project:
    """A project on hold goes on where it stood. Raises: NotAllowed, Refused, ReasonMissing."""
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.manages, _("A project is resumed by its program manager or a solution manager."))
    if project.status != Status.ON_HOLD:
        raise Refused(_("The project is not on hold."))
    _set_status(project, Status.ACTIVE, reason=reason.strip(), by=by, event="project.resumed", now=now)
    return project


@transaction.atomic
def cancel(*, project_id: int, by: User, reason: str, now: datetime) -> Project:
    """The project ends here; its record stays, open rounds are withdrawn.

    Raises: NotAllowed, Blocked, ReasonMissing.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.directs, _("A project is cancelled by a solution manager."))
    if project.status in (Status.CANCELLED, Status.CLOSED) or project.stage == Stage.CLOSED:
        raise Blocked(lifecycle.status_blockers(project))
    reason = required_reason(reason)
    end_open_reviews(project, by=by, reason=reason, now=now)
    return cancel_decided(project, by=by, reason=reason, now=now)


def cancel_decided(project: Project, *, by: User, reason: str, now: datetime) -> Project:
    """The project is cancelled on a decision already checked by the caller, who holds the row lock."""
    return _set_status(project, Status.CANCELLED, reason=reason, by=by, event="project.cancelled", now=now)


def end_open_reviews(project: Project, *, by: User, reason: str, now: datetime) -> None:
    """Rounds that are still open end without a decision (the upper app does it through its port)."""
    for withdraw in ports.on_rework:
        withdraw(project=project, by=by, reason=reason, now=now)
