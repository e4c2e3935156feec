"""``python manage.py serve``: the web process, a Celery worker and beat, one of them or all together.

``serve web``, ``serve worker`` and ``serve beat`` become that process: what supervisors and containers run.
``serve`` alone runs all three on one machine until Ctrl-C. Each child leads a process group of its own, so that the
terminal's Ctrl-C reaches this command alone; it then tells only the leaders to stop, and a running task finishes.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Command(BaseCommand):
    help = "Runs the web process, the worker and beat; all three, or the one named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", nargs="?", choices=["web", "worker", "beat"], help="only this one")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *, part: str | None, host: str, port: int, **options: Any) -> None:
        os.environ["PORT"] = str(port)  # links in mails lead here when no SITE_URL is given
        parts = command_lines(host, port)
        if part:
            os.execv(parts[part][0], parts[part])  # noqa: S606  # no shell wanted: signals must reach the process
        if not port_is_free(host, port):
            raise CommandError(f"Port {port} is taken on {host}. Stop what listens there, or give another: PORT=8001.")
        self.stdout.write(f"DeliverOps on http://{host}:{port} (Ctrl-C stops it)")
        self.stdout.flush()
        died = Household(parts, say=self.stderr.write).run()
        if died:
            raise CommandError(died)


def command_lines(host: str, port: int) -> dict[str, list[str]]:
    """What each part runs. These lines stand nowhere else: make, compose and service units all call `serve`."""
    level = settings.LOG_LEVEL.lower()
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "deliverops"]
    processes = os.environ.get("WEB_PROCESSES") or "2"
    threads = os.environ.get("WEB_THREADS") or "4"
    tasks = os.environ.get("WORKER_PROCESSES") or "2"
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "deliverops.wsgi:application", "--bind", f"{host}:{port}"),
            *("--worker-class", "gthread", "--workers", processes, "--threads", threads),
            *("--graceful-timeout", "30", "--log-level", level),
        ],
        "worker": [
            *(*celery, "worker", "--loglevel", level, "--concurrency", tasks),
            *("-O", "fair", "--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "beat": [*celery, "beat", "--loglevel", level, "--pidfile="],  # a stale pid file would keep beat from starting
    }


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def stop_with_parent() -> None:
    """Runs in the child: should this command be killed with -9, the kernel tells the child to stop (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Household:
    """The three processes, from their start until the last has ended."""

    def __init__(self, parts: dict[str, list[str]], say: Callable[[str], object]) -> None:
        self.parts = parts
        self.say = say
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stops_asked = 0

    def run(self) -> str:
        """Runs until a stop is asked for (then "") or a child ends by itself (then a sentence naming it)."""
        for number in STOP_SIGNALS:
            signal.signal(number, self.on_stop_signal)
        died = ""
        try:
            for name, line in self.parts.items():
                self.children[name] = subprocess.Popen(  # noqa: S603  # our own lines, no user's words
                    line, stdin=subprocess.DEVNULL, process_group=0, preexec_fn=stop_with_parent
                )
            while not self.stops_asked and not died:
                time.sleep(0.2)
                died = self.first_to_die()
        finally:
            self.stop()
        return died

    def on_stop_signal(self, number: int, frame: object) -> None:
        self.stops_asked += 1

    def first_to_die(self) -> str:
        for name, child in self.children.items():
            code = child.poll()
            if code is not None:
                how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
                return f"The {name} process {how}; the others were stopped too. Its last lines above say why."
        return ""

    def running(self) -> list[str]:
        return [name for name, child in self.children.items() if child.poll() is None]

    def stop(self) -> None:
        """Every child has ended. A second Ctrl-C does not wait for running tasks and requests."""
        asked = self.stops_asked
        for name in self.running():
            self.children[name].terminate()
        since = time.monotonic()
        told = False
        while left := self.running():
            if self.stops_asked > max(asked, 1):
                for name in left:
                    os.killpg(self.children[name].pid, signal.SIGKILL)
            elif not told and time.monotonic() - since > 2:
                told = True
                self.say(f"Waiting for {' and '.join(left)} to finish what runs; Ctrl-C again ends it at once.")
            time.sleep(0.1)
