"""What another version of the rules or of a question would do: what differs, and which rounds and projects it meets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from projects.models import Project, Stage, Status, User
from reviews import terms
from reviews.catalog import REVIEW_TYPES
from reviews.models import OPEN_STATES, ChecklistAddition, Review, ReviewKind
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
class Reach:
    """Whom a change of the policy meets.

    Args:
        staying: open rounds, which stay as they are.
        coming: projects whose next round begins under it.
    """

    staying: Some[Review]
    coming: Some[Project]


@dataclass(frozen=True)
class Preview:
    after: Terms
    differences: list[Difference]
    reach: Reach
    unfilled: list[Unfilled]


@dataclass(frozen=True)
class QuestionPreview:
    """What the room will show in the place of what it shows now.

    Args:
        before: None for a new question.
        after: drafted or proposed; a draft has the number that it would get.
        leaving: projects whose next round asks the question no more.
    """

    before: ChecklistAddition | None
    after: ChecklistAddition
    differences: list[Difference]
    reach: Reach
    leaving: Some[Project] | None

    @property
    def code(self) -> str:
        """Nothing before a new question is proposed."""
        return self.after.code if self.after.question else ""


def preview(before: Terms, after: Terms, reader: User) -> Preview:
    """What differs, and whom it meets, of what the reader may see.

    Two queries for the rounds, two for the projects and two for each group of which more is asked.
    """
    coming = _coming(after.kind, [after.category], reader)
    return Preview(
        after=after,
        differences=terms.differences(before, after),
        reach=reach(after.kind, [after.category], reader),
        unfilled=[found for found in _unfilled(before, after, coming) if found.projects.count],
    )


def reach(kind: str, categories: Iterable[str], reader: User) -> Reach:
    """Rounds that are open and projects that are on their way to one, of what the reader may see. Four queries."""
    categories = list(categories)
    return Reach(_staying(kind, categories, reader), _some(_coming(kind, categories, reader)))


def _staying(kind: str, categories: Iterable[str], reader: User) -> Some[Review]:
    rounds = Review.objects.filter(kind=kind, category__in=categories, state__in=OPEN_STATES)
    seen = rounds.filter(project__in=Project.objects.visible_to(reader))
    return _some(seen.order_by("project__code", "round").select_related("project"))


def _coming(kind: str, categories: Iterable[str], reader: User) -> "QuerySet[Project]":
    return (
        Project.objects.visible_to(reader)
        .filter(category__in=categories, status__in=[Status.ACTIVE, Status.ON_HOLD])
        .filter(stage__in=BEFORE[ReviewKind(kind)])
        .exclude(pk__in=Review.objects.filter(kind=kind, state__in=OPEN_STATES).values("project"))
        .order_by("code")
    )


def question_preview(before: ChecklistAddition | None, after: ChecklistAddition, reader: User) -> QuestionPreview:
    """What the room will show, what of it differs from what holds now, and whom it meets; six queries at most."""
    old = before.categories if before else []
    gone = [category for category in old if category not in after.categories]
    return QuestionPreview(
        before=before,
        after=after,
        differences=_question_differences(before, after, reader) if before else [],
        reach=Reach(
            _staying(after.kind, {*old, *after.categories}, reader),
            _some(_coming(after.kind, after.categories, reader)),
        ),
        leaving=_some(_coming(after.kind, gone, reader)) if gone else None,
    )


def _question_differences(before: ChecklistAddition, after: ChecklistAddition, reader: User) -> list[Difference]:
    """All but the wording, which is compared word by word where it is shown."""
    said = [
        (_("Change categories"), before.category_names, after.category_names),
        (_("Section"), before.get_section_display(), after.get_section_display()),
        (_("Element of readiness"), before.element or _("none"), after.element or _("none")),
        (_("Must be fine for a go"), _yes_no(before.must), _yes_no(after.must)),
        (_("Where it comes from"), before.origin, after.origin),
    ]
    if before.origin_review_id != after.origin_review_id:
        taught = {row.origin_review.project_id for row in (before, after) if row.origin_review}
        seen = set(Project.objects.visible_to(reader).filter(pk__in=taught).values_list("pk", flat=True))
        said.append((_("Review it comes from"), _round(before.origin_review, seen), _round(after.origin_review, seen)))
    return [Difference(what, str(old), str(new)) for what, old, new in said if old != new]


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _round(review: Review | None, seen: set[int]) -> str:
    if review is None:
        return _("none")
    return (
        f"{review.project.code} {review.ref}" if review.project_id in seen else _("a review that is not yours to see")
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
