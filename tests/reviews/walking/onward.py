"""The way that leads on, one step at a time."""

from hypothesis.stateful import rule

from tests.reviews.walking import model
from tests.reviews.walking.base import Base
from tests.reviews.walking.model import bad

ROUTE = {source: step for step, (source, _target) in model.FORWARD.items()}


class Onward(Base):
    """The way that leads on, one step at a time."""

    @rule()
    def onward(self) -> None:
        """Whoever is right does what is needed next."""
        p, r = self.p, self.p.round
        if p.status == "cancelled":
            return
        if not p.active:
            self.rest("manager", resume=True)
        elif r is None:
            self._between_rounds()
        elif p.version_state != "approved":
            self.approve_document("sponsor")
        elif r.state == "preparing" and p.stage not in model.HELD_IN[r.kind]:
            self._to_its_place(r)
        elif not p.confirmed and p.stage == model.DURING[r.kind]:
            self.confirm("program")
        elif any(each.is_open and each.category == "before_go" for each in r.findings):
            owned = next(each for each in r.findings if each.is_open and each.category == "before_go")
            self.settle("deputy" if owned.owner == "manager" else "manager", 0, owned.number, "done", "Seen.")
        elif r.chair in r.recused or (r.kind == "rr" and not r.candidate):
            chair = self._fit(r, ["deputy", "sponsor"]) if r.chair in r.recused else r.chair
            self.set_facts("manager", 0, chair, r.mode, r.candidate or "RC-1")
        elif missing := [g for g in r.asked.must_sign if not any(each.group == g for each in r.signers)]:
            self._somebody_signs(r, missing[0])
        elif r.state == "preparing":
            self.convene("manager")
        elif r.pinned != p.newest(r) and not p.waived(r, "I2"):
            self.pin("manager", told=True)
        elif wanting := self._wanting(r):
            speaks = self._fit(r, ["sponsor"])
            if r.is_acknowledged_first and (unaware := {speaks, *(each.who for each in r.signers)} - r.known_to):
                self.acknowledge(min(unaware), 0)
            else:
                self.answer(speaks, wanting, fine=True, told=True)
        elif "quorum.missing" in p.lacks_to_go(r) or (r.mode == "meeting" and r.there.get(r.chair) != "present"):
            self.attend("manager", r.chair, "present")
        elif r.state == "convened":
            self.request_sign_offs("manager")
        elif waiting := [each.who for each in r.signers if each.who not in p.standing(r)]:
            self.sign(waiting[0], "agree", "", stale=False)
        elif p.stage in model.HELD_IN[r.kind]:
            self.decide(r.chair, "go", "For all.", stale=False, risks=True, area=False)
        else:
            self.withdraw(r.chair, 0, "The stage is over.")

    def _wanting(self, r: model.Round) -> str:
        codes = [code for code in r.asked.questions if not self.p.waived(r, code)]
        for code in codes:
            said = r.answers.get(code)
            if (said is None and code != "I2") or (said is not None and said.value == bad(code)):
                return code
        return ""

    def _somebody_signs(self, r: model.Round, group: str) -> None:
        usual = next(name for named, name, signs in r.asked.named if named == group and signs)
        who = usual if usual not in r.recused else self._fit(r, ["product", "user", "outsider"])
        if r.place_of(who):
            self.remove("manager", 0, who)
        else:
            self.name("manager", 0, who, group, signs=True)

    def _fit(self, r: model.Round, first: list[str]) -> str:
        """Somebody who may do it: one of the first, else one who manages, who is not recused."""
        everybody = [*first, *sorted(model.DIRECTS), *sorted(model.ACTIVE - {"program"})]
        return next((who for who in everybody if who not in r.recused), "program")

    def _between_rounds(self) -> None:
        p = self.p
        owing = [each for each in p.rounds if each.debts]
        due = next((kind for kind in ("ppa", "rr") if p.owed(kind)), "")
        if due:
            r = p.last_go(due)
            owner = p.owed(due)[0].owner
            self.close_condition(next(who for who in sorted(model.DIRECTS) if who != owner), owing.index(r))
        elif p.stage == "deploy":
            self._prepare("rr")
        elif self.early and p.stage in ("envision", "build") and p.last_decided(kind := self._next_kind()) is None:
            self._prepare(kind)
        else:
            self._forward()

    def _next_kind(self) -> str:
        return "ppa" if self.p.stage in ("envision", "planning") else "rr"

    def _prepare(self, kind: str) -> None:
        candidate = "" if self.p.stage == "build" else "RC-1"
        self.open_round("program", kind, "manager", "", candidate, delta=False)

    def _to_its_place(self, r: model.Round) -> None:
        """A round that is prepared ahead waits for the project; one whose stage is over is ended."""
        if self.p.stage in model.PREPARED_IN[r.kind]:
            self._forward()
        else:
            self.withdraw(r.chair, 0, "The stage is over.")

    def _forward(self) -> None:
        p, step = self.p, ROUTE[self.p.stage]
        if not p.confirmed:
            self.confirm("program")
        elif p.stage == "build" and p.unrecorded():
            r = p.last_go("ppa")
            choice = next(each for each in range(8, 99) if p.rounds[each % len(p.rounds)] is r)
            self.record_output(self._fit(r, ["program"]), fine=True, choice=choice)
        elif p.may_enter(step):
            self.move("program", step, "")
        else:
            self._prepare(self._next_kind())
