"""The signatures of a round in its pack: as a table for people, as lines of words for a verifier."""

from collections.abc import Iterator
from typing import Any

from projects.ledger import digest as digest_of
from projects.ledger import utc
from reviews import signing
from reviews.evidence.tables import Table
from reviews.models import Review, SignOff

COLUMNS = [
    "signature_id",
    "review_id",
    "round",
    "packet_digest",
    "part_digest",
    "meaning",
    "statement_text",
    "printed_name",
    "user_id",
    "on_behalf_of",
    "delegation_id",
    "role_at_signing",
    "group_represented",
    "authentication_method",
    "signed_at_utc",
    "signed_at_local",
    "time_zone",
    "ip",
    "position",
    "comment",
    "state",
    "superseded_by",
    "digest_check",
]


def given(review: Review) -> list[SignOff]:
    """Every signature of the round, in the order in which they were given."""
    return list(
        SignOff.objects.filter(packet__review=review).select_related("packet", "participant", "user").order_by("id")
    )


def standing(review: Review, content: signing.Content) -> str:
    """Which signatures stand in what was decided on, or in what an open round holds: lines of words for a verifier.

    ``signature <id> <id of who signs> <group> <packet that was shown> <digest of the group's part> <state>``
    """
    lines = ["deliverops-standing-1", f"round {review.ref}", f"decision {review.decision or 'none'}"]
    lines.append(f"packet {content.digest}")
    for sign in given(review):
        state = "current" if signing.is_current(sign, content) else "superseded"
        place = sign.participant
        words = sign.pk, place.user_id, place.group, sign.packet.digest, sign.part_digest, state
        lines.append(" ".join(["signature", *map(str, words)]))
    return "".join(f"{line}\n" for line in lines)


def table(review: Review) -> Table:
    """Every signature of the round with what AUD-01 asks to be printed wherever it is shown."""
    content, all_given = signing.content(review), given(review)

    def rows() -> Iterator[list[Any]]:
        for place, sign in enumerate(all_given):
            later = next(
                (other.pk for other in all_given[place + 1 :] if other.participant_id == sign.participant_id), ""
            )
            genuine = digest_of(sign.packet.body) == sign.packet.digest
            counts = signing.is_current(sign, content)
            yield [
                sign.pk,
                review.pk,
                review.round,
                sign.packet.digest,
                sign.part_digest,
                sign.meaning,
                sign.statement,
                sign.signed_as,
                sign.user_id,
                sign.on_behalf_of,
                sign.delegation_id,
                sign.role,
                sign.participant.group,
                sign.method,
                utc(sign.signed_at),
                signing.local_time(sign),
                sign.time_zone,
                sign.ip,
                sign.position,
                sign.comment,
                "valid" if counts else "superseded",
                "" if counts else later,
                "ok" if genuine else "failed",
            ]

    return COLUMNS, rows()
