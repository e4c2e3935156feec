"""The way back from a release was rehearsed, works and fits the window (SEED-96)."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import Project, RollbackRehearsal
from projects.moment import once


def newest(project: Project) -> RollbackRehearsal | None:
    """The rehearsal that counts: the last one held. One query."""
    return once("rollback", project.pk, lambda: _newest(project))


def _newest(project: Project) -> RollbackRehearsal | None:
    held = project.rollbackrehearsals.select_related("candidate", "rehearsed_by")
    return held.order_by("rehearsed_on", "id").last()


def told(row: RollbackRehearsal | None) -> str:
    """What stands on record of the way back, in sentences."""
    if row is None:
        return _("No rehearsal of the way back is recorded.")
    facts = {
        "day": date_format(row.rehearsed_on, "j M Y"),
        "person": row.rehearsed_by,
        "result": row.get_result_display(),
        "minutes": row.minutes,
        "window": row.window_minutes,
    }
    said = _("Way back rehearsed on %(day)s by %(person)s: %(result)s, in %(minutes)d minutes.") % facts
    if row.window_minutes is not None:
        said += " " + _("The window leaves %(window)d.") % facts
    if row.candidate is not None:
        said += " " + _("Tried with %(candidate)s.") % {"candidate": row.candidate}
    return said + " " + _("Point of no return: %(when)s") % {"when": row.point_of_no_return}


def check(project: Project, now: datetime) -> list[Blocker]:
    """The last rehearsal failed or took too long; or none was held, where test results are asked for."""
    row = newest(project)
    if row is None:
        if not wants(project, "release", "ART-32"):
            return []
        code = "rollback.none"
    elif row.is_adequate:
        return []
    else:
        code = "rollback.failed" if row.result == row.Result.FAILED else "rollback.too_slow"
    return [
        Blocker(
            code=code,
            text=told(row),
            owner=named(holders(project), "R-REL", "R-PGM"),
            url=reverse("register", args=[project.code, "rollbacks"]),
        )
    ]
