"""Who takes part in a review, and the request for their signatures."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import gate_people, gates, signing
from reviews.access import RoomSeat
from reviews.actions import rounds, sign_offs
from reviews.forms.rounds import NameForm, RequestForm
from reviews.models import Participant
from reviews.views.page import enter, show
from reviews.views.room_people import people_by_group

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@EDIT
def participants(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Everybody who takes part, group by group; people are named and removed here."""
    seat = enter(request, code, ref)
    form, refused = NameForm(request.POST or None, review=seat.review), None
    if request.method == "POST" and form.is_valid():
        try:
            rounds.name_participant(review_id=seat.review.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(person)s takes part.") % {"person": form.cleaned_data["person"]})
            return redirect("participants", code, ref)
    return _people(request, seat, form, refused)


def _people(request: PersonalRequest, seat: RoomSeat, form: NameForm, refused: Refused | None) -> HttpResponse:
    review = seat.review
    left = review_participants_left(seat)
    return show(
        request,
        "reviews/participants.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        groups=people_by_group(review, signing.content(review), timezone.now()),
        lacking=gate_people.people_blockers(review) if review.is_open else [],
        left=left,
        may_name=seat.prepares and review.is_open,
        title=_("Participants"),
    )


def review_participants_left(seat: RoomSeat) -> list[Participant]:
    """People who were taken out of the round; what they signed stays on the record."""
    return list(
        Participant.objects.filter(review=seat.review, removed_at__isnull=False)
        .select_related("user")
        .prefetch_related("sign_offs")
    )


@require_POST
def participant_remove(request: PersonalRequest, code: str, ref: str, participant: int) -> HttpResponse:
    """A person no longer takes part."""
    seat = enter(request, code, ref)
    leaving = next((person for person in seat.review.participants.all() if person.pk == participant), None)
    if leaving is None:
        raise Http404(_("That person does not take part."))
    try:
        rounds.remove_participant(
            review_id=seat.review.pk, participant_id=participant, by=request.user, now=timezone.now()
        )
    except Refused as no:
        again = enter(request, code, ref)
        return _people(request, again, NameForm(review=again.review), no)
    messages.success(request, _("%(person)s no longer takes part.") % {"person": leaving.user})
    return redirect("participants", code, ref)


@EDIT
def request_sign_offs(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Until when the signatures are wanted; the packet goes out."""
    seat = enter(request, code, ref)
    now = timezone.now()
    form, refused = RequestForm(request.POST or None, reader=request.user, now=now), None
    if request.method == "POST" and form.is_valid():
        try:
            sign_offs.request_sign_offs(
                review_id=seat.review.pk, by=request.user, due_at=form.cleaned_data["due_at"], now=now
            )
        except Refused as no:
            refused = no
        else:
            asked = sum(person.signs for person in seat.review.participants.all())
            messages.success(request, _("%(count)d people are asked to sign.") % {"count": asked})
            return redirect(seat.review)
        seat = enter(request, code, ref)
    return show(
        request,
        "reviews/request_sign_offs.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        blockers=gates.signing_blockers(seat.review, now),
        signers=[person for person in seat.review.participants.all() if person.signs],
        title=_("Request the sign-offs"),
    )
