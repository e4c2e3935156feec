"""Mail through a real worker, a real broker and a real mail server, each of them killed at the worst moment."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

from projects import doorbell, notices
from projects.models import Notice
from tests import world
from tests.mail_sink import free_port, sink
from tests.parts import database_url

__all__ = ["sink"]

pytestmark = pytest.mark.django_db(transaction=True)

needs_redis_server = pytest.mark.skipif(
    not shutil.which("redis-server"), reason="needs redis-server, to kill it (apt-get install redis-server)"
)
LEASE = 3


class Broker:
    """A broker of this test's own."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.process = kind, folder, None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0" if kind == "redis" else ""

    def start(self) -> None:
        if self.kind == "redis":
            command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
            self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
            wait_until(lambda: redis_answers(self.url), 10)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def celery_settings(self) -> dict[str, object]:
        if self.kind == "redis":
            return {"broker_url": self.url, "broker_transport_options": {}}
        return {
            "broker_url": "disk://localhost/",
            "broker_transport_options": {"folder": str(self.folder / "broker"), "polling_interval": 0.5},
        }


def redis_answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


class Worker:
    """Celery's worker with beat inside, as one process group that can be killed whole."""

    def __init__(self, broker: Broker, port: int) -> None:
        self.broker = broker
        self.log = broker.folder / "worker.log"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "deliverops.settings",
            "DELIVEROPS_MODE": "embedded",
            "DELIVEROPS_VAR_DIR": str(broker.folder),
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "NOTICE_LEASE_SECONDS": str(LEASE),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "deliverops", "worker", "-B", "--concurrency", "1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """kill -9 for the worker, its children and beat at once."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None


def wait_until(condition, seconds: float, worker: "Worker | None" = None) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            pytest.fail(f"waited {seconds} s in vain\n{worker.log.read_text() if worker else ''}")
        time.sleep(0.1)


def queue(people, count: int, first: int = 0) -> list[str]:
    """So many notices, written in one transaction as an action does. Returns their Message-IDs."""
    now = datetime.now(UTC)
    with transaction.atomic():
        return [
            notices.queue(
                kind="sign_off.due_soon",
                to=people[n % len(people)],
                subject=f"Reminder {n}",
                body="Your signature is due.",
                dedupe_key=f"worker:{n}",
                now=now,
            ).message_id
            for n in range(first, first + count)
        ]


def unsent() -> int:
    return Notice.objects.exclude(state=Notice.State.SENT).count()


@pytest.fixture
def people():
    return [world.person(f"signer{n}") for n in range(10)]


@pytest.fixture
def parts(request, tmp_path, sink, monkeypatch):
    """Broker and worker of one kind, started; this process rings that broker's bell."""
    broker = Broker(request.param, tmp_path)
    worker = Worker(broker, sink.port)
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    for name, value in broker.celery_settings().items():
        monkeypatch.setitem(current_app.conf, name, value)
    try:
        broker.start()
        worker.start()
        yield broker, worker
    finally:
        worker.kill()
        broker.kill()


BOTH = pytest.mark.parametrize(
    "parts", [pytest.param("redis", marks=needs_redis_server), pytest.param("disk")], indirect=True
)


@BOTH
def test_a_worker_killed_in_the_middle_of_200_reminders_loses_none(parts, sink, people):
    _, worker = parts
    sink.dawdle = 0.01
    killed = []

    def kill_at_the_worst_moment(count: int) -> None:
        """The server has the mail, and the worker will never learn it."""
        if count in (60, 140):
            worker.kill()
            killed.append(count)

    sink.on_mail = kill_at_the_worst_moment
    sent = queue(people, 200)
    for times in (1, 2):
        wait_until(lambda times=times: len(killed) == times, 40, worker)
        worker.start()
        assert unsent() > 0
    wait_until(lambda: unsent() == 0, 60, worker)

    received = sink.received()
    assert set(received) == set(sent)
    # Each kill fell between sending and marking: exactly that one mail came again, under its own Message-ID.
    assert sorted(received.values()) == [1] * 198 + [2] * 2


@pytest.mark.parametrize("parts", [pytest.param("redis", marks=needs_redis_server)], indirect=True)
def test_redis_killed_loses_nothing_and_holds_up_nobody(parts, sink, people):
    broker, worker = parts
    before = queue(people, 5)
    wait_until(lambda: unsent() == 0, 30, worker)  # everything runs

    broker.kill()
    started = time.monotonic()
    during = queue(people, 50, first=5)
    assert time.monotonic() - started < 2
    started = time.monotonic()
    during += queue(people, 1, first=55)  # a broker known to be away is not even asked
    assert time.monotonic() - started < 0.2

    broker.start()
    wait_until(lambda: unsent() == 0, 40, worker)
    assert sink.received() == dict.fromkeys(before + during, 1)


@pytest.mark.parametrize("parts", [pytest.param("redis", marks=needs_redis_server)], indirect=True)
def test_a_redis_that_hangs_holds_up_nobody(parts, people):
    broker, _ = parts
    queue(people, 1)  # the pooled connection is open when Redis freezes
    thaw = threading.Timer(6, broker.process.send_signal, [signal.SIGCONT])  # so that a failure does not hang too
    thaw.start()
    broker.process.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    queue(people, 1, first=1)
    assert time.monotonic() - started < 2
    thaw.cancel()
    broker.process.send_signal(signal.SIGCONT)


@BOTH
def test_the_doorbell_is_heard_before_the_next_sweep(parts, sink, people):
    """Ten seconds is beat's period: what arrives sooner came by the bell."""
    _, worker = parts
    queue(people, 1)
    wait_until(lambda: unsent() == 0, 30, worker)
    waits = []
    for n in range(1, 4):
        started = time.monotonic()
        queue(people, 1, first=n)
        wait_until(lambda: unsent() == 0, 15)
        waits.append(time.monotonic() - started)
    assert sorted(waits)[1] < 4
