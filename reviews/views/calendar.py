"""The gate calendar, and the blackout periods that are kept on it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews.access import keeps_policy
from reviews.actions import blackouts
from reviews.forms.calendar import BlackoutForm
from reviews.gate_calendar import WEEKS, calendar_for
from reviews.views.page import status_of


@require_http_methods(["GET", "HEAD", "POST"])
def gate_calendar(request: PersonalRequest) -> HttpResponse:
    """Coming reviews of the reader's projects by week; who keeps the rules announces a blackout period."""
    form = BlackoutForm(request.POST if request.method == "POST" else None)
    refused: Refused | None = None
    if form.is_valid():
        try:
            blackouts.announce(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("The blackout period is announced."))
            return redirect("gate_calendar")
    return _show(request, form, refused)


@require_POST
def blackout_lift(request: PersonalRequest, pk: int) -> HttpResponse:
    """A blackout period no longer holds."""
    try:
        blackouts.lift(blackout_id=pk, by=request.user, now=timezone.now())
    except Refused as no:
        return _show(request, BlackoutForm(), no)
    messages.success(request, _("The blackout period is lifted."))
    return redirect("gate_calendar")


def _show(request: PersonalRequest, form: BlackoutForm, refused: Refused | None) -> HttpResponse:
    context = {
        "calendar": calendar_for(request.user, timezone.now()),
        "weeks_ahead": WEEKS,
        "keeps": keeps_policy(request.user),
        "form": form,
        "refused": refused,
        "crumbs": [{"label": _("Portfolio"), "url": reverse("portfolio")}],
    }
    return render(
        request, "reviews/calendar.html", context, status=status_of(refused) if refused else 422 if form.errors else 200
    )
