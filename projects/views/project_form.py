"""Registering a project, changing its facts, and what a change category asks for."""

import copy
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects import ledger, lifecycle, rigor_table, sentences
from projects.access import Seat, may_create_projects, project_for, seat
from projects.actions import part_way
from projects.actions import projects as actions
from projects.actions.projects import (
    BadCode,
    ChangedMeanwhile,
    CodeTaken,
    NoKnownTemplate,
    NoSolutionManager,
    ReasonMissing,
)
from projects.blocker import NotAllowed, Refused
from projects.catalog.artifacts import GATE_NAMES, GATES, artifact_name
from projects.catalog.categories import PROFILES, required_artifacts
from projects.facts import ProjectFacts
from projects.forms.projects import APPLIES, EditProjectForm, NewProjectForm
from projects.frame import frame
from projects.models import ChangeTemplate, LedgerEntry, Project
from projects.ports import ports
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of

FIELD_OF = {
    BadCode: "code",
    CodeTaken: "code",
    NoKnownTemplate: "template",
    NoSolutionManager: "solution_manager",
    ReasonMissing: "reason",
}
UNANSWERED = {None: "", True: "yes", False: "no"}


def rigor_of(category: str, *, conversion_applies: bool | None, role_segregation: bool) -> dict[str, Any]:
    """What a project of this category must show and who signs; for templates/projects/_rigor.html. No query."""
    wanted = {
        gate: required_artifacts(
            category, gate, conversion_applies=conversion_applies, role_segregation=role_segregation
        )
        for gate in GATES
    }
    return {
        "profile": PROFILES[category],
        "documents": [
            (GATE_NAMES[gate], [artifact_name(kind) for kind in kinds]) for gate, kinds in wanted.items() if kinds
        ],
        "document_count": len({kind for kinds in wanted.values() for kind in kinds}),
        "reviews": ports.review_plans(category, conversion_applies, catalogue=False),
    }


def _asked(given: QueryDict | dict[str, Any]) -> dict[str, Any] | None:
    """The rigor that a form's present values mean; None before a category is chosen."""
    category = given.get("category")
    if category not in PROFILES:
        return None
    return rigor_of(
        str(category),
        conversion_applies=APPLIES.get(str(given.get("conversion_applies") or "")),
        role_segregation=bool(given.get("role_segregation")),
    )


@require_safe
def rigor(request: PersonalRequest) -> HttpResponse:
    """The part of the form that explains the category just chosen (SEED-03)."""
    asked = _asked(request.GET)
    if asked is None:
        raise Http404
    return render(request, "projects/_rigor.html", {"rigor": asked})


@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: PersonalRequest) -> HttpResponse:
    """A project is registered."""
    if not may_create_projects(request.user):
        refused = NotAllowed(_("Projects are registered by a solution manager or a program manager."))
        return refusal_page(request, refused, back=reverse("portfolio"))
    form = NewProjectForm(request.POST or None, by=request.user)
    status = 200
    if form.is_valid():
        try:
            made = _registered(request, form)
        except Refused as refused:
            form.add_error(FIELD_OF.get(type(refused)), refused.text)
            status = status_of(refused)
        else:
            messages.success(request, _("%(project)s is registered. Name its people next.") % {"project": made})
            return redirect("roles", made.code)
    elif form.is_bound:
        status = 422
    context = {"form": form, "rigor": _asked(request.POST), "compared": rigor_table.demands()}
    return render(request, "projects/project_new.html", context, status=status)


def _registered(request: PersonalRequest, form: NewProjectForm) -> Project:
    """The project as the form has it, from its beginning or part-way through its life (SEED-14)."""
    given = form.cleaned_data
    facts: dict[str, Any] = {
        "by": request.user,
        "facts": form.facts(),
        "solution_manager": given["solution_manager"],
        "program_manager": given["program_manager"],
        "code": given["code"].strip(),
        "now": timezone.now(),
    }
    if given.get("stands_in"):
        return part_way.register(stage=given["stands_in"], reason=given["outside_reason"], **facts)
    return actions.create(**facts)


@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: PersonalRequest, code: str) -> HttpResponse:
    """A project's facts are changed; what somebody else changed meanwhile is shown, and nothing typed is lost."""
    project = project_for(request.user, code)
    place = seat(request.user, project)
    if refused := _may_not_edit(place):
        return refusal_page(request, refused, back=project.get_absolute_url())
    if request.method != "POST":
        initial = {"version": project.version}
        return _edit_page(request, place, EditProjectForm(instance=copy.copy(project), initial=initial))
    form = EditProjectForm(request.POST, instance=copy.copy(project))
    if not form.is_valid():
        return _edit_page(request, place, form, status=422)
    facts = form.facts()
    was_open = _open_rounds(project)
    try:
        actions.edit(
            project_id=project.pk,
            by=request.user,
            facts=facts,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except ChangedMeanwhile as refused:
        return _merged_page(request, seat(request.user, project_for(request.user, code)), facts, refused)
    except Refused as refused:
        form.add_error(FIELD_OF.get(type(refused)), refused.text)
        return _edit_page(request, place, form, refusal=refused, status=status_of(refused))
    messages.success(request, _("Saved."))
    if ended := was_open - _open_rounds(project):
        text = _("%(rounds)s is withdrawn: its questions no longer fit the project. Prepare another round.")
        messages.warning(request, text % {"rounds": ", ".join(ended)})
    return redirect("project", code)


def _open_rounds(project: Project) -> set[str]:
    """References of the rounds that wait for a decision."""
    return {
        each.ref for each in ports.rounds(project, timezone.now()) if not each.decision and each.state != "withdrawn"
    }


def _may_not_edit(place: Seat) -> Refused | None:
    """Why this person cannot change this project now, before anything is typed."""
    if not place.manages:
        return NotAllowed(_("A project is edited by its program manager or a solution manager."))
    found = lifecycle.status_blockers(place.project)
    return Refused(found[0].text, found) if found else None


def _edit_page(
    request: PersonalRequest,
    place: Seat,
    form: EditProjectForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    project = place.project
    given = request.POST or {
        "category": project.category,
        "conversion_applies": UNANSWERED[project.conversion_applies],
        "role_segregation": project.role_segregation,
    }
    context = {
        **frame(place, here="project", now=timezone.now(), subtitle=_("Edit facts")),
        "form": form,
        "rigor": _asked(given),
        "compared": rigor_table.demands(),
        "refusal": refusal,
        **more,
    }
    return render(request, "projects/project_edit.html", context, status=status)


def _merged_page(request: PersonalRequest, place: Seat, typed: ProjectFacts, refused: Refused) -> HttpResponse:
    """The form again: what was typed stays; what only the other person changed is taken over and shown."""
    project, seen = place.project, int(request.POST["version"])
    since = _edits_since(project, seen)
    before: dict[str, Any] = {}
    for entry in since:
        for name, value in json.loads(entry.line)["before"].items():
            before.setdefault(name, value)
    mine = ledger.plain(typed.as_dict())
    data = request.POST.copy()
    for name in mine:
        if name in before and mine[name] == before[name]:
            _put(data, name, getattr(project, name))
    data["version"] = str(project.version)
    form = EditProjectForm(data, instance=copy.copy(project))
    meanwhile = [
        {"who": told.who, "at": entry.occurred_at, "sentence": told.sentence, "changes": told.changes}
        for entry in since
        for told in [sentences.tell(entry)]
    ]
    return _edit_page(request, place, form, refusal=refused, status=status_of(refused), meanwhile=meanwhile)


def _edits_since(project: Project, version: int) -> list[LedgerEntry]:
    """The entries that made the versions after this one, oldest first: each change of the facts makes one version."""
    edits = LedgerEntry.objects.filter(
        stream__project=project, event__in=["project.edited", "project.recategorised"]
    ).order_by("-seq")
    return list(reversed(edits[: max(project.version - version, 0)]))


def _put(data: QueryDict, name: str, value: Any) -> None:
    """The value as the form's field posts it."""
    if name == "conversion_applies":
        data[name] = UNANSWERED[value]
    elif value is True:
        data[name] = "on"
    elif value is False or value is None:
        data.pop(name, None)
    elif isinstance(value, ChangeTemplate):
        data[name] = str(value.pk)
    else:
        data[name] = value.isoformat() if hasattr(value, "isoformat") else str(value)
