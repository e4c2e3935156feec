"""The chair's page: go, hold or no-go, under the packet that it shows."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.blocker import Refused
from projects.requests import PersonalRequest
from projects.workdays import shifted
from reviews import gate_content, gates, owed, signing
from reviews.access import RoomSeat
from reviews.actions import decisions
from reviews.actions.decisions import AlreadyDecided
from reviews.actions.sign_offs import StalePacket
from reviews.catalog import REVIEW_TYPES
from reviews.forms.signing import DECISIONS, BaseAreas, DecideForm, area_forms, owners_by_default
from reviews.models import GO_DECISIONS, Decision, FindingClass, Position, ReviewKind, ReviewState
from reviews.views.hurdles import hurdles
from reviews.views.page import enter, show, status_of
from reviews.views.sign import CREDENTIALS, Shown, wants_second_factor

AREA_FIELDS = ("area", "effort_days", "owner", "due_on", "item_codes")
ADDRESS_WITHIN_WORKDAYS = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """Go, hold, no-go postponed or no-go cancelled, with everything that the decision needs."""
    seat = enter(request, code, ref)
    if not seat.review.is_open:
        return _over(request, seat)
    shown = Shown.of(seat.review)
    if request.method != "POST":
        return _show(request, seat, shown, _form(seat, shown), _areas(seat, timezone.now()))
    if "more" in request.POST:
        return _one_more_area(request, seat, shown)
    return _decided(request, seat, shown)


def _over(request: PersonalRequest, seat: RoomSeat) -> HttpResponse:
    """Somebody else was first, or the page was sent twice: the room shows what was decided."""
    review = seat.review
    text = _("%(ref)s is over: %(state)s.") % {
        "ref": review.ref,
        "state": review.get_decision_display() or review.get_state_display(),
    }
    messages.info(request, text)
    return redirect(review)


def _form(seat: RoomSeat, shown: Shown, data: Any = None, **initial: Any) -> DecideForm:
    if data is not None:
        data = data.copy()
        data["packet"] = shown.digest
    return DecideForm(
        data,
        user=seat.place.user,
        bound_to=shown.digest,
        states_risks=seat.review.kind == ReviewKind.RR,
        second_factor_by_profile=wants_second_factor(seat.review),
        initial={"packet": shown.digest, **initial},
    )


def _areas(seat: RoomSeat, now: datetime) -> BaseAreas:
    """One area for each item and each finding that stands against a go, to be edited; and an empty one."""
    today = owed.day_of(now)
    owner = owners_by_default(seat.review)
    initial: list[dict[str, Any]] = []
    for item in gate_content.failing_items(seat.review, today):
        answer = signing.current_answer(item)
        about = answer.reason if answer and answer.reason else item.text
        initial.append(
            {
                "area": f"{item.code}: {about}",
                "owner": owner,
                "due_on": shifted(today, ADDRESS_WITHIN_WORKDAYS),
                "item_codes": item.code,
            }
        )
    for finding in seat.review.findings.all():
        if finding.is_open and finding.category == FindingClass.BEFORE_GO:
            initial.append(
                {
                    "area": f"{finding}: {finding.text}",
                    "owner": finding.owner,
                    "due_on": max(finding.due_on or today, shifted(today, ADDRESS_WITHIN_WORKDAYS)),
                    "item_codes": finding.item.code,
                }
            )
    return area_forms(seat.review, initial=initial)


def _one_more_area(request: PersonalRequest, seat: RoomSeat, shown: Shown) -> HttpResponse:
    """The same page with everything typed and one more row; nothing is checked and nothing decided."""
    typed = request.POST
    count = int(typed.get("areas-TOTAL_FORMS", "0") or 0) if typed.get("areas-TOTAL_FORMS", "0").isdigit() else 0
    rows = [{name: typed.get(f"areas-{at}-{name}", "") for name in AREA_FIELDS} for at in range(min(count, 60))]
    filled = [row for row in rows if row["area"] or row["effort_days"]]
    form = _form(
        seat,
        shown,
        **{name: typed.get(name, "") for name in ("decision", "reason", "next_review_on", "risks_acceptable")},
    )
    return _show(request, seat, shown, form, area_forms(seat.review, initial=filled, extra=2))


def _decided(request: PersonalRequest, seat: RoomSeat, shown: Shown) -> HttpResponse:
    review, posted, now = seat.review, request.POST.get("packet", ""), timezone.now()
    form, areas = _form(seat, shown, request.POST), area_forms(review, request.POST, initial=[])
    if seat.chairs and posted != shown.digest:
        text = _("The content changed while you were reading: look at what is different, then decide.")
        return _show(request, seat, shown, form, areas, StalePacket(text, shown.digest, shown.since(review, posted)))
    decision = request.POST.get("decision")
    is_go, plans = decision in GO_DECISIONS, decision not in (*GO_DECISIONS, Decision.HOLD)
    valid = form.is_valid()
    if plans and not areas.is_valid():
        form.add_error(None, _("Complete the areas to address, or leave a row empty."))
        valid = False
    if not valid:
        return _show(request, seat, shown, form, areas)
    try:
        proof = form.prove(request.user, bound_to=posted, required_second_factor=wants_second_factor(review), now=now)
        review = decisions.decide(
            review_id=review.pk,
            by=request.user,
            decision=form.cleaned_data["decision"],
            packet_digest=posted,
            proof=proof,
            reason=form.cleaned_data["reason"],
            areas=areas.areas() if plans else (),
            risks_acceptable=form.cleaned_data.get("risks_acceptable", False),
            next_review_on=None if is_go else form.cleaned_data["next_review_on"],
            now=now,
        )
    except CREDENTIALS as no:
        form.add_error("password", no.text)
        return _show(request, seat, shown, form, areas, status=status_of(no))
    except AlreadyDecided:
        return _over(request, enter(request, review.project.code, review.ref))
    except Refused as no:
        again = enter(request, review.project.code, review.ref)
        shown = Shown.of(again.review)
        return _show(request, again, shown, _form(again, shown, request.POST), areas, no)
    messages.success(
        request, _("%(ref)s is decided: %(decision)s.") % {"ref": review.ref, "decision": review.get_decision_display()}
    )
    return redirect(review)


def _show(
    request: PersonalRequest,
    seat: RoomSeat,
    shown: Shown,
    form: DecideForm,
    areas: BaseAreas,
    refused: Refused | None = None,
    *,
    status: int = 0,
) -> HttpResponse:
    now = timezone.now()
    found = gates.blockers(seat.review, now)
    chosen = form["decision"].value() or ""
    standing = signing.standing(seat.review)
    groups = {group.code: group.name for group in REVIEW_TYPES[seat.review.kind].groups}
    said = [
        (given, groups[person.group])
        for person in standing.signed
        if (given := signing.signature_of(person, standing.content)) is not None
    ]
    bound_errors = form.is_bound and refused is None and (form.errors or (areas.is_bound and not areas.is_valid()))
    return show(
        request,
        "reviews/decide.html",
        seat,
        refused=refused,
        status=status or (422 if bound_errors else status_of(refused)),
        packet=shown.page(),
        digest=shown.digest,
        form=form,
        areas=areas,
        blockers=found,
        hurdles=hurdles(found),
        said=said,
        unsaid=[(person, groups[person.group]) for person in standing.waiting],
        dissent=[given for given, _group in said if given.position == Position.DISSENT],
        waiting=standing.waiting,
        dropped=owed.open_conditions(seat.review.project, gates.GATE_OF_KIND[ReviewKind(seat.review.kind)])
        if seat.review.round > 1
        else [],
        changes=refused.changes if isinstance(refused, StalePacket) else [],
        may_decide=seat.chairs and seat.review.state != ReviewState.PREPARING,
        choices=[
            {
                "value": value,
                "label": label,
                "help": about,
                "checked": value == chosen,
                "disabled": value == Decision.GO and bool(found),
            }
            for value, label, about in DECISIONS
        ],
        title=_("Go or no-go"),
    )
