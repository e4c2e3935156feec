"""Rounds: opened, convened, withdrawn; their people and facts."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reviews.actions import meeting, recusal, rounds
from reviews.models import ReviewKind
from tests.reviews.walking import model
from tests.reviews.walking.base import Base, people


class RoundSteps(Base):
    """Rounds: opened, convened, withdrawn; their people and facts."""

    @rule(
        who=people,
        kind=st.sampled_from(["ppa", "rr"]),
        chair=people,
        mode=st.sampled_from(["", "meeting"]),
        candidate=st.sampled_from(["RC-1", "RC-2", "RC-9", ""]),
        delta=st.booleans(),
    )
    def open_round(self, who: str, kind: str, chair: str, mode: str, candidate: str, delta: bool) -> None:
        allowed = (
            who in model.MANAGES
            and self.p.active
            and self.p.stage in model.PREPARED_IN[kind]
            and self.p.round is None
            and chair in model.ACTIVE - {"program"}
            and (kind == "ppa" or self._is_fit(candidate))
            and not (delta and self.p.last_decided(kind) is None)
        )
        if self.attempt(
            allowed,
            lambda: rounds.open_round(
                project_id=self.project.pk,
                kind=ReviewKind(kind),
                by=self.who(who),
                chair=self.who(chair),
                mode=mode,
                candidate=candidate,
                delta=delta,
                now=self.now,
            ),
        ):
            self.p.open_round(kind, chair=chair, mode=mode, candidate=candidate, delta=delta)

    def _is_fit(self, candidate: str) -> bool:
        """One that is registered; a release that is prepared ahead may be without."""
        return candidate in model.CANDIDATES or (not candidate and self.p.stage not in model.HELD_IN["rr"])

    @precondition(lambda self: self.p.round)
    @rule(who=people)
    def convene(self, who: str) -> None:
        r = self.p.round
        allowed = r.prepares(who) and r.state == "preparing" and not self.p.lacks_to_convene(r)
        review = self.review(r)
        if self.attempt(allowed, lambda: rounds.convene(review_id=review.pk, by=self.who(who), now=self.now)):
            self.p.convene(r)

    @precondition(lambda self: self.p.rounds)
    @rule(who=people, choice=st.integers(0, 40), reason=st.sampled_from(["", "Too early.", "Too early."]))
    def withdraw(self, who: str, choice: int, reason: str) -> None:
        r = self.some_round(choice)
        if choice > 5 and r.is_open:
            return  # else hardly a walk gets anywhere
        allowed = r.prepares(who) and r.is_open and reason
        review = self.review(r)
        if self.attempt(
            allowed, lambda: rounds.withdraw(review_id=review.pk, by=self.who(who), reason=reason, now=self.now)
        ):
            r.state = "withdrawn"

    @precondition(lambda self: self.p.rounds)
    @rule(
        who=people,
        choice=st.integers(0, 9),
        whom=people,
        group=st.sampled_from(["PPA-P6", "PPA-P7", "RR-P1", "RR-P2", "RR-P6", "RR-P7"]),
        signs=st.booleans(),
    )
    def name(self, who: str, choice: int, whom: str, group: str, signs: bool) -> None:
        r = self.some_round(choice)
        allowed = (
            self.p.active
            and r.prepares(who)
            and r.is_open
            and group.startswith(r.kind.upper())
            and whom in model.ACTIVE_AND_AUDITOR
            and not (signs and (whom == "auditor" or whom in r.recused))
            and r.place_of(whom) is None
        )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: rounds.name_participant(
                review_id=review.pk, by=self.who(who), group=group, person=self.who(whom), signs=signs, now=self.now
            ),
        ):
            self.p.name(r, group, whom, signs)

    @precondition(lambda self: self.p.rounds)
    @rule(who=people, choice=st.integers(0, 9), whom=people)
    def remove(self, who: str, choice: int, whom: str) -> None:
        r = self.some_round(choice)
        review = self.review(r)
        place = review.participants.filter(user=self.who(whom), removed_at__isnull=True).first()
        allowed = self.p.active and r.prepares(who) and r.is_open and place is not None
        if self.attempt(
            allowed,
            lambda: (
                rounds.remove_participant(
                    review_id=review.pk, participant_id=place.pk if place else 0, by=self.who(who), now=self.now
                )
                or True
            ),
        ):
            r.named.remove(r.place_of(whom))

    @precondition(lambda self: self.p.rounds)
    @rule(
        who=people,
        choice=st.integers(0, 9),
        chair=people,
        mode=st.sampled_from(["async", "meeting", "hybrid"]),
        candidate=st.sampled_from(["RC-1", "RC-2", "RC-9", ""]),
    )
    def set_facts(self, who: str, choice: int, chair: str, mode: str, candidate: str) -> None:
        r = self.some_round(choice)
        allowed = (
            self.p.active
            and r.prepares(who)
            and r.is_open
            and (chair == r.chair or chair in model.ACTIVE - {"program"} - r.recused)
            and mode != "hybrid"
            and (r.kind == "ppa" or self._is_fit(candidate))
        )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: rounds.set_facts(
                review_id=review.pk,
                by=self.who(who),
                chair=self.who(chair),
                mode=mode,
                scheduled_for=None,
                candidate=candidate,
                now=self.now,
            ),
        ):
            r.chair, r.mode, r.candidate = chair, mode, candidate if r.kind == "rr" else ""

    @precondition(lambda self: self.p.rounds)
    @rule(who=people, choice=st.integers(0, 9), conflict=st.sampled_from(["", "", "A cousin sells it."]))
    def declare(self, who: str, choice: int, conflict: str) -> None:
        """A conflict of interest, or none."""
        r = self.some_round(choice)
        allowed = (
            self.p.active
            and r.is_open
            and who in model.ACTIVE
            and (r.place_of(who) is not None or who == r.chair or self._is_lent(r, who))
            and who not in r.recused
        )
        review = self.review(r)
        if (
            self.attempt(
                allowed, lambda: recusal.declare(review_id=review.pk, by=self.who(who), conflict=conflict, now=self.now)
            )
            and conflict
        ):
            r.recuse(who, self.now)

    def _is_lent(self, r: model.Round, who: str) -> bool:
        return any(each.to == who for each in r.lendings(self.soon))

    @precondition(lambda self: self.p.round)
    @rule(who=people, whom=people, how=st.sampled_from(["present", "remote", "delegate", "absent", "asleep"]))
    def attend(self, who: str, whom: str, how: str) -> None:
        r = self.p.round
        allowed = (
            self.p.active
            and r.prepares(who)
            and r.live
            and (r.place_of(whom) is not None or whom == r.chair)
            and how != "asleep"
        )
        review = self.review(r)
        told = meeting.Attended(person=self.who(whom), how=how, delegate="Somebody" if how == "delegate" else "")
        if self.attempt(
            allowed,
            lambda: (
                meeting.record_attendance(review_id=review.pk, by=self.who(who), attended=[told], now=self.now) or True
            ),
        ):
            r.there[whom] = how
