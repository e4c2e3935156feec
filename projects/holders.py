"""Who holds which role on a project now."""

from collections import defaultdict

from projects.catalog.roles import role_name
from projects.models import Project, User
from projects.moment import once


def holders(project: Project) -> dict[str, list[User]]:
    """Who holds which role now; one query."""
    return once("holders", project.pk, lambda: _holders(project))


def _holders(project: Project) -> dict[str, list[User]]:
    found: dict[str, list[User]] = defaultdict(list)
    for assignment in project.roles.filter(ends_on__isnull=True).select_related("user"):
        found[assignment.role].append(assignment.user)
    return found


def named(people: dict[str, list[User]], *roles: str) -> str:
    """The first of these roles that somebody holds, by name; else the first role's own name."""
    for role in roles:
        if people.get(role):
            return ", ".join(str(person) for person in people[role])
    return role_name(roles[0])
