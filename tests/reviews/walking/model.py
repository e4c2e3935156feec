"""What two reviews of an emergency may do, said once more in plain values and apart from the product.

Nothing here reads the product's rules: `test_model` holds the two against each other. People are called by the names
they have in `tests.world.People`, documents by the number of their version.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

MANAGES = {"manager", "deputy", "program"}
DIRECTS = {"manager", "deputy"}
AUTHORITIES = {"manager", "deputy", "sponsor", "operations"}  # of waivers; the chair is one too
APPROVES = {"manager", "deputy", "program", "product", "sponsor", "operations", "support", "user"}  # not its author
ACTIVE = {
    "manager",
    "deputy",
    "program",
    "product",
    "developer",
    "sponsor",
    "operations",
    "support",
    "user",
    "outsider",
}
ACTIVE_AND_AUDITOR = {*ACTIVE, "auditor"}
EVERYBODY = [*sorted(ACTIVE_AND_AUDITOR), "gone"]  # who left was a solution manager

# kind: group, person, whether the person signs
NAMED = {
    "ppa": [
        ("PPA-P1", "program", False),
        ("PPA-P2", "product", False),
        ("PPA-P4", "developer", False),
        ("PPA-P6", "sponsor", True),
        ("PPA-P6", "manager", False),
        ("PPA-P7", "operations", True),
        ("PPA-P7", "support", False),
        ("PPA-P9", "user", False),
    ],
    "rr": [
        ("RR-P1", "support", True),
        ("RR-P2", "program", False),
        ("RR-P2", "developer", False),
        ("RR-P2", "product", False),
        ("RR-P4", "user", False),
        ("RR-P5", "operations", False),
        ("RR-P6", "sponsor", True),
        ("RR-P7", "manager", False),
    ],
}
MUST_SIGN = {"ppa": ["PPA-P6", "PPA-P7"], "rr": ["RR-P1", "RR-P6"]}
IN_PERSON = {"RR-P1", "RR-P4", "RR-P5"}
QUESTIONS = {"ppa": ["I2", "A2", "D1", "D3"], "rr": ["I2", "A6", "G-REL-3", "G-STR-1", "N-REL-3", "N-ENV-3", "D1"]}
OUTPUTS = {"ppa": ["O7"], "rr": ["O1", "O3"]}
NEVER_WAIVED = {"ppa": set(), "rr": {"G-REL-3", "N-REL-3", "D1"}}
ABOUT_THE_DOCUMENT = {"ppa": {"I2"}, "rr": {"I2", "G-REL-3"}}
# Questions that do not concern everybody: a change of one asks again who signs for these groups, if anybody does.
CONCERNS = {
    "ppa": {},
    "rr": {"G-STR-1": {"RR-P1", "RR-P2", "RR-P5"}, "N-ENV-3": {"RR-P1", "RR-P2", "RR-P5"}},
}
HELD_IN = {"ppa": {"planning", "build", "stabilize"}, "rr": {"stabilize", "deploy"}}
DURING = {"ppa": "planning", "rr": "stabilize"}
FORWARD = {
    "start_build": ("planning", "build"),
    "start_stabilize": ("build", "stabilize"),
    "start_deploy": ("stabilize", "deploy"),
}
BACK = {
    "return_to_planning": ({"build", "stabilize"}, "planning"),
    "return_to_build": ({"stabilize"}, "build"),
    "return_to_stabilize": ({"deploy"}, "stabilize"),
}
GO_LASTS = timedelta(days=3)  # of a release; a plan has no end
CANDIDATES = {"RC-1", "RC-2"}
STRICTNESS = ["editorial", "after_go", "before_go"]


def good(code: str) -> str:
    return "clear" if code.startswith("N-") else "confirmed"


def bad(code: str) -> str:
    return "present" if code.startswith("N-") else "not_confirmed"


@dataclass
class Named:
    """A person's place in a round; whoever is named again has another one.

    Args:
        signs: None once the person is recused, which everybody who signs is shown.
    """

    number: int
    group: str
    who: str
    signs: bool | None


@dataclass
class Answered:
    number: int
    value: str
    by: str
    at: datetime
    carried: bool = False


@dataclass
class Waived:
    by: str
    until: date
    at: datetime
    approved: tuple[str, datetime] | None = None
    refused: bool = False


@dataclass
class Found:
    number: int
    code: str
    category: str
    owner: str
    due: date | None
    by: str
    at: datetime
    settled: tuple[str, str, datetime] | None = None
    into: int = 0

    @property
    def is_open(self) -> bool:
        return self.settled is None and not self.into


@dataclass
class Signed:
    place: int
    who: str
    part: object
    position: str
    by: str = ""


@dataclass
class Lent:
    """A signature lent for a while. Args: place: number of the place whose signature it is."""

    place: int
    owner: str
    to: str
    until: datetime
    revoked: bool = False

    def lasts(self, now: datetime) -> bool:
        return not self.revoked and now < self.until


@dataclass
class Debt:
    number: int
    owner: str
    due: date
    closed: bool = False
    moved: date | None = None

    @property
    def day(self) -> date:
        """The day that binds; the one that was signed stays."""
        return self.moved or self.due


@dataclass
class Round:
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
    debts: list[Debt] = field(default_factory=list)
    known_to: set[str] = field(default_factory=set)
    recused: set[str] = field(default_factory=set)
    there: dict[str, str] = field(default_factory=dict)
    signed: list[Signed] = field(default_factory=list)
    lent: list[Lent] = field(default_factory=list)
    addressed: set[str] = field(default_factory=set)

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
        owners = CONCERNS[self.kind].get(code, set())
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


@dataclass
class Project:
    """The project, its document and all of its rounds, as they must be by now."""

    stage: str
    now: datetime
    status: str = "active"
    title: str = ""
    confirmed: bool = True  # the outcomes of the present passage through the stage
    version: int = 1
    version_state: str = "approved"
    approved: dict[int, datetime] = field(default_factory=dict)
    passes: dict[str, datetime | None] = field(default_factory=dict)  # gates that stand open, and until when
    rounds: list[Round] = field(default_factory=list)
    places: int = 0

    @property
    def active(self) -> bool:
        return self.status == "active"

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def round(self) -> Round | None:
        """The open round. There is never more than one."""
        return next((each for each in self.rounds if each.is_open), None)

    @property
    def approved_version(self) -> int:
        return max(self.approved)

    def of_kind(self, kind: str) -> list[Round]:
        return [each for each in self.rounds if each.kind == kind]

    def last_decided(self, kind: str) -> Round | None:
        return next((each for each in reversed(self.of_kind(kind)) if each.state == "decided"), None)

    def open_round(self, kind: str, *, chair: str, mode: str, candidate: str, delta: bool) -> Round:
        before = self.of_kind(kind)
        begun = Round(kind, len(before) + 1, chair, mode or "async", candidate if kind == "rr" else "", delta)
        for group, who, signs in self._again(before[-1]) if before else NAMED[kind]:
            self.name(begun, group, who, signs)
        self.rounds.append(begun)
        return begun

    def _again(self, last: Round) -> list[tuple[str, str, bool]]:
        """Who took part in the last round, and somebody who signs for each group that must sign and has nobody."""
        found, signing = [], {each.group for each in last.signers}
        for each in last.named:
            asked = each.signs is False and each.who in ACTIVE and each.group in set(MUST_SIGN[last.kind]) - signing
            signing |= {each.group} if asked else set()
            found.append((each.group, each.who, bool(each.signs) or asked))
        taken, there = {each.who for each in last.named}, {each.group for each in last.named}
        for group in MUST_SIGN[last.kind]:
            able = [who for of, who, _signs in NAMED[last.kind] if of == group and who not in taken]
            if group not in there:
                found += [(group, who, who == able[0]) for who in able]
        return found

    def name(self, of: Round, group: str, who: str, signs: bool) -> None:
        self.places += 1
        of.named.append(Named(self.places, group, who, None if who in of.recused else signs))
        of.named.sort(key=lambda each: (each.group, each.number))

    def convene(self, of: Round) -> None:
        of.state, of.pinned = "convened", self.approved_version
        last = self.last_decided(of.kind)
        if not of.delta or last is None or last.candidate != of.candidate:
            return
        changed = self.approved[self.approved_version] > last.decided_at
        for code in QUESTIONS[of.kind]:
            said = last.answers.get(code)
            if (
                said is not None
                and said.value == good(code)
                and code not in of.answers
                and code not in last.addressed
                and last.waiver(code) is None
                and not (code in ABOUT_THE_DOCUMENT[of.kind] and changed)
                and not (code == "I2" and last.pinned != self.approved_version)
            ):
                of.answers[code] = Answered(1, said.value, said.by, said.at, carried=True)

    def waived(self, of: Round, code: str) -> bool:
        found = of.waiver(code)
        return (
            found is not None
            and found.approved is not None
            and found.until >= self.today
            and code not in NEVER_WAIVED[of.kind]
        )

    def part(self, of: Round, group: str) -> object:
        """All that a signature for this group hangs on. It stands while this is what it was."""
        return (
            self.title,
            of.chair,
            of.mode,
            of.candidate,
            tuple((each.group, each.who, each.signs) for each in of.named),
            (of.pinned, self.version),
            tuple(
                (code, said.number, said.value, said.by, said.at)
                for code, said in sorted(of.answers.items())
                if of.concerns(code, group)
            ),
            tuple(
                (code, found.by, found.until, found.approved)
                for code in sorted(of.waivers)
                if (found := of.waiver(code)) is not None and of.concerns(code, group)
            ),
            tuple(
                (each.number, each.category, each.owner, each.settled, each.into)
                for each in of.findings
                if of.concerns(each.code, group)
            ),
            tuple((each.number, each.owner, each.due) for each in of.debts),
        )

    def standing(self, of: Round) -> dict[str, str]:
        """Whose signature counts now, and the position with which it was given."""
        now = {each.number: self.part(of, each.group) for each in of.signers}
        return {each.who: each.position for each in of.signed if each.place in now and each.part == now[each.place]}

    def lacks_to_sign(self, of: Round) -> set[str]:
        """What keeps the packet from going out, by the codes that the product gives to its reasons."""
        found = set()
        if not self.active:
            found.add(f"project.{self.status}")
        if self.stage not in HELD_IN[of.kind]:
            found.add("review.wrong_stage")
        if any(not any(each.group == group for each in of.signers) for group in MUST_SIGN[of.kind]):
            found.add("group.missing")
        if of.chair in of.recused:
            found.add("chair.recused")
        if not self.waived(of, "I2") and of.pinned != self.version:
            found.add("input.newer_version")
        if of.kind == "rr" and self.stage == "stabilize" and not self.confirmed:
            found.add("outcome.not_confirmed")
        for code in QUESTIONS[of.kind][1:]:  # the document speaks for the first
            if code not in of.answers and not self.waived(of, code):
                found.add("item.unanswered")
        return found

    def lacks_to_go(self, of: Round) -> set[str]:
        """What keeps a convened round from a go."""
        found = self.lacks_to_sign(of)
        for code, said in of.answers.items():
            if code in QUESTIONS[of.kind] and said.value == bad(code) and not self.waived(of, code):
                found.add("item.not_fine")
        if any(each.is_open and each.category == "before_go" for each in of.findings):
            found.add("finding.before_go")
        if self.version_state != "approved":
            found.add("artifact.not_approved")
        if of.kind == "rr" and self.owed("ppa"):
            found.add("condition.open")
        if self.stage == DURING[of.kind] and not self.confirmed:
            found.add("outcome.not_confirmed")
        if of.state == "convened":
            return {*found, "review.sign_offs_not_requested"}
        if {each.who for each in of.signers} != set(self.standing(of)):
            found.add("signature.missing")
        return found | self.lacks_quorum(of)

    def lacks_quorum(self, of: Round) -> set[str]:
        if of.mode != "meeting":
            return set()
        came = {who for who, how in of.there.items() if how != "absent"} | set(self.standing(of))
        heard = {each.group for each in of.named if each.who in came - of.recused}
        chaired = of.chair not in of.recused and of.there.get(of.chair) in ("present", "remote")
        return set() if chaired and heard.issuperset(MUST_SIGN[of.kind]) else {"quorum.missing"}

    def last_go(self, kind: str) -> Round | None:
        return next((each for each in reversed(self.of_kind(kind)) if each.is_go), None)

    def owed(self, kind: str) -> list[Debt]:
        """Conditions that bind: of the newest go, not closed."""
        last = self.last_go(kind)
        return [debt for debt in last.debts if not debt.closed] if last is not None else []

    def last_day(self, of: Round, debt: Debt) -> date:
        """To which the condition can be moved at most."""
        ends = self.passes.get(of.kind)
        bounds = [debt.due + timedelta(days=30)] + ([ends.date()] if ends is not None else [])
        return min(day for day in bounds if day >= debt.due)

    def lapsed(self, kind: str) -> bool:
        """Whether the newest go counts as a hold by now."""
        last = self.last_go(kind)
        if last is None:
            return False
        return any(debt.day < self.today for debt in self.owed(kind)) or bool(last.ended_waivers(self.today))

    def dissented(self, of: Round) -> bool:
        return "dissent" in self.standing(of).values()

    def decide(self, of: Round, decision: str, addressed: set[str]) -> None:
        of.state, of.decided_at = "decided", self.now
        of.decision = "go_conditions" if decision == "go" and of.debts else decision
        if of.is_go:
            self.passes[of.kind] = self.now + GO_LASTS if of.kind == "rr" else None
            return
        of.addressed = addressed
        if self.stage == DURING[of.kind]:
            self.passes.pop(of.kind, None)  # an earlier go does not outlive it
        if decision == "no_go_cancelled":
            self.status = "cancelled"

    def may_enter(self, step: str) -> bool:
        """Whether the step forward can be taken, whoever takes it."""
        start, target = FORWARD[step]
        if not self.active or self.stage != start or not self.confirmed:
            return False
        kind = {"build": "ppa", "deploy": "rr"}.get(target)
        if kind is None:
            return True
        last = self.last_decided(kind)
        if last is None or not last.is_go or kind not in self.passes:
            return False
        until = self.passes[kind]
        if (until is not None and until < self.now) or self.lapsed(kind):
            return False
        return kind == "ppa" or not self.owed("ppa")

    def enter(self, target: str) -> None:
        self.stage, self.confirmed = target, False

    def go_back(self, target: str) -> None:
        for kind in ("ppa", "rr") if target == "planning" else ("rr",):
            self.passes.pop(kind, None)
        if self.round is not None:
            self.round.state = "withdrawn"
        self.enter(target)
