"""Metrics, interim milestones and opportunities that the plan must show (SEED-23, SEED-59, SEED-60)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import Project, Stage


def metrics(project: Project, now: datetime) -> list[Blocker]:
    """No metric, where performance metrics are asked for."""
    if project.projectmetrics.exists() or not wants(project, "plan", "ART-25"):
        return []
    return [
        Blocker(
            code="metric.none",
            text=_("No project metric is named with unit, target, source and how often."),
            owner=named(holders(project), "R-PGM"),
            url=reverse("register", args=[project.code, "metrics"]),
        )
    ]


def milestones(project: Project, now: datetime) -> list[Blocker]:
    """Milestones of Project Planning that were not reached and for which nobody gave a reason."""
    unmet = project.milestones.filter(stage=Stage.PLANNING, actual_on__isnull=True, unmet_reason="")
    names = ", ".join(unmet.values_list("name", flat=True))
    if not names:
        return []
    return [
        Blocker(
            code="milestone.unmet",
            text=_("Interim milestones neither met nor given a reason: %(names)s.") % {"names": names},
            owner=named(holders(project), "R-PGM"),
            url=reverse("register", args=[project.code, "milestones"]),
        )
    ]


def opportunities(project: Project, now: datetime) -> list[Blocker]:
    """Nobody said what could be merged, made simpler or retired, where that is asked for."""
    if project.opportunitys.exists() or not wants(project, "plan", "ART-24"):
        return []
    return [
        Blocker(
            code="opportunity.none",
            text=_("Nothing says what could be consolidated, simplified or retired, or that nothing was found."),
            owner=named(holders(project), "P-ARCH", "R-PGM"),
            url=reverse("register", args=[project.code, "opportunities"]),
        )
    ]
