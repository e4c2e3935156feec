"""No issue is open when Stabilize ends (SEED-29)."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.holders import holders, named
from projects.models import Issue, Project

Counts = Mapping[tuple[str, str, int], int]


def counted(project: Project) -> Counts:
    """How many issues there are by origin, state and severity; one query."""
    found = project.issues.order_by().values_list("origin", "state", "severity").annotate(number=Count("pk"))
    return {(origin, state, severity): number for origin, state, severity, number in found}


def open_words(found: Counts) -> str:
    """What is open, by severity and origin; empty when nothing is."""
    still = {key: number for key, number in found.items() if key[1] == Issue.State.OPEN}
    if not still:
        return ""

    severities = [
        _("%(number)d of severity %(severity)d") % {"number": number, "severity": severity}
        for severity in Issue.Severity.values
        if (number := sum(count for key, count in still.items() if key[2] == severity))
    ]
    origins = [
        f"{str(label).lower()} {number}"
        for origin, label in Issue.Origin.choices
        if (number := sum(count for key, count in still.items() if key[0] == origin))
    ]
    return _("Open: %(total)d (%(severities)s; %(origins)s).") % {
        "total": sum(still.values()),
        "severities": ", ".join(severities),
        "origins": ", ".join(origins),
    }


def check(project: Project, now: datetime) -> list[Blocker]:
    """Every issue is fixed or formally disposed of."""
    words = open_words(counted(project))
    if not words:
        return []
    return [
        Blocker(
            code="issue.open",
            text=_("Issues are not settled. %(open)s") % {"open": words},
            owner=named(holders(project), "R-TST", "R-PGM"),
            url=reverse("register", args=[project.code, "issues"]),
        )
    ]
