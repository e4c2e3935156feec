"""Probes for supervisors and load balancers.

Answered by a middleware that stands first: a probe comes by address, without a host name, a session or TLS.
Nothing here tells more than names and ages.

* ``/health/live``: the process answers. Restart it when it does not.
* ``/health/ready``: 503 when pages cannot work (database, migrations). A broker that is away, mail that
  waits or a guard of the database that is not as this release states it is ``degraded`` with 200: people can work on,
  and taking the web process out of service would mend nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from deliverops.celery import app
from projects import guards
from projects.models import Notice

log = structlog.get_logger(__name__)
OUTBOX_LATE_AFTER = timedelta(minutes=5)
BROKER_TIMEOUT = 2  # seconds


def database_answers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def migrations_are_applied() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied" if waiting else "ok"


def guards_stand() -> str:
    """Whether the database still refuses what it must; `migrate` puts right what is missing."""
    found = guards.faults(connection)
    return f"{len(found)} missing, altered or switched off" if found else "ok"


def broker_answers() -> str:
    with app.connection_for_write(connect_timeout=BROKER_TIMEOUT) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT)
    return "ok"


def outbox_is_swept(now: datetime) -> str:
    """Whether a due notice has been waiting longer than a few sweeps take: then worker or beat stand still."""
    waiting = Notice.objects.filter(state=Notice.State.PENDING, not_before__lte=now)
    oldest = waiting.aggregate(Min("not_before"))["not_before__min"]
    if oldest is None or now - oldest < OUTBOX_LATE_AFTER:
        return "ok"
    return f"oldest notice is {int((now - oldest).total_seconds())} s late"


def readiness(now: datetime) -> tuple[dict[str, Any], int]:
    """What stands and what does not, and the HTTP status that says so."""
    needed: dict[str, Callable[[], str]] = {"database": database_answers, "migrations": migrations_are_applied}
    helpful: dict[str, Callable[[], str]] = {
        "guards": guards_stand,
        "broker": broker_answers,
        "outbox": lambda: outbox_is_swept(now),
    }
    checks = {name: outcome(check) for name, check in {**needed, **helpful}.items()}
    if any(checks[name] != "ok" for name in needed):
        return {"status": "failing", "checks": checks}, 503
    degraded = any(checks[name] != "ok" for name in helpful)
    return {"status": "degraded" if degraded else "ok", "checks": checks}, 200


def outcome(check: Callable[[], str]) -> str:
    """What the check says; when it breaks, the class of its error. The text goes to the log: it may hold an address."""
    try:
        return check()
    except Exception as error:  # whatever broke: a probe that breaks itself tells nobody what
        log.warning("probe_failed", check=check.__name__, error=str(error))
        return type(error).__name__


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers ``/health/live`` and ``/health/ready`` and lets everything else through."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health/live":
            answer, status = {"status": "ok"}, 200
        elif request.path_info == "/health/ready":
            answer, status = readiness(timezone.now())
        else:
            return get_response(request)
        return JsonResponse(answer, status=status, headers={"Cache-Control": "no-store"})

    return middleware
