"""What a person does at a browser: open a page, press what is written on a button, fill what stands under a label."""

import re
from collections.abc import Callable

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from projects.models import User
from tests.world import PASSWORD

EXPECTED = re.compile(r"^Failed to load resource: the server responded with a status of (403|404|409|422)\b")


class Desk:
    """A person's own browser window. Everything here is done through what the page shows.

    Args:
        person: who sits there; nobody for a window without a login.
        code: gives a fresh code of the person's authenticator app; None without one.
    """

    def __init__(self, page: Page, person: User | None = None, code: Callable[[], str] | None = None) -> None:
        self.page = page
        self.person = person
        self.code = code
        self.complaints: list[str] = []
        self.status = 0
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not EXPECTED.match(said.text):
            self.complaints.append(f"{self.page.url}: {said.text}")

    def _response(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.frame == self.page.main_frame:
            self.status = answer.status
        if answer.status >= 500:
            self.complaints.append(f"{answer.url}: {answer.status}")

    def log_in(self, password: str = PASSWORD) -> None:
        """Through the login page, and the one that asks for a code."""
        if "/accounts/login/" not in self.page.url:
            self.page.goto("/accounts/login/")
        self.page.get_by_label("Login").fill(self.person.username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda address: "/accounts/login/" not in address)
        if self.code:
            self.page.get_by_label("Code").fill(self.code())
            self.page.get_by_role("button", name="Sign In", exact=True).click()
            self.page.wait_for_url(lambda address: "/accounts/" not in address)

    def open(self, path: str) -> "Desk":
        self.page.goto(path)
        return self

    def within(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def press(self, name: str, within: Locator | None = None) -> None:
        """Presses the button with this name and waits for the page that follows."""
        place = within or self.page.locator("main")
        with self.page.expect_navigation():
            place.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follows the link with this name."""
        place = within or self.page.locator("main")
        with self.page.expect_navigation():
            place.get_by_role("link", name=name, exact=True).click()

    def fill(self, label: str, value: str, within: Locator | None = None) -> None:
        """Fills the field with this label; a star behind it says that it is required."""
        place = within or self.page.locator("main")
        place.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")).fill(value)

    def choose(self, name: str, within: Locator | None = None) -> None:
        """Chooses one of the answers by its name."""
        (within or self.page.locator("main")).get_by_role("radio", name=name, exact=True).check()

    def sees(self, text: str) -> None:
        """The page shows this text somewhere."""
        expect(self.page.locator("body")).to_contain_text(text)

    def told(self, text: str) -> None:
        """The site says so in its messages."""
        expect(self.page.locator("#messages")).to_contain_text(text)
