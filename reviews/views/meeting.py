"""The holding of a round: its date for calendars, attendance with its quorum, delivery confidence, minutes."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import agenda as plan
from reviews import invitation
from reviews import minutes as record
from reviews.actions import meeting, recusal
from reviews.forms.meeting import AgendaForm, AttendanceForm, ConfidenceForm, DeclareForm
from reviews.meeting import quorum
from reviews.models import DeliveryConfidence, Minutes, Mode, ReviewState
from reviews.views.page import back_to, enter, show

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@EDIT
def agenda(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """The points of the meeting with their times; the chair sets how long each takes."""
    seat = enter(request, code, ref)
    form, refused = AgendaForm(request.POST or None, review=seat.review), None
    if request.method == "POST" and form.is_valid():
        try:
            meeting.set_agenda(review_id=seat.review.pk, by=request.user, minutes=form.cleaned_data, now=timezone.now())
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("The agenda is set."))
            return redirect(back_to(seat.review, "agenda"))
    return show(
        request,
        "reviews/agenda.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        points=plan.points(seat.review),
        title=_("Agenda"),
    )


@EDIT
def attendance(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Who took part, and who declared a conflict of interest."""
    seat = enter(request, code, ref)
    review = seat.review
    form, refused = AttendanceForm(request.POST or None, review=review), None
    if request.method == "POST" and form.is_valid():
        try:
            meeting.record_attendance(
                review_id=review.pk, by=request.user, attended=form.attended(), now=timezone.now()
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("Attendance is recorded."))
            return redirect(back_to(review, "meeting"))
    return show(
        request,
        "reviews/attendance.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        waits_for=quorum(review).missing if review.is_open and review.mode == Mode.MEETING else [],
        may_record=seat.prepares and review.state in (ReviewState.CONVENED, ReviewState.SIGNING),
        title=_("Attendance"),
    )


@EDIT
def declare(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Who has a conflict of interest, and the reader's own declaration."""
    seat, now = enter(request, code, ref), timezone.now()
    form, refused = DeclareForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            said = recusal.declare(review_id=seat.review.pk, by=request.user, conflict=form.conflict, now=now)
        except Refused as no:
            refused = no
        else:
            text = _("You are recused: somebody else speaks for your group.") if said.text else _("It is on record.")
            messages.success(request, text)
            return redirect("declare", code, ref)
    return show(
        request,
        "reviews/declare.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        may_declare=seat.review.is_open and not seat.recused and recusal.concerned(seat, now),
        title=_("Conflicts of interest"),
    )


@EDIT
def confidence(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """How likely a successful delivery is held to be."""
    seat = enter(request, code, ref)
    form, refused = ConfidenceForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            meeting.judge_delivery(review_id=seat.review.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("The judgement is recorded. It decides nothing."))
            return redirect(back_to(seat.review, "meeting"))
    return show(
        request,
        "reviews/confidence.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        given=DeliveryConfidence.objects.filter(review=seat.review).select_related("by").order_by("-id"),
        title=_("Delivery confidence"),
    )


@require_safe
def minutes(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """The minutes: frozen with the decision, a draft before it."""
    seat = enter(request, code, ref)
    frozen = Minutes.objects.filter(review=seat.review).first()
    body = json.loads(frozen.body) if frozen else record.build(seat.review)
    return show(request, "reviews/minutes.html", seat, frozen=frozen, parts=record.parts(body), title=_("Minutes"))


@require_safe
def calendar_file(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """The meeting as people were last called to it, as a file for a calendar."""
    review = enter(request, code, ref).review
    call = invitation.standing(review)
    if call is None:
        raise Http404(_("Nobody is called to a meeting of this round."))
    answer = HttpResponse(
        invitation.object_for(review, call, invitation.PUBLISH), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{review.project.code}-{review.ref}.ics"'
    return answer
