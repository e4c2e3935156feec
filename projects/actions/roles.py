"""Naming people to roles on a project (Table 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import ledger
from projects.access import locked, seat
from projects.actions.projects import NoSolutionManager, name_to_role, require_active
from projects.blocker import NotAllowed, Refused
from projects.catalog.roles import ALL_ROLES, role_name
from projects.catalog.segregation import conflicts
from projects.models import Project, RoleAssignment, User
from projects.ports import ports


class UnknownRole(Refused):
    """The catalogue has no such role."""


class RoleHeld(Refused):
    """The person holds this role already."""


class RolesConflict(Refused):
    """The project needs segregation of roles, and these two may not meet in one person (SEED-51)."""


class HandOverOnly(Refused):
    """The accountable role is handed over, never given twice and never left empty (SEED-113)."""


@transaction.atomic
def assign(*, project_id: int, by: User, role: str, person: User, now: datetime) -> RoleAssignment:
    """The person holds the role from today, and is asked to acknowledge it.

    Raises: NotAllowed, Blocked, UnknownRole, HandOverOnly, RoleHeld, RolesConflict.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.manages, _("Roles are assigned by the program manager or a solution manager."))
    require_active(project)
    if role not in ALL_ROLES:
        raise UnknownRole(_("There is no role %(role)s.") % {"role": role})
    if role == "R-SM":
        raise HandOverOnly(_("A project has one solution manager: hand the role over instead."))
    if not person.is_active:
        raise Refused(_("%(person)s has left.") % {"person": person})
    if person.is_auditor and role != "P-AUD":
        raise Refused(_("%(person)s is an auditor and holds no working role.") % {"person": person})
    if project.roles.filter(role=role, user=person, ends_on__isnull=True).exists():
        raise RoleHeld(_("%(person)s already holds %(role)s.") % {"person": person, "role": role_name(role)})
    _refuse_conflicts(project, role, person)
    assignment = name_to_role(project=project, role=role, person=person, by=by, now=now)
    _tell_signers(project, by=by, now=now)
    return assignment


@dataclass(frozen=True)
class Named:
    """Somebody for a role, with what the assignment rests on; empty when that is recorded later."""

    role: str
    person: User
    basis: str = ""


class FillRefused(Refused):
    """Some rows are not fit, so none is kept. `rows` has a refusal by role, or by number of the assignment."""

    def __init__(self, rows: Mapping[str | int, Refused]) -> None:
        super().__init__(_("Nothing was saved: mend what is marked below, then save again."))
        self.rows = rows


@transaction.atomic
def fill(
    *, project_id: int, by: User, named: Sequence[Named], bases: Mapping[int, str], now: datetime
) -> list[RoleAssignment]:
    """Several roles have somebody, several assignments what they rest on: all of it, or nothing.

    Args:
        bases: new text by number of the assignment; of this project.

    Raises: NotAllowed, Blocked, FillRefused.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.manages, _("Roles are assigned by the program manager or a solution manager."))
    require_active(project)
    made: list[RoleAssignment] = []
    refused: dict[str | int, Refused] = {}
    for row in named:
        try:
            given = assign(project_id=project_id, by=by, role=row.role, person=row.person, now=now)
            if row.basis.strip():
                record_basis(assignment_id=given.pk, by=by, basis=row.basis, now=now)
            made.append(given)
        except Refused as no:
            refused[row.role] = no
    own = set(project.roles.values_list("pk", flat=True))
    for number, text in bases.items():
        try:
            if number not in own:
                raise Refused(_("This assignment is of another project."))
            record_basis(assignment_id=number, by=by, basis=text, now=now)
        except Refused as no:
            refused[number] = no
    if refused:
        raise FillRefused(refused)
    return made


def _tell_signers(project: Project, *, by: User, now: datetime) -> None:
    """Who answers for what is part of what the signers of a plan sign (SEED-68)."""
    for content_changed in ports.on_content_change:
        content_changed(project=project, by=by, now=now)


SUPPORT = {"P-SUP1", "P-SUP2"}


def _refuse_conflicts(project: Project, role: str, person: User) -> None:
    if role in SUPPORT and project.roles.filter(user=person, role__in=SUPPORT, ends_on__isnull=True).exists():
        raise RolesConflict(_("Primary and secondary support are two different people."))  # SEED-95
    if not project.role_segregation:
        return
    for held in project.roles.filter(user=person, ends_on__isnull=True).values_list("role", flat=True):
        if conflicts(held, role, project.category) == "refuse":
            raise RolesConflict(
                _("%(person)s is %(held)s: this project separates that from %(role)s.")
                % {"person": person, "held": role_name(held), "role": role_name(role)}
            )


@transaction.atomic
def end(*, assignment_id: int, by: User, now: datetime) -> RoleAssignment:
    """The assignment ends today; it stays in the record. Raises: NotAllowed, Blocked, HandOverOnly."""
    assignment = RoleAssignment.objects.select_related("project").get(pk=assignment_id)
    project = locked(assignment.project_id)
    assignment = RoleAssignment.objects.select_related("user").get(pk=assignment_id)
    place = seat(by, project)
    place.require(place.manages, _("Roles are ended by the program manager or a solution manager."))
    require_active(project)
    if assignment.role == "R-SM":
        raise HandOverOnly(_("The accountable role is never empty: hand it over instead."))
    if assignment.ends_on is None:
        _end(assignment, project=project, by=by, now=now)
        _tell_signers(project, by=by, now=now)
    return assignment


def _end(assignment: RoleAssignment, *, project: Project, by: User, now: datetime) -> None:
    assignment.ends_on = max(timezone.localdate(now), assignment.starts_on)
    assignment.save(update_fields=["ends_on"])
    ledger.record(
        project=project,
        by=by,
        event="role.ended",
        obj=assignment,
        now=now,
        before={"ends_on": None},
        after=ledger.snapshot(assignment, "role", "user", "ends_on"),
    )


@transaction.atomic
def hand_over(*, project_id: int, by: User, to: User, now: datetime) -> RoleAssignment:
    """Another solution manager is accountable from today, without a gap (SEED-113).

    Raises: NotAllowed, Blocked, NoSolutionManager, RoleHeld.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.directs, _("The accountable role is handed over by a solution manager."))
    require_active(project)
    if not (to.is_solution_manager and to.is_active):
        raise NoSolutionManager(_("%(person)s is not a solution manager.") % {"person": to})
    for current in project.roles.filter(role="R-SM", ends_on__isnull=True):
        if current.user_id == to.pk:
            raise RoleHeld(_("%(person)s is already accountable.") % {"person": to})
        _end(current, project=project, by=by, now=now)
    assignment = name_to_role(project=project, role="R-SM", person=to, by=by, now=now)
    _tell_signers(project, by=by, now=now)
    return assignment


@transaction.atomic
def acknowledge(*, assignment_id: int, by: User, now: datetime) -> RoleAssignment:
    """The holder has read what the role asks and takes it on (SEED-122). Raises: NotAllowed, Blocked."""
    assignment = RoleAssignment.objects.select_related("project").get(pk=assignment_id)
    project = locked(assignment.project_id)
    assignment = RoleAssignment.objects.get(pk=assignment_id)
    require_active(project)
    if assignment.user_id != by.pk:
        raise NotAllowed(_("A role is acknowledged by the person who holds it."))
    if assignment.acknowledged_at is None:
        assignment.acknowledged_at = now
        assignment.save(update_fields=["acknowledged_at"])
        ledger.record(
            project=project,
            by=by,
            event="role.acknowledged",
            obj=assignment,
            now=now,
            after=ledger.snapshot(assignment, "role", "acknowledged_at"),
        )
    return assignment


@transaction.atomic
def record_basis(*, assignment_id: int, by: User, basis: str, now: datetime) -> RoleAssignment:
    """What skill or training the assignment rests on is on record; an earlier text stays in the ledger (SEED-123).

    Raises: NotAllowed, Blocked, Refused.
    """
    assignment = RoleAssignment.objects.select_related("project").get(pk=assignment_id)
    project = locked(assignment.project_id)
    assignment = RoleAssignment.objects.get(pk=assignment_id)
    place = seat(by, project)
    is_holder = assignment.user_id == by.pk
    place.require(
        place.manages or is_holder,
        _("The basis is recorded by the holder, the program manager or a solution manager."),
    )
    require_active(project)
    if assignment.ends_on is not None:
        raise Refused(_("This role has ended: it stays as it is."))
    if not basis.strip():
        raise Refused(_("Say which skill, training or experience the assignment rests on."))
    before = ledger.snapshot(assignment, "basis")
    assignment.basis = basis.strip()
    assignment.save(update_fields=["basis"])
    ledger.record(
        project=project,
        by=by,
        event="role.basis_recorded",
        obj=assignment,
        now=now,
        before=before,
        after=ledger.snapshot(assignment, "role", "user", "basis"),
    )
    return assignment
