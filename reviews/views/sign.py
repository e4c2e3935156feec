"""The sign page and the receipt: the page shows the packet and nothing else; its digest comes back with the form."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects import credentials, ledger, lifecycle
from projects.blocker import Refused
from projects.catalog.categories import PROFILES
from projects.requests import PersonalRequest
from reviews import delegating, differences, signing
from reviews.access import RoomSeat
from reviews.actions import sign_offs
from reviews.actions.sign_offs import StalePacket
from reviews.differences import Change
from reviews.forms.signing import POSITIONS, SignForm
from reviews.models import Packet, Review, ReviewState, SignOff
from reviews.views.packet_page import PacketPage, page_of
from reviews.views.page import enter, show, status_of

CREDENTIALS = (credentials.WrongCredentials, credentials.SigningLocked, credentials.SecondFactorMissing)


@dataclass(frozen=True)
class Shown:
    """The packet of this moment, and the page made from it."""

    content: signing.Content

    @classmethod
    def of(cls, review: Review) -> "Shown":
        return cls(signing.Content.of(signing.canonical_body(review)))

    @property
    def digest(self) -> str:
        return self.content.digest

    def page(self, group: str = "") -> PacketPage:
        """For somebody who signs for this group: what is his is told apart."""
        return page_of(self.content.body, group)

    def since(self, review: Review, digest: str) -> list[Change]:
        """What changed since the packet with this digest; empty when it was never kept."""
        kept = Packet.objects.filter(review=review, digest=digest).first()
        return differences.changes(kept.body, self.content.body) if kept else []


@dataclass(frozen=True)
class Since:
    """What changed since a signature: what concerns its signer, and what leaves the signature as it is."""

    own: list[Change]
    others: list[Change]

    @classmethod
    def of(cls, changes: list[Change], group: str) -> "Since":
        own = [change for change in changes if change.concerns(group)]
        return cls(own, [change for change in changes if not change.concerns(group)])


def wants_second_factor(review: Review) -> bool:
    return PROFILES[review.category].second_factor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonalRequest, code: str, ref: str) -> HttpResponse:
    """One column: what is signed, what the signature means, credentials, one button."""
    seat = enter(request, code, ref)
    if request.method == "POST":
        return _signed(request, seat)
    if seat.review.state == ReviewState.DECIDED:
        messages.info(request, _("%(ref)s is decided: nothing is signed any more.") % {"ref": ref})
        return redirect(seat.review)
    return _show(request, seat, Shown.of(seat.review))


def _form(seat: RoomSeat, shown: Shown, data: Any = None) -> SignForm:
    if data is not None:
        data = data.copy()
        data["packet"] = shown.digest  # whatever the page showed before, the next signature is under this
    return SignForm(
        data,
        user=seat.place.user,
        bound_to=shown.digest,
        second_factor_by_profile=wants_second_factor(seat.review),
        initial={"packet": shown.digest, "key": uuid.uuid4()},
    )


def _signed(request: PersonalRequest, seat: RoomSeat) -> HttpResponse:
    if (earlier := _by_key(request)) is not None:
        return redirect("receipt", seat.review.project.code, seat.review.ref, earlier.pk)
    shown, posted = Shown.of(seat.review), request.POST.get("packet", "")
    hand = delegating.hand_of(seat.review, request.user, timezone.now())
    if seat.review.state == ReviewState.SIGNING and hand and posted != shown.digest:
        text = _("The content changed while you were reading: look at what is different, then sign.")
        refused = StalePacket(text, shown.digest, shown.since(seat.review, posted))
        return _show(request, seat, shown, _form(seat, shown, request.POST), refused)
    form = _form(seat, shown, request.POST)
    if not form.is_valid():
        return _show(request, seat, shown, form)
    try:
        now = timezone.now()
        proof = form.prove(
            request.user, bound_to=posted, required_second_factor=wants_second_factor(seat.review), now=now
        )
        given = sign_offs.sign(
            review_id=seat.review.pk,
            by=request.user,
            position=form.model_position,
            comment=form.cleaned_data["comment"],
            packet_digest=posted,
            proof=proof,
            idempotency_key=str(form.cleaned_data["key"]),
            now=now,
        )
    except CREDENTIALS as no:
        if (earlier := _by_key(request)) is not None:  # a code works once: the same form sent twice at once
            return redirect("receipt", seat.review.project.code, seat.review.ref, earlier.pk)
        form.add_error("password", no.text)
        return _show(request, seat, shown, form, status=status_of(no))
    except Refused as no:
        again = enter(request, seat.review.project.code, seat.review.ref)
        shown = Shown.of(again.review)
        return _show(request, again, shown, _form(again, shown, request.POST), no)
    messages.success(request, _("You have signed."))
    return redirect("receipt", seat.review.project.code, seat.review.ref, given.pk)


def _by_key(request: PersonalRequest) -> SignOff | None:
    """The signature that this very form has given already."""
    try:
        key = str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        return None
    return SignOff.objects.filter(idempotency_key=key, user=request.user).first()


def _show(
    request: PersonalRequest,
    seat: RoomSeat,
    shown: Shown,
    form: SignForm | None = None,
    refused: Refused | None = None,
    *,
    status: int = 0,
) -> HttpResponse:
    form = form or _form(seat, shown)
    if isinstance(form.data, QueryDict):  # typed in, but not accepted: the form as shown again is another one
        form.data["key"] = str(uuid.uuid4())
    now, user = timezone.now(), seat.place.user
    hand = delegating.hand_of(seat.review, user, now)
    lent = hand.delegation if hand else None
    unfit = delegating.obstacle(lent.participant, user, now) if lent else ""
    mine = hand.participant if hand else seat.participant
    current = signing.signature_of(mine, shown.content) if mine else None
    earlier = list(mine.sign_offs.all()) if mine else []
    superseded = earlier[-1] if earlier and current is None else None
    last = current or superseded
    group = mine.group if mine else ""
    changes = refused.changes if isinstance(refused, StalePacket) else []
    compared = last is not None and not changes and last.packet.digest != shown.digest
    since = Since.of(shown.since(seat.review, last.packet.digest) if last and compared else [], group)
    chosen = form["position"].value() or ""
    at_rest = lifecycle.status_blockers(seat.review.project)
    open_to_sign = seat.review.state == ReviewState.SIGNING and (not at_rest or form.is_bound)  # nothing typed is lost
    return show(
        request,
        "reviews/sign.html",
        seat,
        refused=refused,
        status=status or (422 if form.is_bound and form.errors and refused is None else status_of(refused)),
        packet=shown.page(group),
        digest=shown.digest,
        form=form,
        current=current,
        superseded=superseded,
        changes=changes,
        since=since,
        lent=lent,
        not_you=unfit or delegating.not_asked(seat.review, user, now) if lent or not seat.signs else "",
        signs=hand is not None and not unfit,
        may_sign=hand is not None and not unfit and current is None and open_to_sign,
        at_rest=at_rest,
        may_delegate=seat.participant is not None
        and seat.signs
        and seat.review.is_open
        and current is None
        and not delegating.group_of(seat.participant).in_person,
        lent_out=delegating.live(mine, now) if mine and not lent else None,
        positions=[
            {"value": value, "label": label, "help": about, "checked": value == chosen}
            for value, label, about in POSITIONS
        ],
        title=_("Sign"),
    )


@require_safe
def receipt(request: PersonalRequest, code: str, ref: str, sign_off: int) -> HttpResponse:
    """One signature as it stands on the record, and whether it still counts (AUD-01)."""
    seat = enter(request, code, ref)
    given = (
        SignOff.objects.filter(pk=sign_off, participant__review=seat.review)
        .select_related("packet", "participant", "user", "delegation")
        .first()
    )
    if given is None:
        raise Http404(_("There is no such signature."))
    content, group = signing.content(seat.review), given.participant.group
    current = signing.is_current(given, content)
    left = given.participant.removed_at is not None
    since = Since([], [])
    if seat.review.is_open and content.digest != given.packet.digest:
        since = Since.of(differences.changes(given.packet.body, content.body), group)
    return show(
        request,
        "reviews/receipt.html",
        seat,
        sign_off=given,
        current=current and not left,
        left=left,
        intact=ledger.digest(given.packet.body) == given.packet.digest,
        packet=page_of(given.packet.body, group),
        since=since,
        own=given.user_id == request.user.pk,
        title=_("Receipt"),
    )
