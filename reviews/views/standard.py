"""What the reviews put on the page of a standard change: its round is held there, from convening to the decision."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.access import Seat
from projects.forms.standard import OfTemplateForm
from projects.models import Project
from projects.requests import PersonalRequest
from projects.views.standard import ACTS, Act, Way, plain
from reviews import gate_content, gates, outputs, owed, signing
from reviews.access import RoomSeat, room_seat
from reviews.actions import acknowledgements, decisions, sign_offs, standard
from reviews.catalog import REVIEW_TYPES
from reviews.forms.rounds import RequestForm
from reviews.forms.signing import POSITIONS, SignForm
from reviews.forms.standard import AnswersForm, Asked, GoForm, HoldForm
from reviews.models import Decision, Review, ReviewKind, ReviewState
from reviews.views.sign import Shown, wants_second_factor


def _round(project: Project) -> Review | None:
    """The round that is open, with all that belongs to it."""
    return next(iter(signing.bring_open_rounds(project)), None)


def _required(place: Seat) -> Review:
    """Raises: Refused when no round is open any more."""
    found = _round(place.project)
    if found is None:
        raise sign_offs.NotSigning(str(_("No round is open now: look at what is next.")))
    return found


# --- What is asked -------------------------------------------------------------------------------------------------


def _questions(seat: RoomSeat, now: datetime) -> list[Asked]:
    """What keeps the round from being signed and this person may answer."""
    review, today = seat.review, owed.day_of(now)
    if not seat.answers or review.state not in (ReviewState.CONVENED, ReviewState.SIGNING):
        return []
    return [
        (review, item)
        for item in review.items.all()
        if item.must and gate_content.asks_for_answer(item) and gate_content.current_fine(item, today) is not True
    ]


def _outputs(place: Seat, now: datetime) -> list[Asked]:
    """What decided rounds leave behind, is asked for in this stage, and this person may confirm."""
    found = []
    for review, item in outputs.open_outputs(place.project, now):
        accepted_by = next(kind.accepted_by for kind in REVIEW_TYPES[review.kind].items if kind.code == item.code)
        if not accepted_by or place.roles & set(accepted_by):
            found.append((review, item))
    return found


def _answers(data: QueryDict | None = None, *, place: Seat, asked: Iterable[Asked] | None = None) -> AnswersForm:
    if asked is None:
        now, review = timezone.now(), _round(place.project)
        asked = _questions(room_seat(place.user, review), now) if review else _outputs(place, now)
    return AnswersForm(data, asked=asked)


def _sign(data: QueryDict | None = None, *, place: Seat, shown: Shown | None = None) -> SignForm:
    review = _required(place)
    shown = shown or Shown.of(review)
    return SignForm(
        data,
        user=place.user,
        bound_to=shown.digest,
        second_factor_by_profile=wants_second_factor(review),
        initial={"packet": shown.digest, "key": uuid.uuid4()},
    )


def _go(data: QueryDict | None = None, *, place: Seat, shown: Shown | None = None) -> GoForm:
    review = _required(place)
    shown = shown or Shown.of(review)
    return GoForm(
        data,
        user=place.user,
        bound_to=shown.digest,
        second_factor_by_profile=wants_second_factor(review),
        states_risks=review.kind == ReviewKind.RR,
        initial={"packet": shown.digest},
    )


def _request(data: QueryDict | None = None, *, place: Seat) -> RequestForm:
    return RequestForm(data, reader=place.user, now=timezone.now())


# --- What is done --------------------------------------------------------------------------------------------------


def _do_acknowledge(form: forms.Form, place: Seat, now: datetime) -> None:
    acknowledgements.acknowledge(review_id=_required(place).pk, by=place.user, now=now)


def _do_answer(form: AnswersForm, place: Seat, now: datetime) -> None:
    standard.answer(by=place.user, said=form.said, now=now)


def _do_request(form: RequestForm, place: Seat, now: datetime) -> None:
    due_at = form.cleaned_data["due_at"]
    sign_offs.request_sign_offs(review_id=_required(place).pk, by=place.user, due_at=due_at, now=now)


def _do_sign(form: SignForm, place: Seat, now: datetime) -> None:
    review, given = _required(place), form.cleaned_data
    proof = form.prove(
        place.user, bound_to=given["packet"], required_second_factor=wants_second_factor(review), now=now
    )
    sign_offs.sign(
        review_id=review.pk,
        by=place.user,
        position=form.model_position,
        comment=given["comment"],
        packet_digest=given["packet"],
        proof=proof,
        idempotency_key=str(given["key"]),
        now=now,
    )


def _do_go(form: GoForm, place: Seat, now: datetime) -> None:
    review, packet = _required(place), form.cleaned_data["packet"]
    proof = form.prove(place.user, bound_to=packet, required_second_factor=wants_second_factor(review), now=now)
    decisions.decide(
        review_id=review.pk,
        by=place.user,
        decision=Decision.GO,
        packet_digest=packet,
        proof=proof,
        risks_acceptable=form.cleaned_data.get("risks_acceptable", False),
        now=now,
    )


def _anybody(place: Seat) -> bool:
    """Whoever sees the page: the action knows who takes part in the round."""
    return True


ROUND_ACTS = {
    "hold": Act(HoldForm, plain(standard.hold), _("The review is convened.")),
    "acknowledge": Act(OfTemplateForm, _do_acknowledge, _("Acknowledged. Your answers can be saved now."), _anybody),
    "answer": Act(_answers, _do_answer, _("Your answers are on record."), _anybody),
    "request": Act(_request, _do_request, _("The signers are asked."), _anybody),
    "sign": Act(_sign, _do_sign, _("You have signed."), _anybody),
    "go": Act(_go, _do_go, _("It is decided: go."), _anybody),
}


# --- What is shown -------------------------------------------------------------------------------------------------


def _more(place: Seat, bound: forms.Form | None, now: datetime) -> dict[str, Any]:
    """The open round as this person has to do with it; or what is to be recorded of the last one."""
    review = _round(place.project)
    if review is None:
        asked = _outputs(place, now) if place.contributes else []
        kind = standard.kind_held(place.project)
        passed = place.project.plan_approved_at if kind == ReviewKind.PPA else place.project.release_ready_at
        may_hold = place.manages and kind is not None and passed is None
        return {
            "outputs": _rows(bound, _answers(place=place, asked=asked)) if asked else None,
            "hold": (bound if isinstance(bound, HoldForm) else HoldForm(place=place)) if may_hold else None,
            "hold_kind": kind.label if kind else "",
        }
    seat, shown = room_seat(place.user, review), Shown.of(review)
    known = {row.user_id for row in review.acknowledgements.all()} if review.is_acknowledged_first else None
    ready = known is None or place.user.pk in known
    asked = _questions(seat, now)
    standing = signing.standing(review)
    asks = seat.prepares and review.state == ReviewState.CONVENED and not gates.signing_blockers(review, now)
    own = any(each.user_id == place.user.pk for each in standing.waiting)
    signs = review.state == ReviewState.SIGNING and own
    decides = seat.chairs and review.state == ReviewState.SIGNING and not gates.blockers(review, now)
    return {
        "review": review,
        "waiting": standing.waiting if review.state == ReviewState.SIGNING else [],
        "to_acknowledge": [item for _review, item in asked] if not ready and (seat.answers or own) else [],
        "must_acknowledge": not ready and (seat.answers or own),
        "questions": _rows(bound, _answers(place=place, asked=asked)) if asked and ready else None,
        "request_form": (bound if isinstance(bound, RequestForm) else _request(place=place)) if asks else None,
        "packet": shown.page if signs or decides else None,
        "digest": shown.digest,
        "sign_form": _again(bound, SignForm, shown) or _sign(place=place, shown=shown) if signs else None,
        "positions": _positions(bound),
        "go_form": _again(bound, GoForm, shown) or _go(place=place, shown=shown) if decides else None,
    }


def _again(bound: forms.Form | None, kind: type[forms.Form], shown: Shown) -> forms.Form | None:
    """The form that was refused, where it is of this kind: what it is sent with next is what the page shows now."""
    if not isinstance(bound, kind) or not isinstance(bound.data, QueryDict):
        return None
    data = bound.data.copy()
    data["packet"], data["key"] = shown.digest, str(uuid.uuid4())
    bound.data = data
    return bound


def _positions(bound: forms.Form | None) -> list[dict[str, Any]]:
    chosen = bound.data.get("position", "") if isinstance(bound, SignForm) else ""
    return [
        {"value": value, "label": label, "help": about, "checked": value == chosen} for value, label, about in POSITIONS
    ]


def _rows(bound: forms.Form | None, fresh: AnswersForm) -> AnswersForm:
    """The answers that were refused, where they still are of what is asked."""
    return bound if isinstance(bound, AnswersForm) and bound.asked.keys() == fresh.asked.keys() else fresh


WAY = Way(acts={**ACTS, **ROUND_ACTS}, template="reviews/standard.html", more=_more)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standard_way(request: PersonalRequest, code: str) -> HttpResponse:
    """A standard change from request to done on one page: what is next, its reviews, its steps, how it went."""
    return WAY.answer(request, code)
