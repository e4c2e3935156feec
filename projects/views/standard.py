"""A standard change on one page: asked for, its steps done with evidence, run recorded, or taken off its template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects import lifecycle
from projects.access import Seat, may_create_projects, project_for, seat
from projects.actions import standard as actions
from projects.actions.standard import NoStandardChange
from projects.blocker import NotAllowed, Refused
from projects.forms.standard import DepartForm, GoOnForm, OfTemplateForm, RunForm, StandardChangeForm, StepForm
from projects.frame import frame
from projects.models import ArtifactStatus, ArtifactVersion, Category, ChangeTemplate, Project, Status, TemplateRun
from projects.ports import ports
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def standard_new(request: PersonalRequest) -> HttpResponse:
    """A standard change is asked for: which template, when, who deploys, who answers for it."""
    if not may_create_projects(request.user):
        refused = NotAllowed(_("Projects are registered by a solution manager or a program manager."))
        return refusal_page(request, refused, back=reverse("portfolio"))
    now = timezone.now()
    template = ChangeTemplate.objects.filter(code=request.GET.get("template", "")).first()
    initial = {"template": template, "title": template.title} if template else {}
    form = StandardChangeForm(request.POST or None, initial=initial, today=timezone.localdate(now), by=request.user)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            made = actions.request(by=request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.text)
            status = status_of(refused)
        else:
            messages.success(request, _("%(project)s is registered from its template.") % {"project": made})
            return redirect("standard_way", made.code)
    context = {"form": form, "title": _("Standard change"), "button": _("Register the change")}
    return render(request, "projects/change_template_form.html", context, status=status)


@dataclass(frozen=True)
class Act:
    """One thing done on the change's page. Args: open_to: who may; the action itself decides and refuses."""

    form: type[OfTemplateForm]
    do: Callable[..., object]
    told: Promise
    open_to: Callable[[Seat], bool] = lambda place: place.manages


ACTS = {
    "documents": Act(OfTemplateForm, actions.take_over_documents, gettext_lazy("The documents wait for approval.")),
    "approve": Act(
        OfTemplateForm,
        actions.approve_documents,
        gettext_lazy("The documents are approved."),
        lambda place: place.approves,
    ),
    "step": Act(StepForm, actions.do_step, gettext_lazy("The step is done."), lambda place: place.contributes),
    "confirm": Act(GoOnForm, actions.confirm_outcomes, gettext_lazy("The outcomes are confirmed.")),
    "go_on": Act(GoOnForm, actions.go_on, gettext_lazy("The change goes on.")),
    "run": Act(RunForm, actions.record_run, gettext_lazy("It is on record how the change went.")),
    "depart": Act(DepartForm, actions.depart, gettext_lazy("It is a minor change from now on: see what it is asked.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
def standard_way(request: PersonalRequest, code: str) -> HttpResponse:
    """A standard change from request to done on one page: its steps with evidence, what is next, how it went."""
    place = seat(request.user, project_for(request.user, code))
    project = place.project
    act = None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        if not act.open_to(place):
            refused: Refused = NotAllowed(_("A standard change is run by its program manager or a solution manager."))
            return refusal_page(request, refused, back=project.get_absolute_url())
    if project.category != Category.STANDARD or project.template is None:
        refused = NoStandardChange(_("This is not a standard change: it does not follow a template."))
        return refusal_page(request, refused, back=project.get_absolute_url())
    return _page(request, place) if act is None else _done(request, place, act)


def _done(request: PersonalRequest, place: Seat, act: Act) -> HttpResponse:
    project, template = place.project, place.project.template
    assert template is not None  # a standard change has one
    form = act.form(request.POST, template=template)
    if not form.is_valid():
        return _page(request, place, bound=form, status=422)
    try:
        act.do(project_id=project.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except NotAllowed as refused:
        return refusal_page(request, refused, back=request.path)
    except Refused as refused:
        again = seat(request.user, project_for(request.user, project.code))  # nothing of what was tried
        return _page(request, again, bound=form, refusal=refused, status=status_of(refused))
    messages.success(request, str(act.told))
    return redirect("project", project.code) if act.do == actions.depart else redirect("standard_way", project.code)


def _page(
    request: PersonalRequest,
    place: Seat,
    *,
    bound: OfTemplateForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    project, template, now = place.project, place.project.template, timezone.now()
    assert template is not None  # a standard change has one
    works = project.status == Status.ACTIVE
    move = lifecycle.next_move(project) if works else None
    outcomes = actions.open_outcomes(project)
    blockers = lifecycle.blockers(project, move, now) if move else []
    documents = list(
        ArtifactVersion.objects.filter(artifact__project=project, artifact__kind__in=actions.DOCUMENTS)
        .select_related("artifact", "author")
        .order_by("artifact__kind", "-number")
    )
    rounds = ports.rounds(project, now)

    def form(kind: type[OfTemplateForm], **more: Any) -> OfTemplateForm:
        """The form that was refused, where it is of this kind; else a new one."""
        return bound if type(bound) is kind else kind(template=template, **more)

    context: dict[str, Any] = {
        **frame(place, here="project", now=now, subtitle=_("From request to done"), rounds=rounds),
        "template": template,
        "planned_on": project.planned_end,
        "steps": _steps(project, template, bound),
        "may_do": works and place.contributes,
        "runs": works and place.manages,
        "move": move,
        "may_move": move is not None and (place.directs if move.director else place.manages),
        "outcomes": outcomes,
        "blockers": [one for one in blockers if one.code != "outcome.not_confirmed"],
        "readiness_title": _("Before: %(step)s") % {"step": move.label} if move else "",
        "go_on_form": form(GoOnForm),
        "documents": documents,
        "may_approve": works
        and place.approves
        and any(each.status == ArtifactStatus.IN_REVIEW and each.author_id != request.user.pk for each in documents),
        "rounds": rounds,
        "openings": [] if any(each.is_open for each in rounds) else ports.openings(project),
        "run": TemplateRun.objects.filter(project=project).select_related("created_by").first(),
        "run_form": form(RunForm),
        "depart_form": form(DepartForm),
        "departing": isinstance(bound, DepartForm),
        "refusal": refusal,
    }
    return render(request, "projects/standard.html", context, status=status)


def _steps(project: Project, template: ChangeTemplate, bound: OfTemplateForm | None) -> list[dict[str, Any]]:
    """Each step of the template with what shows that it was done, or the form that asks for it."""
    done = {row.number: row for row in project.standardsteps.select_related("created_by")}
    asked = bound.data.get("number", "") if isinstance(bound, StepForm) else ""
    return [
        {
            "number": number,
            "text": done[number].text if number in done else text,
            "done": done.get(number),
            "form": bound
            if asked == str(number)
            else StepForm(template=template, initial={"number": number}, auto_id=f"id_%s_{number}"),
        }
        for number, text in enumerate(template.step_list(), start=1)
    ]
