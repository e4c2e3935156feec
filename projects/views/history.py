"""A project's history, from the ledger."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from projects import history as past
from projects.access import project_for, seat
from projects.forms.history import HistoryFilter
from projects.frame import frame
from projects.requests import PersonalRequest

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
    form = HistoryFilter(request.GET, events=past.events(project), people=list(past.people(project)))
    narrowing = form.narrowing()
    shown = past.piece(project, narrowing)
    kept = {"event": narrowing.event, "person": narrowing.person or "", "thing": narrowing.thing}
    here = reverse("history", args=[code])
    context = {
        **frame(place, here="history", now=timezone.now(), subtitle=_("History")),
        "form": form,
        "piece": shown,
        "changes": [
            {"change": change, "source": SOURCES.get(change.source, change.source)} for change in shown.changes
        ],
        "here": here,
        "active": _active(form, kept, here),
        "newest_url": _address(here, kept) if narrowing.below else "",
        "older_url": _address(here, {**kept, "below": shown.older}) if shown.older else "",
        "whole": not (request.htmx and narrowing.thing),  # type: ignore[attr-defined]  # a drawer asks for one thing
    }
    return render(request, "projects/history.html", context)


def _address(here: str, values: dict[str, Any]) -> str:
    kept = {name: value for name, value in values.items() if value}
    return f"{here}?{urlencode(kept)}" if kept else here


def _active(form: HistoryFilter, kept: dict[str, Any], here: str) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    words = {"event": _("Event"), "person": _("Person"), "thing": _("One object")}
    found = []
    for name, value in kept.items():
        if value:
            choices = dict(getattr(form.fields[name], "choices", []))
            label = f"{words[name]}: {choices[str(value)]}" if str(value) in choices else words[name]
            found.append({"label": label, "url": _address(here, {**kept, name: ""})})
    return found
