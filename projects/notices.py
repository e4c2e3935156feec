"""The outbox. `queue` writes a notice in the caller's transaction; `deliver_pending` sends what is due by mail."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models

from projects.models import Notice, Project, User


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
    about: models.Model | None = None,
    not_before: datetime | None = None,
) -> Notice | None:
    """A notice waits to be sent, unless one with this key was queued before (then None).

    Args:
        kind: what it is about, e.g. ``sign_off.requested``; one template and one preference per kind.
        path: address on this site that the mail links to.
        about: the row it concerns; `cancel` finds the notice by it.
        dedupe_key: says "this very fact, to this very person"; a second one is not made.
        now, not_before: aware moments; it is sent at `not_before`, at once when that is None.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    notice, made = Notice.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "project": project,
            "recipient": to,
            "subject": subject,
            "body": body,
            "path": path,
            "object_type": about._meta.label_lower if about else "",
            "object_id": str(about.pk) if about else "",
            "message_id": f"<{uuid.uuid4().hex}@{host}>",
            "created_at": now,
            "not_before": not_before or now,
        },
    )
    return notice if made else None


def cancel(*, about: models.Model, to: User | None = None, kinds: list[str] | None = None) -> int:
    """Waiting notices about this row are no longer sent (to this person, of these kinds). Returns how many."""
    waiting = Notice.objects.filter(
        state=Notice.State.PENDING, object_type=about._meta.label_lower, object_id=str(about.pk)
    )
    if to is not None:
        waiting = waiting.filter(recipient=to)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(state=Notice.State.CANCELLED)
