"""What stands around every request: where its ledger entries come from, how long a session lasts, who may pass."""

import hashlib
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from projects import held, inbox, ledger, workdays

Response = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]
BEGAN, SEEN = "session_began", "session_seen"
FORMS_THAT_HOLD = {"artifact", "import", "traceability"}
BY_ITSELF = "X-Unattended"  # a page that asks for news by itself says so: nobody need be sitting before it
SEEN_STEP_SECONDS = 60  # the session row is written once a minute at most, not once a request


class LedgerOriginMiddleware:
    """Every entry that a request writes carries its address, its session's digest and one correlation id."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ledger.coming_from(source_of(request), ip=get_client_ip(request) or "", session=session_digest(request)):
            return self.get_response(request)


def source_of(request: HttpRequest) -> str:
    """web, api or admin, by the address asked for."""
    first = request.path_info.lstrip("/").partition("/")[0]
    return first if first in {"api", "admin"} else "web"


def session_digest(request: HttpRequest) -> str:
    """SHA-256 of the session key; the key itself would let a reader of the ledger take the session over."""
    key = request.session.session_key
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


class BadgeMiddleware:
    """Who has just done something sees at once what still waits; see `projects.inbox.badge`."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD"} and request.user.is_authenticated:
            inbox.forget_badge(request.user)
        return response


class SessionLimitsMiddleware:
    """A session ends `SESSION_IDLE_SECONDS` after the last request and `SESSION_COOKIE_AGE` after its login.

    What a page asks for by itself is no sign of a person: it keeps no session alive.
    """

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.hold_to_limits(request)
        return self.get_response(request)

    def hold_to_limits(self, request: HttpRequest) -> None:
        now = int(time.time())
        began = request.session.setdefault(BEGAN, now)
        seen = request.session.setdefault(SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
            request.ended_session_of = request.user  # type: ignore[attr-defined]  # for who keeps what was sent
            logout(request)
            messages.info(request, _("Your session has ended. Log in again to go on where you were."))
        elif now - seen >= SEEN_STEP_SECONDS and BY_ITSELF not in request.headers:
            request.session[SEEN] = now


class ReaderTimeZoneMiddleware:
    """Times are shown, and read from forms, in the time zone of who is logged in."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(workdays.zone_of(request.user)):
            return self.get_response(request)


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Every page asks for a login unless its view says otherwise, and the login leads back to the page.

    A part of a page that htmx asks for sends the whole page to the login. A form that was posted leads back to the
    page that it stood on, where what was typed is restored.
    """

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        keep_what_was_sent(request)
        redirect = redirect_to_login(came_from(request), settings.LOGIN_URL, REDIRECT_FIELD_NAME)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(redirect.url)
        return redirect


def keep_what_was_sent(request: HttpRequest) -> None:
    """A file that was sent as the session ended is held for its sender; the token of its form has been checked."""
    person = getattr(request, "ended_session_of", None)
    form = request.resolver_match.view_name if request.resolver_match else ""
    if person is None or request.method != "POST" or form not in FORMS_THAT_HOLD:
        return
    file = request.FILES.get("file")
    if file is not None and (file.size or 0) <= settings.ARTIFACT_MAX_BYTES:
        held.keep(person, request.path, file, now=timezone.now())


def came_from(request: HttpRequest) -> str:
    """The page of this site that the person was on: what was asked for, or the page whose form or part asked."""
    shown = request.headers.get("HX-Current-URL", "")
    if not shown and request.method not in {"GET", "HEAD"}:
        shown = request.headers.get("Referer", "")
    if shown and url_has_allowed_host_and_scheme(shown, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(shown)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()
