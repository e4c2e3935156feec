"""Who sees what and who may do it: one function per object, the same 404 for what is missing and what is foreign.

Whether the moment is right is another question, answered by `lifecycle` and by the reviews' `gates`.
"""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext as _

from projects.blocker import NotAllowed
from projects.models import Project, RoleAssignment, User

MANAGING_ROLES = frozenset({"R-SM", "R-PGM"})
CHANGES_NOTHING = frozenset({"P-AUD"})
APPROVES_NOTHING = frozenset({"P-AUD", "P-DEPLOY"})


@dataclass(frozen=True)
class Seat:
    """A person's place at one project: the roles held now and what follows from them."""

    user: User
    project: Project
    roles: frozenset[str]

    @cached_property
    def manages(self) -> bool:
        """Moves stages, edits the project, names people: its program manager or a solution manager."""
        return not self.user.is_auditor and (self.user.is_solution_manager or "R-PGM" in self.roles)

    @cached_property
    def directs(self) -> bool:
        """Decides what a solution manager decides: hand-over, close-out."""
        return not self.user.is_auditor and self.user.is_solution_manager

    @cached_property
    def contributes(self) -> bool:
        """Adds versions, answers, requirements: anyone with a working role on the project."""
        return self.manages or (not self.user.is_auditor and bool(self.roles - CHANGES_NOTHING))

    @cached_property
    def approves(self) -> bool:
        """May approve what another person wrote."""
        return self.manages or (not self.user.is_auditor and bool(self.roles - APPROVES_NOTHING))

    def require(self, allowed: bool, text: str) -> None:
        """Raises: NotAllowed with `text` when the person may not."""
        if not allowed or not self.user.is_active:
            raise NotAllowed(text)


def seat(user: User, project: Project) -> Seat:
    """The person's place at the project; one query."""
    held = RoleAssignment.objects.filter(project=project, user=user, ends_on__isnull=True).values_list(
        "role", flat=True
    )
    return Seat(user=user, project=project, roles=frozenset(held))


def project_for(user: User, code: str) -> Project:
    """The project with this code, if the person may see it. Raises: Http404, alike for missing and foreign."""
    project = Project.objects.visible_to(user).filter(code=code).first()
    if project is None:
        raise Http404(_("There is no such project, or it is not yours to see."))
    return project


def sees_every_project(user: User) -> bool:
    """Answers for all projects, audits them or owns the process: as `Project.objects.visible_to` has it."""
    return user.is_active and (user.is_solution_manager or user.is_auditor or user.is_process_owner)


def may_create_projects(user: User) -> bool:
    return user.is_active and (user.is_solution_manager or user.is_program_manager)


def locked(project_id: int) -> Project:
    """The project's row, locked until the transaction ends: every action on a project begins here.

    Raises: Project.DoesNotExist.
    """
    return Project.objects.select_for_update().get(pk=project_id)
