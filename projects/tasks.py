"""What the worker does for projects."""

import time

from celery import shared_task
from django.utils import timezone

from projects import notices

BATCH = 50
BUDGET = 50.0
"""Seconds after which a run leaves the rest to the next one."""


@shared_task(name="projects.tasks.deliver_notices", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def deliver_notices() -> int:
    """Due notices are sent, batch by batch, until none is left. Returns how many were sent.

    Safe to run twice, at once, or after a crash: each notice is claimed before it is sent.
    """
    started = time.monotonic()
    total = 0
    while time.monotonic() - started < BUDGET:
        done = notices.deliver_pending(timezone.now(), limit=BATCH)
        total += done.sent
        if done.outage or not (done.sent or done.retrying or done.failed or done.cancelled):
            break
    return total
