"""What a release review leaves behind, tracked until each output is confirmed (Table 3, SEED-88)."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.holders import holders, named
from projects.models import Gate, Project
from reviews import gates, owed, signing
from reviews.catalog import REVIEW_TYPES
from reviews.models import GO_DECISIONS, Review, ReviewKind, ReviewState, Section


def closing_blockers(project: Project, now: datetime) -> list[Blocker]:
    """Outputs of the newest release review with a go that nobody has confirmed, and its conditions that are open.

    The lower app asks through its port.
    """
    return owed.condition_blockers(project, Gate.RELEASE) + _open_outputs(project, now)


def _open_outputs(project: Project, now: datetime) -> list[Blocker]:
    decided = Review.objects.filter(
        project=project, kind=ReviewKind.RR, state=ReviewState.DECIDED, decision__in=GO_DECISIONS
    )
    newest = decided.order_by("-round").first()
    if newest is None:
        return []
    review, today = signing.load(newest.pk), timezone.localdate(now)
    kinds = {kind.code: kind for kind in REVIEW_TYPES[ReviewKind.RR].items}
    waiting = [
        item
        for item in review.items.all()
        if item.section == Section.OUTPUT
        and item.code in kinds
        and kinds[item.code].must
        and gates.current_fine(item, today) is not True
    ]
    if not waiting:
        return []
    people = holders(project)
    return [
        Blocker(
            code="output.open",
            text=_("%(ref)s, %(code)s is not confirmed: %(text)s")
            % {"ref": review.ref, "code": item.code, "text": item.text},
            owner=named(people, *(kinds[item.code].accepted_by or ("R-PGM",))),
            url=reverse("review", args=[project.code, review.ref]) + f"#{item.code}",
        )
        for item in waiting
    ]
