"""Logging conflicts between projects and resolving them: the solution manager's part (SEED-116)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import conflicts
from projects.actions import rows
from projects.blocker import NotAllowed, Refused
from projects.models import Project, ProjectConflict, User


def may_resolve(person: User) -> bool:
    """Whether conflicts between projects are this person's to log and resolve."""
    return person.is_active and person.is_solution_manager and not person.is_auditor


def _require(person: User) -> None:
    if not may_resolve(person):
        raise NotAllowed(_("Conflicts between projects are logged and resolved by a solution manager."))


@transaction.atomic
def log(
    *, project: Project, other: Project, by: User, kind: str, text: str, now: datetime, fingerprint: str = ""
) -> ProjectConflict:
    """Two projects are in each other's way, and that is on record until it is resolved.

    Args:
        kind: people, dates or environment.
        fingerprint: of a conflict that was found; empty for one logged by hand.

    Raises: NotAllowed, Blocked, Refused.
    """
    _require(by)
    if project.pk == other.pk:
        raise Refused(_("A conflict is between two projects: name another one."))
    if kind not in ProjectConflict.Kind.values:
        raise Refused(_("Choose whether it is about people, dates or an environment."))
    if not text.strip():
        raise Refused(_("Say what is in the way."))
    project = rows.opened(project.pk, by)[0]
    if fingerprint and ProjectConflict.objects.filter(fingerprint=fingerprint).exists():
        raise Refused(_("This conflict is logged already."))
    return rows.add(
        ProjectConflict,
        project=project,
        by=by,
        event="conflict.logged",
        now=now,
        other=other,
        kind=kind,
        text=text,
        fingerprint=fingerprint,
    )


@transaction.atomic
def log_found(*, fingerprint: str, by: User, now: datetime) -> ProjectConflict:
    """A conflict that was found goes on record in the words in which it was found.

    Raises: NotAllowed, Blocked, Refused when it stands no more.
    """
    _require(by)
    standing = conflicts.found(Project.objects.visible_to(by))
    one = next((each for each in standing if each.fingerprint == fingerprint), None)
    if one is None:
        raise Refused(_("This conflict stands no more: nothing was logged."))
    first, other = Project.objects.filter(pk__in=[span.pk for span in one.projects[:2]]).order_by("code")
    return log(project=first, other=other, by=by, kind=one.kind, text=one.text, fingerprint=fingerprint, now=now)


@transaction.atomic
def resolve(conflict: ProjectConflict, *, by: User, resolution: str, now: datetime) -> ProjectConflict:
    """The conflict is out of the way, and how is on record. Raises: NotAllowed, Blocked, Refused."""
    _require(by)
    conflict = rows.opened_row(conflict, by)[0]
    if conflict.resolved_at is not None:
        raise Refused(_("This conflict is resolved already."))
    if not resolution.strip():
        raise Refused(_("Say how it was resolved: it stays in the record."))
    return rows.change(
        conflict,
        by=by,
        event="conflict.resolved",
        now=now,
        resolution=resolution,
        resolved_at=now,
        resolved_by=by,
    )
