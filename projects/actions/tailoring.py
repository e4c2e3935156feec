"""Approving a project's tailoring sheet (EXT-13)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import tailoring
from projects.actions import rows
from projects.actions.projects import ChangedMeanwhile
from projects.blocker import Refused
from projects.models import TailoringApproval, User


@transaction.atomic
def approve(*, project_id: int, by: User, digest: str, now: datetime) -> TailoringApproval:
    """The sheet as the person saw it is approved. It counts until the sheet says something else.

    Args:
        digest: of the sheet that was shown.

    Raises: NotAllowed, Blocked, ChangedMeanwhile, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.directs, _("The tailoring sheet is approved by a solution manager."))
    sheet = tailoring.sheet(project)
    place.require(
        by not in sheet.asked_by,
        _("You asked that something on this sheet does not apply: another solution manager approves it."),
    )
    if sheet.digest != digest:
        raise ChangedMeanwhile(_("The sheet has changed since you opened it. Read it again, then approve."))
    newest = project.tailoringapprovals.order_by("-number").first()
    if newest is not None and newest.digest == sheet.digest:
        raise Refused(_("This version of the sheet is approved already."))
    return rows.add(
        TailoringApproval,
        project=project,
        by=by,
        event="tailoring.approved",
        now=now,
        number=newest.number + 1 if newest else 1,
        digest=sheet.digest,
        text=sheet.text,
    )
