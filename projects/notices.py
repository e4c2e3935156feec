"""The outbox. `queue` writes a notice in the caller's transaction; `deliver_pending` sends what is due by mail."""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import Q

from projects import doorbell, ledger, mail
from projects.models import Notice, Project, User

logger = logging.getLogger(__name__)

BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)]
"""How long a notice rests after its first, second, ... failed attempt; after one more it has failed."""
MAX_ATTEMPTS = len(BACK_OFF) + 1


def queue(
    *,
    kind: str,
    to: User,
    subject: str,
    body: str,
    dedupe_key: str,
    now: datetime,
    project: Project | None = None,
    path: str = "",
    calendar: str = "",
    about: models.Model | None = None,
    not_before: datetime | None = None,
) -> Notice | None:
    """A notice waits to be sent, unless one with this key was queued before (then None).

    Args:
        kind: what it is about, e.g. ``sign_off.requested``; one template and one preference per kind.
        path: address on this site that the mail links to.
        calendar: an iCalendar object with a METHOD, for the recipient's calendar.
        about: the row it concerns; `cancel` finds the notice by it.
        dedupe_key: says "this very fact, to this very person"; a second one is not made.
        now, not_before: aware moments; it is sent at `not_before`, at once when that is None.
    """
    subject = f"[{project.code}] {subject}" if project and project.code not in subject else subject
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    notice, made = Notice.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "project": project,
            "recipient": to,
            "subject": mail.one_line(subject),
            "body": body,
            "path": path,
            "calendar": calendar,
            "object_type": about._meta.label_lower if about else "",
            "object_id": str(about.pk) if about else "",
            "message_id": f"<{uuid.uuid4().hex}@{host}>",
            "created_at": now,
            "not_before": not_before or now,
        },
    )
    if made and notice.not_before <= now:
        doorbell.ring_after_commit()
    return notice if made else None


def cancel(*, about: models.Model, to: User | None = None, kinds: list[str] | None = None) -> int:
    """Notices about this row are no longer sent (to this person, of these kinds), nor offered to be tried again.

    Returns how many.
    """
    waiting = Notice.objects.filter(
        state__in=[Notice.State.PENDING, Notice.State.FAILED],
        object_type=about._meta.label_lower,
        object_id=str(about.pk),
    )
    if to is not None:
        waiting = waiting.filter(recipient=to)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(state=Notice.State.CANCELLED)


def quieten(*, until: datetime, keep: Iterable[models.Model] = (), kinds: Sequence[str] = ()) -> int:
    """Waiting notices made before `until` are not sent any more: history that was loaded is no news. Returns how many.

    Args:
        keep, kinds: rows that still wait for somebody; notices of these kinds about them are sent from `until` on.
    """
    waiting = Notice.objects.filter(state=Notice.State.PENDING, created_at__lt=until)
    for row in keep:
        about = waiting.filter(object_type=row._meta.label_lower, object_id=str(row.pk), kind__in=kinds)
        if about.update(not_before=until):
            doorbell.ring_after_commit()
    return waiting.filter(not_before__lt=until).update(state=Notice.State.CANCELLED)


@dataclass
class Delivered:
    """What one call of `deliver_pending` did.

    Args:
        sent, retrying, failed, cancelled: how many notices ended so.
        outage: why the mail server could not be reached; empty when it could, or nothing was due.
    """

    sent: int = 0
    retrying: int = 0
    failed: int = 0
    cancelled: int = 0
    outage: str = ""


def deliver_pending(now: datetime, *, limit: int) -> Delivered:
    """At most `limit` due notices are sent, each by one worker, however many run at once.

    Each notice is claimed with one conditional UPDATE just before it is sent, outside any transaction, and marked just
    after. So a worker that dies leaves at most one mail that was sent and not marked; when the claim has run out
    (``NOTICE_LEASE_SECONDS``) that one is sent again under the same Message-ID.

    A mail server that cannot be reached ends the batch and costs no notice an attempt: an outage of days loses nothing.

    Args:
        now: aware; the clock runs on from it while the batch lasts.
    """
    done = Delivered()
    clock = _running_from(now)
    due = list(_due(now).select_related("recipient", "project").order_by("not_before", "id")[:limit])
    if not due:
        return done
    line = mail.connection()
    try:
        for notice in due:
            try:
                line.open()
            except mail.OUTAGE as error:
                done.outage = mail.explained(error)
                logger.warning("The mail server cannot be reached: %s", done.outage)
                _due(clock()).filter(pk=notice.pk).update(last_error=done.outage)
                break
            if _claim(notice, clock()):
                _send(notice, line, clock, done)
    finally:
        _hang_up(line)
    return done


def _running_from(now: datetime) -> Callable[[], datetime]:
    """A clock that showed `now` when it was made. Leases and `sent_at` in a long batch need the true moment."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


def _due(moment: datetime) -> models.QuerySet[Notice]:
    """Notices to be sent at that moment and claimed by nobody; a claim that ran out counts no more."""
    return Notice.objects.filter(state=Notice.State.PENDING, not_before__lte=moment).filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=moment)
    )


def _claim(notice: Notice, moment: datetime) -> bool:
    """The notice is ours until the lease runs out; False when another worker was first or it is no longer needed.

    One UPDATE whose condition the database checks under its own row lock: no lock of ours, the same on SQLite and
    PostgreSQL. The attempt is counted here, so that a mail which kills its worker is not tried for ever.
    """
    lease, attempt = moment + timedelta(seconds=settings.NOTICE_LEASE_SECONDS), notice.attempts + 1
    as_read = _due(moment).filter(pk=notice.pk, attempts=notice.attempts)
    if not as_read.update(claimed_until=lease, attempts=attempt):
        return False
    notice.claimed_until, notice.attempts = lease, attempt
    return True


def _send(notice: Notice, line: BaseEmailBackend, clock: Callable[[], datetime], done: Delivered) -> None:
    """One claimed notice is sent and marked, or its failure is."""
    if not notice.recipient.is_active:
        done.cancelled += _mark(notice, state=Notice.State.CANCELLED, last_error="The recipient's account is closed.")
        return
    if notice.attempts > MAX_ATTEMPTS:
        done.failed += _fail(notice, notice.last_error or "The worker ended each time this was being sent.", clock())
        return
    try:
        line.send_messages([mail.message(notice)])
    except Exception as error:  # whatever it is, the next notice must still get its turn
        _hang_up(line)
        why = mail.explained(error)
        logger.warning("Notice %s was not sent (attempt %s): %s", notice.pk, notice.attempts, why)
        if mail.is_permanent(error) or notice.attempts >= MAX_ATTEMPTS:
            done.failed += _fail(notice, why, clock())
        else:
            again = clock() + BACK_OFF[notice.attempts - 1]
            done.retrying += _mark(notice, last_error=why, not_before=again)
        return
    done.sent += _sent(notice, clock())


def _sent(notice: Notice, moment: datetime) -> int:
    """The notice is marked and the ledger says so. Also when it was cancelled meanwhile: the mail did leave."""
    with transaction.atomic():
        marked = Notice.objects.filter(pk=notice.pk, sent_at__isnull=True).update(
            state=Notice.State.SENT, sent_at=moment, claimed_until=None, last_error=""
        )
        if marked:
            _record(notice, moment, event="notice.sent")
    return marked


def _fail(notice: Notice, why: str, moment: datetime) -> int:
    with transaction.atomic():
        marked = _mark(notice, state=Notice.State.FAILED, last_error=why)
        if marked:
            _record(notice, moment, event="notice.failed", error=why)
    return marked


def _mark(notice: Notice, **fields: object) -> int:
    """The claim ends with these fields, if it is still ours."""
    ours = Notice.objects.filter(pk=notice.pk, state=Notice.State.PENDING, claimed_until=notice.claimed_until)
    return ours.update(claimed_until=None, **fields)


def _record(notice: Notice, moment: datetime, *, event: str, **more: str) -> None:
    """Who was told what and when is evidence: it stands in the project's chain."""
    ledger.record(
        project=notice.project,
        by=None,
        event=event,
        obj=notice,
        now=moment,
        after={
            "kind": notice.kind,
            "recipient": notice.recipient,
            "subject": notice.subject,
            "message_id": notice.message_id,
            **more,
        },
    )


def _hang_up(line: BaseEmailBackend) -> None:
    """The connection is closed; one that is already dead is no news."""
    try:
        line.close()
    except mail.OUTAGE as error:
        logger.debug("The mail server did not say goodbye: %s", error)
