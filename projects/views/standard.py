"""A standard change on one page: asked for, its steps done with evidence, run recorded, or taken off its template.

What its reviews put on that page is the upper app's: see reviews/views/standard.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects import credentials, lifecycle
from projects.access import Seat, may_create_projects, project_for, seat
from projects.actions import standard as actions
from projects.actions.standard import NoStandardChange
from projects.blocker import NotAllowed, Refused
from projects.forms.standard import (
    DepartForm,
    DeployedForm,
    GoOnForm,
    OfTemplateForm,
    RunForm,
    StableForm,
    StandardChangeForm,
    StepForm,
)
from projects.frame import frame
from projects.models import (
    ArtifactStatus,
    ArtifactVersion,
    Category,
    ChangeTemplate,
    Deployment,
    Project,
    Stage,
    Status,
    TemplateRun,
)
from projects.ports import ports
from projects.requests import PersonalRequest
from projects.views.refusing import refusal_page, status_of

CREDENTIALS = (credentials.WrongCredentials, credentials.SigningLocked, credentials.SecondFactorMissing)


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
    """One thing done on the change's page.

    Args:
        form: called with what was posted and ``place``.
        do: takes the form, the person's place and the moment.
        open_to: who may; the action itself decides and refuses.
    """

    form: Callable[..., forms.Form]
    do: Callable[[Any, Seat, datetime], object]
    told: Promise
    open_to: Callable[[Seat], bool] = lambda place: place.manages


def plain(action: Callable[..., object]) -> Callable[[forms.Form, Seat, datetime], object]:
    """The action that takes what the form gave as it is."""
    return lambda form, place, now: action(project_id=place.project.pk, by=place.user, now=now, **form.cleaned_data)


def _contributes(place: Seat) -> bool:
    return place.contributes


ACTS = {
    "documents": Act(
        OfTemplateForm, plain(actions.take_over_documents), gettext_lazy("The documents wait for approval.")
    ),
    "approve": Act(
        OfTemplateForm,
        plain(actions.approve_documents),
        gettext_lazy("The documents are approved."),
        lambda place: place.approves,
    ),
    "step": Act(StepForm, plain(actions.do_step), gettext_lazy("The step is done."), _contributes),
    "confirm": Act(GoOnForm, plain(actions.confirm_outcomes), gettext_lazy("The outcomes are confirmed.")),
    "go_on": Act(GoOnForm, plain(actions.go_on), gettext_lazy("The change goes on.")),
    "deployed": Act(
        DeployedForm, plain(actions.record_deployment), gettext_lazy("The deployment is on record."), _contributes
    ),
    "stable": Act(StableForm, plain(actions.call_stable), gettext_lazy("It is on record as stable."), _contributes),
    "record": Act(OfTemplateForm, plain(actions.write_record), gettext_lazy("The record waits for approval.")),
    "run": Act(RunForm, plain(actions.record_run), gettext_lazy("It is on record how the change went.")),
    "depart": Act(
        DepartForm, plain(actions.depart), gettext_lazy("It is a minor change from now on: see what it is asked.")
    ),
}
MoreOf = Callable[[Seat, forms.Form | None, datetime], dict[str, Any]]


@dataclass(frozen=True)
class Way:
    """The page of a standard change, with what an upper app puts on it.

    Args:
        acts: what can be done there, by the value of ``do``.
        template: extends `projects/standard.html`.
        more: what the template needs besides: from the reader's place, the form that was refused, and the moment.
            Called first: what it brings along on the place's project is not read again.
    """

    acts: Mapping[str, Act]
    template: str
    more: MoreOf

    def answer(self, request: PersonalRequest, code: str) -> HttpResponse:
        """The page, or what came of something done on it."""
        place = seat(request.user, project_for(request.user, code))
        project = place.project
        act = None
        if request.method == "POST":
            act = self.acts.get(request.POST.get("do", ""))
            if act is None:
                raise Http404
            if not act.open_to(place):
                refused: Refused = NotAllowed(
                    _("A standard change is run by its program manager or a solution manager.")
                )
                return refusal_page(request, refused, back=project.get_absolute_url())
        if project.category != Category.STANDARD or project.template is None:
            refused = NoStandardChange(_("This is not a standard change: it does not follow a template."))
            return refusal_page(request, refused, back=project.get_absolute_url())
        return self._page(request, place) if act is None else self._done(request, place, act)

    def _done(self, request: PersonalRequest, place: Seat, act: Act) -> HttpResponse:
        form = act.form(request.POST, place=place)
        if not form.is_valid():
            return self._page(request, place, bound=form, status=422)
        try:
            act.do(form, place, timezone.now())
        except CREDENTIALS as refused:
            form.add_error("password", refused.text)
            status = 429 if isinstance(refused, credentials.SigningLocked) else 422
            return self._page(request, place, bound=form, status=status)
        except NotAllowed as refused:
            return refusal_page(request, refused, back=request.path)
        except Refused as refused:
            again = seat(request.user, project_for(request.user, place.project.code))  # nothing of what was tried
            return self._page(request, again, bound=form, refusal=refused, status=status_of(refused))
        messages.success(request, str(act.told))
        left = Project.objects.filter(pk=place.project.pk).exclude(category=Category.STANDARD).exists()
        return redirect("project" if left else "standard_way", place.project.code)

    def _page(
        self,
        request: PersonalRequest,
        place: Seat,
        *,
        bound: forms.Form | None = None,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        now = timezone.now()
        more = self.more(place, bound, now)
        context = {**_context(place, bound, now), "refusal": refusal, **more}
        return render(request, self.template, context, status=status)


def _context(place: Seat, bound: forms.Form | None, now: datetime) -> dict[str, Any]:
    project, template = place.project, place.project.template
    assert template is not None  # a standard change has one
    works = project.status == Status.ACTIVE
    move = lifecycle.next_move(project) if works else None
    outcomes = actions.open_outcomes(project)
    blockers = lifecycle.blockers(project, move, now) if move else []
    documents = list(
        ArtifactVersion.objects.filter(
            artifact__project=project, artifact__kind__in=(*actions.DOCUMENTS, actions.RECORD)
        )
        .select_related("artifact", "author")
        .order_by("artifact__kind", "-number")
    )
    rounds = ports.rounds(project, now)
    deployed = list(project.deployments.order_by("id")) if project.stage == Stage.DEPLOY else []

    def form(kind: type[OfTemplateForm], **more: Any) -> forms.Form:
        """The form that was refused, where it is of this kind; else a new one."""
        return bound if bound is not None and type(bound) is kind else kind(place=place, **more)

    return {
        **frame(place, here="project", now=now, subtitle=_("From request to done"), rounds=rounds),
        "template": template,
        "planned_on": project.planned_end,
        "steps": _steps(place, template, bound),
        "may_do": works and place.contributes,
        "runs": works and place.manages,
        "move": move,
        "may_move": move is not None and (place.directs if move.director else place.manages),
        "outcomes": outcomes,
        "blockers": [one for one in blockers if one.code != "outcome.not_confirmed"],
        "readiness_title": _("Before: %(step)s") % {"step": move.label} if move else "",
        "go_on_form": form(GoOnForm),
        "documents": documents,
        "taken_over": any(each.artifact.kind in actions.DOCUMENTS for each in documents),
        "may_approve": works
        and place.approves
        and any(each.status == ArtifactStatus.IN_REVIEW and each.author_id != place.user.pk for each in documents),
        "rounds": rounds,
        "deploys": works and project.stage == Stage.DEPLOY,
        "deployed": deployed,
        "unstable": any(row.state == Deployment.State.DEPLOYED for row in deployed),
        "unrecorded": any(row.result for row in deployed)
        and not any(each.artifact.kind == actions.RECORD for each in documents),
        "deployed_form": form(DeployedForm, initial={"site": project.title[:120]} if not deployed else {}),
        "stable_form": form(StableForm),
        "run": TemplateRun.objects.filter(project=project).select_related("created_by").first(),
        "run_form": form(RunForm),
        "depart_form": form(DepartForm),
        "departing": isinstance(bound, DepartForm),
    }


def _steps(place: Seat, template: ChangeTemplate, bound: forms.Form | None) -> list[dict[str, Any]]:
    """Each step of the template with what shows that it was done, or the form that asks for it."""
    turn = place.project.stage == Stage.DEPLOY
    done = {row.number: row for row in place.project.standardsteps.select_related("created_by")}
    asked = bound.data.get("number", "") if isinstance(bound, StepForm) else ""
    first = next((number for number in range(1, len(template.step_list()) + 1) if number not in done), 0)
    return [
        {
            "number": number,
            "text": done[number].text if number in done else text,
            "done": done.get(number),
            "open": asked == str(number) or (turn and not asked and number == first),
            "form": bound
            if asked == str(number)
            else StepForm(place=place, initial={"number": number}, auto_id=f"id_%s_{number}"),
        }
        for number, text in enumerate(template.step_list(), start=1)
    ]
