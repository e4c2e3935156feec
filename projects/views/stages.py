"""A stage of a project with its outcomes, and the project's requirements."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import exits, lifecycle
from projects.access import Seat, project_for, seat
from projects.actions import requirements as requirement_actions
from projects.actions import stages as actions
from projects.blocker import Refused
from projects.catalog.artifacts import ARTIFACT_KINDS
from projects.catalog.categories import required_artifacts
from projects.catalog.stages import STAGES
from projects.forms.artifacts import OutcomeForm, RequirementForm
from projects.frame import frame
from projects.models import ArtifactStatus, OutcomeConfirmation, Project, Requirement, Stage, StageExit
from projects.registers.features import progress
from projects.requests import PersonalRequest
from projects.views.refusing import status_of

PAGE = 50
BUILD_ITEMS = ("ART-29", "ART-30", "ART-31")  # SEED-28: documentation, laboratory, readiness for the pilot


def _build_items(project: Project) -> list[dict[str, Any]]:
    """What Build prepares beside the solution, each its status and whether it is asked for; one query."""
    status = dict(project.artifacts.filter(kind__in=BUILD_ITEMS).values_list("kind", "status"))
    wanted = required_artifacts(
        project.category,
        "scope",
        conversion_applies=project.conversion_applies,
        role_segregation=project.role_segregation,
    )
    return [
        {
            "kind": ARTIFACT_KINDS[code],
            "status": ArtifactStatus(status.get(code, ArtifactStatus.NOT_STARTED)),
            "wanted": code in wanted,
        }
        for code in BUILD_ITEMS
    ]


def _stage_page(
    request: PersonalRequest,
    place: Seat,
    key: str,
    *,
    bound: tuple[str, OutcomeForm] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    project, kind = place.project, STAGES[key]
    runs = list(project.stage_runs.filter(stage=key).select_related("exit").defer("exit__body").order_by("-iteration"))
    outside = project.stageoutsides.filter(stage=key).select_related("created_by").first()
    if outside is not None and (not runs or runs[0].iteration == 1):
        runs = []  # passed on record, not run here
    else:
        outside = None
    answers: dict[str, list[OutcomeConfirmation]] = {}
    if runs:
        for answer in runs[0].confirmations.select_related("by").order_by("-id"):
            answers.setdefault(answer.outcome, []).append(answer)
    stages = Stage.values
    passed = stages.index(project.stage) > stages.index(key)
    is_here = project.stage == key and project.status == "active"
    outcomes = []
    for outcome in kind.outcomes:
        given = answers.get(outcome.code, [])
        form = bound[1] if bound and bound[0] == outcome.code else OutcomeForm(prefix=outcome.code)
        outcomes.append(
            {
                "outcome": outcome,
                "answer": given[0] if given else None,
                "earlier": given[1:],
                "form": form,
                "open": bool(bound and bound[0] == outcome.code),
            }
        )
    step = lifecycle.next_move(project) if project.stage == key else None
    context = {
        **frame(place, here="project", now=timezone.now(), subtitle=kind.name),
        "stage": kind,
        "runs": runs,
        "unrecorded": key in exits.EXIT_GATES and passed and bool(runs) and not hasattr(runs[0], "exit"),
        "outcomes": outcomes,
        "may_confirm": is_here and place.manages and outside is None,
        "is_here": is_here,
        "outside": outside,
        "step": step,
        "blockers": lifecycle.blockers(project, step, timezone.now()) if step else [],
        "refusal": refusal,
        "items": _build_items(project) if key == "build" else [],
        "note": progress(project) if key == "build" else "",
    }
    return render(request, "projects/stage.html", context, status=status)


@require_safe
def stage(request: PersonalRequest, code: str, stage: str) -> HttpResponse:
    """Deliverable, purpose and outcomes of the stage (SEED-17), what is confirmed, what the exit still lacks."""
    if stage not in STAGES:
        raise Http404
    return _stage_page(request, seat(request.user, project_for(request.user, code)), stage)


@require_safe
def stage_exit(request: PersonalRequest, code: str, stage: str, passage: int) -> HttpResponse:
    """What a light milestone was decided on, as it was kept when the stage was left; readable for ever (EXT-19)."""
    place = seat(request.user, project_for(request.user, code))
    runs = StageExit.objects.filter(run__project=place.project, run__stage=stage, run__iteration=passage)
    kept = runs.select_related("by", "run").first()
    if kept is None:
        raise Http404
    body = json.loads(kept.body)
    context = {
        **frame(place, here="project", now=timezone.now(), subtitle=body["milestone"]),
        "kept": kept,
        "body": body,
        "parts": exits.parts(body),
        "stage": STAGES[stage],
    }
    return render(request, "projects/stage_exit.html", context)


@require_POST
def outcome(request: PersonalRequest, code: str, stage: str, outcome: str) -> HttpResponse:
    """One outcome is confirmed or not, with what shows it."""
    place = seat(request.user, project_for(request.user, code))
    if stage not in STAGES or outcome not in {item.code for item in STAGES[stage].outcomes}:
        raise Http404
    form = OutcomeForm(request.POST, prefix=outcome)
    if not form.is_valid():
        return _stage_page(request, place, stage, bound=(outcome, form), status=422)
    try:
        actions.confirm_outcome(
            project_id=place.project.pk,
            by=request.user,
            outcome=outcome,
            confirmed=form.cleaned_data["confirmed"],
            evidence=form.cleaned_data["evidence"],
            now=timezone.now(),
        )
    except Refused as refusal:
        return _stage_page(request, place, stage, bound=(outcome, form), refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Recorded."))
    return redirect("stage", code, stage)


@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: PersonalRequest, code: str) -> HttpResponse:
    """What the solution must meet, by kind; 50 a page. POST records one more."""
    place = seat(request.user, project_for(request.user, code))
    form, refusal, status = RequirementForm(), None, 200
    if request.method == "POST":
        form = RequirementForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                made = requirement_actions.add(
                    project_id=place.project.pk, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except Refused as caught:
                refusal, status = caught, status_of(caught)
            else:
                messages.success(request, _("%(ref)s is recorded.") % {"ref": made.ref})
                return redirect("requirements", code)
    found = place.project.requirements.select_related("created_by")
    kind = request.GET.get("kind", "")
    if kind in Requirement.Kind.values:
        found = found.filter(kind=kind)
    counts = dict(place.project.requirements.order_by().values_list("kind").annotate(Count("pk")))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(place, here="requirements", now=timezone.now(), subtitle=_("Requirements")),
        "page": page,
        "form": form,
        "refusal": refusal,
        "kind": kind,
        "kinds": [
            {"value": choice.value, "label": choice.label, "count": counts.get(choice.value, 0)}
            for choice in Requirement.Kind
        ],
        "all_count": sum(counts.values()),
        "may_add": place.contributes and place.project.status == "active",
    }
    return render(request, "projects/requirements.html", context, status=status)
