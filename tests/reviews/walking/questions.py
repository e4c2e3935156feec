"""Answers, pinned versions, waivers and conditions."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reviews.actions import acknowledgements, answers, carrying, conditions, decisions
from tests import world
from tests.reviews.walking import model
from tests.reviews.walking.base import Base, codes, days, people
from tests.reviews.walking.model import bad, good


class QuestionSteps(Base):
    """Answers, pinned versions, waivers and conditions."""

    @precondition(lambda self: self.p.rounds)
    @rule(who=people, choice=st.integers(0, 9))
    def acknowledge(self, who: str, choice: int) -> None:
        r = self.some_round(choice)
        allowed = self.p.active and r.takes_part(who) and r.is_acknowledged_first and r.is_open
        review = self.review(r)
        if self.attempt(
            allowed, lambda: acknowledgements.acknowledge(review_id=review.pk, by=self.who(who), now=self.now)
        ):
            r.known_to.add(who)

    @precondition(lambda self: self.p.rounds)
    @rule(who=people, code=codes, fine=st.booleans(), told=st.sampled_from([True, True, True, False]))
    def answer(self, who: str, code: str, fine: bool, told: bool) -> None:
        """A good or a bad answer, with what shows it or a reason, or without."""
        r = self.p.round or self.p.rounds[-1]
        document = code == "I2" and r.pinned
        allowed = (
            self.p.active
            and r.takes_part(who)
            and code in r.asked.questions
            and (r.live or (r.state == "preparing" and code != "I2"))
            and (not r.is_acknowledged_first or self._aware(r, who))
            and (told or (fine and document))
            and not (who == "developer" and document)
        )
        review = self.review(r)
        value = good(code) if fine else bad(code)
        given = {"evidence": world.stated(review, code)} if fine else {"reason": "Not there."}
        if self.attempt(
            allowed,
            lambda: answers.answer(
                review_id=review.pk, code=code, by=self.who(who), value=value, now=self.now, **(given if told else {})
            ),
        ):
            before = r.answers.get(code)
            r.answers[code] = model.Answered(before.number + 1 if before else 1, value, who, self.now)
            r.asked_here = True

    def _aware(self, r: model.Round, who: str) -> bool:
        everybody = r.asked_here or r.mode != "meeting" or {each.who for each in r.signers} <= r.known_to
        return who in r.known_to and everybody

    @precondition(lambda self: self.p.rounds)
    @rule(who=people, fine=st.booleans(), choice=st.integers(0, 40))
    def record_output(self, who: str, fine: bool, choice: int) -> None:
        """After the decision, outside of what was signed."""
        r = self.some_round(choice)
        allowed = self.p.active and r.takes_part(who) and r.state == "decided"
        review, code = self.review(r), r.asked.outputs[choice % len(r.asked.outputs)]
        if self.attempt(
            allowed,
            lambda: answers.answer(
                review_id=review.pk,
                code=code,
                by=self.who(who),
                value="confirmed" if fine else "not_confirmed",
                reason="As agreed.",
                now=self.now,
            ),
        ):
            (r.outputs.add if fine else r.outputs.discard)(code)

    @precondition(lambda self: self.p.round)
    @rule(who=people, told=st.sampled_from([True, True, False]))
    def pin(self, who: str, told: bool) -> None:
        r = self.p.round
        allowed = self.p.active and r.prepares(who) and r.live
        if allowed and r.pinned != self.p.newest(r):
            allowed = told and self.p.version_state == "approved"
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: (
                answers.pin_newest(
                    review_id=review.pk, code="I2", by=self.who(who), reason="Corrected." if told else " ", now=self.now
                )
                or True
            ),
        ):
            r.pinned = self.p.newest(r)

    @precondition(lambda self: self.p.round)
    @rule(who=people, code=codes, last=days, told=st.booleans())
    def request_waiver(self, who: str, code: str, last: int, told: bool) -> None:
        r = self.p.round
        until = self.p.today + timedelta(days=last - 1)
        allowed = (
            self.p.active
            and r.takes_part(who)
            and code in r.asked.questions
            and (r.live or code == "I2")
            and code not in r.asked.never_waived
            and told
            and until >= self.p.today
            and (r.waiver(code) is None or self._ended(r.waiver(code)))
        )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: answers.request_waiver(
                review_id=review.pk,
                code=code,
                by=self.who(who),
                reason="No time.",
                risk="Small.",
                compensation="Somebody watches." if told else "",
                expires_on=until,
                now=self.now,
            ),
        ):
            r.waivers.setdefault(code, []).append(model.Waived(who, until, self.now))

    def _ended(self, waiver: model.Waived) -> bool:
        """One that was given and has run out may be asked for anew."""
        return waiver.approved is not None and waiver.until < self.p.today

    @precondition(lambda self: self.p.round and self.p.round.waivers)
    @rule(who=people, choice=st.integers(0, 9), approve=st.booleans(), reason=st.sampled_from(["", "It matters."]))
    def answer_waiver(self, who: str, choice: int, approve: bool, reason: str) -> None:
        r = self.p.round
        asked = sorted(r.waivers)
        code = asked[choice % len(asked)]
        waiver = r.waivers[code][-1]
        row = self.review(r).items.get(code=code).waivers.order_by("id").last()
        allowed = (
            self.p.active
            and not waiver.refused
            and waiver.approved is None
            and (r.live or code == "I2")
            and who != waiver.by
            and not r.one_hand(who, waiver.by, self.soon)
            and r.waives(who)
            and (approve or reason)
        )
        if self.attempt(
            allowed,
            lambda: answers.answer_waiver(
                review_id=row.item.review_id,
                waiver_id=row.pk,
                by=self.who(who),
                approve=approve,
                reason=reason,
                now=self.now,
            ),
        ):
            waiver.approved, waiver.refused = (who, self.now) if approve else None, not approve

    @precondition(lambda self: self.p.round)
    @rule(who=people, owner=people, last=days)
    def add_condition(self, who: str, owner: str, last: int) -> None:
        r = self.p.round
        due = self.p.today + timedelta(days=last - 1)
        allowed = (
            self.p.active
            and r.prepares(who)
            and r.live
            and due >= self.p.today
            and owner in model.ACTIVE_AND_AUDITOR
            and len(r.debts) < 2
        )
        if len(r.debts) == 2:
            return
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: conditions.add(
                review_id=review.pk,
                by=self.who(who),
                text="Train the night shift.",
                consequence="It is done by day.",
                owner=self.who(owner),
                due_on=due,
                now=self.now,
            ),
        ):
            r.numbered += 1
            r.debts.append(model.Debt(r.numbered, owner, due))

    @precondition(lambda self: any(each.debts for each in self.p.rounds))
    @rule(who=people, choice=st.integers(0, 9), reason=st.sampled_from(["", "It was meant for another project."]))
    def take_back_condition(self, who: str, choice: int, reason: str) -> None:
        owing = [each for each in self.p.rounds if each.debts]
        r = owing[-1 - choice % len(owing)]
        debt = r.debts[choice % len(r.debts)]
        row = self.review(r).conditions.get(number=debt.number)
        if self.attempt(
            self.p.active and r.prepares(who) and r.is_open and reason,
            lambda: conditions.take_back(condition_id=row.pk, by=self.who(who), reason=reason, now=self.now),
        ):
            r.debts.remove(debt)

    @precondition(lambda self: any(each.debts for each in self.p.rounds))
    @rule(
        who=people,
        choice=st.integers(0, 9),
        more=st.sampled_from([-1, 1, 3, 31]),
        reason=st.sampled_from(["", "The lorry is late."]),
    )
    def move_day(self, who: str, choice: int, more: int, reason: str) -> None:
        owing = [each for each in self.p.rounds if each.debts]
        r = owing[choice % len(owing)]
        debt = r.debts[-1]
        chair_can = r.chair != debt.owner and r.chair not in r.recused
        movers = {r.chair} if chair_can else model.DIRECTS - {debt.owner} - r.recused
        day = debt.day + timedelta(days=more)
        row = self.review(r).conditions.get(number=debt.number)
        allowed = (
            self.p.active
            and who in movers
            and r is self.p.last_go(r.kind)
            and not debt.closed
            and debt.day < day <= self.p.last_day(r, debt)
            and day >= self.p.today
            and reason
        )
        if self.attempt(
            allowed,
            lambda: conditions.move_day(condition_id=row.pk, by=self.who(who), to_on=day, reason=reason, now=self.now),
        ):
            debt.moved = day

    @precondition(lambda self: any(said.carried for each in self.p.rounds for said in each.answers.values()))
    @rule(who=people, code=codes, reason=st.sampled_from(["", "It was another build."]))
    def ask_again(self, who: str, code: str, reason: str) -> None:
        """What was carried over counts no more."""
        r = self.p.round or self.p.rounds[-1]
        said = r.answers.get(code)
        allowed = self.p.active and r.chairs(who) and r.live and said is not None and said.carried and reason
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: carrying.ask_again(review_id=review.pk, code=code, by=self.who(who), reason=reason, now=self.now),
        ):
            del r.answers[code]

    @precondition(lambda self: any(each.debts for each in self.p.rounds))
    @rule(who=people, choice=st.integers(0, 9))
    def close_condition(self, who: str, choice: int) -> None:
        owing = [each for each in self.p.rounds if each.debts]
        r = owing[choice % len(owing)]
        debt = next((each for each in r.debts if not each.closed), r.debts[-1])
        row = self.review(r).conditions.get(number=debt.number)
        allowed = r.prepares(who) and who != debt.owner
        if self.attempt(
            allowed and r.is_go and not debt.closed,
            lambda: decisions.close_condition(
                condition_id=row.pk, by=self.who(who), evidence="The attendance list.", now=self.now
            ),
        ):
            debt.closed = True
