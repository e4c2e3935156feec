"""What a review leaves behind, asked for until each output is confirmed (Tables 2 and 3, SEED-64, SEED-88).

The outputs of a plan's review are asked for before Build ends, those of a release's before the project closes. Of an
emergency, the fix may go first: what its plan left behind is part of the record that is complete before it closes.
"""

from datetime import date, datetime

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.holders import holders, named
from projects.models import Category, Project, Stage
from reviews import gate_content, owed
from reviews.catalog import REVIEW_TYPES
from reviews.models import GO_DECISIONS, Review, ReviewItem, ReviewKind, ReviewState, Section


def output_blockers(project: Project, now: datetime) -> list[Blocker]:
    """Outputs of the newest go that the exit of the present stage waits for; the lower app asks through its port."""
    return [_blocker(project, review, item) for review, item in open_outputs(project, now)]


def open_outputs(project: Project, now: datetime) -> list[tuple[Review, ReviewItem]]:
    """Outputs of the newest go of each review that are asked for in the present stage and are not confirmed."""
    kinds = _asked_for(project)
    if not kinds:
        return []
    outputs = Prefetch("items", ReviewItem.objects.filter(section=Section.OUTPUT))
    gone = Review.objects.filter(project=project, kind__in=kinds, state=ReviewState.DECIDED, decision__in=GO_DECISIONS)
    rounds = gone.order_by("round").prefetch_related(outputs, "items__answers", "items__waivers")
    newest = {review.kind: review for review in rounds}
    today = owed.day_of(now)
    return [(newest[kind], item) for kind in kinds if kind in newest for item in _unconfirmed(newest[kind], today)]


def _asked_for(project: Project) -> tuple[ReviewKind, ...]:
    if project.stage == Stage.DEPLOY:
        return (ReviewKind.PPA, ReviewKind.RR)
    if project.stage == Stage.BUILD and project.category != Category.EMERGENCY:
        return (ReviewKind.PPA,)
    return ()


def _unconfirmed(review: Review, today: date) -> list[ReviewItem]:
    must = {kind.code for kind in REVIEW_TYPES[review.kind].items if kind.must}
    return [
        item for item in review.items.all() if item.code in must and gate_content.current_fine(item, today) is not True
    ]


def _blocker(project: Project, review: Review, item: ReviewItem) -> Blocker:
    taken_by = next(kind.accepted_by for kind in REVIEW_TYPES[review.kind].items if kind.code == item.code)
    return Blocker(
        code="output.open",
        text=_("%(ref)s, %(code)s is not confirmed: %(text)s")
        % {"ref": review.ref, "code": item.code, "text": item.text},
        owner=named(holders(project), *(taken_by or ("R-PGM",))),
        url=reverse("review", args=[project.code, review.ref]) + f"#{item.code}",
    )
