"""What is set and recorded about the holding of a round: agenda, attendance, delivery confidence, and its minutes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger
from projects.blocker import Refused
from projects.models import User
from reviews import agenda, delegating, meeting, minutes, signing
from reviews.access import live_room
from reviews.actions.invitations import keep_invited
from reviews.models import (
    Attendance,
    Confidence,
    Delegation,
    DeliveryConfidence,
    Minutes,
    Presence,
    Review,
    ReviewState,
)


@dataclass(frozen=True, kw_only=True)
class Attended:
    """How one person took part.

    Args:
        how: a `Presence` value.
        delegate: printed name of who came instead; exactly where `how` is delegate. Left empty, it is the person to
            whom the signature is delegated now; by that name the attendance refers to the delegation.
    """

    person: User
    how: str
    delegate: str = ""


@transaction.atomic
def set_agenda(*, review_id: int, by: User, minutes: Mapping[str, int], now: datetime) -> Review:
    """The points of the meeting take so long, in minutes; whoever is called to it gets the invitation anew.

    Args:
        minutes: by code of the point; 0 leaves a point out. What is not given stays.

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.chairs, _("The agenda is set by the chair."))
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    usual = agenda.planned(review)
    if not set(minutes) <= set(usual) or not all(0 <= each <= agenda.LONGEST for each in minutes.values()):
        raise Refused(_("A point takes 0 to %(longest)d minutes.") % {"longest": agenda.LONGEST})
    wanted = {**usual, **minutes}
    if not any(wanted.values()):
        raise Refused(_("Give at least one point some minutes."))
    if wanted == usual:
        return review
    before = ledger.snapshot(review, "agenda")
    review.agenda = wanted
    review.save(update_fields=["agenda"])
    ledger.record(
        project=review.project,
        by=by,
        event="agenda.set",
        obj=review,
        now=now,
        before=before,
        after=ledger.snapshot(review, "agenda"),
    )
    keep_invited(review.pk, by=by, now=now)
    return review


@transaction.atomic
def record_attendance(*, review_id: int, by: User, attended: Iterable[Attended], now: datetime) -> list[Attendance]:
    """These people took part as given, before the decision; what was recorded earlier of them stays (EXT-09).

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.prepares, _("Attendance is recorded by the chair or the program manager."))
    if review.state not in (ReviewState.CONVENED, ReviewState.SIGNING):
        raise Refused(_("Attendance is recorded between the convening and the decision."))
    named = {person.user_id for person in review.participants.all()} | {review.chair_id}
    known, added = meeting.attendance(review), []
    for each in attended:
        if each.person.pk not in named:
            raise Refused(_("%(person)s does not take part.") % {"person": each.person})
        if each.how not in Presence.values:
            raise Refused(_("A person is present, remote, represented by a delegate, or absent."))
        delegate, lent = each.delegate.strip(), _lent(review, each.person, now)
        if each.how == Presence.DELEGATE and lent is not None:
            delegate = delegate or str(lent.delegate)
            lent = lent if delegate == str(lent.delegate) else None
        else:
            lent = None
        if each.how == Presence.DELEGATE and not delegate:
            raise Refused(_("Name who came instead of %(person)s.") % {"person": each.person})
        if each.how != Presence.DELEGATE and delegate:
            raise Refused(_("%(person)s is not represented: leave the delegate empty.") % {"person": each.person})
        told = {"how": each.how, "delegate": delegate, "delegation": lent}
        last = known.get(each.person.pk)
        if last is not None and {name: getattr(last, name) for name in told} == told:
            continue
        row = Attendance.objects.create(review=review, user=each.person, by=by, at=now, **told)
        added.append(row)
        ledger.record(
            project=review.project, by=by, event="attendance.recorded", obj=row, now=now, after=ledger.row(row)
        )
    return added


def _lent(review: Review, person: User, now: datetime) -> Delegation | None:
    """The delegation of the person's signature that holds now."""
    mine = (delegating.in_force(each, now) for each in review.participants.all() if each.user_id == person.pk)
    return next(mine, None)


@transaction.atomic
def judge_delivery(*, review_id: int, by: User, level: str, reasons: str, now: datetime) -> DeliveryConfidence:
    """How likely the delivery is held to be, with reasons. It decides nothing (EXT-12).

    Args:
        level: a `Confidence` value.

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.answers, _("Delivery confidence is judged by people named in the review."))
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    if level not in Confidence.values:
        raise Refused(_("Choose one of the five levels."))
    if not reasons.strip():
        raise Refused(_("Give the reasons: a level alone says nothing."))
    row = DeliveryConfidence.objects.create(review=review, level=level, reasons=reasons.strip(), by=by, at=now)
    ledger.record(project=review.project, by=by, event="confidence.judged", obj=row, now=now, after=ledger.row(row))
    return row


def freeze_minutes(review: Review, *, by: User, now: datetime) -> Minutes:
    """The minutes of the round just decided are kept as they are now; called by `decisions.decide` under its lock."""
    body = minutes.build(review)
    text = ledger.canonical(body)
    row = Minutes.objects.create(
        review=review, body=text, digest=ledger.digest(text), quorum=body["quorum"]["met"], at=now
    )
    ledger.record(
        project=review.project,
        by=by,
        event="minutes.frozen",
        obj=row,
        now=now,
        after=ledger.row(row, leave_out=("body",)),
    )
    return row
