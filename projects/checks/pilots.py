"""A pilot has met its criteria before the release, where a pilot is asked for (SEED-30)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import Pilot, Project


def check(project: Project, now: datetime) -> list[Blocker]:
    """At least one pilot met its criteria, whichever candidate it used."""
    if not wants(project, "release", "ART-33") or project.pilots.filter(result=Pilot.Result.MET).exists():
        return []
    return [
        Blocker(
            code="pilot.none_met",
            text=_("No pilot with a release candidate has met its success criteria."),
            owner=named(holders(project), "R-REL", "R-PGM"),
            url=reverse("register", args=[project.code, "pilots"]),
        )
    ]
