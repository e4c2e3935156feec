"""Calling people to the meeting of a round: invited, told of changes, told that it is off."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from projects import ledger, mail, notices
from projects.models import User
from reviews import agenda, invitation
from reviews.models import MeetingCall, Mode, Review, ReviewState

KINDS = ["meeting.called", "meeting.called_off"]


def keep_invited(review_id: int, *, by: User, now: datetime) -> MeetingCall | None:
    """Everybody who takes part has the meeting in the calendar as it is now, and nobody else has.

    From the convening on, a round that meets at a known time calls its people. A new time, place, chair or agenda is
    told to all of them; who is named or taken out alone gets an invitation or its end. Called within the transaction
    that changed one of these, under the project's lock. Nothing follows where nothing changed or the meeting is past.
    A round that is decided before it was to begin meets no more; once it has begun, the decision is its end.

    Returns: the call that was added.
    """
    review = Review.objects.select_related("project", "chair").get(pk=review_id)
    if review.convened_at is None:
        return None
    last = review.calls.select_related("chair").last()
    called = None if last is None or last.cancelled else last
    if review.state == ReviewState.DECIDED and (called is None or called.starts_at <= now):
        return None
    wanted = _wanted(review)
    to_come = [called is not None and called.ends_at > now, wanted is not None and wanted["ends_at"] > now]
    if not any(to_come):
        return None
    before = set(called.people) if called else set()
    if wanted is None and called is not None:
        kept = {name: getattr(called, name) for name in ("starts_at", "ends_at", "place", "chair", "agenda")}
        call = _add(review, last, by=by, now=now, people=called.people, cancelled=True, **kept)
        _tell(review, call, before, invitation.CANCEL)
        return call
    slot, people = wanted or {}, _people(review)
    moved = called is None or any(getattr(called, name) != value for name, value in slot.items())
    if not moved and before == set(people):
        return None
    call = _add(review, last, by=by, now=now, people=people, cancelled=False, **slot)
    _tell(review, call, set(people) if moved else set(people) - before, invitation.REQUEST, known=before)
    _tell(review, call, before - set(people), invitation.CANCEL)
    return call


def _wanted(review: Review) -> dict[str, Any] | None:
    """When, where and under whom the round meets; None where it does not."""
    if not review.is_open or review.mode != Mode.MEETING or review.scheduled_for is None:
        return None
    start, minutes = review.scheduled_for, agenda.planned(review)
    return {
        "starts_at": start,
        "ends_at": start + agenda.length(minutes),
        "place": review.place,
        "chair": review.chair,
        "agenda": minutes,
    }


def _people(review: Review) -> list[int]:
    named = review.participants.filter(removed_at__isnull=True, user__is_active=True)
    return sorted({review.chair_id, *named.values_list("user_id", flat=True)})


def _add(review: Review, last: MeetingCall | None, *, by: User, now: datetime, **told: Any) -> MeetingCall:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    call = MeetingCall.objects.create(
        review=review,
        sequence=last.sequence + 1 if last else 0,
        uid=last.uid if last else f"{uuid.uuid4().hex}@{host}",
        by=by,
        at=now,
        **told,
    )
    ledger.record(
        project=review.project,
        by=by,
        event="meeting.called_off" if call.cancelled else "meeting.called",
        obj=call,
        now=now,
        after=ledger.row(call),
    )
    return call


def _tell(
    review: Review, call: MeetingCall, whom: Collection[int], method: str, *, known: Collection[int] = ()
) -> None:
    """An invitation names everybody who is called; the end of one names those for whom it is off.

    Args:
        known: who has an invitation already, which this one replaces.
    """
    told = list(User.objects.filter(pk__in=whom).order_by("name"))
    named = told if method == invitation.CANCEL else list(User.objects.filter(pk__in=call.people).order_by("name"))
    calendar = invitation.object_for(review, call, method, to=named)
    kind = "meeting.called_off" if method == invitation.CANCEL else "meeting.called"
    points = agenda.begun(call.agenda, call.starts_at)
    for person in told:
        notices.cancel(about=review, to=person, kinds=KINDS)  # what still waits to be sent is out of date
        words = mail.worded(
            kind,
            to=person,
            review=review,
            project=review.project,
            call=call,
            points=agenda.in_words(points, person),
            again=person.pk in known,
        )
        notices.queue(
            kind=kind,
            to=person,
            subject=words.subject,
            body=words.body,
            dedupe_key=f"{kind}:{call.pk}:{person.pk}",
            now=call.at,
            project=review.project,
            path=review.get_absolute_url(),
            calendar=calendar,
            about=review,
        )
