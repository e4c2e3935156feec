"""The report across all projects, by which the phase itself is judged."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects.access import sees_every_project
from projects.catalog.stages import STAGES
from projects.exits import EXIT_GATES
from projects.models import Category, Stage, Status
from projects.requests import PersonalRequest
from reviews.forms.report import ScopeForm
from reviews.models import Decision, ReviewKind
from reviews.report import Exits, Outcomes, Report, report

Table = dict[str, Any]


@require_safe
def phase_report(request: PersonalRequest) -> HttpResponse:
    """Outcomes, rounds, conditions and time in stage, for whoever sees every project (SEED-16, EXT-22)."""
    if not sees_every_project(request.user):
        raise Http404
    form = ScopeForm(request.GET)
    found = report(form.scope(), timezone.now())
    here = reverse("phase_report")
    context = {
        "form": form,
        "action": here,
        "clear_url": here,
        "crumbs": [{"label": _("Portfolio"), "url": reverse("portfolio")}],
        "refusals": [text for texts in form.errors.values() for text in texts],
        "outcomes": _outcomes(found),
        "rounds": _rounds(found),
        "by_category": _by_category(found),
        "debts": _debts(found),
        "exits": _exits(found),
        "bars": [
            {"label": STAGES[key].name, "value": round(found.times[key].median, 1)}
            for key in STAGES
            if key in found.times
        ],
        "times": _times(found),
        "standing": _standing(found),
    }
    return render(request, "reviews/report.html", context)


def _table(caption: str, heads: list[str], rows: list[list[object]]) -> Table:
    """A table of numbers. Args: heads: the first one is of the rows' names."""
    columns = [{"label": label, "num": at > 0} for at, label in enumerate(heads)]
    return {"caption": caption, "columns": columns, "rows": rows}


def _share(outcomes: Outcomes, decision: str) -> str:
    """How many, and how much that is of all."""
    part = outcomes.share(decision)
    number = str(outcomes.decisions[decision])
    return number if part is None else f"{number} ({part:.0%})"


def _decimal(value: float | None) -> str:
    return "" if value is None else number_format(value, decimal_pos=1)


def _outcomes(found: Report) -> Table:
    heads = [_("Review"), _("Rounds decided"), *(str(decision.label) for decision in Decision)]
    rows: list[list[object]] = [
        [kind.label, found.outcomes[kind].decided, *(_share(found.outcomes[kind], each) for each in Decision)]
        for kind in ReviewKind
    ]
    return _table(_("Outcomes of reviews"), heads, rows)


def _rounds(found: Report) -> Table:
    heads = [
        _("Review"),
        _("Projects"),
        _("Rounds each"),
        _("Go in round 1"),
        _("Go in round 2"),
        _("Go later"),
    ]
    rows: list[list[object]] = []
    for kind in ReviewKind:
        part = found.outcomes[kind]
        goes = [part.go_in_round[1], part.go_in_round[2], part.later_goes]
        rows.append([kind.label, part.projects, _decimal(part.rounds_per_project), *goes])
    return _table(_("Rounds per review"), heads, rows)


def _by_category(found: Report) -> Table:
    heads = [_("Category and review"), _("Rounds decided"), *(str(decision.label) for decision in Decision)]
    rows: list[list[object]] = []
    for category in Category:
        for kind in ReviewKind:
            part = found.by_category.get((category.value, kind.value))
            if part is not None:
                name = f"{category.label}: {kind.label}"
                rows.append([name, part.decided, *(_share(part, each) for each in Decision)])
    return _table(_("Outcomes by change category"), heads, rows)


def _debts(found: Report) -> Table:
    heads = [_("Review"), _("Set"), _("Met"), _("Open"), _("Overdue")]
    rows: list[list[object]] = []
    for kind in ReviewKind:
        part = found.debts[kind]
        rows.append([kind.label, part.given, part.met, part.open, part.overdue])
    return _table(_("Conditions of a go"), heads, rows)


def _exits(found: Report) -> Table:
    heads = [_("Milestone"), _("Decided"), _("Projects"), _("After rework")]
    rows: list[list[object]] = []
    for key in EXIT_GATES:
        part = found.exits.get(key, Exits())
        rows.append([STAGES[key].exit_milestone, part.decided, part.projects, part.again])
    return _table(_("Light milestones"), heads, rows)


def _times(found: Report) -> Table:
    heads = [_("Stage"), _("Passages ended"), _("Median, days"), _("Longest, days"), _("After rework")]
    rows: list[list[object]] = []
    for key, stage in STAGES.items():
        part = found.times.get(key)
        if part is not None:
            rows.append([stage.name, part.passages, _decimal(part.median), _decimal(part.longest), part.again])
    return _table(_("Time in stage"), heads, rows)


def _standing(found: Report) -> Table:
    heads = [_("Stage"), *(str(status.label) for status in Status)]
    rows: list[list[object]] = [
        [stage.label, *(found.standing.get((stage.value, status.value), 0) for status in Status)] for stage in Stage
    ]
    total = [sum(int(str(row[at])) for row in rows) for at in range(1, len(heads))]
    return _table(_("Projects by stage and status"), heads, [*rows, [_("All"), *total]])
