"""Signing and deciding."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reviews.actions import decisions, delegations, sign_offs
from reviews.models import Delegation
from tests import world
from tests.reviews.walking import model
from tests.reviews.walking.base import Base, people


class DecidingSteps(Base):
    """Signing and deciding."""

    @precondition(lambda self: self.p.round)
    @rule(who=people)
    def request_sign_offs(self, who: str) -> None:
        r = self.p.round
        allowed = r.prepares(who) and r.state == "convened" and not self.p.lacks_to_sign(r)
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: sign_offs.request_sign_offs(
                review_id=review.pk, by=self.who(who), due_at=self.now + timedelta(days=5), now=self.now
            ),
        ):
            r.state = "signing"

    @precondition(lambda self: self.p.round)
    @rule()
    def look(self) -> None:
        """Somebody opens the page and leaves it open."""
        self.pages.append(self.digest(self.p.round))

    def _shown(self, r: model.Round, stale: bool) -> tuple[str, bool]:
        """The digest on somebody's screen, and whether it is that of the content as it is now."""
        present = self.digest(r)
        shown = self.pages[-1] if stale and self.pages else present
        return shown, shown == present

    @precondition(lambda self: self.p.round)
    @rule(
        who=people,
        position=st.sampled_from(["agree", "agree", "support", "dissent", "perhaps"]),
        comment=st.sampled_from(["", "Too early."]),
        stale=st.booleans(),
    )
    def sign(self, who: str, position: str, comment: str, stale: bool) -> None:
        r = self.p.round
        place = r.hand(who, self.soon)
        now = self.p.part(r, place.group) if place else None
        given = next((each for each in r.signed if place and each.place == place.number and each.part == now), None)
        other = place is not None and place.who in self.p.standing(r) and given is not None and given.by != who
        shown, is_present = self._shown(r, stale)
        allowed = (
            self.p.active
            and place is not None
            and (place.who == who or not r.unfit(place, who, self.soon))
            and not other
            and r.state == "signing"
            and position != "perhaps"
            and (comment or position == "agree")
            and is_present
        )
        self.keys += 1
        review = self.review(r)
        already = self.p.standing(r).get(place.who) if place else None
        given = self.attempt(
            allowed,
            lambda: sign_offs.sign(
                review_id=review.pk,
                by=self.who(who),
                position=position,
                comment=comment,
                packet_digest=shown,
                proof=world.proof(self.who(who), shown, self.now),
                idempotency_key=f"walk-{self.keys}",
                now=self.now,
            ),
        )
        if given:
            assert (given.user, given.position) == (self.who(who), already or position)  # the first one stands
            if not already:
                r.signed.append(model.Signed(place.number, place.who, self.p.part(r, place.group), position, who))

    @precondition(lambda self: self.p.round)
    @rule(who=people, other=people)
    def sign_for_another(self, who: str, other: str) -> None:
        r = self.p.round
        shown = self.digest(r)
        self.keys += 1
        if who == other and r.hand(who, self.soon) and r.state == "signing":
            return
        review = self.review(r)
        self.attempt(
            False,
            lambda: sign_offs.sign(
                review_id=review.pk,
                by=self.who(who),
                position="agree",
                packet_digest=shown,
                proof=world.proof(self.who(other), shown, self.now),
                idempotency_key=f"walk-{self.keys}",
                now=self.now,
            ),
        )

    @precondition(lambda self: self.p.round and self.p.round.signers)
    @rule(choice=st.integers(0, 9), to=people, days=st.sampled_from([0, 1, 2, 14, 15]), reason=st.booleans())
    def lend(self, choice: int, to: str, days: int, reason: bool) -> None:
        """A signer lends the signature, or somebody tries who has none."""
        r = self.p.round
        place = r.named[choice % len(r.named)]
        until = self.soon + timedelta(days=days)
        allowed = (
            self.p.active
            and place.signs
            and 0 < days <= 14
            and reason
            and not any(each.place == place.number for each in r.lendings(self.soon))
            and not r.unfit(place, to, self.soon)
        )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: delegations.delegate(
                review_id=review.pk,
                by=self.who(place.who),
                to=self.who(to),
                ends_at=until,
                reason="At sea." if reason else " ",
                now=self.now,
            ),
        ):
            r.lent.append(model.Lent(place.number, place.who, to, until))

    @precondition(lambda self: self.p.round and self.p.round.lent)
    @rule(who=people, choice=st.integers(0, 9))
    def take_back(self, who: str, choice: int) -> None:
        r = self.p.round
        lent = r.lent[choice % len(r.lent)]
        allowed = (
            self.p.active
            and lent in r.lendings(self.soon)
            and who in model.ACTIVE
            and (who == lent.owner or r.chairs(who) or who in model.DIRECTS)
        )
        review = self.review(r)
        row = Delegation.objects.filter(participant__review=review).order_by("id")[choice % len(r.lent)]
        if self.attempt(
            allowed,
            lambda: delegations.revoke(review_id=review.pk, delegation_id=row.pk, by=self.who(who), now=self.now),
        ):
            lent.revoked = True

    @precondition(lambda self: self.p.rounds)
    @rule(
        who=people,
        decision=st.sampled_from(["go", "go", "hold", "no_go_postponed", "no_go_cancelled", "perhaps"]),
        reason=st.sampled_from(["", "As discussed."]),
        stale=st.booleans(),
        risks=st.booleans(),
        area=st.booleans(),
    )
    def decide(self, who: str, decision: str, reason: str, stale: bool, risks: bool, area: bool) -> None:
        r = self.p.round or self.p.rounds[-1]
        shown, is_present = self._shown(r, stale)
        allowed = r.chairs(who) and r.live and is_present and decision != "perhaps"
        if decision == "go":
            allowed = allowed and not self.p.lacks_to_go(r) and (risks or r.kind == "ppa")
        else:
            allowed = (
                allowed
                and self.p.active
                and self.p.stage in model.HELD_IN[r.kind]
                and not self.p.lacks_quorum(r)
                and reason
                and (area or decision == "no_go_cancelled")
            )
        allowed = allowed and (reason or not self.p.dissented(r))
        addressed = r.asked.questions[1:2]
        areas = decisions.AreaToAddress(
            area="The rollback.",
            effort_days=Decimal(2),
            owner=self.who("product"),
            due_on=self.p.today,
            item_codes=addressed,
        )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: decisions.decide(
                review_id=review.pk,
                by=self.who(who),
                decision=decision,
                packet_digest=shown,
                proof=world.proof(self.who(who), shown, self.now),
                reason=reason,
                areas=(areas,) if area else (),
                next_review_on=self.p.today + timedelta(days=7) if area else None,
                risks_acceptable=risks,
                now=self.now,
            ),
        ):
            self.p.decide(r, decision, set(addressed) if area and decision != "go" else set())
