"""Who took part in a round, and whether that is enough to decide it: derived from one loaded review."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reviews import signing, terms
from reviews.models import THERE, Attendance, Mode, Presence, Review


@dataclass(frozen=True)
class Side:
    """One group that must take part: how many of it have, and how many must."""

    code: str
    name: str
    there: int
    wanted: int

    @property
    def met(self) -> bool:
        return self.there >= self.wanted

    @property
    def label(self) -> str:
        """The group's name, with the numbers where more than one is wanted."""
        if self.wanted < 2:
            return self.name
        return _("%(group)s (%(there)d of %(wanted)d)") % {
            "group": self.name,
            "there": self.there,
            "wanted": self.wanted,
        }


@dataclass(frozen=True)
class Quorum:
    """What a quorum is made of: the chair, and as many of each group as the round's rules say (EXT-09)."""

    chair: bool
    groups: list[Side]

    @property
    def met(self) -> bool:
        return self.chair and all(group.met for group in self.groups)

    @property
    def missing(self) -> list[str]:
        """The chair and the groups that it still waits for, by name."""
        return [*([] if self.chair else [_("the chair")]), *(side.label for side in self.groups if not side.met)]


@dataclass(frozen=True)
class Part:
    """As what a person takes part: the names of the groups, the chair's first, and whether a quorum is made of it."""

    groups: list[str]
    counts: bool
    recused: bool


def parts(review: Review) -> dict[int, Part]:
    """As what each takes part who is named in the round or chairs it, by the person's id."""
    named, wanted = terms.group_names(review.kind), terms.of(review).quorum
    found: dict[int, list[str]] = {review.chair_id: [_("Chair")]}
    counting = {review.chair_id}
    for person in review.participants.all():
        found.setdefault(person.user_id, []).append(named[person.group])
        if person.group in wanted:
            counting.add(person.user_id)
    return {
        user: Part(list(dict.fromkeys(groups)), user in counting - review.recused, user in review.recused)
        for user, groups in found.items()
    }


def attendance(review: Review) -> dict[int, Attendance]:
    """What is recorded last of each person, by the person's id."""
    return {row.user_id: row for row in review.attendance.all()}


def quorum(review: Review) -> Quorum:
    """Whether the round can be decided.

    A member counts who was there in person, remotely or by a delegate, or who has signed. The chair decides in person:
    in a meeting he must be there himself; of an asynchronous round the decision itself is his taking part.

    Args:
        review: as `signing.load` gives it.
    """
    known = attendance(review)
    there = {user for user, row in known.items() if row.how in THERE}
    there |= {person.user_id for person in signing.standing(review).signed}
    named = terms.group_names(review.kind)
    there -= review.recused  # who declared a conflict of interest speaks for nobody
    speaks = Counter(person.group for person in review.participants.all() if person.user_id in there)
    chair = known.get(review.chair_id)
    return Quorum(
        chair=review.chair_id not in review.recused
        and (review.mode == Mode.ASYNC or (chair is not None and chair.how in (Presence.PRESENT, Presence.REMOTE))),
        groups=[Side(code, named[code], speaks[code], least) for code, least in terms.of(review).quorum.items()],
    )
