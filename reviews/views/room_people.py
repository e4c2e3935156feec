"""The people of the room: who signs, who looks on, who is asked, and how far the signatures are."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews import delegating, signing, terms
from reviews.catalog import REVIEW_TYPES
from reviews.models import Delegation, Participant, Review, ReviewState, SignOff


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
