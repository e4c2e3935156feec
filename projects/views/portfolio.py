"""The list of all projects that the reader may see."""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import portfolio as lists
from projects.access import may_create_projects
from projects.forms.portfolio import ProjectFilter
from projects.models import Project, Stage, Status
from projects.requests import PersonalRequest


@require_safe
def portfolio(request: PersonalRequest) -> HttpResponse | StreamingHttpResponse:
    """Stage, next gate, signatures and debts of each project; filtered, sorted, by the page or as a CSV file."""
    now = timezone.now()
    narrowed = ProjectFilter(request.GET, queryset=Project.objects.visible_to(request.user), request=request)
    projects = narrowed.qs if narrowed.is_valid() else narrowed.queryset
    if request.GET.get("as") == "csv":
        return _file(lists.lines(projects, now))
    sort = request.GET.get("sort", "")
    sort = sort if sort in lists.ORDERS else lists.DEFAULT_ORDER
    leaf = lists.leaf(
        projects, lists.ORDERS[sort], now, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    active = _active(request.GET, narrowed)
    context = {
        "leaf": leaf,
        "form": narrowed.form,
        "active": active,
        "total": lists.counted(projects),
        "bound": lists.COUNTED,
        "sorts": [
            {"label": order.label, "url": _address(request.GET, sort=name), "here": name == sort}
            for name, order in lists.ORDERS.items()
        ],
        "stats": _stats(lists.summary(request.user, now)),
        "previous_url": _address(request.GET, before=leaf.before) if leaf.before else "",
        "next_url": _address(request.GET, after=leaf.after) if leaf.after else "",
        "csv_url": _address(request.GET, **{"as": "csv"}),
        "new_url": reverse("project_new") if may_create_projects(request.user) else "",
    }
    return render(request, "projects/portfolio.html", context)


def _address(query: QueryDict, *, drop: str = "", **add: str) -> str:
    """The list's address with these values instead; where one had leafed to is kept only if that is what is added."""
    new = query.copy()
    for name in ("after", "before", "as", drop):
        new.pop(name, None)
    for name, value in add.items():
        new[name] = value
    kept = {name: str(value) for name, value in new.items() if value}
    return f"?{urlencode(kept)}" if kept else reverse("portfolio")


def _active(query: QueryDict, narrowed: ProjectFilter) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    found = []
    for name, field in narrowed.form.fields.items():
        value = query.get(name, "")
        if not value:
            continue
        choices = dict(getattr(field, "choices", []) or [])
        words = str(field.label) if name == "mine" else f"{field.label}: {choices.get(value, value)}"
        found.append({"label": words, "url": _address(query, drop=name)})
    return found


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
