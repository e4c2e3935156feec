"""The phase itself, seen across all projects: outcomes, rounds, conditions, time in stage (SEED-16, EXT-22).

Everything is counted by the database; six queries, whatever the number of projects.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, Window
from django.db.models.functions import RowNumber

from projects.catalog.stages import STAGES
from projects.models import Project, StageExit, StageRun
from reviews import owed
from reviews.models import GO_DECISIONS, Condition, Review, ReviewKind, ReviewState

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """What the report is about.

    Args:
        category: of the change; all when empty.
        since, before: aware moments, the second one not included; open when None.
    """

    category: str = ""
    since: datetime | None = None
    before: datetime | None = None

    def narrowed(self, moment: str, category: str) -> dict[str, Any]:
        """Conditions for a filter. Args: moment, category: names of the fields."""
        wanted = {category: self.category, f"{moment}__gte": self.since, f"{moment}__lt": self.before}
        return {name: value for name, value in wanted.items() if value}


@dataclass
class Outcomes:
    """What rounds of one review came to.

    Args:
        decisions: decided rounds by decision.
        go_in_round: how many of the goes came in the first round, the second, and so on.
        projects: on which a round was decided.
    """

    decisions: Counter[str] = field(default_factory=Counter)
    go_in_round: Counter[int] = field(default_factory=Counter)
    projects: int = 0

    @property
    def decided(self) -> int:
        return self.decisions.total()

    @property
    def goes(self) -> int:
        return self.go_in_round.total()

    def share(self, decision: str) -> float | None:
        """Of all decided rounds, 0 to 1; None where none is decided."""
        return self.decisions[decision] / self.decided if self.decided else None

    @property
    def rounds_per_project(self) -> float | None:
        return self.decided / self.projects if self.projects else None

    @property
    def later_goes(self) -> int:
        """Goes that took three rounds or more."""
        return sum(number for at, number in self.go_in_round.items() if at > 2)


@dataclass(frozen=True)
class Debts:
    """Conditions of goes: how many were set, are met, are open, and are open past their day."""

    given: int = 0
    met: int = 0
    overdue: int = 0

    @property
    def open(self) -> int:
        return self.given - self.met


@dataclass(frozen=True)
class TimeInStage:
    """How long passages through one stage took. Args: median, longest: in days; again: passages after rework."""

    passages: int
    median: float
    longest: float
    again: int


@dataclass(frozen=True)
class Exits:
    """How often a light milestone was decided. Args: again: after rework."""

    decided: int = 0
    projects: int = 0
    again: int = 0


@dataclass(frozen=True)
class Report:
    """The whole report.

    Args:
        outcomes: by kind of review.
        by_category: by change category and kind.
        debts: by kind of review.
        exits: light milestones by the stage that they end.
        times: by stage; stages that nobody has left are not there.
        standing: projects by stage and status, as they are now.
    """

    outcomes: Mapping[str, Outcomes]
    by_category: Mapping[tuple[str, str], Outcomes]
    debts: Mapping[str, Debts]
    exits: Mapping[str, Exits]
    times: Mapping[str, TimeInStage]
    standing: Mapping[tuple[str, str], int]


def report(scope: Scope, now: datetime) -> Report:
    """Rounds decided and passages ended within the scope; conditions of these rounds, and projects, as they are now."""
    decided = Review.objects.filter(state=ReviewState.DECIDED, **scope.narrowed("decided_at", "category")).order_by()
    outcomes = {kind: Outcomes() for kind in ReviewKind.values}
    by_category: dict[tuple[str, str], Outcomes] = {}
    counted = decided.values_list("kind", "category", "round", "decision").annotate(number=Count("id"))
    for kind, category, at, decision, number in counted:
        for part in (outcomes[kind], by_category.setdefault((category, kind), Outcomes())):
            part.decisions[decision] += number
            if decision in GO_DECISIONS:
                part.go_in_round[at] += number
    for kind, number in decided.values_list("kind").annotate(number=Count("project", distinct=True)):
        outcomes[kind].projects = number
    return Report(outcomes, by_category, _debts(scope, now), _exits(scope), _times(scope), _standing(scope))


def _debts(scope: Scope, now: datetime) -> dict[str, Debts]:
    overdue = owed.overdue(now)
    rows = (
        Condition.objects.filter(
            review__decision__in=GO_DECISIONS, **scope.narrowed("review__decided_at", "review__category")
        )
        .order_by()
        .values_list("review__kind")
        .annotate(
            given=Count("id"),
            met=Count("id", filter=Q(closed_at__isnull=False)),
            overdue=Count("id", filter=Q(pk__in=overdue.values("pk"))),
        )
    )
    found = {kind: Debts(given, met, overdue) for kind, given, met, overdue in rows}
    return {kind: found.get(kind, Debts()) for kind in ReviewKind.values}


def _exits(scope: Scope) -> dict[str, Exits]:
    """Vision/Scope Approved, Scope Complete, Deployment Complete: decided in the period (EXT-19)."""
    rows = (
        StageExit.objects.filter(**scope.narrowed("at", "run__project__category"))
        .order_by()
        .values_list("run__stage")
        .annotate(
            decided=Count("id"),
            projects=Count("run__project", distinct=True),
            again=Count("id", filter=Q(run__iteration__gt=1)),
        )
    )
    return {stage: Exits(decided, projects, again) for stage, decided, projects, again in rows}


def _times(scope: Scope) -> dict[str, TimeInStage]:
    """Medians without a function that only one database has: the middle row of each stage, or the two middle ones."""
    took = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    stage = [F("stage")]
    middle = (
        StageRun.objects.filter(stage__in=STAGES, **scope.narrowed("ended_at", "project__category"))
        .exclude(ended_at=None)
        .annotate(took=took)
        .annotate(
            place=Window(RowNumber(), partition_by=stage, order_by=["took", "id"]),
            passages=Window(Count("id"), partition_by=stage),
            longest=Window(Max("took"), partition_by=stage),
            again=Window(Count("id", filter=Q(iteration__gt=1)), partition_by=stage),
        )
        .annotate(twice=F("place") * 2, end=F("passages") + 2)
        .filter(twice__gte=F("passages"), twice__lte=F("end"))
        .order_by()
        .values_list("stage", "took", "passages", "longest", "again")
    )
    found: dict[str, list[tuple[timedelta, int, timedelta, int]]] = {}
    for key, *row in middle:
        found.setdefault(key, []).append((row[0], row[1], row[2], row[3]))
    return {
        key: TimeInStage(
            passages=rows[0][1],
            median=sum(row[0] / DAY for row in rows) / len(rows),
            longest=rows[0][2] / DAY,
            again=rows[0][3],
        )
        for key, rows in found.items()
    }


def _standing(scope: Scope) -> dict[tuple[str, str], int]:
    projects = Project.objects.filter(category=scope.category) if scope.category else Project.objects.all()
    rows = projects.order_by().values_list("stage", "status").annotate(number=Count("id"))
    return {(stage, status): number for stage, status, number in rows}
