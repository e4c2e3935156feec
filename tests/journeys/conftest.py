"""A real browser for the journeys, and a desk in it for each person."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from projects.models import User
from tests.journeys.browsing import Desk
from tests.parts import CHROMIUM


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the journeys of a module."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def desk_of(chromium: Browser, live_server) -> Iterator[Callable[..., Desk]]:
    """Opens a browser window of its own for a person and logs in there. No page of it may complain.

    What the browser complains about (a script error, something that the content security policy refuses, an answer
    with status 500) fails the journey at its end, wherever it happened.
    """
    desks: list[Desk] = []

    def open_desk(
        person: User | None = None, *, log_in: bool = True, code: Callable[[], str] | None = None, **options: object
    ) -> Desk:
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(30_000)
        desk = Desk(context.new_page(), person, code)
        desks.append(desk)
        if person is not None and log_in:
            desk.log_in()
        return desk

    yield open_desk
    complaints = [complaint for desk in desks for complaint in desk.complaints]
    for desk in desks:
        desk.page.context.close()
    connections.close_all()  # under Playwright's loop the test has a connection of its own
    assert complaints == []
