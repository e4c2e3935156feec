"""Delegated signatures of a round: lent, looked at, taken back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import delegating
from reviews.access import RoomSeat
from reviews.actions import delegations as actions
from reviews.forms.delegations import DelegateForm
from reviews.models import Delegation
from reviews.views.page import enter, show


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Who may sign for whom in this round; whoever is asked to sign delegates here."""
    seat, now = enter(request, code, ref), timezone.now()
    form, refused = DelegateForm(request.POST or None, review=seat.review, reader=request.user, now=now), None
    if request.method == "POST" and form.is_valid():
        try:
            lent = actions.delegate(review_id=seat.review.pk, by=request.user, now=now, **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(person)s may sign for you, and is told so.") % {"person": lent.delegate})
            return redirect("delegations", code, ref)
    return _page(request, seat, form, refused)


@require_POST
def delegation_revoke(request: PersonalRequest, code: str, ref: str, delegation: int) -> HttpResponse:
    """The delegate may no longer sign."""
    seat, now = enter(request, code, ref), timezone.now()
    if not any(lent.pk == delegation for lent in delegating.delegations(seat.review)):
        raise Http404(_("There is no such delegation."))
    try:
        lent = actions.revoke(review_id=seat.review.pk, delegation_id=delegation, by=request.user, now=now)
    except Refused as no:
        again = enter(request, code, ref)
        return _page(request, again, DelegateForm(review=again.review, reader=request.user, now=now), no)
    messages.success(
        request,
        _("%(person)s no longer signs for %(owner)s, and is told so.")
        % {"person": lent.delegate, "owner": lent.participant.user},
    )
    return redirect("delegations", code, ref)


def _page(request: PersonalRequest, seat: RoomSeat, form: DelegateForm, refused: Refused | None) -> HttpResponse:
    review, now, mine = seat.review, timezone.now(), seat.participant
    signs = mine is not None and mine.signs and review.is_open
    in_person = signs and mine is not None and delegating.group_of(mine).in_person
    lent = delegating.live(mine, now) if signs and mine is not None else None
    return show(
        request,
        "reviews/delegations.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        rows=[
            {"lent": each, "live": each.is_live(now), "may_revoke": _may_revoke(seat, each) and each.is_live(now)}
            for each in delegating.delegations(review)
        ],
        may_delegate=signs and not in_person and lent is None,
        in_person=in_person,
        mine=lent,
        longest=delegating.LONGEST.days,
        title=_("Delegated signatures"),
    )


def _may_revoke(seat: RoomSeat, lent: Delegation) -> bool:
    mine = lent.participant.user_id == seat.place.user.pk
    return seat.review.is_open and (mine or seat.chairs or seat.place.directs)
