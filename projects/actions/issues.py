"""Recording issues and settling each of them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.actions.candidates import require_own
from projects.blocker import Refused
from projects.models import Issue, ReleaseCandidate, User


@transaction.atomic
def add(
    *,
    project_id: int,
    by: User,
    title: str,
    origin: str,
    severity: int,
    found_on: date,
    now: datetime,
    candidate: ReleaseCandidate | None = None,
    owner: User | None = None,
    ref: str = "",
) -> Issue:
    """Something is wrong with the solution and stands open until it is settled (SEED-29).

    Args:
        origin: testing or pilot.
        severity: 1, critical, to 4, cosmetic.
        found_on: today or earlier.
        ref: unique on the project; the next free ISS number when empty.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Issues are recorded by people with a working role on the project."))
    if found_on > timezone.localdate(now):
        raise Refused(_("Found on lies ahead: give the day on which it was found."))
    require_own(project, candidate)
    return rows.add(
        Issue,
        project=project,
        by=by,
        event="issue.added",
        now=now,
        ref=rows.free_ref(project, Issue, "ISS", ref),
        title=title,
        origin=origin,
        severity=severity,
        candidate=candidate,
        found_on=found_on,
        owner=owner,
    )


@transaction.atomic
def settle(
    issue: Issue,
    *,
    by: User,
    disposition: str,
    now: datetime,
    owner: User | None = None,
    workaround: str = "",
    note: str = "",
) -> Issue:
    """The issue is fixed, or formally disposed of: deferred, won't fix, not a defect (SEED-29).

    Args:
        disposition: fixed, deferred, wont_fix or not_a_defect.
        owner: who answers for what is lived with; the present owner when not given.
        workaround: how people live with it; needed when it is deferred or not fixed.
        note: what was done, or why; needed when it is said to be no defect.

    Raises: NotAllowed, Blocked, Refused.
    """
    issue, place = rows.opened_row(issue, by)
    owner, lived_with = owner or issue.owner, disposition in Issue.LIVED_WITH
    if lived_with:
        place.require(place.approves, _("What is not fixed is decided by people who may approve on the project."))
    place.require(place.contributes, _("Issues are settled by people with a working role on the project."))
    if not issue.is_open:
        raise Refused(
            _("%(issue)s is settled already: reopen it first. It is: %(state)s.")
            % {"issue": issue, "state": issue.get_state_display()}
        )
    if disposition not in Issue.State.values or disposition == Issue.State.OPEN:
        raise Refused(_("An issue is fixed, deferred, not going to be fixed, or not a defect."))
    if lived_with and (owner is None or not workaround.strip()):
        raise Refused(_("An issue that is not fixed needs an owner and a workaround."))
    if disposition == Issue.State.NOT_A_DEFECT and not note.strip():
        raise Refused(_("Say why it is not a defect."))
    return rows.change(
        issue,
        by=by,
        event="issue.settled",
        now=now,
        state=disposition,
        owner=owner,
        workaround=workaround,
        note=note,
        settled_at=now,
        settled_by=by,
    )


@transaction.atomic
def reopen(issue: Issue, *, by: User, reason: str, now: datetime) -> Issue:
    """A settled issue stands open again; how it was settled stays in the history. Raises: NotAllowed, Refused."""
    issue, place = rows.opened_row(issue, by)
    place.require(place.contributes, _("Issues are reopened by people with a working role on the project."))
    if issue.is_open:
        raise Refused(_("%(issue)s is open.") % {"issue": issue})
    if not reason.strip():
        raise Refused(_("Give a reason: it stays in the record."))
    return rows.change(
        issue,
        by=by,
        event="issue.reopened",
        now=now,
        reason=reason,
        state=Issue.State.OPEN,
        settled_at=None,
        settled_by=None,
    )
