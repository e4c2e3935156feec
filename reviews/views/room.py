"""The review room, and what is done to the round as a whole: opened, convened, withdrawn, its facts set."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.access import project_for
from projects.access import seat as project_seat
from projects.blocker import Blocker, Refused
from projects.catalog.controls import CONTROLS
from projects.models import ArtifactVersion, Risk, Status
from projects.moment import one_moment
from projects.requests import PersonalRequest
from projects.traceability import gaps
from reviews import agenda, delegating, gate_calendar, gates, invitation, meeting, owed
from reviews.access import RoomSeat, keeps_policy
from reviews.actions import acknowledgements, rounds
from reviews.catalog import REVIEW_TYPES
from reviews.forms.rounds import FactsForm, WithdrawForm
from reviews.models import (
    NO_GO_DECISIONS,
    ConditionMove,
    Decision,
    Mode,
    Review,
    ReviewItem,
    ReviewKind,
    ReviewState,
    Section,
)
from reviews.views.hurdles import hurdles
from reviews.views.page import back_to, enter, project_crumbs, show, status_of
from reviews.views.room_page import room_of
from reviews.views.room_rows import last_answers, remediation_of

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def room(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Everything about one round on one page; open or decided, it stays readable for ever."""
    return show_room(request, enter(request, code, ref))


def show_room(
    request: PersonalRequest, seat: RoomSeat, *, refused: Refused | None = None, **forms: Any
) -> HttpResponse:
    """The room, with a refusal on top when an action has just been refused."""
    return show(request, "reviews/room.html", seat, refused=refused, **{**facts_of_room(seat), **forms})


@one_moment()
def facts_of_room(seat: RoomSeat) -> dict[str, Any]:
    """What the room's templates read. The number of queries does not depend on how much is in the room."""
    review, now = seat.review, timezone.now()
    found = gates.blockers(review, now) if review.is_open else []
    entrance = gates.entrance_blockers(review, now) if review.state == ReviewState.PREPARING else None
    first = found if entrance is None else entrance
    last = last_answers(review)
    remediation = remediation_of(review)
    shown = room_of(seat, now, last, remediation)
    known = list(review.acknowledgements.select_related("user")) if review.is_acknowledged_first else None
    hand = delegating.hand_of(review, seat.place.user, now)
    waits = hand is not None and hand.participant in shown.sign_offs.waiting
    moved = [row for row in review.conditions.all() if row.moved_to]
    prefetch_related_objects(moved, Prefetch("moves", ConditionMove.objects.select_related("by")))
    return {
        "room": shown,
        "kind": REVIEW_TYPES[review.kind],
        "objectives": [each for each in CONTROLS.values() if each.control == review.kind],
        "entrance": entrance is not None,
        "blockers": first,
        "hurdles": hurdles(first),
        "later": [one for one in found if one not in first and one.code != "review.not_convened"],
        "next_step": next_step(seat, first),
        "known": known,
        "deliverables": deliverables(review) if review.kind == ReviewKind.RR else [],
        "risks": operational_risks(review) if review.kind == ReviewKind.RR else [],
        "may_acknowledge": known is not None
        and review.is_open
        and seat.answers
        and not any(each.user_id == seat.place.user.pk for each in known),
        "asked": review.state == ReviewState.SIGNING and waits,
        "again": bool(hand and hand.participant.sign_offs.all()),
        "lent": hand.delegation if hand else None,
        "last_round": last_round(review),
        "lapsed": list(owed.overdue(now).filter(review=review)) if review.is_go else [],
        "before": owed.open_conditions(review.project, gates.GATE_OF_KIND[ReviewKind(review.kind)])
        if review.is_open and review.round > 1
        else [],
        "remediation": remediation,
        "quorum": meeting.quorum(review),
        "call": invitation.standing(review),
        "points": agenda.points(review) if review.mode == Mode.MEETING else [],
        "confidence": review.confidence.select_related("by").order_by("id").last(),
        "may_move_days": seat.chairs or seat.place.directs,
        "next_round": next_round(seat),
        "withdraw_form": WithdrawForm(),
        "may_teach": review.decision in NO_GO_DECISIONS and keeps_policy(seat.place.user),
        "gaps": gaps(review.project) if review.kind == ReviewKind.PPA else None,
    }


def deliverables(review: Review) -> list[ArtifactVersion]:
    """The newest version of every document that the project has produced, in the catalogue's order (SEED-73)."""
    newest: dict[str, ArtifactVersion] = {}
    produced = ArtifactVersion.objects.filter(artifact__project=review.project).defer("text")
    for version in produced.select_related("artifact").order_by("artifact__kind", "number"):
        newest[version.artifact.kind] = version
    return list(newest.values())


def operational_risks(review: Review) -> list[tuple[str, list[Risk]]]:
    """The project's risks by what they touch, as they stand now; a risk that touches two is under both (SEED-76)."""
    found = list(review.project.risks.select_related("owner", "judged_by").order_by("id"))
    return [(str(kind.label), [risk for risk in found if kind in risk.kinds]) for kind in Risk.Kind]


def next_round(seat: RoomSeat) -> str:
    """Where the round that this one leaves to be held is prepared, for whoever may; empty once there is one."""
    review = seat.review
    if review.decision not in (Decision.HOLD, Decision.NO_GO_POSTPONED) or not seat.place.manages:
        return ""
    later = Review.objects.filter(project=review.project, kind=review.kind, round__gt=review.round)
    if review.project.status != Status.ACTIVE or later.exclude(state=ReviewState.WITHDRAWN).exists():
        return ""
    return reverse("review_new", args=[review.project.code, review.kind])


def last_round(review: Review) -> Review | None:
    """The round before this one."""
    if review.round == 1:
        return None
    return (
        Review.objects.filter(project=review.project, kind=review.kind, round=review.round - 1)
        .select_related("project", "decided_by")
        .first()
    )


def next_step(seat: RoomSeat, found: list[Blocker]) -> dict[str, Any] | None:
    """The one thing to do next with this round, and why it cannot be done yet."""
    review = seat.review
    if not seat.prepares or not review.is_open:
        return None
    if review.state == ReviewState.PREPARING:
        return {"name": "convene", "label": _("Convene the review"), "blockers": found}
    if review.state == ReviewState.CONVENED:
        return {
            "name": "request_sign_offs",
            "label": _("Request the sign-offs"),
            "blockers": gates.signing_blockers(review, timezone.now()),
        }
    return {"name": "decide", "label": _("Go or no-go"), "blockers": []} if seat.chairs else None


@EDIT
def review_new(request: PersonalRequest, code: str, kind: str) -> HttpResponse:
    """A round is prepared."""
    if kind not in ReviewKind.values:
        raise Http404
    project, of_kind = project_for(request.user, code), ReviewKind(kind)
    place = project_seat(request.user, project)
    status, refused = 200, None
    if request.method == "POST":
        form = FactsForm(request.POST, project=project, kind=kind, reader=request.user, new=True)
        if form.is_valid():
            try:
                review = rounds.open_round(
                    project_id=project.pk, kind=of_kind, by=request.user, now=timezone.now(), **form.facts()
                )
            except Refused as no:
                refused, status = no, status_of(no)
            else:
                messages.success(request, _("%(ref)s is being prepared.") % {"ref": review.ref})
                _warn_of_its_time(request, review)
                return redirect(review)
        else:
            status = 422
    else:
        form = FactsForm.for_new(project, of_kind, request.user)
    context = {
        "project": project,
        "crumbs": project_crumbs(project),
        "kind": REVIEW_TYPES[kind],
        "form": form,
        "blockers": gates.opening_blockers(project, of_kind),
        "ahead": project.stage not in gates.HELD_IN[of_kind],
        "may_open": place.manages,
        "refused": refused,
    }
    return render(request, "reviews/review_new.html", context, status=status)


@EDIT
def facts(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Chair, form, date and candidate of the round."""
    seat = enter(request, code, ref)
    review = seat.review
    form, refused = FactsForm.of(review, request.user), None
    if request.method == "POST":
        form = FactsForm(
            request.POST, project=review.project, kind=review.kind, reader=request.user, chair=review.chair
        )
        if form.is_valid():
            try:
                saved = rounds.set_facts(review_id=review.pk, by=request.user, now=timezone.now(), **form.facts())
            except Refused as no:
                refused = no
            else:
                messages.success(request, _("Saved."))
                _warn_of_its_time(request, saved)
                return redirect(back_to(review, "facts"))
    return show(
        request,
        "reviews/facts.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        title=_("Facts of the review"),
    )


def _warn_of_its_time(request: PersonalRequest, review: Review) -> None:
    """A past time, a blackout or a person booked twice keeps nobody from planning: whoever plans is told (EXT-26)."""
    if review.scheduled_for is not None and review.scheduled_for < timezone.now():
        messages.warning(request, _("The time that it is planned for is past."))
    for text in gate_calendar.against(review, request.user):
        messages.warning(request, text)


@require_POST
def convene(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """The entrance check holds: inputs are pinned and the questions open."""
    seat = enter(request, code, ref)
    try:
        review = rounds.convene(review_id=seat.review.pk, by=request.user, now=timezone.now())
    except Refused as no:
        return show_room(request, enter(request, code, ref), refused=no)
    pinned = sum(bool(item.pins.all()) for item in enter(request, code, ref).review.items.all())
    messages.success(
        request, _("%(ref)s is convened; %(count)d inputs are pinned.") % {"ref": review.ref, "count": pinned}
    )
    return redirect(back_to(review, Section.INPUT))


@EDIT
def acknowledge(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """The set of questions that is fixed for the round, who knows it and who does not yet; posted: the reader does."""
    seat = enter(request, code, ref)
    if request.method != "POST":
        return _acknowledged(request, seat)
    try:
        acknowledgements.acknowledge(review_id=seat.review.pk, by=request.user, now=timezone.now())
    except Refused as no:
        return show_room(request, seat, refused=no)
    messages.success(request, _("Acknowledged. Your answers can be saved now."))
    return redirect(back_to(seat.review, "acknowledged"))


def _acknowledged(request: PersonalRequest, seat: RoomSeat) -> HttpResponse:
    """What there is to know, section by section, and a line for each person who signs or has acknowledged it."""
    review, wanted = seat.review, seat.review.is_acknowledged_first
    given = {row.user_id: row for row in review.acknowledgements.select_related("user")} if wanted else {}
    people = {person.user_id: person.user for person in review.participants.all() if person.signs} if wanted else {}
    people |= {pk: row.user for pk, row in given.items()}
    sections: dict[str, list[ReviewItem]] = {}
    for item in review.items.all():
        sections.setdefault(str(Section(item.section).label), []).append(item)
    return show(
        request,
        "reviews/acknowledge.html",
        seat,
        wanted=wanted,
        people=[(person, given.get(pk)) for pk, person in people.items()],
        sections=sections,
        may_acknowledge=wanted and review.is_open and seat.answers and seat.place.user.pk not in given,
        title=_("The questions"),
    )


@require_POST
def withdraw(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """The round ends without a decision."""
    seat = enter(request, code, ref)
    form, refused = WithdrawForm(request.POST), None
    if form.is_valid():
        try:
            review = rounds.withdraw(
                review_id=seat.review.pk, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(ref)s is withdrawn.") % {"ref": review.ref})
            return redirect(review)
    again = enter(request, code, ref)
    context = {**facts_of_room(again), "withdraw_form": form}
    return show(request, "reviews/room.html", again, refused=refused, status=0 if refused else 422, **context)
