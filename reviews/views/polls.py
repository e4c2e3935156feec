"""The readiness poll of a round: asked, answered unseen, shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews.access import RoomSeat
from reviews.actions import polls
from reviews.forms.meeting import PollForm
from reviews.models import Poll, PollAnswer, ReviewState
from reviews.views.page import enter, show


@require_http_methods(["GET", "HEAD", "POST"])
def poll(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Where the poll stands; whoever signs answers here."""
    seat, now = enter(request, code, ref), timezone.now()
    form, refused = PollForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            polls.answer(review_id=seat.review.pk, by=request.user, now=now, **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("Your answer is kept. You may change it until the poll is closed."))
            return redirect("poll", code, ref)
    return _page(request, seat, form, refused)


@require_POST
def poll_open(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Everybody who signs is asked."""
    seat = enter(request, code, ref)
    try:
        polls.open_poll(review_id=seat.review.pk, by=request.user, now=timezone.now())
    except Refused as no:
        return _page(request, seat, PollForm(), no)
    messages.success(request, _("Everybody who signs is asked."))
    return redirect("poll", code, ref)


@require_POST
def poll_close(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """What was answered is shown."""
    seat = enter(request, code, ref)
    try:
        polls.close(review_id=seat.review.pk, by=request.user, now=timezone.now())
    except Refused as no:
        return _page(request, seat, PollForm(), no)
    messages.success(request, _("The poll is closed."))
    return redirect("poll", code, ref)


def _page(request: PersonalRequest, seat: RoomSeat, form: PollForm, refused: Refused | None) -> HttpResponse:
    review = seat.review
    running = polls.running(review)
    answered = set(running.answers.values_list("user_id", flat=True)) if running else set()
    mine = PollAnswer.objects.filter(poll=running, user=request.user).first() if running else None
    live = review.state in (ReviewState.CONVENED, ReviewState.SIGNING)
    return show(
        request,
        "reviews/poll.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form if form.is_bound or mine is None else PollForm(initial={"value": mine.value, "text": mine.text}),
        running=running,
        asked=[(each.user, each.user_id in answered) for each in review.participants.all() if each.signs],
        closed=Poll.objects.filter(review=review, closed_at__isnull=False)
        .select_related("closed_by")
        .prefetch_related("answers__user")
        .order_by("-id"),
        may_open=running is None and live and seat.prepares,
        may_answer=running is not None and live and seat.signs,
        may_close=running is not None and live and seat.chairs,
        title=_("Readiness poll"),
    )
