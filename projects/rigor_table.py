"""How much each change category asks for, counted: on the pages that compare them and from `manage.py rigor`."""

from dataclasses import dataclass

from projects.catalog.artifacts import GATES
from projects.catalog.categories import PROFILES, RigorProfile, required_artifacts
from projects.catalog.register_needs import REGISTER_NEEDS
from projects.catalog.statements import STATEMENTS
from projects.models import Category
from projects.ports import ports


@dataclass(frozen=True)
class Demand:
    """What a project of one category needs from start to close.

    Args:
        artifacts: kinds that must be approved or agreed not to apply.
        questions: that both reviews together want answered.
        signers: groups and roles of which somebody signs, both reviews together.
        statements: signatures outside the reviews, a feature's owners counted as one side.
        registers: lists that must not be empty.
        held: how the two reviews are held, in words, in their order.
    """

    profile: RigorProfile
    artifacts: int
    questions: int
    signers: int
    statements: int
    registers: int
    held: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        return (self.artifacts, self.questions, self.signers, self.statements, self.registers)


def demand(category: str, *, conversion_applies: bool = False, role_segregation: bool = False) -> Demand:
    """What a project of this category is asked for, the organisation's own additions aside (SEED-06). No query.

    Args:
        category: a value of `Category`.
        conversion_applies, role_segregation: the flags of the project that add to it.
    """
    asked = {
        gate: set(
            required_artifacts(category, gate, conversion_applies=conversion_applies, role_segregation=role_segregation)
        )
        for gate in GATES
    }
    plans = ports.review_plans(category, conversion_applies, catalogue=True)
    return Demand(
        profile=PROFILES[category],
        artifacts=len(set().union(*asked.values())),
        questions=sum(plan.questions for plan in plans),
        signers=sum(len(plan.signers) for plan in plans),
        statements=sum(len(topic.sides) for topic in STATEMENTS.values() if topic.asked_with in asked[topic.gate]),
        registers=sum(kind in asked[gate] for _register, gate, kind in REGISTER_NEEDS),
        held=tuple(plan.held for plan in plans),
    )


def demands() -> list[Demand]:
    """All categories side by side, in the order in which a form offers them. No query."""
    return [demand(category) for category in Category.values]
