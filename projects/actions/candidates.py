"""Naming release candidates."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.models import Project, ReleaseCandidate, User


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
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Release candidates are named by people with a working role on the project."))
    if built_on > timezone.localdate(now):
        raise Refused(_("Built on lies ahead: a candidate is named once it has been built."))
    return rows.add(
        ReleaseCandidate,
        project=project,
        by=by,
        event="candidate.added",
        now=now,
        ref=rows.free_ref(project, ReleaseCandidate, "RC", ref),
        built_on=built_on,
        contents=contents,
    )


def require_own(project: Project, candidate: ReleaseCandidate | None) -> None:
    """Tests, pilots and issues name a candidate of their own project. Raises: Refused."""
    if candidate is not None and candidate.project_id != project.pk:
        raise Refused(_("%(candidate)s is a release candidate of another project.") % {"candidate": candidate})
