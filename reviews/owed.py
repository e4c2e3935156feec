"""What decided rounds leave owed, whoever asks: conditions that bind, rounds that are looked at again.

A later go of the same review stands in the place of an earlier one, and what it carries in the place of what that one
carried; see docs/decisions/conditions-that-bind.md.
"""

from django.db.models import Exists, OuterRef, QuerySet

from reviews.models import GO_DECISIONS, Condition, Decision, Review, ReviewState


def binding() -> "QuerySet[Condition]":
    """Open conditions of the newest go of each review of each project (EXT-06)."""
    later_go = Review.objects.filter(
        project=OuterRef("review__project"),
        kind=OuterRef("review__kind"),
        round__gt=OuterRef("review__round"),
        decision__in=GO_DECISIONS,
    )
    return Condition.objects.filter(~Exists(later_go), review__decision__in=GO_DECISIONS, closed_at__isnull=True)


def to_look_at_again() -> "QuerySet[Review]":
    """Rounds that were held or postponed to a day, and that no later round of the same review has followed (EXT-22)."""
    later = Review.objects.filter(
        project=OuterRef("project"), kind=OuterRef("kind"), round__gt=OuterRef("round")
    ).exclude(state=ReviewState.WITHDRAWN)
    return Review.objects.filter(
        ~Exists(later), decision__in=[Decision.HOLD, Decision.NO_GO_POSTPONED], next_review_on__isnull=False
    )
