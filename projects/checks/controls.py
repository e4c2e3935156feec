"""Internal controls: approved with the plan, built when the scope is complete, verified for the release (SEED-67)."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import InternalControl, Project


def _in_force(project: Project) -> QuerySet[InternalControl]:
    return project.internalcontrols.filter(withdrawn_at__isnull=True)


def _blocker(project: Project, code: str, text: str, *roles: str) -> Blocker:
    return Blocker(
        code=code,
        text=text,
        owner=named(holders(project), *roles),
        url=reverse("register", args=[project.code, "controls"]),
    )


def _waiting(project: Project, waits: Q) -> str:
    return ", ".join(_in_force(project).filter(waits).values_list("ref", flat=True))


def approved(project: Project, now: datetime) -> list[Blocker]:
    """Controls that nobody approved; none at all, where the list of controls is asked for."""
    controls = list(_in_force(project))
    if not controls:
        if not wants(project, "plan", "ART-26"):
            return []
        return [_blocker(project, "control.none", _("No internal control is listed."), "R-PGM")]
    waiting = ", ".join(control.ref for control in controls if control.approved_at is None)
    if not waiting:
        return []
    text = _("Not approved by somebody other than who proposed them: %(refs)s.") % {"refs": waiting}
    return [_blocker(project, "control.not_approved", text, "P-SPONSOR", "R-PGM")]


def built(project: Project, now: datetime) -> list[Blocker]:
    """Controls that are not built."""
    waiting = _waiting(project, Q(built_at__isnull=True))
    if not waiting:
        return []
    text = _("Internal controls that are not built: %(refs)s.") % {"refs": waiting}
    return [_blocker(project, "control.not_built", text, "R-DEV", "R-PGM")]


def verified(project: Project, now: datetime) -> list[Blocker]:
    """Controls that nobody but their builder has looked at."""
    waiting = _waiting(project, Q(verified_at__isnull=True))
    if not waiting:
        return []
    text = _("Internal controls that are not verified: %(refs)s.") % {"refs": waiting}
    return [_blocker(project, "control.not_verified", text, "R-TST", "R-PGM")]
