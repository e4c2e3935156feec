"""Looking back at the intents and releasing the project team, before a project closes (SEED-53, SEED-109)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.models import Disengagement, IntentResult, User


@transaction.atomic
def judge_intent(*, project_id: int, by: User, intent: str, result: str, evidence: str, now: datetime) -> IntentResult:
    """One of management's intents is compared with what was reached; a later judgement takes the place (SEED-53).

    Args:
        intent: one line of the project's intents, as it stands there.
        result: an `IntentResult.Result` value.
        evidence: what shows it.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.manages, _("Intents are compared with results by whoever manages the project."))
    if intent not in project.intent_lines:
        raise Refused(_("This is none of the project's goals and intents as they stand now."))
    return rows.add(
        IntentResult,
        project=project,
        by=by,
        event="intent.judged",
        now=now,
        intent=intent,
        result=result,
        evidence=evidence,
    )


@transaction.atomic
def release(
    *, project_id: int, by: User, released_on: date, now: datetime, person: User | None = None, goes_to: str = ""
) -> Disengagement:
    """Somebody of the project team, or the whole team, no longer works for the project (SEED-109).

    Args:
        person: nobody for the whole team.
        released_on: today or earlier.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.manages, _("The project team is released by whoever manages the project."))
    if released_on > timezone.localdate(now):
        raise Refused(_("The day lies ahead: record it once the work for the project has ended."))
    return rows.add(
        Disengagement,
        project=project,
        by=by,
        event="team.released",
        now=now,
        person=person,
        released_on=released_on,
        goes_to=goes_to,
    )
