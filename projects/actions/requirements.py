"""Recording what the solution must meet."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger
from projects.access import locked, seat
from projects.actions.projects import require_active
from projects.blocker import Refused
from projects.models import Requirement, User


@transaction.atomic
def add(*, project_id: int, by: User, kind: str, text: str, now: datetime, ref: str = "") -> Requirement:
    """A business need or requirement is recorded (SEED-24, SEED-35).

    Args:
        kind: business, user, operational or system.
        ref: unique on the project; the next R-number when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.contributes, _("Requirements are recorded by people with a role on the project."))
    require_active(project)
    if kind not in Requirement.Kind.values:
        raise Refused(_("A requirement is business, user, operational or system."))
    if not text.strip():
        raise Refused(_("Write what the solution must meet."))
    ref = ref.strip() or f"R-{project.requirements.count() + 1:03}"
    if project.requirements.filter(ref=ref).exists():
        raise Refused(_("There is already a requirement %(ref)s.") % {"ref": ref})
    requirement = Requirement.objects.create(
        project=project, ref=ref, kind=kind, text=text.strip(), created_by=by, created_at=now
    )
    ledger.record(
        project=project,
        by=by,
        event="requirement.added",
        obj=requirement,
        now=now,
        after=ledger.row(requirement),
    )
    return requirement
