"""What another version of the rules would do: to which rounds, and which projects have nobody for what it asks."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Count, Q, QuerySet

from projects.models import Project, Stage, Status, User
from reviews import terms
from reviews.catalog import REVIEW_TYPES
from reviews.models import OPEN_STATES, Review, ReviewKind
from reviews.terms import Difference, Terms

T = TypeVar("T")
M = TypeVar("M", Project, Review)
SHOWN = 20
# Stages in which the review that lets a project on is still to come.
BEFORE = {
    ReviewKind.PPA: (Stage.REGISTERED, Stage.ENVISION, Stage.PLANNING),
    ReviewKind.RR: (Stage.REGISTERED, Stage.ENVISION, Stage.PLANNING, Stage.BUILD, Stage.STABILIZE),
}


@dataclass(frozen=True)
class Some(Generic[T]):
    """The first of many."""

    count: int
    first: list[T]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True)
class Unfilled:
    """Projects in which fewer people hold a role of the group than would be asked for."""

    group: str
    wanted: int
    projects: Some[Project]


@dataclass(frozen=True)
class Preview:
    """Args: staying: open rounds, which keep their version. coming: projects whose next round begins under it."""

    after: Terms
    differences: list[Difference]
    staying: Some[Review]
    coming: Some[Project]
    unfilled: list[Unfilled]


def preview(before: Terms, after: Terms, reader: User) -> Preview:
    """What differs, and whom it meets, of what the reader may see.

    Two queries for the rounds, two for the projects and two for each group of which more is asked.
    """
    seen = Project.objects.visible_to(reader)
    open_rounds = Review.objects.filter(
        kind=after.kind, category=after.category, state__in=OPEN_STATES, project__in=seen
    ).order_by("project__code")
    coming = (
        seen.filter(category=after.category, status__in=[Status.ACTIVE, Status.ON_HOLD])
        .filter(stage__in=BEFORE[ReviewKind(after.kind)])
        .exclude(pk__in=Review.objects.filter(kind=after.kind, state__in=OPEN_STATES).values("project"))
        .order_by("code")
    )
    return Preview(
        after=after,
        differences=terms.differences(before, after),
        staying=_some(open_rounds.select_related("project")),
        coming=_some(coming),
        unfilled=[found for found in _unfilled(before, after, coming) if found.projects.count],
    )


def _some(rows: "QuerySet[M]") -> Some[M]:
    return Some(rows.count(), list(rows[:SHOWN]))


def _unfilled(before: Terms, after: Terms, coming: "QuerySet[Project]") -> list[Unfilled]:
    found = []
    for group in REVIEW_TYPES[after.kind].groups:
        wanted = _people(after, group.code)
        if wanted > _people(before, group.code) or _newly_signs(before, after, group.code):
            held = Q(roles__role__in=group.roles, roles__ends_on__isnull=True, roles__user__is_active=True)
            if after.place_of(group.code) == terms.SIGNS:
                held &= Q(roles__user__is_auditor=False)
            people = coming.annotate(people=Count("roles__user", distinct=True, filter=held))
            found.append(Unfilled(group.name, wanted, _some(people.filter(people__lt=wanted))))
    return found


def _people(held: Terms, group: str) -> int:
    return max(held.quorum.get(group, 0), int(bool(held.place_of(group))))


def _newly_signs(before: Terms, after: Terms, group: str) -> bool:
    return after.place_of(group) == terms.SIGNS != before.place_of(group)
