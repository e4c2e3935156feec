"""The registers of a project: the hub, one register with its form, pasted rows, a CSV file, what is done with a row."""

import csv
from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.access import Seat, project_for, seat
from projects.actions import bulk
from projects.blocker import Refused
from projects.catalog.stages import STAGES
from projects.frame import frame
from projects.models import Status
from projects.portfolio import harmless
from projects.preparation import has_begun
from projects.registers import REGISTERS
from projects.registers.pasting import Faulty, read
from projects.registers.register import Pill, Register, RegisterForm, Verb, cell_text
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of

PAGE = 50


def _place(request: PersonalRequest, code: str, name: str) -> tuple[Seat, Register]:
    """Raises: Http404 for a foreign project and for a register that there is not."""
    place = seat(request.user, project_for(request.user, code))
    if name not in REGISTERS:
        raise Http404
    return place, REGISTERS[name]


@require_safe
def registers(request: PersonalRequest, code: str) -> HttpResponse:
    """Every list that the project keeps, by stage, with how much is in it."""
    place = seat(request.user, project_for(request.user, code))
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in STAGES}
    for register in REGISTERS.values():
        groups[register.stage].append(
            {
                "register": register,
                "count": register.rows(place.project).count(),
                "url": reverse("register", args=[code, register.name]),
            }
        )
    context = {
        **frame(place, here="registers", now=timezone.now(), subtitle=_("Registers")),
        "has_checklist": has_begun(place.project),
        "groups": [{"stage": STAGES[key], "entries": entries} for key, entries in groups.items() if entries],
    }
    return render(request, "projects/registers.html", context)


def _shown(value: object) -> object:
    return (
        {"kind": value.kind, "value": value.value, "label": value.label}
        if isinstance(value, Pill)
        else cell_text(value)
    )


def _page(
    request: PersonalRequest,
    place: Seat,
    register: Register,
    *,
    form: RegisterForm | None = None,
    refusal: Refused | None = None,
    pasted: str = "",
    faults: list[Faulty] | None = None,
    status: int = 200,
) -> HttpResponse:
    project = place.project
    active = project.status == Status.ACTIVE
    page = Paginator(register.rows(project), PAGE).get_page(request.GET.get("page"))
    verbs = [verb for verb in register.verbs if active and verb.open_to(place)]
    lines = [
        {
            "pk": row.pk,
            "cells": [_shown(column.value(row)) for column in register.columns],
            "verbs": [
                {
                    "label": verb.label,
                    "url": reverse("register_row", args=[project.code, register.name, row.pk, verb.name]),
                }
                for verb in verbs
                if verb.when(row)
            ],
        }
        for row in page
    ]
    context = {
        **frame(place, here="registers", now=timezone.now(), subtitle=register.title),
        "register": register,
        "stage": STAGES[register.stage],
        "page": page,
        "lines": lines,
        "has_verbs": bool(verbs),
        "note": register.note(project) if register.note else "",
        "form": form or register.form(project=project),
        "refusal": refusal,
        "pasted": pasted,
        "faults": faults or [],
        "paste_columns": [register.form.base_fields[name].label for name in register.pasted],
        "may_add": active and register.open_to(place),
    }
    return render(request, "projects/register.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: PersonalRequest, code: str, name: str) -> HttpResponse:
    """One register, 50 rows a page. POST adds a row."""
    place, shown = _place(request, code, name)
    if request.method != "POST":
        return _page(request, place, shown)
    form = shown.form(request.POST, project=place.project)
    if not form.is_valid():
        return _page(request, place, shown, form=form, status=422)
    try:
        made = shown.add(project_id=place.project.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, place, shown, form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("%(row)s is recorded.") % {"row": made})
    return redirect("register", code, name)


@require_POST
def register_paste(request: PersonalRequest, code: str, name: str) -> HttpResponse:
    """Rows pasted from a spreadsheet: all of them or none, and each fault with its line."""
    place, shown = _place(request, code, name)
    if not shown.pasted:
        raise Http404
    text = request.POST.get("pasted", "")
    forms, faults = read(shown, place.project, text)
    if faults:
        return _page(request, place, shown, pasted=text, faults=faults, status=422)
    try:
        count = bulk.add_all(
            add=shown.add,
            project_id=place.project.pk,
            by=request.user,
            rows=[form.cleaned_data for form in forms],
            now=timezone.now(),
        )
    except Refused as refusal:
        return _page(request, place, shown, pasted=text, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("%(count)d rows are recorded.") % {"count": count})
    return redirect("register", code, name)


@require_safe
def register_csv(request: PersonalRequest, code: str, name: str) -> HttpResponse:
    """The whole register as a CSV file that no spreadsheet takes for formulas."""
    place, shown = _place(request, code, name)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(code)}-{shown.name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    heading = [str(column.label) for column in shown.columns]
    rows = ([cell_text(column.value(row)) for column in shown.columns] for row in shown.rows(place.project))
    for cells in chain([heading], rows):
        writer.writerow([harmless(cell) for cell in cells])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def register_row(request: PersonalRequest, code: str, name: str, pk: int, verb: str) -> HttpResponse:
    """What is done with one row: a page that says what it means, then the action."""
    place, shown = _place(request, code, name)
    row, chosen = shown.rows(place.project).filter(pk=pk).first(), shown.verb(verb)
    if row is None or chosen is None:
        raise Http404
    form = None
    if chosen.form is not None:
        given = (request.POST,) if request.method == "POST" else ()
        form = chosen.form(*given, project=place.project, initial=dict(chosen.initial(row)))
    if request.method != "POST":
        return _row_page(request, place, shown, chosen, row, form)
    if form is not None and not form.is_valid():
        return _row_page(request, place, shown, chosen, row, form, status=422)
    try:
        chosen.do(row, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
    except Refused as refusal:
        if form is None:
            return refusal_page(request, refusal, back=reverse("register", args=[code, name]))
        return _row_page(request, place, shown, chosen, row, form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("%(row)s: recorded.") % {"row": row})
    return redirect("register", code, name)


def _row_page(
    request: PersonalRequest,
    place: Seat,
    shown: Register,
    verb: Verb,
    row: Any,
    form: RegisterForm | None,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **frame(place, here="registers", now=timezone.now(), subtitle=f"{row}: {verb.label}"),
        "register": shown,
        "verb": verb,
        "row": row,
        "facts": [(column.label, _shown(column.value(row))) for column in shown.columns],
        "form": form,
        "refusal": refusal,
        "back": reverse("register", args=[place.project.code, shown.name]),
    }
    return render(request, "projects/register_row.html", context, status=status)
