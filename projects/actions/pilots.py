"""Planning pilots and recording what came of them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.actions.candidates import require_own
from projects.blocker import Refused
from projects.models import Pilot, ReleaseCandidate, User


@transaction.atomic
def add(
    *,
    project_id: int,
    by: User,
    group: str,
    starts_on: date,
    ends_on: date,
    candidate: ReleaseCandidate,
    criteria: str,
    now: datetime,
    ref: str = "",
) -> Pilot:
    """A group is to use a candidate in its real work, with criteria fixed beforehand (SEED-30, SEED-31).

    Args:
        ref: unique on the project; the next free PILOT number when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Pilots are planned by people with a working role on the project."))
    if ends_on < starts_on:
        raise Refused(_("The pilot ends before it starts."))
    require_own(project, candidate)
    return rows.add(
        Pilot,
        project=project,
        by=by,
        event="pilot.added",
        now=now,
        ref=rows.free_ref(project, Pilot, "PILOT", ref),
        group=group,
        starts_on=starts_on,
        ends_on=ends_on,
        candidate=candidate,
        criteria=criteria,
    )


@transaction.atomic
def record_result(pilot: Pilot, *, by: User, result: str, feedback: str, now: datetime) -> Pilot:
    """The pilot has a result; a later record corrects it, and the history keeps both (SEED-30).

    Args:
        result: met, partly or missed, by the criteria fixed beforehand.
        feedback: what the group said.

    Raises: NotAllowed, Blocked, Refused.
    """
    pilot, place = rows.opened_row(pilot, by)
    place.require(place.contributes, _("Results are recorded by people with a working role on the project."))
    if result not in Pilot.Result.values:
        raise Refused(_("The criteria are met, partly met or missed."))
    if not feedback.strip():
        raise Refused(_("Record what the group said."))
    if pilot.starts_on > timezone.localdate(now):
        raise Refused(_("%(pilot)s has not started.") % {"pilot": pilot})
    return rows.change(
        pilot,
        by=by,
        event="pilot.result",
        now=now,
        result=result,
        feedback=feedback,
        result_at=now,
        result_by=by,
    )
