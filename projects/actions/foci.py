"""Saying whether the points that the manage layer attends to are addressed on a project (SEED-125)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.catalog.controls import POINTS
from projects.models import FocusAnswer, User


@transaction.atomic
def answer_point(
    *, project_id: int, by: User, point: str, addressed: bool, now: datetime, pointer: str = ""
) -> FocusAnswer:
    """One point of Table 5 is addressed or not; a later answer takes the place of an earlier one (SEED-125).

    Args:
        point: a code of `catalog.controls.POINTS`.
        pointer: where it can be seen, as words or a link; required when it is addressed.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Points of governance are answered by people with a working role."))
    if point not in POINTS:
        raise Refused(_("There is no point %(point)s.") % {"point": point})
    if addressed and not pointer.strip():
        raise Refused(_("Say where it can be seen: a document, a register, a link."))
    return rows.add(
        FocusAnswer,
        project=project,
        by=by,
        event="focus.answered",
        now=now,
        point=point,
        addressed=addressed,
        pointer=pointer,
    )
