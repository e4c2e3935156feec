"""Before close: the quiet period is over and no incident is open (EXT-20)."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import Project, QuietPeriod


def check(project: Project, now: datetime) -> list[Blocker]:
    """Quiet periods that nobody has ended, open incidents, and no quiet period where its log is asked for."""
    periods = list(project.quietperiods.all())
    running = [period for period in periods if period.ended_at is None]
    refs = list(project.incidents.filter(resolved_at__isnull=True).values_list("ref", flat=True))
    none = not periods and wants(project, "close", "ART-52")
    if not (running or refs or none):
        return []
    people = holders(project)
    owner = named(people, "R-OPX", "R-PGM")
    url = reverse("register", args=[project.code, "quiet_periods"])
    ends_it = named(people, "R-PGM", "R-SM")  # who manages the project
    found = [_not_ended(period, now, ends_it, url) for period in running]
    if none:
        found.append(
            Blocker(
                code="quiet_period.none",
                text=_("No quiet period after deployment is recorded."),
                owner=owner,
                url=url,
            )
        )
    if refs:
        found.append(
            Blocker(
                code="incident.open",
                text=_("Incidents are open: %(refs)s.") % {"refs": ", ".join(refs)},
                owner=owner,
                url=reverse("register", args=[project.code, "incidents"]),
            )
        )
    return found


def _not_ended(period: QuietPeriod, now: datetime, owner: str, url: str) -> Blocker:
    text = (
        _("The quiet period runs until %(day)s: wait, or end it early with a reason.")
        if period.ends_on > timezone.localdate(now)
        else _("The quiet period ran until %(day)s: say how its exit criteria stand.")
    )
    return Blocker(
        code="quiet_period.not_ended",
        text=text % {"day": date_format(period.ends_on, "j M Y")},
        owner=owner,
        url=url,
    )
