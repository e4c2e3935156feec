"""One question of a review: answering it, pinning a newer version, waiving it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.blocker import Refused
from projects.requests import PersonalRequest
from reviews import additions, carried, owed, proposals, signing
from reviews.access import RoomSeat
from reviews.actions import answers, carrying
from reviews.actions.answers import AnsweredMeanwhile
from reviews.forms.items import AnswerForm, AskAgainForm, WaiverAnswerForm, WaiverForm, offered_versions
from reviews.models import ReviewItem
from reviews.views.page import back_to, enter, show, status_of
from reviews.views.room import facts_of_room, show_room
from reviews.views.room_rows import Row, guides, last_answers, not_yours, remediation_of, remedies, row_of

EDIT = require_http_methods(["GET", "HEAD", "POST"])


def item_of(seat: RoomSeat, code: str) -> ReviewItem:
    """The item with this code. Raises: Http404."""
    for item in seat.review.items.all():
        if item.code == code:
            return item
    raise Http404(_("There is no such question."))


def row(seat: RoomSeat, item: ReviewItem) -> Row:
    known, last = guides(seat.review), last_answers(seat.review)
    today = owed.day_of(seat.review.decided_at or timezone.now())
    put_right = remedies(seat.review, remediation_of(seat.review))
    return row_of(
        seat,
        item,
        today,
        guide=known.get(item.code),
        last=last.get(item.code),
        remedies=put_right.get(item.code, ()),
        proposal=proposals.proposals(seat.review, timezone.now()).get(item.code),
        origin=additions.origins([item.code], seat.place.user).get(item.code),
        carries=carried.to_carry(seat.review).get(item.code, ""),
    )


@EDIT
def item(request: PersonalRequest, code: str, ref: str, item: str) -> HttpResponse:
    """The question with its history and the form for its answer; a part of the room when htmx asks for it."""
    seat = enter(request, code, ref)
    asked = item_of(seat, item)
    if request.method == "POST":
        return _answered(request, seat, asked)
    if request.htmx and "show" in request.GET:
        return render(request, "reviews/_item.html", _context(seat, asked))
    return _show(request, seat, asked, _form(seat, asked, None))


def _form(seat: RoomSeat, item: ReviewItem, data: Any) -> AnswerForm:
    answer = signing.current_answer(item)
    linked = {version.pk for version in answer.evidence_versions.all()} if answer else set()
    initial: dict[str, Any] = {"seen": len(item.answers.all())}
    kind = guides(seat.review).get(item.code)
    if kind is not None and answer is None:
        initial["evidence"] = kind.lines
    if answer is not None:
        initial |= {
            "value": answer.value,
            "evidence": answer.evidence,
            "reason": answer.reason,
            "versions": sorted(linked),
        }
    versions = offered_versions(seat.review.project, seat.place.user, linked)
    return AnswerForm(data, item=item, versions=versions, initial=initial)


def _answered(request: PersonalRequest, seat: RoomSeat, item: ReviewItem) -> HttpResponse:
    form = _form(seat, item, request.POST)
    if not form.is_valid():
        return _show(request, seat, item, form)
    given = form.cleaned_data
    kind = guides(seat.review).get(item.code)
    if kind is not None and given["evidence"].split() == kind.lines.split():
        given["evidence"] = ""  # nobody filled the lines in
    try:
        answers.answer(
            review_id=seat.review.pk,
            code=item.code,
            by=request.user,
            value=given["value"],
            reason=given["reason"],
            evidence=given["evidence"],
            version_ids=tuple(given.get("versions", ())),
            seen=given["seen"],
            now=timezone.now(),
        )
    except Refused as no:
        again = enter(request, seat.review.project.code, seat.review.ref)
        fresh = item_of(again, item.code)
        typed = request.POST.copy()
        if isinstance(no, AnsweredMeanwhile):
            typed["seen"] = str(len(fresh.answers.all()))  # having seen the other's answer, the next one is deliberate
        return _show(request, again, fresh, _form(again, fresh, typed), refused=no)
    if not request.htmx:
        messages.success(request, _("%(code)s is answered.") % {"code": item.code})
        return redirect(back_to(seat.review, item.code))
    again = enter(request, seat.review.project.code, seat.review.ref)
    context = {**facts_of_room(again), **_context(again, item_of(again, item.code)), "saved": True}
    return render(request, "reviews/_item_saved.html", context)


def _context(seat: RoomSeat, item: ReviewItem) -> dict[str, Any]:
    return {"row": row(seat, item), "review": seat.review, "project": seat.review.project, "seat": seat}


def _show(
    request: PersonalRequest, seat: RoomSeat, item: ReviewItem, form: AnswerForm, refused: Refused | None = None
) -> HttpResponse:
    standing = signing.standing(seat.review)
    context = {
        **_context(seat, item),
        "form": form,
        "refused": refused,
        "not_yours": not_yours(seat, item),
        "chosen": form["value"].value() or "",
        "linked": {str(pk) for pk in form["versions"].value() or ()} if "versions" in form.fields else set(),
        "signed": len(standing.signed),
        "title": item.code,
    }
    status = 422 if form.errors and refused is None else status_of(refused)
    if request.htmx:
        return render(request, "reviews/_item_edit.html", context, status=status)
    return show(request, "reviews/item.html", status=status, **context)


@require_POST
def confirm(request: PersonalRequest, code: str, ref: str, item: str) -> HttpResponse:
    """The answer that follows from what is on record is given, as the page showed it."""
    seat = enter(request, code, ref)
    asked = item_of(seat, item)
    seen = request.POST.get("seen", "")
    try:
        answers.confirm_proposal(
            review_id=seat.review.pk,
            code=asked.code,
            by=request.user,
            fact=request.POST.get("fact", ""),
            seen=int(seen) if seen.isdecimal() else None,
            now=timezone.now(),
        )
    except Refused as no:
        return show_room(request, enter(request, code, ref), refused=no)
    messages.success(request, _("%(code)s is answered.") % {"code": asked.code})
    return redirect(back_to(seat.review, asked.code))


@require_POST
def pin(request: PersonalRequest, code: str, ref: str, item: str) -> HttpResponse:
    """The item stands on the newest approved version from here on."""
    seat = enter(request, code, ref)
    asked = item_of(seat, item)
    try:
        fresh = answers.pin_newest(
            review_id=seat.review.pk,
            code=asked.code,
            by=request.user,
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except Refused as no:
        return show_room(request, enter(request, code, ref), refused=no)
    if fresh:
        messages.success(
            request, _("%(code)s stands on version %(label)s.") % {"code": item, "label": fresh[-1].version.label}
        )
    else:
        messages.info(request, _("%(code)s stood on the newest version already.") % {"code": item})
    return redirect(back_to(seat.review, asked.code))


@EDIT
def ask_again(request: PersonalRequest, code: str, ref: str, item: str) -> HttpResponse:
    """The chair sets a carried answer aside, with the reason."""
    seat = enter(request, code, ref)
    asked = item_of(seat, item)
    form, refused = AskAgainForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            carrying.ask_again(
                review_id=seat.review.pk, code=asked.code, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("%(code)s is asked again.") % {"code": asked.code})
            return redirect(back_to(seat.review, asked.code))
    return show(
        request,
        "reviews/ask_again.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        item=asked,
        answer=signing.current_answer(asked),
        row=row(seat, asked),
        title=_("Ask again"),
    )


@EDIT
def waiver_new(request: PersonalRequest, code: str, ref: str, item: str) -> HttpResponse:
    """Somebody asks that this item need not be fine until a date."""
    seat = enter(request, code, ref)
    asked = item_of(seat, item)
    form, refused = WaiverForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            answers.request_waiver(
                review_id=seat.review.pk, code=asked.code, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("The waiver is asked for. Somebody else approves or refuses it."))
            return redirect(back_to(seat.review, asked.code))
    return show(
        request,
        "reviews/waiver_new.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        item=asked,
        title=_("Waiver"),
    )


@EDIT
def waiver(request: PersonalRequest, code: str, ref: str, waiver: int) -> HttpResponse:
    """A waiver that was asked for, and the form with which an authority answers it."""
    seat = enter(request, code, ref)
    asked = next((row for item in seat.review.items.all() for row in item.waivers.all() if row.pk == waiver), None)
    if asked is None:
        raise Http404(_("There is no such waiver."))
    form, refused = WaiverAnswerForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            answers.answer_waiver(
                review_id=seat.review.pk, waiver_id=waiver, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as no:
            refused = no
        else:
            approved = form.cleaned_data["approve"]
            messages.success(request, _("The waiver is approved.") if approved else _("The waiver is refused."))
            return redirect(back_to(seat.review, asked.item.code))
    own = asked.requested_by_id == request.user.pk
    pending = asked.approved_at is None and asked.refused_at is None
    return show(
        request,
        "reviews/waiver.html",
        seat,
        refused=refused,
        status=422 if form.errors else 0,
        form=form,
        waiver=asked,
        item=asked.item,
        may_answer=pending and seat.waives and not own and seat.review.is_open,
        own=own,
        pending=pending,
        title=_("Waiver"),
    )
