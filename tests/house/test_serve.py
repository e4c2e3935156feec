"""One command for web, worker and beat: they start, they answer, they all end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60  # seconds; the machine may be busy
# A newcomer's environment: none of the variables of the test run.
NEWCOMER = {
    **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
    "PYTHONUNBUFFERED": "1",
    "WORKER_PROCESSES": "1",
}


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and looks at what Linux promises")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**NEWCOMER, "DELIVEROPS_VAR_DIR": str(tmp_path / "var")}


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


class Serving:
    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port, self.log = free_port(), log
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def until(self, holds) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if holds():
                return True
            time.sleep(0.2)
        return False

    def family(self) -> list[tuple[int, str]]:
        """Every process of this session: id and command line."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                session = int((folder / "stat").read_text().rpartition(")")[2].split()[3])
                line = (folder / "cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
                continue
            if session == self.process.pid != int(folder.name):
                found.append((int(folder.name), line))
        return found

    def pids(self, word: str) -> list[int]:
        return [pid for pid, line in self.family() if word in line]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without anybody in it."""
    folder = tmp_path_factory.mktemp("migrated")
    prepared = manage("migrate", environment={**NEWCOMER, "DELIVEROPS_VAR_DIR": str(folder)})
    assert prepared.returncode == 0, prepared.stderr
    return folder


@pytest.fixture
def serving(environment: dict[str, str], migrated: Path, tmp_path: Path) -> Iterator[Serving]:
    shutil.copytree(migrated, environment["DELIVEROPS_VAR_DIR"])
    house = Serving(environment, tmp_path / "log")
    try:
        assert house.until(lambda: house.get("/health/ready") == 200), house.log.read_text()
        assert house.until(lambda: house.pids(" worker ") and house.pids(" beat "))
        yield house
    finally:
        for pid, _ in [(house.process.pid, ""), *house.family()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        house.process.wait()


def test_ctrl_c_ends_all_of_it(serving):
    assert serving.get("/accounts/login/") == 200
    os.killpg(serving.process.pid, signal.SIGINT)  # what a terminal does
    assert serving.process.wait(PATIENCE) == 0, serving.log.read_text()
    assert serving.until(lambda: serving.family() == [])
    assert serving.get("/health/live") == 0


def test_a_child_that_dies_ends_the_others_and_is_named(serving):
    os.kill(serving.pids(" beat ")[0], signal.SIGKILL)
    assert serving.process.wait(PATIENCE) == 1
    assert "The beat process was ended by SIGKILL; the others were stopped too." in serving.log.read_text()
    assert serving.until(lambda: serving.family() == [])


def test_no_orphans_when_the_command_itself_is_killed(serving):
    serving.process.kill()
    serving.process.wait()
    assert serving.until(lambda: serving.family() == [])


def test_a_taken_port_is_told_in_one_sentence(environment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = manage("serve", "--port", str(port), environment=environment)
    assert refused.returncode == 1
    assert f"Port {port} is taken on 127.0.0.1." in refused.stderr
    assert "Traceback" not in refused.stderr
