"""One round of a review, and who may do what in it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.reviews.walking.model.asked import ASKED, IN_PERSON, Asked, good
from tests.reviews.walking.model.people import ACTIVE, AUTHORITIES, MANAGES
from tests.reviews.walking.model.records import Answered, Debt, Found, Lent, Named, Signed, Waived


@dataclass
class Round:
    category: str
    kind: str
    number: int
    chair: str
    mode: str
    candidate: str
    delta: bool
    named: list[Named] = field(default_factory=list)
    state: str = "preparing"
    decision: str = ""
    decided_at: datetime | None = None
    pinned: int = 0
    answers: dict[str, Answered] = field(default_factory=dict)
    asked_here: bool = False  # whether somebody has answered in this very round
    waivers: dict[str, list[Waived]] = field(default_factory=dict)
    findings: list[Found] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)  # those taken back are none
    numbered: int = 0  # conditions, with those taken back
    known_to: set[str] = field(default_factory=set)
    recused: set[str] = field(default_factory=set)
    there: dict[str, str] = field(default_factory=dict)
    signed: list[Signed] = field(default_factory=list)
    lent: list[Lent] = field(default_factory=list)
    addressed: set[str] = field(default_factory=set)
    outputs: set[str] = field(default_factory=set)  # confirmed

    @property
    def asked(self) -> Asked:
        return ASKED[self.category, self.kind]

    @property
    def is_open(self) -> bool:
        return self.state in ("preparing", "convened", "signing")

    @property
    def live(self) -> bool:
        return self.state in ("convened", "signing")

    @property
    def is_acknowledged_first(self) -> bool:
        return self.kind == "rr" or self.mode == "meeting"

    @property
    def is_go(self) -> bool:
        return self.decision in ("go", "go_conditions")

    @property
    def signers(self) -> list[Named]:
        return [each for each in self.named if each.signs]

    def place_of(self, who: str) -> Named | None:
        return next((each for each in self.named if each.who == who), None)

    def waiver(self, code: str) -> Waived | None:
        return next((each for each in reversed(self.waivers.get(code, [])) if not each.refused), None)

    def chairs(self, who: str) -> bool:
        return who == self.chair and who in ACTIVE and who not in self.recused

    def prepares(self, who: str) -> bool:
        return who in ACTIVE and (who in MANAGES or self.chairs(who))

    def concerns(self, code: str, group: str) -> bool:
        """Whether a signature for the group hangs on what is said of this question."""
        owners = self.asked.concerns.get(code, set())
        return group in owners or not owners & {each.group for each in self.signers}

    def takes_part(self, who: str) -> bool:
        judges = self.prepares(who) or self.place_of(who) is not None
        return who in ACTIVE and judges and who not in self.recused

    def waives(self, who: str) -> bool:
        able = who in AUTHORITIES or self.chairs(who)
        return who in ACTIVE and who != "program" and able and who not in self.recused

    def lendings(self, now: datetime) -> list[Lent]:
        """Those that last, of people who still take part."""
        places = {each.number for each in self.named}
        return [each for each in self.lent if each.lasts(now) and each.place in places]

    def hand(self, who: str, now: datetime) -> Named | None:
        """The place for which this person signs: the own one, else one whose signature was lent to him."""
        own = self.place_of(who)
        if own is not None and own.signs:
            return own
        lent = {each.place for each in self.lendings(now) if each.to == who}
        return next((each for each in self.signers if each.number in lent), None)

    def unfit(self, place: Named, to: str, now: datetime) -> bool:
        """Whether this person cannot sign for that place."""
        signs = any(each.who == to for each in self.signers)
        busy = any(each.to == to and each.place != place.number for each in self.lendings(now))
        wrote = to == "developer" and self.pinned > 0
        apart = to in {place.who, self.chair, "program", *self.recused} or to not in ACTIVE
        return place.group in IN_PERSON or apart or signs or busy or wrote

    def one_hand(self, one: str, other: str, now: datetime) -> bool:
        return any({each.owner, each.to} == {one, other} for each in self.lendings(now))

    def recuse(self, who: str, now: datetime) -> None:
        self.recused.add(who)
        for each in self.lendings(now):
            each.revoked = each.revoked or who in (each.owner, each.to)
        place = self.place_of(who)
        if place is not None:
            place.signs = None

    def ended_waivers(self, today: date) -> list[str]:
        """Questions that the round's go stands on a waiver for that has ended, and on nothing else."""
        ended = []
        for code, asked in self.waivers.items():
            given = [each.until for each in asked if each.approved is not None]
            said = self.answers.get(code)
            fine = (said is not None and said.value == good(code)) or (code == "I2" and self.pinned > 0)
            if given and max(given) < today and not fine:
                ended.append(code)
        return ended
