"""Findings of a round: each is raised, closed and merged on a page of its own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import settling
from reviews.access import RoomSeat
from reviews.actions import findings
from reviews.forms.findings import FindingForm, MergeForm, SettleForm
from reviews.models import Finding
from reviews.views.page import back_to, enter, show

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@EDIT
def finding_new(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Something is found wanting."""
    seat = enter(request, code, ref)
    review = seat.review
    form, refused = FindingForm(request.POST or None, review=review), None
    if request.method == "POST" and form.is_valid():
        try:
            raised = findings.raise_finding(
                review_id=review.pk, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(finding)s is raised. It is part of what is signed.") % {"finding": raised})
            return redirect(back_to(review, "findings"))
    return show(
        request,
        "reviews/finding_new.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        title=_("New finding"),
    )


def _finding(seat: RoomSeat, number: int) -> Finding:
    found = next((each for each in seat.review.findings.all() if each.number == number), None)
    if found is None:
        raise Http404(_("There is no such finding."))
    return found


@EDIT
def finding_close(request: PersonalRequest, code: str, ref: str, number: int) -> HttpResponse:
    """A finding ends: accepted and done, or rejected."""
    seat = enter(request, code, ref)
    finding = _finding(seat, number)
    form, refused = SettleForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            findings.settle(
                review_id=seat.review.pk, number=number, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(finding)s is settled.") % {"finding": finding})
            return redirect(back_to(seat.review, "findings"))
    return show(
        request,
        "reviews/finding_close.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        finding=finding,
        obstacle=settling.obstacle(finding, request.user, timezone.now()),
        title=str(finding),
    )


@EDIT
def finding_merge(request: PersonalRequest, code: str, ref: str, number: int) -> HttpResponse:
    """A finding is one case of a systemic one."""
    seat = enter(request, code, ref)
    finding = _finding(seat, number)
    others = settling.mergeable(finding)
    form, refused = MergeForm(request.POST or None, others=others), None
    if request.method == "POST" and form.is_valid():
        try:
            findings.merge(
                review_id=seat.review.pk,
                number=number,
                into=form.cleaned_data["into"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(finding)s is merged and stays linked.") % {"finding": finding})
            return redirect(back_to(seat.review, "findings"))
    return show(
        request,
        "reviews/finding_merge.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        finding=finding,
        others=others,
        systemic=settling.is_systemic(finding),
        obstacle=settling.obstacle(finding, request.user, timezone.now(), merging=True),
        title=str(finding),
    )
