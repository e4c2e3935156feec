"""Tells the worker that notices wait. Only a doorbell: beat sweeps the outbox anyway, so a lost ring loses nothing."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.db import transaction
from kombu.connection import Connection
from kombu.pools import producers

logger = logging.getLogger(__name__)

TASK = "projects.tasks.deliver_notices"
IMPORTS_TASK = "projects.tasks.run_imports"
PATIENCE = 0.5
"""Seconds that a request waits for the broker, at most, per network step."""
SULK = 30.0
"""Seconds during which a broker that did not answer is not rung again by this process."""

_silent_until = 0.0
_muffled: ContextVar[bool] = ContextVar("doorbell_muffled", default=False)


@contextmanager
def muffled() -> Iterator[None]:
    """Nothing queued inside rings: for loading history, where a thousand notices are no news."""
    token = _muffled.set(True)
    try:
        yield
    finally:
        _muffled.reset(token)


def ring_after_commit() -> None:
    """The worker is told once when this transaction commits, however many notices it wrote."""
    if _muffled.get():
        return
    database = transaction.get_connection()
    here = set(database.savepoint_ids)
    for savepoints, callback, *_ in database.run_on_commit:
        # One registered in a savepoint that can still be rolled back on its own does not stand for this one.
        if callback is ring and savepoints <= here:
            return
    transaction.on_commit(ring, robust=True)


def ring() -> None:
    """The worker looks at the outbox now."""
    _send(TASK)


def ring_imports() -> None:
    """The worker looks at the imports that were started now."""
    _send(IMPORTS_TASK)


def _send(task: str) -> None:
    """One task is put to the broker. Never raises, never waits long; a dead broker is left alone for a while."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with producers[_line()].acquire(block=True, timeout=PATIENCE) as producer:
            current_app.send_task(task, producer=producer, retry=False, ignore_result=True, expires=60)
    except Exception as error:
        _silent_until = time.monotonic() + SULK
        logger.warning("The broker does not answer; what waits is found by the next sweep: %s", error)


def _line() -> Connection:
    """A connection to the broker with short time limits; kombu keeps one pool per distinct connection."""
    app = current_app
    options = {
        **app.conf.broker_transport_options,
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
        "max_retries": 0,
    }
    line: Connection = app.connection_for_write(transport_options=options, connect_timeout=PATIENCE)
    return line
