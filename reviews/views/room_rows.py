"""One question as the room shows it, with its answer, its pinned versions and what the last round said of it.

Nothing here asks the database for one row at a time: `signing.loaded` has brought everything but the last round.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from projects.catalog.artifacts import artifact_name
from projects.models import ArtifactStatus, ArtifactVersion
from reviews import gate_content, signing
from reviews.access import RoomSeat
from reviews.catalog import REVIEW_TYPES, Item
from reviews.models import (
    ItemAnswer,
    PinnedInput,
    RemediationItem,
    Review,
    ReviewItem,
    ReviewState,
    Section,
    Waiver,
)
from reviews.proposals import Proposal


@dataclass(frozen=True)
class Pin:
    """The version that an item stands on, and a newer one where there is one (SEED-40)."""

    name: str
    kind: str
    version: ArtifactVersion
    newer: ArtifactVersion | None

    @property
    def can_pin(self) -> bool:
        return self.newer is not None and self.newer.status == ArtifactStatus.APPROVED


@dataclass(frozen=True)
class Row:
    """One question as the room shows it.

    Args:
        fine: None while nobody has answered.
        asks: whether the question needs an answer; a pinned input speaks through its version.
        last: the answer of the round before.
        remedies: areas to address that the round before named for this question.
        can_ask_again: whether the chair may set a carried answer aside.
        origin: the round that taught a question of our own.
        carries: the round whose answer is carried over when this one is convened; see `carried.to_carry`.
    """

    item: ReviewItem
    guide: Item | None
    answer: ItemAnswer | None
    earlier: list[ItemAnswer]
    pins: list[Pin]
    waiver: Waiver | None
    waived: bool
    fine: bool | None
    asks: bool
    last: ItemAnswer | None = None
    remedies: Sequence[RemediationItem] = ()
    can_answer: bool = False
    can_ask_again: bool = False
    own_work: str = ""
    can_pin: bool = False
    can_ask_waiver: bool = False
    proposal: Proposal | None = None
    on_record: Proposal | None = None
    origin: Review | None = None
    carries: str = ""

    @property
    def contradicted(self) -> bool:
        """All is well, somebody answered, and what is on record says that it is not."""
        return self.proposal is not None and self.proposal.contradicted_by(self.item)

    @property
    def seen(self) -> int:
        """How many answers were given."""
        return len(self.item.answers.all())

    @property
    def state(self) -> str:
        """good, bad, open (blocks), or quiet: how the row is marked."""
        if self.fine is None and not self.asks:
            return "good" if self.pins and not any(pin.newer for pin in self.pins) else "open" if self.pins else "quiet"
        if self.fine is None:
            return "open" if self.item.must and not self.carries else "quiet"
        return "good" if self.fine else "bad"

    @property
    def polarity(self) -> str:
        return "clear" if self.item.section == Section.NO_GO else "confirm"


def last_answers(review: Review) -> dict[str, ItemAnswer]:
    """The answers with which the round before ended, by item code. One query; none for a first round."""
    if review.round == 1:
        return {}
    given = ItemAnswer.objects.filter(
        item__review__project=review.project, item__review__kind=review.kind, item__review__round=review.round - 1
    )
    return {answer.item.code: answer for answer in given.select_related("item", "assessor").order_by("number")}


def remediation_of(review: Review) -> list[RemediationItem]:
    """Areas to address of this round and of the one before. Two queries."""
    rows = RemediationItem.objects.filter(review__project=review.project, review__kind=review.kind)
    return list(
        rows.filter(review__round__in=(review.round, review.round - 1))
        .select_related("owner", "done_by", "review")
        .prefetch_related("items")
        .order_by("-review__round", "number")
    )


def remedies(review: Review, remediation: Iterable[RemediationItem]) -> dict[str, list[RemediationItem]]:
    """Those of the round before, by the code of each question that they would make fine (SEED-90)."""
    found: dict[str, list[RemediationItem]] = {}
    for area in remediation:
        if area.review.round < review.round:
            for item in area.items.all():
                found.setdefault(item.code, []).append(area)
    return found


def guides(review: Review) -> dict[str, Item]:
    """How each question is answered, from the catalogue."""
    return {item.code: item for item in REVIEW_TYPES[review.kind].items}


def row_of(
    seat: RoomSeat,
    item: ReviewItem,
    today: date,
    *,
    guide: Item | None,
    last: ItemAnswer | None = None,
    remedies: Sequence[RemediationItem] = (),
    proposal: Proposal | None = None,
    origin: Review | None = None,
    carries: str = "",
) -> Row:
    """One question with all that stands beside it."""
    review = seat.review
    given, answer = list(item.answers.all()), signing.current_answer(item)
    pins = [_pin(pin, review.decided_at) for pin in item.pins.all()]
    waiver = signing.current_waiver(item)
    convened = review.state in (ReviewState.CONVENED, ReviewState.SIGNING)
    open_now = _takes_answers(review, item)
    own = next((pin for pin in pins if pin.version.author_id == seat.place.user.pk), None)
    fine = gate_content.current_fine(item, today)
    agreed = proposal is not None and answer is not None and answer.value == proposal.value
    return Row(
        item=item,
        guide=guide,
        answer=answer,
        earlier=[each for each in reversed(given) if answer is None or each.pk != answer.pk],
        pins=pins,
        waiver=waiver,
        waived=signing.is_waived(item, today),
        fine=fine,
        asks=gate_content.asks_for_answer(item),
        last=last,
        remedies=remedies,
        proposal=None if agreed else proposal,
        on_record=proposal if proposal and agreed and answer and answer.proposed_from != proposal.text else None,
        origin=origin,
        carries=carries,
        can_answer=open_now and seat.answers and own is None,
        can_ask_again=convened and seat.chairs and answer is not None and bool(answer.carried_from),
        own_work=_("You wrote version %(version)s: somebody else assesses it.") % {"version": own.version.label}
        if own and seat.answers and open_now
        else "",
        can_pin=convened and seat.prepares and any(pin.can_pin for pin in pins),
        can_ask_waiver=(convened or (review.state == ReviewState.PREPARING and item.section == Section.INPUT))
        and seat.answers
        and (waiver is None or (waiver.approved_at is not None and waiver.expires_on < today))
        and item.must
        and not item.protected
        and (fine is False or (fine is None and item.section == Section.INPUT and not pins)),
    )


def _takes_answers(review: Review, item: ReviewItem) -> bool:
    """As `reviews.actions.answers.answer` has it: before the convening too, save for inputs: they are pinned by it."""
    if item.section == Section.OUTPUT:
        return bool(review.state == ReviewState.DECIDED)
    return review.is_open and (review.state != ReviewState.PREPARING or item.section != Section.INPUT)


def not_yours(seat: RoomSeat, item: ReviewItem) -> str:
    """Why this person does not answer a question that takes answers now, as a sentence; else empty."""
    if seat.answers or not _takes_answers(seat.review, item):
        return ""
    return seat.refusal(_("Items are answered by people named in the review."))


def _pin(pin: PinnedInput, until: datetime | None) -> Pin:
    """The pinned version; in a decided round what was newest when it was decided counts, not what came later."""
    versions = [each for each in pin.version.artifact.versions.all() if until is None or each.created_at <= until]
    newest = versions[-1]
    kind = pin.version.artifact.kind
    return Pin(artifact_name(kind), kind, pin.version, newest if newest.pk != pin.version_id else None)
