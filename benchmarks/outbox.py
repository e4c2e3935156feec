"""What the outbox costs beside sending: time per notice, against the same mails sent by bare smtplib in the same run.

    python benchmarks/outbox.py [notices]

A mail server on this machine takes everything; the database is a throw-away copy of the one in DATABASE_URL (or
SQLite). Both are timed in turns, so that a busy machine slows both; CPU is this process's own and hardly minds.
"""

import logging
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliverops.settings")
os.environ["EMAIL_URL"] = ""

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from projects import mail, notices
from projects.models import Notice, User

ROUNDS = 5
PORT = 8125


def mail_server(port: int) -> "subprocess.Popen[bytes]":
    """One that takes everything and keeps nothing, in a process of its own."""
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
    for _ in range(100):
        time.sleep(0.1)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
    raise SystemExit("the mail server did not start")


def queue(person: User, count: int, round_: int) -> list[Notice]:
    now = datetime.now(UTC)
    return [
        notices.queue(
            kind="sign_off.due_soon",
            to=person,
            subject=f"Your signature is due on Tuesday: number {n}",
            body="The plan of the payroll migration waits for your signature.\n\nDue: Tuesday 24 November 2026, 17:00",
            dedupe_key=f"benchmark:{round_}:{n}",
            path="/projects/PAY-1/reviews/PPA-1/sign/",
            now=now,
        )
        for n in range(count)
    ]


class Spent(NamedTuple):
    """Milliseconds a mail."""

    wall: float
    cpu: float


@contextmanager
def timed(count: int, into: list[Spent]) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    into.append(Spent((time.perf_counter() - wall) / count * 1000, (time.process_time() - cpu) / count * 1000))


def through_the_outbox(count: int, into: list[Spent]) -> None:
    """The time for `count` waiting notices: claimed, made, sent, marked, told to the ledger."""
    with timed(count, into):
        done = notices.deliver_pending(datetime.now(UTC), limit=count)
    if done.sent != count:
        raise SystemExit(f"sent {done.sent} of {count}: {done}")


def bare(waiting: list[Notice], into: list[Spent]) -> None:
    """The time for the same mails, ready made, over one connection of smtplib."""
    ready = [(n.recipient.email, mail.message(n).message().as_bytes(linesep="\r\n")) for n in waiting]
    with timed(len(ready), into), smtplib.SMTP("127.0.0.1", PORT) as server:
        for to, content in ready:
            server.sendmail("deliverops@localhost", [to], content)


def main(count: int) -> None:
    logging.disable(logging.WARNING)  # nobody listens to the doorbell here
    connection.creation.create_test_db(verbosity=0)
    server = mail_server(PORT)
    smtp = {
        "MAIL_TO_MAILBOX": False,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": PORT,
    }
    try:
        person = User.objects.create(username="ines", name="Inés Ortega", email="ines@example.org")
        floor: list[Spent] = []
        ours: list[Spent] = []
        with override_settings(**smtp):
            for round_ in range(ROUNDS + 1):
                waiting = queue(person, count, round_)
                bare(waiting, floor)
                through_the_outbox(count, ours)
    finally:
        server.kill()
        server.wait()
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
    report(f"{connection.vendor}: {count} notices a round, medians of {ROUNDS} rounds", floor[1:], ours[1:])


def report(title: str, floor: list[Spent], ours: list[Spent]) -> None:
    """The first round of both was to warm up and is not in it."""
    print(title)
    print(f"{'':18}{'wall ms':>9}{'CPU ms':>9}")
    medians = []
    for name, rounds in (("bare smtplib", floor), ("deliver_pending", ours)):
        wall, cpu = (statistics.median(column) for column in zip(*rounds, strict=True))
        medians.append((wall, cpu))
        print(f"{name:18}{wall:9.2f}{cpu:9.2f}")
    (low_wall, low_cpu), (wall, cpu) = medians
    print(f"{'ratio':18}{wall / low_wall:9.2f}{cpu / low_cpu:9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
