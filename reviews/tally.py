"""Who has signed and who has not, for many rounds at once and without building packets where that can be told without.

A signature counts while what it was given on says the same to the signer's group. Whoever must sign is asked when the
packet goes out, and asked again by every change that makes the own signature stale (`actions.changes`); so a signature
that is younger than the asking counts. Only where it is not younger is the packet built. Gates never read this: they
build the packet.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value

from reviews import signing
from reviews.models import Delegation, Participant, Review, ReviewState


@dataclass(frozen=True)
class Waiting:
    """A signature that is owed, and since when it has been asked for."""

    participant_id: int
    review_id: int
    user_id: int
    name: str
    since: datetime | None
    delegate_id: int | None = None

    def asks(self, user_id: int) -> bool:
        """Whether this person may give it: the participant, or whoever the signature is lent to."""
        return user_id in (self.user_id, self.delegate_id)


@dataclass
class Tally:
    """How many of a round's signers have signed what stands now; who has not, the longest waiting first."""

    signed: int = 0
    signers: int = 0
    waiting: list[Waiting] = field(default_factory=list)
    last_signed: datetime | None = None
    chair_id: int | None = None

    @property
    def oldest(self) -> Waiting | None:
        return self.waiting[0] if self.waiting else None


def of_signing(signers: "QuerySet[Participant]", *, lent_at: datetime | None = None) -> dict[int, Tally]:
    """Tallies of rounds whose sign-offs are requested, by the review's key; one query, seldom more.

    Args:
        signers: those to look at, of rounds in that state. Who does not sign or was removed is left out here.
        lent_at: aware moment for which it is told to whom a signature is lent; None leaves that out.
    """
    lent = Value(None, IntegerField()) if lent_at is None else Subquery(_lent(lent_at))
    rows = list(
        signers.filter(signs=True, removed_at__isnull=True, review__state=ReviewState.SIGNING)
        .annotate(last_signed=Max("sign_offs__signed_at"))
        .order_by("asked_at", "id")
        .values(
            "id",
            "review_id",
            "user_id",
            "user__name",
            "user__username",
            "asked_at",
            "last_signed",
            requested=F("review__sign_offs_requested_at"),
            chair=F("review__chair"),
            delegate=lent,
        )
    )
    doubtful = {
        row["review_id"] for row in rows if row["last_signed"] and not _younger(row["last_signed"], row["asked_at"])
    }
    exact = _waiting_by_packet(doubtful) if doubtful else set()
    tallies: dict[int, Tally] = defaultdict(Tally)
    for row in rows:
        tally = tallies[row["review_id"]]
        tally.signers += 1
        tally.chair_id = row["chair"]
        waits = row["id"] in exact if row["review_id"] in doubtful else row["last_signed"] is None
        if waits:
            since = row["asked_at"] or row["requested"]
            name = row["user__name"] or row["user__username"]
            tally.waiting.append(Waiting(row["id"], row["review_id"], row["user_id"], name, since, row["delegate"]))
        else:
            tally.signed += 1
            tally.last_signed = max(filter(None, (tally.last_signed, row["last_signed"])), default=None)
    return tallies


def _lent(now: datetime) -> "QuerySet[Delegation, int]":
    held = Delegation.objects.in_force(now).filter(participant=OuterRef("pk"))
    return held.values_list("delegate", flat=True)[:1]


def _younger(signed_at: datetime, asked_at: datetime | None) -> bool:
    return asked_at is not None and signed_at > asked_at


def _waiting_by_packet(review_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for review in signing.loaded(Review.objects.filter(pk__in=review_ids)):
        found |= {participant.pk for participant in signing.standing(review).waiting}
    return found


def of_decided(reviews: "QuerySet[Review]") -> dict[int, Tally]:
    """How many had signed what was decided on, by the review's key; one query."""
    signers, signed = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    asked = Participant.objects.filter(review__in=reviews, signs=True, removed_at__isnull=True)
    for review, participant, group, given, digest, parts in asked.values_list(
        "review_id",
        "id",
        "group",
        "sign_offs__part_digest",
        "review__decision_digest",
        signing.decided_parts("review__pk", "review__decision_digest"),
    ):
        signers[review].add(participant)
        if given == signing.Content(digest, parts or {}).part(group):
            signed[review].add(participant)
    return {review: Tally(signed=len(signed[review]), signers=len(people)) for review, people in signers.items()}
