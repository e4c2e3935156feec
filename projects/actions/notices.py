"""Notices that could not be sent, tried again by an operator who has mended the reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import doorbell, ledger
from projects.blocker import NotAllowed, Refused
from projects.models import Notice, User


class NotFailed(Refused):
    """It was sent, waits to be sent, or is no longer needed."""


def require_operator(by: User) -> None:
    if not (by.is_operator and by.is_active):
        raise NotAllowed(_("Mails are tried again by an operator."))


@transaction.atomic
def retry(*, notice_id: int, by: User, now: datetime) -> Notice:
    """A failed notice waits to be sent again, with all its attempts before it. Raises: NotAllowed, NotFailed."""
    require_operator(by)
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None or notice.state != Notice.State.FAILED:
        raise NotFailed(_("This notice is not among those that failed: it was sent, is waiting or is not needed."))
    _again(notice, by=by, now=now)
    return notice


@transaction.atomic
def retry_all(*, by: User, now: datetime) -> int:
    """Every failed notice waits to be sent again; for after a wrong setting was mended. Raises: NotAllowed."""
    require_operator(by)
    failed = list(Notice.objects.select_for_update().filter(state=Notice.State.FAILED).order_by("pk"))
    for notice in failed:
        _again(notice, by=by, now=now)
    return len(failed)


def _again(notice: Notice, *, by: User, now: datetime) -> None:
    """The last error stays to be read until the mail has left."""
    notice.state, notice.attempts, notice.not_before, notice.claimed_until = Notice.State.PENDING, 0, now, None
    notice.save(update_fields=["state", "attempts", "not_before", "claimed_until"])
    ledger.record(
        project=notice.project,
        by=by,
        event="notice.retried",
        obj=notice,
        now=now,
        before={"state": Notice.State.FAILED, "error": notice.last_error},
        after={"state": notice.state, "recipient": notice.recipient, "message_id": notice.message_id},
    )
    doorbell.ring_after_commit()
