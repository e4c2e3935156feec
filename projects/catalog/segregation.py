"""Segregation of duties: which two duties one person must not hold together. The default matrix is ours.

The source asks for segregated roles where control needs them (§Project Plan Approved) and leaves the pairs open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Verdict = Literal["refuse", "review"]

DUTIES: Mapping[str, str] = MappingProxyType(
    {
        "requester": "Requester or Program Manager",
        "developer": "Developer",
        "tester": "Tester",
        "author": "Author of an artifact",
        "deployer": "Release deployer",
        "approver": "Approver or chair",
        "ops_acceptor": "Acceptor for operations",
        "waiver_requester": "Requester of a waiver",
        "waiver_approver": "Approver of a waiver",
    }
)

# Which duty comes with a role; the other duties come with an act: writing, chairing, asking for or granting a waiver.
DUTY_OF_ROLE: Mapping[str, str] = MappingProxyType(
    {
        "R-PGM": "requester",
        "R-DEV": "developer",
        "R-TST": "tester",
        "R-TM": "tester",
        "R-REL": "deployer",
        "P-DEPLOY": "deployer",
        "P-OPS": "ops_acceptor",
    }
)


@dataclass(frozen=True)
class Pair:
    """Two duties and what follows when one person holds both.

    Args:
        verdict: ``refuse``, or ``review``: allowed, with a logged compensating review.
        within: what the pair is about, when it bites only there ("the same work").
        by_category: verdicts that differ for some change categories.
    """

    first: str
    second: str
    verdict: Verdict
    within: str = ""
    by_category: tuple[tuple[str, Verdict], ...] = ()
    source: str = "ours"


MATRIX: tuple[Pair, ...] = (
    Pair("requester", "developer", "review"),
    Pair("requester", "tester", "review"),
    Pair("requester", "author", "review"),
    Pair("requester", "deployer", "review"),
    Pair("requester", "approver", "refuse"),
    Pair("requester", "ops_acceptor", "refuse"),
    Pair("requester", "waiver_approver", "refuse"),
    Pair("developer", "tester", "refuse", within="the same work"),
    Pair("developer", "author", "review"),
    Pair("developer", "deployer", "review", by_category=(("significant", "refuse"), ("major", "refuse"))),
    Pair("developer", "approver", "refuse"),
    Pair("developer", "ops_acceptor", "refuse"),
    Pair("developer", "waiver_approver", "refuse"),
    Pair("tester", "author", "review"),
    Pair("tester", "deployer", "review"),
    Pair("tester", "approver", "review"),
    Pair("tester", "ops_acceptor", "review"),
    Pair("tester", "waiver_approver", "refuse"),
    Pair("author", "deployer", "review"),
    Pair("author", "approver", "refuse", within="the same artifact"),
    Pair("author", "ops_acceptor", "review"),
    Pair("author", "waiver_approver", "refuse"),
    Pair("deployer", "approver", "refuse"),
    Pair("deployer", "ops_acceptor", "review"),
    Pair("deployer", "waiver_approver", "refuse"),
    Pair("approver", "ops_acceptor", "review"),
    Pair("approver", "waiver_approver", "review"),
    Pair("waiver_requester", "waiver_approver", "refuse", within="the same waiver"),
)

_PAIRS: Mapping[frozenset[str], Pair] = MappingProxyType({frozenset({p.first, p.second}): p for p in MATRIX})


def pair(role_a: str, role_b: str) -> Pair | None:
    """The row of the matrix for two duties or role codes, in either order; None when they go together."""
    duties = frozenset({DUTY_OF_ROLE.get(role_a, role_a), DUTY_OF_ROLE.get(role_b, role_b)})
    return _PAIRS.get(duties)


def conflicts(role_a: str, role_b: str, category: str) -> Verdict | None:
    """What follows when one person holds both on a project of this change category; None when nothing does."""
    row = pair(role_a, role_b)
    return dict(row.by_category).get(category, row.verdict) if row else None
