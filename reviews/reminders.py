"""Which notices about reviews are due, and their texts."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects import notices
from projects.ledger import utc
from reviews.models import Participant, Review


def notify_sign_off_requested(participant: Participant, now: datetime) -> None:
    """The signer is told that a sign-off waits, and until when."""
    review = participant.review
    if participant.asked_at is None or review.sign_off_due_at is None:
        return
    notices.queue(
        kind="sign_off.requested",
        to=participant.user,
        subject=_("Please sign %(ref)s of %(project)s") % {"ref": review.ref, "project": review.project},
        body=_("Your sign-off is wanted by %(due)s UTC.") % {"due": review.sign_off_due_at.strftime("%d %b %Y %H:%M")},
        dedupe_key=f"sign_off.requested:{review.pk}:{participant.pk}:{utc(participant.asked_at)}",
        now=now,
        project=review.project,
        path=reverse("sign", args=[review.project.code, review.ref]),
        about=participant,
    )


def notify_decided(review: Review, now: datetime) -> None:
    """Everybody who took part is told the decision."""
    for participant in review.participants.filter(removed_at__isnull=True).select_related("user"):
        notices.queue(
            kind="review.decided",
            to=participant.user,
            subject=_("%(ref)s of %(project)s: %(decision)s")
            % {"ref": review.ref, "project": review.project, "decision": review.get_decision_display()},
            body=review.decision_reason or _("The decision and its record are on the review's page."),
            dedupe_key=f"review.decided:{review.pk}:{participant.user_id}",
            now=now,
            project=review.project,
            path=review.get_absolute_url(),
            about=review,
        )
