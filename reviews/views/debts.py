"""What a decision leaves to do: conditions of a go, remediation after a no-go."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import owed
from reviews.actions import conditions, decisions
from reviews.forms.debts import CloseConditionForm, ConditionForm, DoneForm, MoveConditionForm, TakeBackForm
from reviews.models import Condition
from reviews.views.page import back_to, enter, show

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@EDIT
def condition_new(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """A dated debt is proposed that a go of this round will carry."""
    seat = enter(request, code, ref)
    review = seat.review
    form, refused = ConditionForm(request.POST or None, project=review.project), None
    if request.method == "POST" and form.is_valid():
        try:
            conditions.add(review_id=review.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("The condition is added. Everybody who signs, signs it too."))
            return redirect(back_to(review, "conditions"))
    return show(
        request,
        "reviews/condition_new.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        title=_("New condition"),
    )


@EDIT
def condition_close(request: PersonalRequest, code: str, ref: str, number: int) -> HttpResponse:
    """The debt is paid, with what shows it."""
    seat = enter(request, code, ref)
    condition = next((each for each in seat.review.conditions.all() if each.number == number), None)
    if condition is None:
        raise Http404(_("There is no such condition."))
    form, refused = CloseConditionForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            decisions.close_condition(
                condition_id=condition.pk, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(condition)s is closed.") % {"condition": condition})
            return redirect(back_to(seat.review, "conditions"))
    return show(
        request,
        "reviews/condition_close.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        condition=condition,
        closers=", ".join(map(str, owed.closers(condition))),
        may_close=seat.prepares and condition.owner_id != request.user.pk,
        title=str(condition),
    )


@EDIT
def condition_move(request: PersonalRequest, code: str, ref: str, number: int) -> HttpResponse:
    """The day that binds becomes a later one, with the reason."""
    seat = enter(request, code, ref)
    condition = next((each for each in seat.review.conditions.all() if each.number == number), None)
    if condition is None:
        raise Http404(_("There is no such condition."))
    form, refused = MoveConditionForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            conditions.move_day(condition_id=condition.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(condition)s is due on another day.") % {"condition": condition})
            return redirect(back_to(seat.review, "conditions"))
    movers, days = owed.movers(condition, seat.review.recused), owed.days_to_move(condition, timezone.now())
    return show(
        request,
        "reviews/condition_move.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        condition=condition,
        moves=condition.moves.select_related("by"),
        movers=", ".join(map(str, movers)),
        last_day=days and days[1],
        may_move=request.user in movers and seat.review.is_go and condition.closed_at is None,
        title=str(condition),
    )


@EDIT
def condition_take_back(request: PersonalRequest, code: str, ref: str, number: int) -> HttpResponse:
    """A condition that was added by mistake binds nobody, while its round is open."""
    seat = enter(request, code, ref)
    condition = (
        Condition.ever.filter(review=seat.review, number=number).select_related("owner", "taken_back_by").first()
    )
    if condition is None:
        raise Http404(_("There is no such condition."))
    form, refused = TakeBackForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            conditions.take_back(condition_id=condition.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(
                request, _("%(condition)s is taken back. Who had signed is asked again.") % {"condition": condition}
            )
            return redirect(back_to(seat.review, "conditions"))
    return show(
        request,
        "reviews/condition_take_back.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        condition=condition,
        title=str(condition),
    )


@EDIT
def remediation_done(request: PersonalRequest, code: str, ref: str, number: int) -> HttpResponse:
    """An area is addressed, with what was done."""
    seat = enter(request, code, ref)
    area = seat.review.remediation.select_related("owner", "done_by").filter(number=number).first()
    if area is None:
        raise Http404(_("There is no such area to address."))
    form, refused = DoneForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            decisions.finish_remediation(item_id=area.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(area)s is done.") % {"area": area})
            return redirect(back_to(seat.review, "remediation"))
    return show(
        request,
        "reviews/remediation_done.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        area=area,
        may_finish=seat.place.manages or area.owner_id == request.user.pk,
        title=str(area),
    )
