"""A delta round: what a change did not touch keeps the answer of the round before (EXT-16)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger
from projects.blocker import Refused
from projects.models import User
from reviews import carried, signing
from reviews.access import live_room
from reviews.actions.changes import content_changed
from reviews.models import Answer, ItemAnswer, Review, ReviewItem, ReviewState


@transaction.atomic
def ask_again(*, review_id: int, code: str, by: User, reason: str, now: datetime) -> ItemAnswer:
    """A carried answer counts no more: the question is open until somebody answers it in this round (EXT-16).

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by)
    room.require(room.chairs, _("A carried answer is set aside by the chair, %(chair)s.") % {"chair": review.chair})
    item = next((each for each in review.items.all() if each.code == code), None)
    given = signing.current_answer(item) if item is not None else None
    if item is None or given is None or not given.carried_from:
        raise Refused(_("%(code)s has no carried answer.") % {"code": code})
    if review.state not in (ReviewState.CONVENED, ReviewState.SIGNING):
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    if not reason.strip():
        raise Refused(_("Say why it is asked again: whoever answers reads it."))
    row = ItemAnswer.objects.create(
        item=item, number=given.number + 1, value=Answer.ASKED_AGAIN, reason=reason.strip(), assessor=by, at=now
    )
    ledger.record(
        project=review.project,
        by=by,
        event="item.asked_again",
        obj=row,
        now=now,
        before=ledger.snapshot(given, "value", "reason", "evidence"),
        after={"review": review.ref, "code": code, **ledger.row(row), "evidence_versions": []},
        reason=reason.strip(),
    )
    content_changed(review.pk, by=by, now=now)
    return row


def carry_over(review: Review, *, by: User, now: datetime) -> list[str]:
    """Questions that the change did not touch have the answer of the last decided round, marked as carried over.

    Args:
        review: just convened, with its inputs pinned.

    Returns: codes of the questions carried over.
    """
    found = carried.untouched(review)
    for item, answer, ref in found:
        _copy(review, item, answer, ref, by=by, now=now)
    return [item.code for item, _answer, _ref in found]


def _copy(review: Review, item: ReviewItem, answer: ItemAnswer, ref: str, *, by: User, now: datetime) -> None:
    versions = list(answer.evidence_versions.all())
    row = ItemAnswer.objects.create(
        item=item,
        number=1,
        value=answer.value,
        reason=answer.reason,
        evidence=answer.evidence,
        assessor=answer.assessor,
        at=answer.at,
        carried_from=ref,
    )
    row.evidence_versions.set(versions)
    ledger.record(
        project=review.project,
        by=by,
        event="item.carried_over",
        obj=row,
        now=now,
        after={"review": review.ref, "code": item.code, **ledger.row(row), "evidence_versions": versions},
    )
