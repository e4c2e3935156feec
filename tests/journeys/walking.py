"""People who get about by links and forms alone, each logged in on a session of its own. No action, no database."""

import base64
import hashlib
import hmac
import struct
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client
from django.utils import timezone

from tests.journeys.markup import Page
from tests.world import PASSWORD

LOGIN = "/accounts/login/"
CODE_ASKED = "/accounts/2fa/authenticate/"
AGAIN = "/accounts/reauthenticate/"
CODE_LASTS = 30  # seconds


def code_of_now(secret: str) -> str:
    """What an authenticator app shows at this moment (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    count = struct.pack(">Q", int(timezone.now().timestamp()) // CODE_LASTS)
    mac = hmac.digest(key, count, hashlib.sha1)
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


class Walker:
    """A person at a browser.

    Every address that is opened was found as a link on a page that this person was shown before; every form that is
    sent was found on such a page, and goes out with the token that stood in it.

    Args:
        pass_time: moves the clock; an authenticator's code works once, so each use waits for the next one.
    """

    def __init__(self, username: str, *, pass_time: Callable[[timedelta], object]) -> None:
        self.username = username
        self.client = Client(enforce_csrf_checks=True)
        self.pass_time = pass_time
        self.secret = ""
        self.known = {"/"}
        self.trails: dict[tuple[str, ...], str] = {}
        self.page: Page = None  # there is one from the first opening on
        self.requests = 0

    def __repr__(self) -> str:
        return self.username

    def open(self, path: str) -> Page:
        """A page whose address was seen. Raises: AssertionError for any other address."""
        path = urldefrag(path).url
        assert path in self.known, f"{self} has seen no link to {path}"
        self._shown(self._get(path))
        if self.page.path.startswith((LOGIN, CODE_ASKED)):
            self._log_in()
            if urlsplit(self.page.path).path != urlsplit(path).path:
                self._shown(self._get(path))
        return self.page

    def follow(self, words: str, *, part: str = "") -> Page:
        """The one link of the present page that begins with these words."""
        found = {href for text, href in self.page.links(part) if text.startswith(words)}
        assert len(found) == 1, f"{len(found)} links {words!r} on {self.page.path}: {self.page.links(part)}"
        return self.open(urljoin(self.page.path, found.pop()))

    def send(self, button: str, typed: dict[str, object] | None = None, *, part: str = "", look: bool = True) -> None:
        """Fills a form of the present page and presses its button; a form that comes back refused fails the test.

        Args:
            look: whether to look at the page that follows; without, the present one stays at hand.
        """
        form, pressed = self.page.form(button, part)
        sent = form.fill(typed or {})
        if pressed["name"]:
            sent[pressed["name"]] = [pressed["value"]]
        action = urljoin(self.page.path, pressed["formaction"] or form.action or self.page.path)
        self.requests += 1
        answer = self.client.post(action, sent)
        if answer.status_code != 302 or (answer["Location"].startswith(LOGIN) and not action.startswith(LOGIN)):
            raise AssertionError(f"{self} at {self.page.path}, {button!r}: {answer.status_code}\n{_complaint(answer)}")
        if look:
            self._shown(self._get(urljoin(action, answer["Location"])))

    def use_code(self) -> str:
        """A fresh code of the authenticator app."""
        self.pass_time(timedelta(seconds=CODE_LASTS + 1))
        return code_of_now(self.secret)

    def credentials(self) -> dict[str, object]:
        """What stands in the box "Who signs"."""
        code = {"Code of your authenticator app": self.use_code()} if self.secret else {}
        return {"Your password": PASSWORD, **code}

    def set_up_second_factor(self) -> None:
        """An authenticator app, from the profile."""
        self.open("/")
        self.open("/me/")
        self.follow("Set one up")
        self.follow("Activate")
        if self.page.path.startswith(AGAIN):
            self.send("Confirm", {"Password": PASSWORD})
        self.secret = next(node["value"] for node in self.page.root.all("input") if "secret" in node["id"])
        self.send("Activate", {"Authenticator code": self.use_code()})

    def _log_in(self) -> None:
        if self.page.path.startswith(LOGIN):
            self.send("Sign in", {"Login": self.username, "Password": PASSWORD})
        if self.page.path.startswith(CODE_ASKED):
            self.send("Sign In", {"Code": self.use_code()})

    def _get(self, address: str) -> tuple[str, bytes]:
        for _hop in range(5):
            self.requests += 1
            answer = self.client.get(address)
            if answer.status_code == 302:
                address = urljoin(address, answer["Location"])
                continue
            assert answer.status_code == 200, f"{self}: {address} answers {answer.status_code}"
            return address, answer.content
        raise AssertionError(f"{self}: {address} leads round and round")

    def _shown(self, found: tuple[str, bytes]) -> Page:
        path, content = found
        self.page = Page(content.decode(), path)
        self.known |= {urldefrag(urljoin(path, href)).url for href in self.page.addresses}
        return self.page


def _complaint(answer) -> str:
    """What a refused form says."""
    page = Page(answer.content.decode(), "")
    said = [
        node.text
        for node in page.root.walk()
        if {"alert", "callout", "invalid-feedback", "field-error", "error-summary"} & set(node["class"].split())
    ]
    return "\n".join(said) or page.root.text[:1500]
