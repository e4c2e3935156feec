"""Evaluating the design against operational requirements."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.access import Seat
from projects.actions import rows
from projects.blocker import Refused
from projects.models import OperationalCheck, Requirement, User

EVALUATING_ROLES = frozenset({"R-REL", "R-OPX"})


def evaluates(place: Seat) -> bool:
    """Release Management and Operations Experience say whether the design meets operations (SEED-118)."""
    return place.manages or (place.contributes and bool(place.roles & EVALUATING_ROLES))


@transaction.atomic
def evaluate(
    *,
    project_id: int,
    by: User,
    requirement: Requirement,
    in_design: bool,
    addressed: bool,
    now: datetime,
    note: str = "",
) -> OperationalCheck:
    """An operational requirement is included in the design or not, addressed or not; the newest answer counts
    (SEED-118, SEED-119).

    Args:
        note: what shows it, or what is still to be done.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(
        evaluates(place),
        _("The design is evaluated by Release Management, Operations Experience or whoever manages the project."),
    )
    if requirement.project_id != project.pk or requirement.kind != Requirement.Kind.OPERATIONAL:
        raise Refused(_("Only operational requirements of this project are evaluated here."))
    return rows.add(
        OperationalCheck,
        project=project,
        by=by,
        event="operational.evaluated",
        now=now,
        requirement=requirement,
        in_design=in_design,
        addressed=addressed,
        note=note,
    )
