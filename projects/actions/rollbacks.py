"""Recording rehearsals of the way back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.actions.candidates import require_own
from projects.blocker import Refused
from projects.models import ReleaseCandidate, RollbackRehearsal, User


@transaction.atomic
def add(
    *,
    project_id: int,
    by: User,
    rehearsed_on: date,
    rehearsed_by: User,
    result: str,
    minutes: int,
    point_of_no_return: str,
    seen: str,
    now: datetime,
    window_minutes: int | None = None,
    candidate: ReleaseCandidate | None = None,
) -> RollbackRehearsal:
    """A rehearsal of the way back is on record; the newest one counts (SEED-96).

    Args:
        rehearsed_on: today or earlier.
        result: worked or failed.
        minutes, window_minutes: what going back took, and what the deployment window leaves for it, if that is known.
        point_of_no_return: after which step or when; in words too that there is none.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Rehearsals are recorded by people with a working role on the project."))
    require_own(project, candidate)
    if rehearsed_on > timezone.localdate(now):
        raise Refused(_("Rehearsed on lies ahead: record the rehearsal once it has been held."))
    if result not in RollbackRehearsal.Result.values:
        raise Refused(_("Result: say whether the way back worked or failed."))
    if minutes < 1 or (window_minutes is not None and window_minutes < 1):
        raise Refused(_("Minutes: give at least one."))
    if not point_of_no_return.strip():
        raise Refused(_("Point of no return: say after which step or when, or that there is none."))
    if not seen.strip():
        raise Refused(_("What was seen: say what shows the result."))
    return rows.add(
        RollbackRehearsal,
        project=project,
        by=by,
        event="rollback.rehearsed",
        now=now,
        rehearsed_on=rehearsed_on,
        rehearsed_by=rehearsed_by,
        candidate=candidate,
        result=result,
        minutes=minutes,
        window_minutes=window_minutes,
        point_of_no_return=point_of_no_return,
        seen=seen,
    )
