"""Importing projects from a file, in the browser: upload, say which column is what, look, import."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import held
from projects.access import may_create_projects
from projects.actions import importing as actions
from projects.blocker import Refused
from projects.forms.importing import MappingForm, SavedMappingForm, UploadForm
from projects.importing import plan as planning
from projects.models import ImportMapping, ImportRun
from projects.requests import PersonalRequest
from projects.views import uploads
from projects.views.refusing import refusal_page, status_of

RUNS_SHOWN = 20
ROWS_SHOWN = 100
SAMPLE_ROWS = 3
OUTCOMES = (planning.ERROR, planning.CREATE, planning.EXISTS)


def _importers_only(request: PersonalRequest) -> None:
    if not may_create_projects(request.user):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def import_start(request: PersonalRequest) -> HttpResponse:
    """The own imports, newest first; POST takes a file."""
    _importers_only(request)
    form, refusal, status = UploadForm(), None, 200
    if request.method == "POST":
        form, status = UploadForm(request.POST, uploads.files(request)), 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = actions.upload(file=file, filename=file.name, by=request.user, now=timezone.now())
            except Refused as caught:
                refusal, status = caught, status_of(caught)
            else:
                return redirect("import_run", run.pk)
            finally:
                held.drop(request.user, request.path)  # taken, or no use: what it says cannot be read
    runs = ImportRun.objects.filter(created_by=request.user).defer("report")[:RUNS_SHOWN]
    context = {
        "form": form,
        "held": held.held_for(request.user, request.path, now=timezone.now()),
        "refusal": refusal,
        "runs": runs,
    }
    return render(request, "projects/import.html", context, status=status)


def _run_of(request: PersonalRequest, pk: int) -> ImportRun:
    _importers_only(request)
    run = ImportRun.objects.filter(pk=pk, created_by=request.user).first()
    if run is None:
        raise Http404
    return run


def _run_page(
    request: PersonalRequest,
    run: ImportRun,
    *,
    form: MappingForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    table = actions.table_of(run)
    counts = {outcome: sum(row["outcome"] == outcome for row in run.report) for outcome in OUTCOMES}
    shown = request.GET.get("show", "")
    rows = [row for row in run.report if not shown or row["outcome"] == shown]
    rows.sort(key=lambda row: (row["outcome"] != planning.ERROR, row["number"]))
    context = {
        "run": run,
        "form": form or MappingForm(header=table.header, mapping=actions.mapping_of(run)),
        "saved_form": SavedMappingForm() if ImportMapping.objects.exists() else None,
        "columns": list(zip(table.header, *table.rows[:SAMPLE_ROWS], strict=False)),
        "counts": counts,
        "rows": rows[:ROWS_SHOWN],
        "more_rows": max(0, len(rows) - ROWS_SHOWN),
        "shown": shown,
        "refusal": refusal,
        "may_run": run.state == ImportRun.State.CHECKED and counts["error"] == 0 and counts["create"] > 0,
        **_progress(run),
    }
    return render(request, "projects/import_run.html", context, status=status)


def _progress(run: ImportRun) -> dict[str, Any]:
    return {
        "running": run.state == ImportRun.State.RUNNING,
        "done": run.rows_done or cache.get(actions.progress_key(run.pk), 0),
        "progress_url": reverse("import_progress", args=[run.pk]),
        "run_url": reverse("import_run", args=[run.pk]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def import_run(request: PersonalRequest, pk: int) -> HttpResponse:
    """One import: the mapping, what would happen row by row, how far it is. POST checks with the mapping given."""
    run = _run_of(request, pk)
    if request.method != "POST":
        return _run_page(request, run)
    form = MappingForm(request.POST, header=actions.table_of(run).header, mapping=actions.mapping_of(run))
    if not form.is_valid():
        return _run_page(request, run, form=form, status=422)
    try:
        with transaction.atomic():
            actions.check(run_id=run.pk, by=request.user, mapping=form.mapping(), now=timezone.now())
            if form.cleaned_data["save_as"]:
                actions.save_mapping(
                    name=form.cleaned_data["save_as"], mapping=form.mapping(), by=request.user, now=timezone.now()
                )
    except Refused as refusal:
        return _run_page(request, run, form=form, refusal=refusal, status=status_of(refusal))
    return redirect(reverse("import_run", args=[pk]) + "#report")


@require_POST
def import_use_mapping(request: PersonalRequest, pk: int) -> HttpResponse:
    """The saved mapping is checked against this file."""
    run = _run_of(request, pk)
    form = SavedMappingForm(request.POST)
    if not form.is_valid():
        raise Http404
    mapping = actions.as_mapping(form.cleaned_data["mapping"])
    try:
        actions.check(run_id=run.pk, by=request.user, mapping=mapping, now=timezone.now())
    except Refused as refusal:
        return _run_page(request, run, refusal=refusal, status=status_of(refusal))
    return redirect(reverse("import_run", args=[pk]) + "#report")


@require_POST
def import_go(request: PersonalRequest, pk: int) -> HttpResponse:
    """The checked file is imported by the worker; this page shows how far it is."""
    run = _run_of(request, pk)
    try:
        actions.start(run_id=run.pk, by=request.user, now=timezone.now())
    except Refused as refusal:
        return refusal_page(request, refusal, back=reverse("import_run", args=[pk]))
    messages.info(request, _("The import has begun. You can leave this page."))
    return redirect("import_run", pk)


@require_safe
def import_progress(request: PersonalRequest, pk: int) -> HttpResponse:
    """The part of the page that asks again until the work is done."""
    run = _run_of(request, pk)
    if not request.headers.get("HX-Request"):
        return redirect("import_run", pk)
    return render(request, "projects/import_progress.html", {"run": run, **_progress(run)})
