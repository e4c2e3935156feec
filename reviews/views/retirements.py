"""Retiring a question or signer in force: asked for with a reason, confirmed or refused by a second person."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import additions
from reviews.actions import retirements as actions
from reviews.forms.policy import RetirementForm
from reviews.forms.policy_versions import RefusalForm
from reviews.models import ChecklistAddition, Retirement, SignerAddition
from reviews.policy_preview import reach
from reviews.views.page import only_keepers, policy_crumbs, status_of
from reviews.views.policy import WHAT


@require_http_methods(["GET", "HEAD", "POST"])
def policy_retirement(request: PersonalRequest, what: str, pk: int) -> HttpResponse:
    """What would be asked no more and whom that meets; asked for here, and settled here once it is."""
    if what not in WHAT:
        raise Http404
    only_keepers(request)
    row = get_object_or_404(WHAT[what].objects.select_related("proposed_by", "approved_by"), pk=pk)
    if request.method != "POST":
        return _show(request, row)
    form, refused = RetirementForm(request.POST), None
    kind: Any = WHAT[what]
    if form.is_valid():
        try:
            actions.ask(what=kind, pk=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("It is asked for. A second person confirms it; until then it holds."))
            return redirect("policy_retirement", what, pk)
    return _show(request, row, form=form, refused=refused)


def _show(
    request: PersonalRequest,
    row: ChecklistAddition | SignerAddition,
    *,
    form: Form | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    retirements = list(row.retirements.select_related("asked_by", "confirmed_by", "refused_by"))
    asked = next((each for each in retirements if each.waits), None)
    name = row.code if isinstance(row, ChecklistAddition) else row.named
    context = {
        "row": row,
        "title": _("Retire %(name)s") % {"name": name},
        "name": name,
        "what": "questions" if isinstance(row, ChecklistAddition) else "signers",
        "asked": asked,
        "settled": [each for each in reversed(retirements) if not each.waits],
        "may_confirm": asked is not None and asked.asked_by_id != request.user.pk,
        "obstacle": "" if asked else additions.obstacle(row),
        "reach": reach(row.kind, row.categories, request.user),
        "ask_form": form if isinstance(form, RetirementForm) else RetirementForm(),
        "refusal_form": form if isinstance(form, RefusalForm) else RefusalForm(),
        "refused": refused,
        "crumbs": policy_crumbs(),
    }
    status = status_of(refused) if refused else 422 if form is not None and form.errors else 200
    return render(request, "reviews/policy_retirement.html", context, status=status)


@require_POST
def retirement_confirm(request: PersonalRequest, pk: int) -> HttpResponse:
    """New rounds ask it no more."""
    only_keepers(request)
    asked = get_object_or_404(Retirement.objects.select_related("question", "signer"), pk=pk)
    try:
        actions.confirm(pk=pk, by=request.user, now=timezone.now())
    except Refused as no:
        return _show(request, asked.of, refused=no)
    messages.success(request, _("Retired: new rounds ask it no more."))
    return redirect("policy")


@require_POST
def retirement_refuse(request: PersonalRequest, pk: int) -> HttpResponse:
    """It goes on holding."""
    only_keepers(request)
    asked = get_object_or_404(Retirement.objects.select_related("question", "signer"), pk=pk)
    form, refused = RefusalForm(request.POST), None
    if form.is_valid():
        try:
            actions.refuse(pk=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("Refused: it goes on holding."))
            return redirect("policy")
    return _show(request, asked.of, form=form, refused=refused)
