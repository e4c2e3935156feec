"""A project's history, from the ledger."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import history as past
from projects import ledger
from projects.access import project_for, seat
from projects.forms.history import HistoryFilter, event_words
from projects.frame import frame
from projects.models import Project
from projects.requests import PersonalRequest

FACETS_SECONDS = 60
SOURCES = {
    "web": gettext_lazy("on a page"),
    "api": gettext_lazy("through the API"),
    "admin": gettext_lazy("in the administration"),
    "import": gettext_lazy("by import"),
    "command": gettext_lazy("by a command"),
    "system": gettext_lazy("by the system"),
}


@require_safe
def history(request: PersonalRequest, code: str) -> HttpResponse:
    """Who changed what, when and why, from what to what; every line with its hash and whether it fits (SEED-54)."""
    place = seat(request.user, project_for(request.user, code))
    project = place.project
    head = ledger.head(project)
    events, people = _facets(project, head)
    narrowing = HistoryFilter(request.GET, events=events, people=people).narrowing()
    shown = past.piece(project, narrowing)
    kept = {"event": narrowing.event, "person": narrowing.person or "", "thing": narrowing.thing}
    here = reverse("history", args=[code])
    context = {
        **frame(place, here="history", now=timezone.now(), subtitle=_("History")),
        "head": head,
        "filters": _filters(here, events, people, tuple(kept.items()), get_language() or ""),
        "piece": shown,
        "changes": [_shown(change, here) for change in shown.changes],
        "active": _active(kept, dict(people), here),
        "newest_url": _address(here, kept) if narrowing.below else "",
        "older_url": _address(here, {**kept, "below": shown.older}) if shown.older else "",
        "whole": not (request.htmx and narrowing.thing),  # a drawer asks for one thing
    }
    return render(request, "projects/history.html", context)


def _facets(project: Project, head: str) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """By what the history can be narrowed: kinds of events, people. Kept until the chain grows."""
    key = f"history-facets:{project.pk}:{head}"
    known: tuple[tuple[str, ...], tuple[tuple[int, str], ...]] | None = cache.get(key)
    if known is None:
        known = tuple(past.events(project)), tuple((each.pk, str(each)) for each in past.people(project))
        cache.set(key, known, FACETS_SECONDS)
    return known


def _shown(change: past.Change, here: str) -> dict[str, Any]:
    language, zone = get_language() or "", timezone.get_current_timezone_name()
    lines = mark_safe("".join(_line(_Known(line), here, language, zone) for line in change.lines))  # noqa: S308 - rendered
    return {"change": change, "source": SOURCES.get(change.source, change.source), "lines": lines}


class _Known:
    """A line by its hash, which stands for everything in it, and by whether it fits."""

    def __init__(self, line: past.Line) -> None:
        self.line = line
        self.key = (line.entry.hash, line.fits, line.entry.line if not line.fits else "")

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.key == other.key


@lru_cache(maxsize=2000)
def _line(known: _Known, here: str, language: str, zone: str) -> SafeString:
    """The line in this language and time zone, which are the reader's current ones."""
    return render_to_string("projects/_line.html", {"line": known.line, "here": here})


def _address(here: str, values: dict[str, Any]) -> str:
    kept = {name: value for name, value in values.items() if value}
    return f"{here}?{urlencode(kept)}" if kept else here


@lru_cache(maxsize=200)
def _filters(
    here: str, events: tuple[str, ...], people: tuple[tuple[int, str], ...], kept: tuple[Any, ...], language: str
) -> SafeString:
    """The bar that narrows the history, with what is asked for already in it."""
    form = HistoryFilter(dict(kept), events=events, people=people)
    context = {"form": form, "action": here, "clear_url": here, "target": "#changes"}
    return render_to_string("components/filter_bar.html", context)


def _active(kept: dict[str, Any], people: dict[int, str], here: str) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    words = {
        "event": event_words(kept["event"]),
        "person": people.get(kept["person"], ""),
        "thing": _("One object"),
    }
    return [{"label": words[name], "url": _address(here, {**kept, name: ""})} for name, value in kept.items() if value]
