"""Naming release candidates."""

from datetime import date, datetime
from itertools import count

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import ledger
from projects.access import locked, seat
from projects.actions.projects import require_active
from projects.blocker import Refused
from projects.models import ReleaseCandidate, User


@transaction.atomic
def add(
    *, project_id: int, by: User, built_on: date, now: datetime, ref: str = "", contents: str = ""
) -> ReleaseCandidate:
    """A build is a candidate for release; tests, pilots and the review name it (SEED-31).

    Args:
        built_on: day of the build; today or earlier.
        ref: unique on the project; the next free RC number when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project = locked(project_id)
    place = seat(by, project)
    place.require(place.contributes, _("Release candidates are named by people with a working role on the project."))
    require_active(project)
    if built_on > timezone.localdate(now):
        raise Refused(_("Built on lies ahead: a candidate is named once it has been built."))
    taken = set(project.candidates.values_list("ref", flat=True))
    ref = ref.strip() or next(free for n in count(len(taken) + 1) if (free := f"RC-{n}") not in taken)
    if ref in taken:
        raise Refused(_("There is already a candidate %(ref)s.") % {"ref": ref})
    candidate = ReleaseCandidate.objects.create(
        project=project, ref=ref, built_on=built_on, contents=contents.strip(), created_by=by, created_at=now
    )
    ledger.record(project=project, by=by, event="candidate.added", obj=candidate, now=now, after=ledger.row(candidate))
    return candidate
