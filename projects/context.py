"""What every page needs around its content: where one can go, who is there, which theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from projects import inbox

THEMES = {"light", "dark"}

# Name of the address, words, icon.
PLACES = [
    ("inbox", _("Inbox"), "inbox"),
    ("portfolio", _("Portfolio"), "kanban"),
    ("change_templates", _("Templates"), "files"),
    ("import", _("Import"), "box-arrow-in-down"),
    ("evidence_desk", _("Evidence"), "patch-check"),
    ("people", _("People"), "people"),
]
OPERATORS_ONLY = {"people"}


def address(name: str) -> str:
    """The address of a named page; empty where this installation has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def places(request: HttpRequest) -> list[dict[str, Any]]:
    """The links of the top bar, the one that holds the present page marked.

    The longest address that the present path begins with is where we are: /projects/P-1/ belongs to the portfolio.
    """
    operates = getattr(request.user, "is_operator", False)
    found: list[dict[str, Any]] = [
        {"name": name, "label": label, "icon": icon, "url": url}
        for name, label, icon in PLACES
        if (url := address(name)) and (operates or name not in OPERATORS_ONLY)
    ]
    here = max(
        (str(place["url"]) for place in found if request.path.startswith(str(place["url"]))), key=len, default=""
    )
    for place in found:
        place["here"] = place["url"] == here and (here != "/" or request.path == "/")
    return found


def waiting(request: HttpRequest) -> int:
    """How many things wait for the reader."""
    return inbox.badge(request.user, timezone.now()) if request.user.is_authenticated else 0


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Costs no query: whatever would need one is worked out when the template asks for it."""
    theme = request.COOKIES.get("theme", "")
    htmx = getattr(request, "htmx", None)
    return {
        "places": SimpleLazyObject(lambda: places(request)),
        "inbox_count": SimpleLazyObject(lambda: waiting(request)),
        "search_url": address("portfolio"),
        "theme": theme if theme in THEMES else "",
        "app_version": settings.VERSION,
        # `{% extends ui_base %}`: a page that is also asked for by htmx sends its content without the frame.
        "ui_base": "partial.html" if htmx and not htmx.boosted else "base.html",
    }
