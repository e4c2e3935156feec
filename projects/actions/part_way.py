"""Taking over a project part-way through its life: stages that were run before it came into the system (SEED-14)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions import projects, rows
from projects.actions.projects import required_reason
from projects.blocker import Refused
from projects.models import Project, Stage, StageOutside, User


@transaction.atomic
def register(*, by: User, stage: str, reason: str, now: datetime, **given: Any) -> Project:
    """A project is registered that stands in this stage already; see `declare` and `projects.create`.

    Args:
        given: what `projects.create` takes.

    Raises: NotAllowed, Refused, and what `projects.create` raises.
    """
    project = projects.create(by=by, now=now, **given)
    declare(project_id=project.pk, by=by, stage=stage, reason=reason, now=now)
    return project


@transaction.atomic
def declare(*, project_id: int, by: User, stage: str, reason: str, now: datetime) -> list[StageOutside]:
    """The stages before this one were run outside the system; their exits ask for nothing that was made there.

    The two management reviews are held all the same, and what stands open in the registers still counts.

    Args:
        stage: the first one that is run in the system: planning, build, stabilize or deploy.
        reason: why, and where the earlier stages are on record.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.directs, _("This is for a solution manager to say."))
    if project.stage != Stage.REGISTERED:
        raise Refused(_("The project has started here: its stages are run in the system from now on."))
    if stage not in starts():
        raise Refused(_("Choose the stage in which the project stands, from Project Planning to Deploy."))
    reason = required_reason(reason)
    earlier = StageOutside.STAGES[: starts().index(stage) + 1]
    known = set(project.stageoutsides.values_list("stage", flat=True))
    missing = [each for each in earlier if each not in known]
    if not missing:
        raise Refused(_("This is on record already."))
    return [
        rows.add(StageOutside, project=project, by=by, event="stage.outside", now=now, stage=each, reason=reason)
        for each in missing
    ]


def starts() -> list[str]:
    """The stages at which a project can be taken over: each one after a stage that can have been run outside."""
    order = list(Stage)
    return [order[order.index(stage) + 1] for stage in StageOutside.STAGES]
