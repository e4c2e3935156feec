"""Signing and deciding."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reviews.actions import decisions, sign_offs
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
        place = r.place_of(who)
        shown, is_present = self._shown(r, stale)
        allowed = (
            self.p.active
            and place is not None
            and place.signs
            and r.state == "signing"
            and position != "perhaps"
            and (comment or position == "agree")
            and is_present
        )
        self.keys += 1
        review = self.review(r)
        already = self.p.standing(r).get(who)
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
                r.signed.append(model.Signed(place.number, who, self.p.content(r), position))

    @precondition(lambda self: self.p.round)
    @rule(who=people, other=people)
    def sign_for_another(self, who: str, other: str) -> None:
        r = self.p.round
        place = r.place_of(who)
        shown = self.digest(r)
        self.keys += 1
        if who == other and place and place.signs and r.state == "signing":
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
        addressed = ("A2",) if r.kind == "ppa" else ("G-STR-1",)
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
