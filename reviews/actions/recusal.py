"""Declaring a conflict of interest, and what follows: whoever has one takes no part in judging (EXT-09)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import Refused
from projects.models import User
from reviews import delegating
from reviews.access import RoomSeat, live_room
from reviews.actions import delegations
from reviews.actions.changes import content_changed
from reviews.models import Declaration, Review


def concerned(room: RoomSeat, now: datetime) -> bool:
    """Whether the person judges in this round: takes part, chairs, or was lent a signature."""
    user, review = room.place.user, room.review
    if user.is_auditor:
        return False
    lent = any(each.delegate_id == user.pk and each.is_live(now) for each in delegating.delegations(review))
    return room.participant is not None or review.chair_id == user.pk or lent


@transaction.atomic
def declare(*, review_id: int, by: User, conflict: str, now: datetime) -> Declaration:
    """The person has a conflict of interest in what the round decides, or none.

    A conflict recuses for the whole round: no answer, no signature, no waiver, no chair. What is signed changes with
    it, and the chair is told that the group needs another person.

    Args:
        conflict: what it is; empty for none.

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by)
    if not concerned(room, now):
        room.require(False, _("A conflict of interest is declared by whoever takes part, for himself."))
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    if room.recused:
        raise Refused(_("Your conflict of interest is on record and stands for this round."))
    row = Declaration.objects.create(review=review, user=by, text=conflict.strip(), at=now)
    ledger.record(
        project=review.project,
        by=by,
        event="conflict.declared",
        obj=row,
        now=now,
        after={"ref": review.ref, **ledger.row(row)},
    )
    if row.text:
        _recuse(review, room, by=by, now=now)
    return row


def _recuse(review: Review, room: RoomSeat, *, by: User, now: datetime) -> None:
    delegations.end_of(review, by, by=by, now=now)
    participant = room.participant
    if participant is not None:
        participant.signs, participant.recused_at = False, now
        participant.save(update_fields=["signs", "recused_at"])
        notices.cancel(about=participant)
        ledger.record(
            project=review.project,
            by=by,
            event="participant.recused",
            obj=participant,
            now=now,
            after=ledger.snapshot(participant, "user", "signs", "recused_at"),
        )
    managers = [held.user for held in review.project.roles.all() if held.role in ("R-SM", "R-PGM")]
    for person in dict.fromkeys([review.chair, *managers]):
        if person.pk != by.pk:
            notices.queue(
                kind="conflict.declared",
                to=person,
                subject=_("%(person)s has a conflict of interest in %(ref)s of %(project)s")
                % {"person": by, "ref": review.ref, "project": review.project},
                body=_("Name another chair.") if review.chair_id == by.pk else _("See who else speaks for the group."),
                dedupe_key=f"conflict.declared:{review.pk}:{by.pk}:{person.pk}",
                now=now,
                project=review.project,
                path=review.get_absolute_url() + ("facts/" if review.chair_id == by.pk else "participants/"),
                about=review,
            )
    content_changed(review.pk, by=by, now=now)
