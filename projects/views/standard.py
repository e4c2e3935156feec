"""A standard change on few screens: asked for, documents taken over, run recorded, or taken off its template."""

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

from projects.access import may_create_projects, project_for, seat
from projects.actions import standard as actions
from projects.actions.standard import NoStandardChange
from projects.blocker import NotAllowed, Refused
from projects.forms.standard import DepartForm, OfTemplateForm, RunForm, StandardChangeForm
from projects.frame import frame
from projects.models import Category, ChangeTemplate
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
            return redirect(made)
    context = {"form": form, "title": _("Standard change"), "button": _("Register the change")}
    return render(request, "projects/change_template_form.html", context, status=status)


@dataclass(frozen=True)
class Step:
    """One thing done with a standard change. Args: means: what is true afterwards."""

    label: Promise
    means: Promise
    form: type[OfTemplateForm]
    act: Callable[..., object]


STEPS = {
    "documents": Step(
        gettext_lazy("Take over the documents"),
        gettext_lazy("The template's project plan and deployment procedures wait for approval by another person."),
        OfTemplateForm,
        actions.take_over_documents,
    ),
    "run": Step(
        gettext_lazy("Record how it went"),
        gettext_lazy("The result stays with the project and its template. A failed run suspends the template."),
        RunForm,
        actions.record_run,
    ),
    "depart": Step(
        gettext_lazy("It departs from the template"),
        gettext_lazy("The change becomes a minor one, with what a minor change asks. What was done stays."),
        DepartForm,
        actions.depart,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def standard_do(request: PersonalRequest, code: str, verb: str) -> HttpResponse:
    """One step of a standard change, on a page that says what it means."""
    project = project_for(request.user, code)
    if verb not in STEPS:
        raise Http404
    place, step, now = seat(request.user, project), STEPS[verb], timezone.now()
    if not place.manages:
        refused: Refused = NotAllowed(_("A standard change is run by its program manager or a solution manager."))
        return refusal_page(request, refused, back=project.get_absolute_url())
    if project.category != Category.STANDARD or project.template is None:
        refused = NoStandardChange(_("This is not a standard change: it does not follow a template."))
        return refusal_page(request, refused, back=project.get_absolute_url())
    form = step.form(request.POST if request.method == "POST" else None, template=project.template)
    refusal, status = None, 422 if form.errors else 200
    if form.is_valid():
        try:
            step.act(project_id=project.pk, by=request.user, now=now, **form.cleaned_data)
        except Refused as found:
            refusal, status = found, status_of(found)
        else:
            messages.success(request, _("Saved."))
            return redirect(project)
    context: dict[str, Any] = {
        **frame(place, here="project", now=now, subtitle=step.label),
        "verb": step,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "projects/standard_step.html", context, status=status)
