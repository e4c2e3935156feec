"""The room as one person sees it, worked out from one loaded review: questions, board, people, numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from reviews import additions, carried, owed, signing
from reviews.access import RoomSeat
from reviews.models import ItemAnswer, RemediationItem, SignOff
from reviews.proposals import proposals
from reviews.views.room_parts import Element, Part, board_of, parts_of
from reviews.views.room_people import GroupOfPeople, SignOffs, people_by_group
from reviews.views.room_rows import Row, guides, remedies, row_of


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
    today = owed.day_of(review.decided_at or now)  # a record stays as it was: waivers do not expire in it
    proposed = proposals(review, now)
    taught = additions.origins([item.code for item in review.items.all()], seat.place.user)
    kept = carried.to_carry(review)
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
            carries=kept.get(item.code, ""),
        )
        for item in review.items.all()
    }
    standing = signing.standing(review)
    return Room(
        parts=parts_of(review, rows.values()),
        board=board_of(rows.values()),
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
