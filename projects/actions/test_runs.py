"""Recording test results."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.actions.candidates import require_own
from projects.blocker import Refused
from projects.models import ReleaseCandidate, TestRun, User


@transaction.atomic
def add(
    *,
    project_id: int,
    by: User,
    name: str,
    candidate: ReleaseCandidate,
    level: str,
    run: int,
    passed: int,
    failed: int,
    run_on: date,
    now: datetime,
    run_by: User | None = None,
    note: str = "",
) -> TestRun:
    """What a set of tests said about one candidate; a repetition is a row of its own (SEED-31).

    Args:
        run, passed, failed: counts; what is in neither of the last two has no result.
        run_on: today or earlier.
        run_by: who ran them; whoever records it when not given.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Test results are recorded by people with a working role on the project."))
    if run_on > timezone.localdate(now):
        raise Refused(_("Run on lies ahead: give the day on which the tests were run."))
    if run < 1 or passed + failed > run:
        raise Refused(_("Passed and failed together are more than were run."))
    require_own(project, candidate)
    return rows.add(
        TestRun,
        project=project,
        by=by,
        event="testrun.added",
        now=now,
        name=name,
        candidate=candidate,
        level=level,
        run=run,
        passed=passed,
        failed=failed,
        run_on=run_on,
        run_by=run_by or by,
        note=note,
    )
