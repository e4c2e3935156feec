"""Requirements against features: the matrix with its gaps, as a page and as a file, and a file taken over."""

import csv
import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects import held
from projects import traceability as tracing
from projects.access import Seat, project_for, seat
from projects.actions import traceability as actions
from projects.blocker import Refused
from projects.forms.importing import MatrixFile
from projects.frame import frame
from projects.importing.matrix import matrix_lines
from projects.importing.reading import read
from projects.models import Status
from projects.portfolio import harmless
from projects.registers.features import progress, result_pill, status_pill
from projects.registers.operational import yes_no
from projects.requests import PersonalRequest
from projects.views import uploads
from projects.views.refusing import status_of

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def traceability(request: PersonalRequest, code: str) -> HttpResponse:
    """Which features meet which requirement, and what is loose on either side (SEED-25). POST takes a file over."""
    place = seat(request.user, project_for(request.user, code))
    if request.method != "POST":
        return _page(request, place, MatrixFile())
    form, refusal, status = MatrixFile(request.POST, uploads.files(request)), None, 422
    try:
        actions.require_taker(place)
        if form.is_valid():
            try:
                taken = _take_over(request, place, form)
            finally:
                held.drop(request.user, request.path)  # taken, or no use: a line of it is not fit
            messages.success(
                request,
                _("New: %(requirements)d requirements, %(features)d features, %(links)d links.")
                % {"requirements": taken.requirements, "features": taken.features, "links": taken.links},
            )
            return redirect("traceability", code)
    except Refused as caught:
        refusal, status = caught, status_of(caught)
    return _page(request, place, form, refusal=refusal, status=status)


def _take_over(request: PersonalRequest, place: Seat, form: MatrixFile) -> actions.TakenOver:
    file = form.cleaned_data["file"]
    lines = matrix_lines(read(file, file.name))
    return actions.take_over(project_id=place.project.pk, by=request.user, lines=lines, now=timezone.now())


def _page(
    request: PersonalRequest,
    place: Seat,
    form: MatrixFile,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    project = place.project
    traces = tracing.matrix(project)
    loose = [trace for trace in traces if trace.is_gap]
    features = sum(trace.requirement is None for trace in loose)
    only_gaps = request.GET.get("gaps") == "1"
    page = Paginator(loose if only_gaps else traces, PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(place, here="requirements", now=timezone.now(), subtitle=_("Traceability")),
        "held": held.held_for(request.user, request.path, now=timezone.now()),
        "page": page,
        "lines": [_line(trace) for trace in page],
        "only_gaps": only_gaps,
        "gaps": tracing.Gaps(features, len(loose) - features),
        "all_count": len(traces),
        "progress": progress(project),
        "form": form,
        "refusal": refusal,
        "faults": getattr(refusal, "faults", []),
        "columns": tracing.COLUMNS,
        "may_add": place.contributes and project.status == Status.ACTIVE,
    }
    return render(request, "projects/traceability.html", context, status=status)


def _line(trace: tracing.Trace) -> dict[str, Any]:
    check = trace.check
    return {
        "requirement": trace.requirement,
        "check": [(_("In the design"), yes_no(check.in_design)), (_("Addressed"), yes_no(check.addressed))]
        if check
        else [],
        "features": [
            {"feature": feature, "status": status_pill(feature), "result": result_pill(feature)}
            for feature in trace.features
        ],
    }


@require_safe
def traceability_file(request: PersonalRequest, code: str, ending: str) -> HttpResponse:
    """The whole matrix as a CSV file or a workbook that no spreadsheet takes for formulas."""
    place = seat(request.user, project_for(request.user, code))
    if ending not in WRITERS:
        raise Http404
    table = [list(tracing.COLUMNS), *tracing.lines(tracing.matrix(place.project))]
    response = WRITERS[ending](table)
    response["Content-Disposition"] = f'attachment; filename="{slugify(code)}-traceability.{ending}"'
    return response


def _csv(table: list[list[str]]) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    csv.writer(response).writerows([harmless(cell) for cell in row] for row in table)
    return response


def _xlsx(table: list[list[str]]) -> HttpResponse:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("traceability")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, bold if number == 0 else None)  # text, never a formula
    return HttpResponse(buffer.getvalue(), content_type=XLSX)


WRITERS = {"csv": _csv, "xlsx": _xlsx}
