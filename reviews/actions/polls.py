"""A blind readiness poll: opened, answered unseen, revealed once all have answered or the chair closes it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import Refused
from projects.models import User
from reviews import signing
from reviews.access import live_room
from reviews.models import Poll, PollAnswer, Readiness, Review, ReviewState


def running(review: Review) -> Poll | None:
    """The poll that is open."""
    return Poll.objects.filter(review=review, closed_at__isnull=True).first()


def _signers(review: Review) -> dict[int, User]:
    return {person.user_id: person.user for person in review.participants.all() if person.signs}


def _require_time(review: Review) -> None:
    if review.state not in (ReviewState.CONVENED, ReviewState.SIGNING):
        raise Refused(_("A readiness poll is held between the convening and the decision."))


@transaction.atomic
def open_poll(*, review_id: int, by: User, now: datetime) -> Poll:
    """Everybody who signs is asked whether it is ready. Raises: NotAllowed, Blocked, Refused."""
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.prepares, _("A readiness poll is opened by the chair or the program manager."))
    _require_time(review)
    if running(review) is not None:
        raise Refused(_("A readiness poll is open already."))
    if not _signers(review):
        raise Refused(_("Nobody signs yet: name signers first."))
    poll = Poll.objects.create(review=review, opened_by=by, opened_at=now)
    ledger.record(
        project=review.project,
        by=by,
        event="poll.opened",
        obj=poll,
        now=now,
        after={"ref": review.ref, **ledger.row(poll)},
    )
    for person in _signers(review).values():
        notices.queue(
            kind="poll.opened",
            to=person,
            subject=_("Is %(ref)s of %(project)s ready?") % {"ref": review.ref, "project": review.project},
            body=_("Say what you think. Nobody sees it until all have answered or the chair closes the poll."),
            dedupe_key=f"poll.opened:{poll.pk}:{person.pk}",
            now=now,
            project=review.project,
            path=review.get_absolute_url() + "poll/",
            about=poll,
        )
    return poll


@transaction.atomic
def answer(*, review_id: int, by: User, value: str, text: str, now: datetime) -> PollAnswer:
    """The person has answered, or answers anew; the last one who answers closes the poll.

    The ledger tells who has answered and not what: the entry of the closing does.

    Args:
        value: a `Readiness` value.
        text: why; needed unless it is simply ready.

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.signs, _("The poll asks those who sign."))
    _require_time(review)
    poll = running(review)
    if poll is None:
        raise Refused(_("There is no open readiness poll: what was answered is shown."))
    if value not in Readiness.values:
        raise Refused(_("Choose: ready, ready with concerns, or not ready."))
    if value != Readiness.READY and not text.strip():
        raise Refused(_("Say why: the others read it once all have answered."))
    row, _made = PollAnswer.objects.update_or_create(
        poll=poll, user=by, defaults={"value": value, "text": text.strip(), "at": now}
    )
    ledger.record(
        project=review.project, by=by, event="poll.answered", obj=row, now=now, after={"ref": review.ref, "user": by}
    )
    notices.cancel(about=poll, to=by)
    if set(_signers(review)) <= set(poll.answers.values_list("user_id", flat=True)):
        _close(poll, review, by=by, now=now)
    return row


@transaction.atomic
def close(*, review_id: int, by: User, now: datetime) -> Poll:
    """The poll is over, and what was answered is shown with names. Raises: NotAllowed, Blocked, Refused."""
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.chairs, _("A readiness poll is closed by the chair."))
    poll = running(review)
    if poll is None:
        raise Refused(_("There is no open readiness poll."))
    _close(poll, review, by=by, now=now)
    return poll


def close_open(review: Review, *, by: User, now: datetime) -> None:
    """What is still open ends with the decision; called by `decisions.decide` under its lock."""
    poll = running(review)
    if poll is not None:
        _close(poll, review, by=by, now=now)


def _close(poll: Poll, review: Review, *, by: User, now: datetime) -> None:
    poll.closed_at, poll.closed_by = now, by
    poll.save(update_fields=["closed_at", "closed_by"])
    notices.cancel(about=poll)
    ledger.record(
        project=review.project,
        by=by,
        event="poll.closed",
        obj=poll,
        now=now,
        after={
            "ref": review.ref,
            **ledger.snapshot(poll, "closed_at", "closed_by"),
            "answers": [
                {"person": str(row.user), "value": row.value, "text": row.text}
                for row in poll.answers.select_related("user")
            ],
        },
    )
