"""What the review room shows, worked out from one loaded review: rows of questions, the board, people, numbers.

Nothing here asks the database for one row at a time: `signing.loaded` has brought everything but the last round.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.blocker import Blocker
from projects.catalog.artifacts import artifact_name
from projects.models import ArtifactStatus, ArtifactVersion
from reviews import additions, delegating, gate_content, signing, terms
from reviews.access import RoomSeat
from reviews.catalog import REVIEW_TYPES, Item
from reviews.models import (
    Delegation,
    ItemAnswer,
    Participant,
    PinnedInput,
    RemediationItem,
    Review,
    ReviewItem,
    ReviewState,
    Section,
    SignOff,
    Waiver,
)
from reviews.proposals import Proposal, proposals

FOLD_FROM = 4  # so many blockers of one kind are folded into one line
FOLDED: dict[str, Promise] = {
    "item.unanswered": gettext_lazy("%(count)d questions are not answered"),
    "item.not_fine": gettext_lazy("%(count)d answers stand against a go"),
    "signature.missing": gettext_lazy("%(count)d people have not signed the present content"),
    "input.missing": gettext_lazy("%(count)d inputs are missing or not approved"),
    "input.newer_version": gettext_lazy("%(count)d inputs have a newer version"),
    "artifact.not_approved": gettext_lazy("%(count)d artifacts are not approved"),
    "outcome.not_confirmed": gettext_lazy("%(count)d outcomes of the stage are not confirmed"),
    "finding.before_go": gettext_lazy("%(count)d findings must be settled before the go"),
    "group.missing": gettext_lazy("%(count)d groups lack a person or a signer"),
}


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
            return "open" if self.item.must else "quiet"
        return "good" if self.fine else "bad"

    @property
    def polarity(self) -> str:
        return "clear" if self.item.section == Section.NO_GO else "confirm"


@dataclass
class Part:
    """One section of the checklist."""

    key: str
    title: str
    hint: str
    rows: list[Row] = field(default_factory=list)

    @property
    def musts(self) -> list[Row]:
        return [row for row in self.rows if row.item.must]

    @property
    def settled(self) -> int:
        return sum(row.state == "good" for row in self.musts)

    @property
    def against(self) -> int:
        return sum(row.state == "bad" for row in self.musts)

    @property
    def tally(self) -> str:
        """How far the section is: "5 of 7", or the number of rows where nothing must be answered."""
        if not self.musts:
            return str(len(self.rows))
        return _("%(settled)d of %(all)d") % {"settled": self.settled, "all": len(self.musts)}


@dataclass
class Element:
    """One element of Table 4 with both its lists of indicators (SEED-92)."""

    name: str
    go: list[Row] = field(default_factory=list)
    no_go: list[Row] = field(default_factory=list)

    @property
    def clear_of(self) -> str:
        good = sum(row.state == "good" for row in (*self.go, *self.no_go))
        return _("%(good)d of %(all)d fine") % {"good": good, "all": len(self.go) + len(self.no_go)}


@dataclass(frozen=True)
class Signer:
    """One named person: signed, waiting, to be asked again, or looking on; and who may sign in his place."""

    participant: Participant
    current: SignOff | None
    superseded: list[SignOff]
    lent: Delegation | None = None


@dataclass
class GroupOfPeople:
    """One participant group with whoever speaks for it, or nobody (SEED-39)."""

    code: str
    name: str
    who: str
    required: bool
    must_sign: bool
    people: list[Signer] = field(default_factory=list)

    @property
    def signers(self) -> list[Signer]:
        return [person for person in self.people if person.participant.signs]

    @property
    def onlookers(self) -> list[Signer]:
        there = (person for person in self.people if person.participant.recused_at is None)
        return [person for person in there if not person.participant.signs]

    @property
    def recused(self) -> list[Signer]:
        return [person for person in self.people if person.participant.recused_at is not None]

    @property
    def lacks(self) -> str:
        if self.required and len(self.recused) == len(self.people):
            return _("nobody is named")
        if self.must_sign and not any(person.participant.signs for person in self.people):
            return _("nobody signs")
        return ""


@dataclass(frozen=True)
class SignOffs:
    """The state of the signatures in numbers and names."""

    state: str
    signed: int
    signers: int
    waiting: list[Participant]

    @property
    def asked(self) -> bool:
        return self.state not in (ReviewState.PREPARING, ReviewState.CONVENED)

    @property
    def text(self) -> str:
        if not self.asked:
            return ngettext(
                "%(signers)d person will be asked to sign", "%(signers)d people will be asked to sign", self.signers
            ) % {"signers": self.signers}
        told = _("%(signed)d of %(signers)d signed") % {"signed": self.signed, "signers": self.signers}
        if not self.waiting:
            return told
        names = ", ".join(str(person.user) for person in self.waiting[:4])
        if len(self.waiting) > 4:
            names = _("%(names)s and %(more)d more") % {"names": names, "more": len(self.waiting) - 4}
        if self.state == ReviewState.SIGNING:
            return _("%(told)s, waiting for %(names)s") % {"told": told, "names": names}
        return _("%(told)s, without %(names)s") % {"told": told, "names": names}


@dataclass(frozen=True)
class Hurdle:
    """Blockers of one kind under one line; a few stand on their own."""

    text: str
    blockers: list[Blocker]


def hurdles(blockers: Iterable[Blocker]) -> list[Hurdle]:
    """The blockers in their order; many of a kind are folded, none is left out."""
    kinds: dict[str, list[Blocker]] = {}
    for blocker in blockers:
        kinds.setdefault(blocker.code, []).append(blocker)
    found = []
    for code, of_kind in kinds.items():
        if len(of_kind) >= FOLD_FROM and code in FOLDED:
            found.append(Hurdle(str(FOLDED[code]) % {"count": len(of_kind)}, of_kind))
        else:
            found.extend(Hurdle("", [blocker]) for blocker in of_kind)
    return found


PARTS: list[tuple[str, Promise, Promise]] = [
    (Section.INPUT, gettext_lazy("Inputs"), gettext_lazy("The documents, each at the version it was pinned to.")),
    (Section.ANALYSIS, gettext_lazy("Analyses"), gettext_lazy("What the group has examined.")),
    (
        Section.ASPECT,
        gettext_lazy("Aspects of readiness"),
        gettext_lazy("Four sides from which the release is judged."),
    ),
    (Section.DECISION, gettext_lazy("Decisions"), gettext_lazy("What the group affirms together.")),
    (Section.OUTPUT, gettext_lazy("Outputs"), gettext_lazy("Recorded after the decision.")),
]


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


def _belongs(review: Review, row: Row) -> bool:
    """Outputs come with the decision; after a no-go only the one that is about it, and what was recorded."""
    if row.item.section != Section.OUTPUT or review.is_go:
        return True
    return review.state == ReviewState.DECIDED and (row.item.may_be_na or row.answer is not None)


def _pin(pin: PinnedInput, until: datetime | None) -> Pin:
    """The pinned version; in a decided round what was newest when it was decided counts, not what came later."""
    versions = [each for each in pin.version.artifact.versions.all() if until is None or each.created_at <= until]
    newest = versions[-1]
    kind = pin.version.artifact.kind
    return Pin(artifact_name(kind), kind, pin.version, newest if newest.pk != pin.version_id else None)


def guides(review: Review) -> dict[str, Item]:
    """How each question is answered, from the catalogue."""
    return {item.code: item for item in REVIEW_TYPES[review.kind].items}


@dataclass
class Room:
    """Everything the room shows besides forms.

    Args:
        untouched: the reader's own signature, where it counts although something has changed since.
    """

    parts: list[Part]
    board: list[Element]
    groups: list[GroupOfPeople]
    sign_offs: SignOffs
    digest: str
    by_code: dict[str, Row]
    untouched: SignOff | None

    @property
    def newest_answer(self) -> int:
        """Key of the answer given last; 0 while there is none. What an open page already shows."""
        return max((row.answer.pk for row in self.by_code.values() if row.answer), default=0)

    @property
    def indicators(self) -> list[Row]:
        return [row for element in self.board for row in (*element.go, *element.no_go)]

    @property
    def board_tally(self) -> str:
        good = sum(row.state == "good" for row in self.indicators)
        return _("%(good)d of %(all)d") % {"good": good, "all": len(self.indicators)}

    @property
    def board_against(self) -> int:
        return sum(row.state == "bad" for row in self.indicators)


def room_of(seat: RoomSeat, now: datetime, last: dict[str, ItemAnswer], remediation: Iterable[RemediationItem]) -> Room:
    """The room as this person sees it.

    Args:
        last: see `last_answers`.
        remediation: see `remediation_of`.
    """
    review, known = seat.review, guides(seat.review)
    put_right = remedies(review, remediation)
    today = timezone.localdate(review.decided_at or now)  # a record stays as it was: waivers do not expire in it
    proposed = proposals(review, now)
    taught = additions.origins([item.code for item in review.items.all()], seat.place.user)
    rows = {
        item.code: row_of(
            seat,
            item,
            today,
            guide=known.get(item.code),
            last=last.get(item.code),
            remedies=put_right.get(item.code, ()),
            proposal=proposed.get(item.code),
            origin=taught.get(item.code),
        )
        for item in review.items.all()
    }
    standing = signing.standing(review)
    return Room(
        parts=_parts(review, rows.values()),
        board=_board(rows.values()),
        groups=people_by_group(review, standing.content, now),
        sign_offs=SignOffs(
            review.state, len(standing.signed), len(standing.signed) + len(standing.waiting), standing.waiting
        ),
        digest=standing.digest,
        by_code=rows,
        untouched=_untouched(seat, standing),
    )


def _untouched(seat: RoomSeat, standing: signing.Standing) -> SignOff | None:
    own = signing.signature_of(seat.participant, standing.content) if seat.participant else None
    return own if own and seat.review.is_open and own.packet.digest != standing.digest else None


def _parts(review: Review, rows: Iterable[Row]) -> list[Part]:
    parts = {key: Part(key, str(title), str(hint)) for key, title, hint in PARTS}
    for row in rows:
        if row.item.section in parts and _belongs(review, row):
            parts[row.item.section].rows.append(row)
    return [part for part in parts.values() if part.rows]


def _board(rows: Iterable[Row]) -> list[Element]:
    elements: dict[str, Element] = {}
    for row in rows:
        if row.item.section in (Section.GO, Section.NO_GO):
            element = elements.setdefault(row.item.element, Element(row.item.element))
            (element.go if row.item.section == Section.GO else element.no_go).append(row)
    return list(elements.values())


def people_by_group(review: Review, content: signing.Content, now: datetime) -> list[GroupOfPeople]:
    """Every group that must be represented, and every other that has somebody, in the review's order."""
    held = terms.of(review)
    groups = {
        group.code: GroupOfPeople(
            group.code, group.name, group.who, group.code in held.groups, group.code in held.signer_groups
        )
        for group in REVIEW_TYPES[review.kind].groups
    }
    for participant in review.participants.all():
        current = signing.signature_of(participant, content)
        earlier = [given for given in participant.sign_offs.all() if current is None or given.pk != current.pk]
        groups[participant.group].people.append(
            Signer(participant, current, earlier, delegating.live(participant, now))
        )
    return [group for group in groups.values() if group.required or group.people]
