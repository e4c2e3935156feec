"""The way that leads on, one step at a time."""

from hypothesis.stateful import rule

from tests.reviews.walking import model
from tests.reviews.walking.base import Base
from tests.reviews.walking.model import QUESTIONS, bad

ROUTE = {"planning": "start_build", "build": "start_stabilize", "stabilize": "start_deploy"}


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
        elif r.state == "preparing":
            self.convene("manager")
        elif r.pinned != p.version and not p.waived(r, "I2"):
            self.pin("manager", told=True)
        elif not p.confirmed and p.stage == model.DURING[r.kind]:
            self.confirm("program")
        elif any(each.is_open and each.category == "before_go" for each in r.findings):
            owned = next(each for each in r.findings if each.is_open and each.category == "before_go")
            self.settle("deputy" if owned.owner == "manager" else "manager", 0, owned.number, "done", "Seen.")
        elif r.chair in r.recused:
            self.set_facts("manager", 0, self._fit(r, ["deputy", "sponsor"]), r.mode, r.candidate or "RC-1")
        elif missing := [g for g in model.MUST_SIGN[r.kind] if not any(each.group == g for each in r.signers)]:
            self._somebody_signs(r, missing[0])
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
        codes = [code for code in QUESTIONS[r.kind] if not self.p.waived(r, code)]
        for code in codes:
            said = r.answers.get(code)
            if (said is None and code != "I2") or (said is not None and said.value == bad(code)):
                return code
        return ""

    def _somebody_signs(self, r: model.Round, group: str) -> None:
        usual = next(name for named, name, signs in model.NAMED[r.kind] if named == group and signs)
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
        step = ROUTE.get(p.stage)
        owing = [each for each in p.rounds if each.debts]
        due = next((kind for kind in ("ppa", "rr") if p.owed(kind)), "")
        if due:
            r = p.last_go(due)
            owner = p.owed(due)[0].owner
            self.close_condition(next(who for who in sorted(model.DIRECTS) if who != owner), owing.index(r))
        elif step is None:
            self.open_round("program", "rr", "manager", "", "RC-1", delta=False)
        elif not p.confirmed:
            self.confirm("program")
        elif p.may_enter(step):
            self.move("program", step, "")
        else:
            self.open_round("program", "ppa" if p.stage == "planning" else "rr", "manager", "", "RC-1", delta=False)
