"""What the worker does for projects."""

import time
from functools import partial

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from projects import held, notices
from projects.actions import importing
from projects.models import ImportRun

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


@shared_task(name="projects.tasks.run_imports", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_imports() -> int:
    """Started imports are done or refused, one after the other. Returns how many.

    Safe to run twice, at once, or after a crash: an import that died half-way has written nothing and begins anew.
    """
    started = ImportRun.objects.filter(state=ImportRun.State.RUNNING).order_by("pk").values_list("pk", flat=True)
    for run_id in list(started):
        importing.run_started(run_id=run_id, now=timezone.now(), progress=partial(_tell_progress, run_id))
    return len(started)


@shared_task(name="projects.tasks.sweep_held_uploads", ignore_result=True)
def sweep_held_uploads() -> int:
    """Files that were held for a form for a day are deleted. Returns how many. Safe to run twice."""
    return held.sweep(now=timezone.now())


def _tell_progress(run_id: int, done: int) -> None:
    cache.set(importing.progress_key(run_id), done, 3600)
