"""What a management review is made of, as data."""

from dataclasses import dataclass
from typing import Literal

from projects.catalog.artifacts import Gate

Section = Literal["input", "analysis", "decision", "output", "aspect", "go", "no_go"]


@dataclass(frozen=True)
class Item:
    """One question of a review.

    Args:
        must: a go is refused while it is not fine.
        protected: no waiver can stand in for it.
        may_be_na: may be declared not applicable, with a reason.
        na_only_without: may be so declared only while this flag of the project is off.
        element: element of Table 4 to which an indicator belongs.
        verification: how to find the answer.
        pass_criterion: what must be seen for a good answer.
        artifacts: artifact kinds acceptable as evidence; the first that exists and is required wins.
        after_go: recorded after the decision; never holds it up.
        accepted_by: roles of which one must be held to confirm it: nobody accepts for them.
        told: what a confirmation states, each on a line of its own: "IT, staying: ...".
    """

    code: str
    section: Section
    text: str
    verification: str
    pass_criterion: str
    source: str
    artifacts: tuple[str, ...] = ()
    element: str = ""
    must: bool = True
    protected: bool = False
    may_be_na: bool = False
    na_only_without: Literal["", "conversion"] = ""
    after_go: bool = False
    accepted_by: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def lines(self) -> str:
        """The lines to be filled in."""
        return "\n".join(f"{each}: " for each in self.told)

    def untold(self, text: str) -> list[str]:
        """What the text leaves out of that."""
        lines = [line.partition(":") for line in text.splitlines()]
        stated = {head.strip() for head, _colon, said in lines if said.strip()}
        return [each for each in self.told if each not in stated]


@dataclass(frozen=True)
class Group:
    """A group of participants.

    Args:
        who: who belongs to it, for the person who names participants.
        required_default: must be represented in a review of a significant change.
        roles: roles on the project from whose holders the group is pre-filled; no role feeds two groups of a review.
        in_person: its signature is an acceptance that nobody gives for another; it is never delegated.
    """

    code: str
    name: str
    who: str
    required_default: bool
    roles: tuple[str, ...]
    source: str
    in_person: bool = False


@dataclass(frozen=True)
class ReviewType:
    """One of the two management reviews of the phase.

    Args:
        question: the one sentence put to every signer.
        statement: what a signature under the packet means; signed word for word.
        stage: key of the stage during which it is held.
        gate: what it opens, as the artifact catalogue names it.
        no_go_returns_to: key of the stage where work goes on after a postponement.
    """

    kind: Literal["ppa", "rr"]
    name: str
    synonyms: tuple[str, ...]
    purpose: str
    question: str
    statement: str
    stage: str
    gate: Gate
    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    no_go_returns_to: str
    source: str
