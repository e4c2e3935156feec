"""Acknowledging what a round asks, before the first answer (SEED-91)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import ledger
from projects.blocker import Blocker, Refused
from projects.models import User
from reviews import signing
from reviews.access import live_room
from reviews.models import Acknowledgement, Answer, ItemAnswer, Mode, Review


class NotAcknowledged(Refused):
    """What a release review or a meeting asks is known to whoever answers before the first answer is saved."""


@transaction.atomic
def acknowledge(*, review_id: int, by: User, now: datetime) -> Acknowledgement:
    """The person has read what the round asks; said once, with the catalogue's version. Raises: NotAllowed, Refused."""
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.answers, _("Questions are acknowledged by people named in the review."))
    if not review.is_acknowledged_first:
        raise Refused(_("A plan review that does not meet asks nobody to acknowledge its questions."))
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    given, created = Acknowledgement.objects.get_or_create(
        review=review, user=by, defaults={"catalog_version": review.catalog_version, "at": now}
    )
    if created:
        ledger.record(
            project=review.project,
            by=by,
            event="review.acknowledged",
            obj=given,
            now=now,
            after={"ref": review.ref, **ledger.row(given)},
        )
    return given


def require(review: Review, by: User) -> None:
    """An answer may be saved by this person now.

    Whoever answers has acknowledged the questions; in a meeting, everybody who signs has, before the first answer.

    Raises: NotAcknowledged.
    """
    if not review.is_acknowledged_first:
        return
    known = set(review.acknowledgements.values_list("user_id", flat=True))
    if by.pk not in known:
        raise NotAcknowledged(
            _("Acknowledge the questions of this review first."),
            [
                Blocker(
                    code="questions.not_acknowledged",
                    text=_("Acknowledge the questions of this review first."),
                    url=reverse("acknowledge", args=[review.project.code, review.ref]),
                )
            ],
        )
    given = ItemAnswer.objects.filter(item__review=review, carried_from="").exclude(value=Answer.ASKED_AGAIN)
    if review.mode != Mode.MEETING or given.exists():
        return
    waiting = [str(each.user) for each in review.participants.all() if each.signs and each.user_id not in known]
    if waiting:
        raise NotAcknowledged(
            _("Before the first answer, everybody who signs acknowledges the questions. Waiting for: %(people)s.")
            % {"people": ", ".join(waiting)}
        )
