"""A round as its packet, its gate and its room read it, and whose signatures stand in it. No views, no clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import JSONField, Model, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from projects.models import ArtifactVersion, Project, RoleAssignment, User
from reviews.models import (
    OPEN_STATES,
    Attendance,
    Condition,
    Declaration,
    Delegation,
    Finding,
    ItemAnswer,
    Packet,
    Participant,
    PinnedInput,
    PolicyVersion,
    Review,
    ReviewItem,
    ReviewState,
    SignOff,
    Waiver,
)
from reviews.packets import Content as Content
from reviews.packets import build as build
from reviews.packets import canonical_body as canonical_body
from reviews.said import current_answer as current_answer
from reviews.said import current_waiver as current_waiver
from reviews.said import is_waived as is_waived
from reviews.said import newest_version as newest_version

# Whom a row names. Read once for a whole round: joined to each of its rows, people would be half of the work.
_PEOPLE: dict[type[Model], tuple[str, ...]] = {
    ArtifactVersion: ("author",),
    Condition: ("owner", "closed_by", "created_by"),
    Declaration: ("user",),
    Delegation: ("delegate", "revoked_by"),
    Finding: ("owner", "raised_by", "closed_by", "merged_by"),
    ItemAnswer: ("assessor",),
    Participant: ("user",),
    PolicyVersion: ("approved_by",),
    Review: ("chair", "decided_by", "convened_by", "created_by"),
    RoleAssignment: ("user",),
    Waiver: ("requested_by", "approved_by"),
}


def loaded(reviews: "QuerySet[Review]") -> list[Review]:
    """These reviews with all that a packet, the gate and the room read: a fixed number of queries for any number."""
    found = list(_with_rows(reviews))
    _bring_people(row for review in found for row in _rows(review))
    return found


def _with_rows(reviews: "QuerySet[Review]") -> "QuerySet[Review]":
    """The same reviews with all their rows, which name people that are not read yet."""
    with_parts = reviews.annotate(decided_parts=decided_parts("pk", "decision_digest"))
    return with_parts.select_related("project", "policy").prefetch_related(
        Prefetch("items", _with_content(ReviewItem.objects.all())),
        "conditions",
        Prefetch("findings", _findings()),
        Prefetch("declarations", _declared()),
        Prefetch("attendance", Attendance.objects.select_related("delegation").order_by("id")),
        Prefetch("participants", _named()),
        # A packet's bytes are large and read one at a time: whoever needs them asks for them.
        Prefetch(
            "participants__sign_offs",
            SignOff.objects.select_related("packet").defer("packet__body").order_by("id"),
        ),
        Prefetch("project__roles", RoleAssignment.objects.filter(ends_on__isnull=True)),
    )


def _bring_people(rows: Iterable[Model]) -> None:
    """Everybody whom the rows name: one query."""
    named = [(row, name, getattr(row, f"{name}_id")) for row in rows for name in _PEOPLE[type(row)]]
    known = User.objects.in_bulk({key for _row, _name, key in named if key is not None})
    for row, name, key in named:
        if key is not None:
            setattr(row, name, known[key])


def _rows(review: Review) -> Iterator[Model]:
    """All rows of a loaded round that name somebody."""
    yield from (review, *review.conditions.all(), *review.findings.all(), *review.project.roles.all())
    yield from _rows_of_people(review)
    yield from (lent for each in review.attendance.all() if (lent := each.delegation))
    if review.policy:
        yield review.policy
    for item in review.items.all():
        yield from _rows_of_item(item)


def _rows_of_people(review: Review) -> Iterator[Model]:
    yield from review.declarations.all()
    for participant in review.participants.all():
        yield from (participant, *participant.delegations.all())


def _rows_of_item(item: ReviewItem) -> Iterator[Model]:
    yield from (*item.answers.all(), *item.waivers.all(), *(pin.version for pin in item.pins.all()))


def decided_parts(review: str, digest: str) -> Subquery:
    """SQL: the parts of the packet that was decided on; none for an open round.

    Args:
        review, digest: lookups of the round's key and of the digest that it was decided on.
    """
    decided_on = Packet.objects.filter(review=OuterRef(review), digest=OuterRef(digest)).values("parts")
    return Subquery(decided_on[:1], output_field=JSONField())


def _with_content(items: "QuerySet[ReviewItem]") -> "QuerySet[ReviewItem]":
    """The same items with what was said of each and the versions that it stands on now; without people."""
    versions = ArtifactVersion.objects.only(
        "id", "artifact_id", "number", "label", "digest", "status", "created_at"
    ).order_by("number")
    return items.prefetch_related(
        Prefetch("answers", ItemAnswer.objects.order_by("number")),
        Prefetch("answers__evidence_versions", ArtifactVersion.objects.select_related("artifact")),
        Prefetch(
            "pins",
            PinnedInput.objects.filter(replaced_at__isnull=True).select_related("version__artifact"),
        ),
        Prefetch("pins__version__artifact__versions", versions),
        Prefetch("waivers", Waiver.objects.order_by("id")),
    )


def _named() -> "QuerySet[Participant]":
    there = Participant.objects.filter(removed_at__isnull=True)
    return there.prefetch_related(Prefetch("delegations", Delegation.objects.order_by("id"))).order_by("group", "id")


def _declared() -> "QuerySet[Declaration]":
    return Declaration.objects.order_by("id")


def _findings() -> "QuerySet[Finding]":
    found = Finding.objects.select_related("item", "version__artifact", "merged_into")
    return found.defer("version__text").order_by("number")


def load(review_id: int) -> Review:
    """One review with all of it. Raises: Review.DoesNotExist."""
    found = loaded(Review.objects.filter(pk=review_id))
    if not found:
        raise Review.DoesNotExist(f"There is no round {review_id}.")
    return found[0]


def open_rounds(project: Project) -> list[Review]:
    """The project's open rounds with all of it, newest first: as they are now, or as a page brought them along."""
    brought: list[Review] | None = getattr(project, "open_rounds", None)
    if brought is not None:
        return brought
    return loaded(_open(Review.objects.filter(project=project)))


def bring_open_rounds(project: Project) -> list[Review]:
    """The same, read once for this instance and whatever asks with it later: for pages, which write nothing."""
    prefetch_related_objects([project], Prefetch("reviews", _with_rows(_open(Review.objects.all())), "open_rounds"))
    found = open_rounds(project)
    _bring_people(row for review in found for row in _rows(review))
    return found


def _open(reviews: "QuerySet[Review]") -> "QuerySet[Review]":
    return reviews.filter(state__in=OPEN_STATES).order_by("-round")


def load_people(review_id: int) -> Review:
    """One review with who takes part; whatever else is asked of it is read then. Raises: Review.DoesNotExist."""
    people = Prefetch("participants", _named()), Prefetch("declarations", _declared())
    review = Review.objects.select_related("project", "policy").prefetch_related(*people).get(pk=review_id)
    _bring_people([review, *_rows_of_people(review)])
    return review


def item_of(review: Review, code: str) -> ReviewItem | None:
    """One item of the round with its content, in a few queries for any number of items."""
    found = _with_content(review.items.filter(code=code)).first()
    if found is not None:
        _bring_people(_rows_of_item(found))
    return found


def content(review: Review) -> Content:
    """What the round holds now; of a decided round, what was decided on."""
    if review.state != ReviewState.DECIDED:
        return Content.of(canonical_body(review))
    parts = getattr(review, "decided_parts", None)  # brought along by `loaded`
    if parts is None:
        kept = Packet.objects.filter(review=review, digest=review.decision_digest).values_list("parts", flat=True)
        parts = kept.first() or {}
    return Content(review.decision_digest, parts)


def packet_digest(review: Review) -> str:
    """SHA-256 (hex) of the packet as it is now; of a decided round, of the packet that was decided on."""
    return review.decision_digest if review.state == ReviewState.DECIDED else content(review).digest


def is_current(sign_off: SignOff, now: Content) -> bool:
    """Whether the signature still counts: derived, never a job that runs later."""
    return sign_off.part_digest == now.part(sign_off.participant.group)


def signature_of(participant: Participant, now: Content) -> SignOff | None:
    """The participant's signature on what concerns his group in this content."""
    wanted = now.part(participant.group)
    return next((sign for sign in participant.sign_offs.all() if sign.part_digest == wanted), None)


@dataclass
class Standing:
    """Whose signature stands in the round as it is now, and who must sign."""

    content: Content
    signed: list[Participant] = field(default_factory=list)
    waiting: list[Participant] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return self.content.digest


def standing(review: Review) -> Standing:
    """Signers of this round, split by whether their signature counts now."""
    result = Standing(content(review))
    for participant in review.participants.all():
        if participant.signs:
            bucket = result.signed if signature_of(participant, result.content) else result.waiting
            bucket.append(participant)
    return result


def store(review: Review, held: Content, now: datetime) -> Packet:
    """The packet's bytes are kept, once."""
    new = {"body": held.body, "parts": dict(held.parts), "created_at": now}
    return Packet.objects.get_or_create(review=review, digest=held.digest, defaults=new)[0]


def local_time(sign_off: SignOff) -> str:
    """When it was signed, on the signer's own clock, ISO 8601 with offset; UTC where the zone is not known."""
    try:
        zone = ZoneInfo(sign_off.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return sign_off.signed_at.astimezone(zone).isoformat(timespec="seconds")
