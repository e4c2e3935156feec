"""Documents whose parts are looked at one by one: a version is whole when somebody found each of them in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from projects.catalog.artifacts import Gate


@dataclass(frozen=True)
class Part:
    """Args: code: as it is stored. text: what must be found in the document."""

    code: str
    text: str


@dataclass(frozen=True)
class Whole:
    """The parts of one artifact kind.

    Args:
        gate: where they are wanted.
        asked_with: wanted where the rigor profile asks for this artifact at that gate.
    """

    gate: Gate
    asked_with: str
    parts: tuple[Part, ...]
    source: str


PARTS: Mapping[str, Whole] = MappingProxyType(
    {
        "ART-01": Whole(
            "vision",
            "ART-01",
            (
                Part("vision", "Vision: what will be better, and for whom"),
                Part("scope", "Scope: what belongs to it and what does not"),
                Part("risks", "Risks: what could go wrong"),
                Part("design", "Conceptual design: how it is to work in outline"),
            ),
            "Table 1 Envision",
        ),
        "ART-05": Whole(
            "plan",
            "ART-04",
            (
                Part("instructions", "Tells developers what to build"),
                Part("estimates", "Is detailed enough to estimate from"),
                Part("agreement", "Says what the customer has agreed to"),
                Part("synchronisation", "Brings the whole team to the same understanding"),
            ),
            "§Project Plan Approved",
        ),
        "ART-14": Whole(
            "plan",
            "ART-14",
            (
                Part("stakeholders", "How stakeholders are involved"),
                Part("communications", "How people are told"),
                Part("requirements", "How requirements are managed"),
                Part("risks", "How risks are managed"),
            ),
            "Table 2 inputs",
        ),
    }
)
