"""Reasons to look at a project: gates that come, gates that are missed, signatures and conditions that are overdue.

Plugged into `projects.ports` by `reviews.apps`; the portfolio counts them and narrows its list by them.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects import retrospective
from projects.models import Project
from projects.ports import Attention
from reviews import owed
from reviews.models import GO_DECISIONS, OPEN_STATES, Disposition, Finding, Review, ReviewState

SOON = timedelta(days=30)


def _soon(projects: "QuerySet[Project]", now: datetime) -> "QuerySet[Project]":
    planned = Review.objects.filter(state__in=OPEN_STATES, scheduled_for__gte=now, scheduled_for__lt=now + SOON)
    return projects.filter(pk__in=planned.order_by().values("project"))


def _missed(projects: "QuerySet[Project]", now: datetime) -> "QuerySet[Project]":
    passed = Review.objects.filter(state__in=OPEN_STATES, scheduled_for__lt=now)
    return projects.filter(pk__in=passed.order_by().values("project"))


def _unsigned(projects: "QuerySet[Project]", now: datetime) -> "QuerySet[Project]":
    late = Review.objects.filter(state=ReviewState.SIGNING, sign_off_due_at__lt=now)
    return projects.filter(pk__in=late.order_by().values("project"))


def _owing(projects: "QuerySet[Project]", now: datetime) -> "QuerySet[Project]":
    overdue = owed.overdue(now)
    return projects.filter(pk__in=overdue.order_by().values("review__project"))


def _unsettled(projects: "QuerySet[Project]", now: datetime) -> "QuerySet[Project]":
    late = Finding.objects.filter(
        review__decision__in=GO_DECISIONS,
        disposition=Disposition.OPEN,
        merged_into__isnull=True,
        due_on__lt=timezone.localdate(now),
    )
    return projects.filter(pk__in=late.order_by().values("review__project"))


REASONS: dict[str, Attention] = {
    "gate_soon": Attention(_("Gate planned within 30 days"), _soon, tone=""),
    "gate_missed": Attention(_("Gate missed its planned date"), _missed, tone="bad"),
    "unsigned": Attention(_("Sign-offs overdue"), _unsigned, tone="bad"),
    "conditions": Attention(_("Conditions overdue"), _owing, tone="bad"),
    "records": Attention(_("Emergency records overdue"), retrospective.overdue, tone="bad"),
    "findings": Attention(_("Findings overdue"), _unsettled, tone="bad"),
}
