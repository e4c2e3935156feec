"""The list of all projects that the reader may see."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import portfolio as lists
from projects.access import may_create_projects, sees_every_project
from projects.forms.portfolio import ProjectFilter
from projects.models import Category, Gate, Project, ProjectType, Stage, Status
from projects.ports import ports
from projects.requests import PersonalRequest

FILTERS = tuple(ProjectFilter.base_filters)


@require_safe
def portfolio(request: PersonalRequest) -> HttpResponse | StreamingHttpResponse:
    """Stage, next gate, signatures and debts of each project; filtered, sorted, by the page or as a CSV file."""
    now = timezone.now()
    visible = Project.objects.visible_to(request.user)
    asked = {name: value for name in FILTERS if (value := request.GET.get(name, ""))}
    projects = visible
    if asked:
        narrowed = ProjectFilter(asked, queryset=visible, request=request)
        projects = narrowed.qs if narrowed.is_valid() else visible
    if request.GET.get("as") == "csv":
        return _file(lists.lines(projects, now))
    sort = request.GET.get("sort", "")
    sort = sort if sort in lists.ORDERS else lists.DEFAULT_ORDER
    leaf = lists.leaf(
        projects, lists.ORDERS[sort], now, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    language, zone = get_language() or "", timezone.get_current_timezone_name()
    kept = {**asked, **({"sort": sort} if "sort" in request.GET else {})}
    context = {
        "leaf": leaf,
        "rows": [_row(_shown(row), language, zone) for row in leaf.rows],
        "filters": _filters(tuple(kept.items()), language),
        "active": _active(asked, kept),
        "total": lists.counted(projects) if leaf.before or leaf.after else len(leaf.rows),
        "bound": lists.COUNTED,
        "sorts": [
            {"label": order.label, "url": _address({**kept, "sort": name}), "here": name == sort}
            for name, order in lists.ORDERS.items()
        ],
        "stats": _stats(lists.summary(request.user, now)),
        "previous_url": _address({**kept, "before": leaf.before}) if leaf.before else "",
        "next_url": _address({**kept, "after": leaf.after}) if leaf.after else "",
        "csv_url": _address({**kept, "as": "csv"}),
        "report_url": reverse("phase_report") if sees_every_project(request.user) else "",
        "new_url": reverse("project_new") if may_create_projects(request.user) else "",
    }
    return render(request, "projects/portfolio.html", context)


# --- Rows: rendered once for what they show, whoever reads, while this process lives ----------------------------------
class Shown(NamedTuple):
    """What a row of the list shows. Args: since: how long the oldest signature has been owed, in words."""

    code: str
    title: str
    type: str
    category: str
    unit: str
    ends: date | None
    stage: str
    status: str
    gate: str
    review: str
    review_url: str
    state: str
    decision: str
    planned: datetime | None
    signed: int
    signers: int
    waiting_for: str
    since: str
    overdue: int


def _shown(row: lists.Row) -> Shown:
    project, outlook = row.project, row.outlook
    return Shown(
        code=project.code,
        title=project.title,
        type=project.project_type,
        category=project.category,
        unit=project.unit,
        ends=project.planned_end,
        stage=project.stage,
        status=project.status,
        gate=row.gate.value if row.gate else "",
        review=outlook.ref,
        review_url=outlook.url,
        state=outlook.state_label if not outlook.decision else outlook.decision_label,
        decision=outlook.decision or outlook.state,
        planned=outlook.planned,
        signed=outlook.signed,
        signers=outlook.signers,
        waiting_for=outlook.waiting_for,
        since=timesince(outlook.waiting_since, depth=1) if outlook.waiting_since else "",
        overdue=outlook.conditions_overdue,
    )


@lru_cache(maxsize=5000)
def _row(shown: Shown, language: str, zone: str) -> SafeString:
    """The row as it stands in the table, in this language and time zone, which are the reader's current ones."""
    context = {
        **shown._asdict(),
        "type": ProjectType(shown.type).label,
        "category": Category(shown.category).label,
        "stage_label": Stage(shown.stage).label,
        "status_label": Status(shown.status).label,
        "resting": shown.status not in (Status.ACTIVE, Status.CLOSED),
        "gate": Gate(shown.gate).label if shown.gate else "",
        "decided": shown.decision in lists.DECISIONS,
    }
    return render_to_string("projects/_portfolio_row.html", context)


@lru_cache(maxsize=500)
def _filters(kept: tuple[tuple[str, str], ...], language: str) -> SafeString:
    """The bar that narrows the list, with what is asked for already in it; the same for everybody."""
    asked = dict(kept)
    form = ProjectFilter(asked, queryset=Project.objects.none()).form
    here = reverse("portfolio")
    context = {"form": form, "action": here, "clear_url": here, "target": "#projects"}
    return render_to_string("components/filter_bar.html", context)


def _active(asked: dict[str, str], kept: dict[str, str]) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    found = []
    for name, value in asked.items():
        field = ProjectFilter.base_filters[name]
        choices = field.extra.get("choices", [])
        choices = dict(choices() if callable(choices) else choices)
        words = str(field.label) if name == "mine" else f"{field.label}: {choices.get(value, value)}"
        found.append({"label": words, "url": _address({**kept, name: ""})})
    return found


def _address(query: dict[str, str]) -> str:
    """The list's address with what of these has a value."""
    kept = {name: value for name, value in query.items() if value}
    return f"?{urlencode(kept)}" if kept else reverse("portfolio")


def _stats(summary: lists.Summary) -> list[dict[str, Any]]:
    """Where projects stand, each number leading to its list."""
    found: list[dict[str, Any]] = [
        {
            "value": summary.stages.get(stage, 0),
            "label": stage.label,
            "url": f"?stage={stage.value}&status={Status.ACTIVE.value}",
        }
        for stage in Stage
        if stage != Stage.CLOSED
    ]
    for name, reason in ports.attention.items():
        n = summary.attention.get(name, 0)
        value = n if n <= lists.COUNTED else _("> %(bound)d") % {"bound": lists.COUNTED}
        found.append(
            {"value": value, "label": reason.label, "url": f"?attention={name}", "tone": reason.tone if n else ""}
        )
    found.append(
        {
            "value": summary.on_hold,
            "label": _("On hold"),
            "url": f"?status={Status.ON_HOLD.value}",
            "tone": "warn" if summary.on_hold else "",
        }
    )
    return found


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def _file(lines: Iterator[tuple[str, ...]]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())
    # The mark at the start tells spreadsheets that the file is UTF-8.
    text = (("\ufeff" if number == 0 else "") + str(writer.writerow(line)) for number, line in enumerate(lines))
    answer = StreamingHttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="portfolio.csv"'
    return answer
