"""What a review asks for in an emergency and in a standard change."""

from dataclasses import dataclass, field
from datetime import timedelta

IN_PERSON = {"RR-P1", "RR-P4", "RR-P5"}
STRICTNESS = ["editorial", "after_go", "before_go"]


def good(code: str) -> str:
    return "clear" if code.startswith("N-") else "confirmed"


def bad(code: str) -> str:
    return "present" if code.startswith("N-") else "not_confirmed"


@dataclass(frozen=True)
class Asked:
    """One review in one category.

    Args:
        named: group, person, whether the person signs.
        questions: the first is the input.
        concerns: questions that do not concern everybody: a change of one asks again who signs for these groups, if
            anybody does.
        by_document: whether input and gate are about the document that a walk writes; else about one that stays as it
            is.
        lasts: how long a go opens the gate; None is without an end.
    """

    named: tuple[tuple[str, str, bool], ...]
    must_sign: tuple[str, ...]
    questions: tuple[str, ...]
    outputs: tuple[str, ...]
    about_the_document: frozenset[str]
    never_waived: frozenset[str] = frozenset()
    concerns: dict[str, set[str]] = field(default_factory=dict)
    by_document: bool = True
    lasts: timedelta | None = None


def _named(kind: str, signs: set[str]) -> tuple[tuple[str, str, bool], ...]:
    """The same people whatever the category; of those who can sign, others do."""
    people = {
        "ppa": "P1:program P2:product P4:developer P6:sponsor P6:manager P7:operations P7:support P9:user",
        "rr": "P1:support P2:program P2:developer P2:product P4:user P5:operations P6:sponsor P7:manager",
    }
    pairs = [each.split(":") for each in people[kind].split()]
    return tuple((f"{kind.upper()}-{group}", who, who in signs) for group, who in pairs)


_SUPPORT_TEAM_OPERATIONS = {"RR-P1", "RR-P2", "RR-P5"}

ASKED = {
    ("emergency", "ppa"): Asked(
        named=_named("ppa", {"sponsor", "operations"}),
        must_sign=("PPA-P6", "PPA-P7"),
        questions=("I2", "A2", "D1", "D3"),
        outputs=("O7",),
        about_the_document=frozenset({"I2"}),
    ),
    ("emergency", "rr"): Asked(
        named=_named("rr", {"support", "sponsor"}),
        must_sign=("RR-P1", "RR-P6"),
        questions=("I2", "A6", "G-REL-3", "G-STR-1", "N-REL-3", "N-ENV-3", "D1"),
        outputs=("O1", "O3"),
        about_the_document=frozenset({"I2", "G-REL-3"}),
        never_waived=frozenset({"G-REL-3", "N-REL-3", "D1"}),
        concerns={"G-STR-1": _SUPPORT_TEAM_OPERATIONS, "N-ENV-3": _SUPPORT_TEAM_OPERATIONS},
        lasts=timedelta(days=3),
    ),
    ("standard", "ppa"): Asked(
        named=_named("ppa", {"sponsor"}),
        must_sign=("PPA-P6",),
        questions=("I2", "D1"),
        outputs=("O7",),
        about_the_document=frozenset({"I2"}),
        by_document=False,
    ),
    ("standard", "rr"): Asked(
        named=_named("rr", {"support", "program"}),
        must_sign=("RR-P1", "RR-P2"),
        questions=(
            *("I2", "G-REL-1", "G-REL-2", "G-ENV-1", "G-STR-2", "G-STR-3"),
            *("N-REL-3", "N-ENV-1", "N-STR-1", "D1"),
        ),
        outputs=("O1", "O3"),
        about_the_document=frozenset({"I2", "G-REL-1", "G-STR-3", "N-STR-1"}),
        never_waived=frozenset({"N-REL-3", "D1"}),
        concerns={
            "G-REL-1": {*_SUPPORT_TEAM_OPERATIONS, "RR-P7"},
            "G-REL-2": {*_SUPPORT_TEAM_OPERATIONS, "RR-P4"},
            "G-ENV-1": {"RR-P1", "RR-P5"},
            "G-STR-2": {"RR-P2", "RR-P4", "RR-P6", "RR-P7"},
            "G-STR-3": {*_SUPPORT_TEAM_OPERATIONS, "RR-P7"},
            "N-ENV-1": _SUPPORT_TEAM_OPERATIONS,
        },
        lasts=timedelta(days=30),
    ),
}
