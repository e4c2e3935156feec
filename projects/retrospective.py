"""The clock of an emergency: the fix may go first, its record is complete some working days later (EXT-18)."""

from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from projects.models import Category, Project, Stage, StageRun, Status
from projects.workdays import shifted

WORKDAYS = 5
"""The whole record of an emergency is there so many working days after its fix went into Deploy."""


def due_on(fixed_at: datetime) -> date:
    """The day by which the record is complete. Args: fixed_at: aware moment at which Deploy began."""
    return shifted(timezone.localdate(fixed_at), WORKDAYS)


def record_due(project: Project) -> date | None:
    """By when this project must be closed with its record; None when no clock runs. One query, for emergencies only."""
    if (project.category, project.stage, project.status) != (Category.EMERGENCY, Stage.DEPLOY, Status.ACTIVE):
        return None
    run = StageRun.objects.filter(project=project, stage=Stage.DEPLOY).order_by("iteration").first()
    return due_on(run.started_at) if run else None


def overdue(projects: "QuerySet[Project]", now: datetime) -> "QuerySet[Project]":
    """Emergencies whose record should have been complete before today."""
    fixed = shifted(timezone.localdate(now), -WORKDAYS)  # a fix of this working day is due today
    begun = timezone.make_aware(datetime.combine(fixed, time.min))
    runs = StageRun.objects.filter(Q(stage=Stage.DEPLOY), started_at__lt=begun, project__category=Category.EMERGENCY)
    return projects.filter(stage=Stage.DEPLOY, pk__in=runs.order_by().values("project"))
