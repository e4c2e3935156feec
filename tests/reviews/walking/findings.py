"""Findings: raised, settled, merged."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reviews.actions import findings
from tests.reviews.walking import model
from tests.reviews.walking.base import Base, codes, days, people


class FindingSteps(Base):
    """Findings: raised, settled, merged."""

    @precondition(lambda self: self.p.round)
    @rule(
        who=people,
        code=codes,
        category=st.sampled_from(["before_go", "before_go", "after_go", "editorial", "grave"]),
        owner=st.one_of(st.none(), people),
        last=st.one_of(st.none(), days),
    )
    def raise_finding(self, who: str, code: str, category: str, owner: str | None, last: int | None) -> None:
        r = self.p.round
        due = None if last is None else self.p.today + timedelta(days=last - 1)
        allowed = (
            self.p.active
            and r.takes_part(who)
            and code in r.asked.questions
            and category in model.STRICTNESS
            and (owner is not None or category == "editorial")
            and (due is not None or category != "after_go")
            and (due is None or due >= self.p.today)
            and (owner is None or owner in model.ACTIVE_AND_AUDITOR)
        )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: findings.raise_finding(
                review_id=review.pk,
                by=self.who(who),
                code=code,
                category=category,
                text="The rollback takes too long.",
                owner=self.who(owner) if owner else None,
                due_on=due,
                now=self.now,
            ),
        ):
            r.findings.append(model.Found(len(r.findings) + 1, code, category, owner or "", due, who, self.now))

    @precondition(lambda self: any(each.findings for each in self.p.rounds))
    @rule(
        who=people,
        choice=st.integers(0, 9),
        number=st.integers(1, 3),
        how=st.sampled_from(["done", "done", "rejected", "open"]),
        text=st.sampled_from(["", "Done and seen."]),
    )
    def settle(self, who: str, choice: int, number: int, how: str, text: str) -> None:
        """Of a decided round too."""
        r = self.some_round(choice)
        found = next((each for each in r.findings if each.number == number), None)
        allowed = False
        if found is not None:
            with_it = [found, *(each for each in r.findings if each.into == number)]
            raised = found.by == who and who in model.ACTIVE and who not in r.recused
            allowed = (
                self.p.active
                and r.state != "withdrawn"
                and found.is_open
                and (
                    (how == "done" and (raised or r.prepares(who))) or (how == "rejected" and (raised or r.waives(who)))
                )
                and not any(who == each.owner or r.one_hand(who, each.owner, self.soon) for each in with_it)
                and (text or (how == "done" and found.category == "editorial"))
            )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: findings.settle(
                review_id=review.pk, number=number, by=self.who(who), disposition=how, text=text, now=self.now
            ),
        ):
            found.settled = (how, who, self.now)

    @precondition(lambda self: any(each.findings for each in self.p.rounds))
    @rule(who=people, choice=st.integers(0, 9), number=st.integers(1, 3), into=st.integers(1, 3))
    def merge(self, who: str, choice: int, number: int, into: int) -> None:
        r = self.some_round(choice)
        by_number = {each.number: each for each in r.findings}
        found, systemic = by_number.get(number), by_number.get(into)
        allowed = (
            self.p.active
            and r.state != "withdrawn"
            and r.prepares(who)
            and found is not None
            and systemic is not None
            and number != into
            and found.is_open
            and systemic.is_open
            and who != found.owner
            and not r.one_hand(who, found.owner, self.soon)
            and not any(each.into == number for each in r.findings)
            and model.STRICTNESS.index(systemic.category) >= model.STRICTNESS.index(found.category)
            and not (found.due and systemic.due and systemic.due > found.due)
        )
        review = self.review(r)
        if self.attempt(
            allowed,
            lambda: findings.merge(review_id=review.pk, number=number, into=into, by=self.who(who), now=self.now),
        ):
            found.into = into
