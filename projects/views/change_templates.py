"""The catalogue of change templates: everybody reads it, those who may write it do (SEED-07)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from projects.access import may_create_projects
from projects.actions import change_templates as actions
from projects.blocker import NotAllowed, Refused
from projects.forms.artifacts import ReasonForm
from projects.forms.change_templates import AcceptForm, NewTemplateForm, TemplateForm
from projects.models import ChangeTemplate, Project, TemplateRun, User
from projects.requests import PersonalRequest
from projects.views.people import leaves
from projects.views.refusing import refusal_page, status_of

PAGE = 50
LATEST = 10
State = ChangeTemplate.State


@require_safe
def change_templates(request: PersonalRequest) -> HttpResponse:
    """All templates, 50 a page, the same number of queries however many there are."""
    page = Paginator(ChangeTemplate.objects.select_related("owner"), PAGE).get_page(request.GET.get("page"))
    rows = [
        [
            format_html('<a href="{}">{}</a>', each.get_absolute_url(), each),
            _state(each),
            each.owner,
            date_format(each.expires_on, "j M Y") if each.expires_on else "",
            each.failures,
        ]
        for each in page.object_list
    ]
    columns = [
        {"label": _("Template")},
        {"label": _("State")},
        {"label": _("Owner")},
        {"label": _("Expires")},
        {"label": _("Failed runs"), "num": True},
    ]
    context = {"page": page, "rows": rows, "columns": columns, "may_write": actions.may_write(request.user)}
    return render(request, "projects/change_templates.html", {**context, **leaves(request, page)})


def _state(template: ChangeTemplate) -> dict[str, str]:
    """The state as a pill; that an approval has run out is worked out, not stored."""
    if template.expired(timezone.localdate()):
        return {"kind": "change_template", "value": "expired", "label": _("Expired")}
    return {"kind": "change_template", "value": template.state, "label": str(State(template.state).label)}


@require_http_methods(["GET", "HEAD", "POST"])
def change_template_new(request: PersonalRequest) -> HttpResponse:
    """A draft is written."""
    if not actions.may_write(request.user):
        text = _("Templates are written by solution managers, program managers and process owners.")
        return refusal_page(request, NotAllowed(text), back=reverse("change_templates"))
    form = NewTemplateForm(request.POST or None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            made = actions.create(
                by=request.user,
                owner=form.cleaned_data["owner"],
                content=form.content(),
                code=form.cleaned_data["code"],
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.text)
            status = status_of(refused)
        else:
            messages.success(request, _("The draft is kept. Another person approves it."))
            return redirect(made)
    context = {"form": form, "title": _("New change template"), "button": _("Keep the draft")}
    return render(request, "projects/change_template_form.html", context, status=status)


@require_safe
def change_template(request: PersonalRequest, code: str) -> HttpResponse:
    """One template: what it says, who approved it on what, what was made from it."""
    template = get_object_or_404(ChangeTemplate.objects.select_related("owner", "written_by", "approved_by"), code=code)
    seen = Project.objects.visible_to(request.user).values("pk")
    runs = TemplateRun.objects.filter(template=template, project__in=seen).select_related("project", "template")
    context = {
        "template": template,
        "state": _state(template),
        "facts": _facts(template),
        "runs": runs.order_by("-id")[:LATEST],
        "verbs": [
            {"label": verb.label, "url": reverse("change_template_do", args=[code, name])}
            for name, verb in VERBS.items()
            if verb.fits(template) and verb.may(request.user, template)
        ],
        "usable": _state(template)["value"] == State.KNOWN and may_create_projects(request.user),
    }
    return render(request, "projects/change_template.html", context)


def _facts(template: ChangeTemplate) -> list[tuple[str, object]]:
    approved = ""
    if template.approved_by and template.approved_at:
        approved = _("%(person)s, %(day)s: %(note)s") % {
            "person": template.approved_by,
            "day": date_format(timezone.localtime(template.approved_at), "j M Y"),
            "note": template.approval_note,
        }
    return [
        (_("What it changes"), template.changes),
        (_("Steps"), template.steps),
        (_("Owner"), template.owner),
        (_("Written by"), template.written_by),
        (_("Approved"), approved),
        (_("Test evidence"), template.evidence),
        (_("Expires"), date_format(template.expires_on, "j M Y") if template.expires_on else ""),
        (_("Failed runs"), str(template.failures)),
        (_("Why it is suspended"), template.suspended_reason),
        (_("Project type"), template.get_project_type_display()),
        (_("Nature of the change"), template.nature),
        (_("Size of the change"), template.size),
        (_("Project plan"), template.plan),
        (_("Deployment and rollback"), template.deployment),
    ]


@dataclass(frozen=True)
class Verb:
    """Something that is done with a template on a page of its own.

    Args:
        act: the action, given the valid form and who does it to which template when.
        fits: whether the template is in a state for it.
        may: whether this person may do it; the action asks again.
    """

    label: Promise
    form: Callable[..., forms.Form]
    act: Callable[..., ChangeTemplate]
    fits: Callable[[ChangeTemplate], bool]
    may: Callable[[User, ChangeTemplate], bool]


def _edited(form: TemplateForm, **given: Any) -> ChangeTemplate:
    return actions.edit(owner=form.cleaned_data["owner"], content=form.content(), **given)


def _rests(template: ChangeTemplate) -> bool:
    return template.state == State.SUSPENDED or template.expired(timezone.localdate())


VERBS = {
    "edit": Verb(
        gettext_lazy("Change"),
        TemplateForm,
        _edited,
        lambda template: template.state != State.KNOWN,
        actions.may_change,
    ),
    "approve": Verb(
        gettext_lazy("Approve as known and tested"),
        AcceptForm,
        lambda form, **given: actions.approve(**form.cleaned_data, **given),
        lambda template: template.state == State.DRAFT,
        actions.may_accept_this,
    ),
    "suspend": Verb(
        gettext_lazy("Suspend"),
        ReasonForm,
        lambda form, **given: actions.suspend(**form.cleaned_data, **given),
        lambda template: template.state == State.KNOWN,
        actions.may_suspend,
    ),
    "reinstate": Verb(
        gettext_lazy("Reinstate on new evidence"),
        AcceptForm,
        lambda form, **given: actions.reinstate(**form.cleaned_data, **given),
        _rests,
        actions.may_accept_this,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def change_template_do(request: PersonalRequest, code: str, verb: str) -> HttpResponse:
    """A template is changed, approved, suspended or reinstated."""
    template = get_object_or_404(ChangeTemplate.objects.select_related("owner", "written_by"), code=code)
    if verb not in VERBS:
        raise Http404
    chosen = VERBS[verb]
    if not chosen.may(request.user, template):
        text = _(
            "A template is changed and suspended by its owner or who keeps templates, and approved by another "
            "solution manager or process owner than its owner and writer."
        )
        return refusal_page(request, NotAllowed(text), back=template.get_absolute_url())
    initial = TemplateForm.of(template).initial if chosen.form is TemplateForm else None
    form = chosen.form(request.POST or None, initial=initial)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            chosen.act(form, template_id=template.pk, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.text)
            status = status_of(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(template)
    context = {"form": form, "title": chosen.label, "button": chosen.label, "template": template}
    return render(request, "projects/change_template_form.html", context, status=status)
