"""Conditions that a go carries (EXT-06): added and taken back while the round is open, their day moved afterwards."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import NotAllowed, Refused
from projects.models import User
from reviews import owed, signing
from reviews.access import live_room
from reviews.actions.answers import require_convened
from reviews.actions.changes import content_changed
from reviews.models import Condition, ConditionMove, Review


@transaction.atomic
def add(
    *, review_id: int, by: User, text: str, consequence: str, owner: User, due_on: date, now: datetime
) -> Condition:
    """A dated debt is proposed that a go of this round will carry; signers sign it (EXT-06).

    Raises: NotAllowed, NotConvened, Refused.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.prepares, _("Conditions are set by the chair or the program manager."))
    require_convened(review)
    if not (text.strip() and consequence.strip()):
        raise Refused(_("A condition says what is to be done and what follows if it is not."))
    if due_on < owed.day_of(now):
        raise Refused(_("A condition is due today or later."))
    if not owner.is_active:
        raise Refused(_("%(person)s has left.") % {"person": owner})
    condition = Condition.objects.create(
        review=review,
        number=(Condition.ever.filter(review=review).aggregate(last=Max("number"))["last"] or 0) + 1,
        text=text.strip(),
        consequence=consequence.strip(),
        owner=owner,
        due_on=due_on,
        created_at=now,
        created_by=by,
    )
    ledger.record(
        project=review.project,
        by=by,
        event="condition.added",
        obj=condition,
        now=now,
        after=ledger.row(condition),
    )
    content_changed(review.pk, by=by, now=now)
    return condition


@transaction.atomic
def move_day(*, condition_id: int, by: User, to_on: date, reason: str, now: datetime) -> ConditionMove:
    """Another day binds from now on; the signed one stays on record, and who signed is told.

    A go that was on hold because this condition was overdue counts again.

    Args:
        to_on: one of `owed.days_to_move`.

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(Condition.objects.values_list("review_id", flat=True).get(pk=condition_id), by)
    row = Condition.objects.select_related("owner", "review__chair", "review__project").get(pk=condition_id)
    movers = owed.movers(row, review.recused)
    who = ", ".join(map(str, movers))
    if by.pk == row.owner_id:
        ask = _("Ask %(who)s.") % {"who": who} if movers else _("Nobody else is there to move it.")
        raise NotAllowed(_("You own this condition: somebody else moves its day. %(ask)s") % {"ask": ask})
    room.require(by in movers, _("The day of a condition is moved by %(who)s.") % {"who": who})
    if row.closed_at is not None:
        raise Refused(_("It is closed already."))
    if not owed.binding().filter(pk=row.pk).exists():
        raise Refused(_("Only a condition that binds is moved: it is open, and its go is the newest of its review."))
    days = owed.days_to_move(row, now)
    if days is None:
        raise Refused(_("Its day cannot be moved further. Who needs longer asks those who signed, in another round."))
    first, last = days
    if to_on > last:
        raise Refused(
            _("New day: %(last)s at the latest. Who needs longer asks those who signed, in another round.")
            % {"last": date_format(last, "j M Y")}
        )
    if to_on < first:
        raise Refused(
            _("New day: later than %(day)s and not past, %(last)s at the latest.")
            % {"day": date_format(row.day, "j M Y"), "last": date_format(last, "j M Y")}
        )
    if not reason.strip():
        raise Refused(_("Why it is moved: say it, everybody who signed reads it."))
    number = (row.moves.aggregate(last=Max("number"))["last"] or 0) + 1
    move = ConditionMove.objects.create(
        condition=row, number=number, from_on=row.day, to_on=to_on, reason=reason.strip(), at=now, by=by
    )
    about = {"review": review.ref, "condition_number": row.number}
    ledger.record(
        project=review.project,
        by=by,
        event="condition.moved",
        obj=move,
        now=now,
        after={**about, **ledger.row(move)},
        reason=move.reason,
    )
    before = ledger.snapshot(row, "moved_to")
    row.moved_to = to_on
    row.save(update_fields=["moved_to"])
    ledger.record(
        project=review.project,
        by=by,
        event="condition.bound",
        obj=row,
        now=now,
        before=before,
        after={"review": review.ref, **ledger.snapshot(row, "number", "moved_to")},
    )
    notices.cancel(about=row)
    _tell(review, row, move, now)
    return move


@transaction.atomic
def take_back(*, condition_id: int, by: User, reason: str, now: datetime) -> Condition:
    """A condition of an open round binds nobody any more; who signed it is asked again. Its number stays taken.

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(
        Condition.ever.values_list("review_id", flat=True).get(pk=condition_id), by, load=signing.load_people
    )
    room.require(room.prepares, _("Conditions are set and taken back by the chair or the program manager."))
    row = Condition.ever.get(pk=condition_id)
    if row.taken_back_at is not None:
        raise Refused(_("%(condition)s has been taken back already.") % {"condition": row})
    if not review.is_open:
        raise Refused(_("%(ref)s is over: its conditions stay as they were signed.") % {"ref": review.ref})
    if not reason.strip():
        raise Refused(_("Why it is taken back: say it, whoever has signed it reads it."))
    row.taken_back_at, row.taken_back_by, row.taken_back_why = now, by, reason.strip()
    columns = ["taken_back_at", "taken_back_by", "taken_back_why"]
    row.save(update_fields=columns)
    ledger.record(
        project=review.project,
        by=by,
        event="condition.taken_back",
        obj=row,
        now=now,
        after={"review": review.ref, **ledger.snapshot(row, "number", *columns)},
        reason=row.taken_back_why,
    )
    content_changed(review.pk, by=by, now=now)
    return row


def _tell(review: Review, row: Condition, move: ConditionMove, now: datetime) -> None:
    """The owner and everybody who signs the round: it is their signature that the day stood under."""
    people = [row.owner, *(each.user for each in review.participants.all() if each.signs)]
    facts = {
        "condition": row,
        "ref": review.ref,
        "from": date_format(move.from_on, "j M Y"),
        "to": date_format(move.to_on, "j M Y"),
    }
    for person in dict.fromkeys(people):
        if person.pk != move.by_id and person.is_active:
            notices.queue(
                kind="condition.moved",
                to=person,
                subject=_("%(condition)s of %(ref)s is due on %(to)s, not %(from)s") % facts,
                body=_("%(person)s has moved the day: %(reason)s") % {"person": move.by, "reason": move.reason},
                dedupe_key=f"condition.moved:{move.pk}:{person.pk}",
                now=now,
                project=review.project,
                path=review.get_absolute_url() + "#conditions",
                about=row,
            )
