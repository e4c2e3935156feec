"""What the whole suite shares: rules of the run, the requirement marks, a cache that starts empty."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import requirements_report
from tests.flush import guards_step_aside_for_the_flush

__all__ = ["guards_step_aside_for_the_flush"]

LONGEST = ("journeys/test_minor_project", "journeys/test_worker", "journeys/", "house/test_serve", "reviews/test_demo")
# How long an example takes tells of the machine, on which other processes run, and not of the code.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")
CI = bool(os.environ.get("DELIVEROPS_CI"))

# What is imported by now stays to the end, and a test makes little garbage in circles: a tenth less time.
gc.freeze()
gc.set_threshold(200_000, 20, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--requirements",
        choices=["write", "check"],
        help=f"{requirements_report.PATH}, which tests carry which numbered behaviour: write it, or fail when stale",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    requirements_report.refuse_unknown_ids(items)
    match config.getoption("--requirements"):
        case "write":
            requirements_report.write(items)
        case "check":
            requirements_report.refuse_stale(items)
    # The longest first: at the end all processes stop at about the same time.
    items.sort(key=lambda item: next((n for n, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST)))
    here = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].removesuffix("3")
    elsewhere = [i for i in items if (mark := i.get_closest_marker("database")) and here not in mark.args]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CI and terminalreporter.stats.get("skipped"):
        terminalreporter.section("CI has every part: a skipped test is a failure")
        for report in terminalreporter.stats["skipped"]:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if CI and reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Throttles count in the cache: every test starts from none."""
    cache.clear()


@pytest.fixture
def still_clock() -> Iterator[None]:
    """Time stands still, so that what holds for seconds cannot run out while the test is at it."""
    with time_machine.travel("2026-11-23 09:00Z", tick=False):
        yield


@pytest.fixture(autouse=True)
def uploads_apart(tmp_path: Path, settings) -> None:
    """Uploaded files of one test are no other test's."""
    settings.MEDIA_ROOT = tmp_path / "media"
