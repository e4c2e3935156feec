"""The project on its way: what its reviews lack, which gates stand open, which step it may take."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.reviews.walking.model.asked import bad, good
from tests.reviews.walking.model.people import ACTIVE
from tests.reviews.walking.model.records import Answered, Debt, Named
from tests.reviews.walking.model.round import Round
from tests.reviews.walking.model.stages import DURING, FORWARD, HELD_IN


@dataclass
class Project:
    """The project, its document and all of its rounds, as they must be by now."""

    category: str
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

    def newest(self, of: Round) -> int:
        """Version of the input that the round is about."""
        return self.version if of.asked.by_document else 1

    def newest_approved(self, of: Round) -> int:
        return max(self.approved) if of.asked.by_document else 1

    def of_kind(self, kind: str) -> list[Round]:
        return [each for each in self.rounds if each.kind == kind]

    def last_decided(self, kind: str) -> Round | None:
        return next((each for each in reversed(self.of_kind(kind)) if each.state == "decided"), None)

    def open_round(self, kind: str, *, chair: str, mode: str, candidate: str, delta: bool) -> Round:
        before = self.of_kind(kind)
        named_for = candidate if kind == "rr" else ""
        begun = Round(self.category, kind, len(before) + 1, chair, mode or "async", named_for, delta)
        for group, who, signs in self._again(before[-1]) if before else begun.asked.named:
            self.name(begun, group, who, signs)
        self.rounds.append(begun)
        return begun

    def _again(self, last: Round) -> list[tuple[str, str, bool]]:
        """Who took part in the last round, and somebody who signs for each group that must sign and has nobody."""
        found, signing = [], {each.group for each in last.signers}
        for each in last.named:
            asked = each.signs is False and each.who in ACTIVE and each.group in set(last.asked.must_sign) - signing
            signing |= {each.group} if asked else set()
            found.append((each.group, each.who, bool(each.signs) or asked))
        taken, there = {each.who for each in last.named}, {each.group for each in last.named}
        for group in last.asked.must_sign:
            able = [who for of, who, _signs in last.asked.named if of == group and who not in taken]
            if group not in there:
                found += [(group, who, who == able[0]) for who in able]
        return found

    def name(self, of: Round, group: str, who: str, signs: bool) -> None:
        self.places += 1
        of.named.append(Named(self.places, group, who, None if who in of.recused else signs))
        of.named.sort(key=lambda each: (each.group, each.number))

    def convene(self, of: Round) -> None:
        of.answers |= self.to_carry(of)
        of.state, of.pinned = "convened", self.newest_approved(of)

    def to_carry(self, of: Round) -> dict[str, Answered]:
        """What a delta round that is prepared will have from the last decided one, as things are."""
        last = self.last_decided(of.kind)
        if not of.delta or last is None or last.candidate != of.candidate:
            return {}
        changed = self.approved[max(self.approved)] > last.decided_at
        return {
            code: Answered(1, said.value, said.by, said.at, carried=True)
            for code in of.asked.questions
            if (said := last.answers.get(code)) is not None
            and said.value == good(code)
            and code not in of.answers
            and code not in last.addressed
            and last.waiver(code) is None
            and not (code in of.asked.about_the_document and changed)
            and not (code == "I2" and last.pinned != self.newest_approved(of))
        }

    def waived(self, of: Round, code: str) -> bool:
        found = of.waiver(code)
        return (
            found is not None
            and found.approved is not None
            and found.until >= self.today
            and code not in of.asked.never_waived
        )

    def part(self, of: Round, group: str) -> object:
        """All that a signature for this group hangs on. It stands while this is what it was."""
        return (
            self.title,
            of.chair,
            of.mode,
            of.candidate,
            tuple((each.group, each.who, each.signs) for each in of.named),
            (of.pinned, self.newest(of)),
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
        if any(not any(each.group == group for each in of.signers) for group in of.asked.must_sign):
            found.add("group.missing")
        if of.chair in of.recused:
            found.add("chair.recused")
        if not self.waived(of, "I2") and of.pinned != self.newest(of):
            found.add("input.newer_version")
        if of.kind == "rr" and self.stage == "stabilize" and not self.confirmed:
            found.add("outcome.not_confirmed")
        for code in of.asked.questions[1:]:  # the document speaks for the first
            if code not in of.answers and not self.waived(of, code):
                found.add("item.unanswered")
        return found

    def lacks_to_convene(self, of: Round) -> set[str]:
        """What keeps a round that is prepared, in its stage or ahead of it, from being convened."""
        found = self.lacks_to_sign(of) - {"item.unanswered", "input.newer_version"}
        return found if of.candidate or of.kind == "ppa" else {*found, "review.no_candidate"}

    def lacks_to_go(self, of: Round) -> set[str]:
        """What keeps a round from a go."""
        found = self.lacks_to_sign(of)
        if of.state == "preparing":
            said = {*of.answers, *self.to_carry(of)}
            silent = any(code not in said and not self.waived(of, code) for code in of.asked.questions[1:])
            asked = {"item.unanswered"} if of.answers and silent else set()
            found = {"review.not_convened", *self.lacks_to_convene(of), *asked}
        for code, said in of.answers.items():
            if code in of.asked.questions and said.value == bad(code) and not self.waived(of, code):
                found.add("item.not_fine")
        if any(each.is_open and each.category == "before_go" for each in of.findings):
            found.add("finding.before_go")
        if of.asked.by_document and self.version_state != "approved":
            found.add("artifact.not_approved")
        if of.kind == "rr" and self.owed("ppa"):
            found.add("condition.open")
        if self.stage == DURING[of.kind] and not self.confirmed:
            found.add("outcome.not_confirmed")
        if of.state == "preparing":
            return found
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
        return set() if chaired and heard.issuperset(of.asked.must_sign) else {"quorum.missing"}

    def last_go(self, kind: str) -> Round | None:
        return next((each for each in reversed(self.of_kind(kind)) if each.is_go), None)

    def owed(self, kind: str) -> list[Debt]:
        """Conditions that bind: of the newest go, not closed."""
        last = self.last_go(kind)
        return [debt for debt in last.debts if not debt.closed] if last is not None else []

    def unrecorded(self) -> list[str]:
        """Outputs of the plan's newest go that the end of Build waits for. An emergency fixes first."""
        last = self.last_go("ppa")
        if last is None or self.category == "emergency":
            return []
        return [code for code in last.asked.outputs if code not in last.outputs]

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
            self.passes[of.kind] = self.now + of.asked.lasts if of.asked.lasts else None
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
            return target != "stabilize" or not self.unrecorded()
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
