"""How much a project of each change category must show: the rigor profiles.

The source gives the four category names and one rule: a standard change, already known and tested, moves faster than
the others, and rigor follows nature and size (§Overview). Which artifacts, signers and questions that means is ours.
Emergency is not in the source at all; it comes from practice and is labelled as an extension.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from projects.catalog.artifacts import ARTIFACT_KINDS, GATES, Flag, Gate
from projects.catalog.stages import STAGES


@dataclass(frozen=True)
class ReviewRigor:
    """How one management review is held.

    Args:
        signer_groups: participant groups of which at least one named member signs.
        observer_groups: groups that must be represented too, by somebody who need not sign.
        signer_roles: roles that must be among the signers, within whichever group.
        dropped_items: codes of the review's questions that are not asked.
        validity_days: how long a go holds; 0: until something it stands on changes.
    """

    mode: Literal["meeting", "async"]
    signer_groups: tuple[str, ...]
    dropped_items: tuple[str, ...] = ()
    validity_days: int = 0
    observer_groups: tuple[str, ...] = ()
    signer_roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class RigorProfile:
    """What a change category demands.

    Args:
        extension: not a category of the source.
        artifacts: artifact kinds that each gate requires.
        conditional: artifact kinds that a gate requires when a flag of the project is on.
        deliverables: for each stage the artifact that stands for its deliverable; "" where the confirmed outcomes do.
        portfolio_review: whether Envision waits for a recorded portfolio review (SEED-11).
        second_factor: whether signatures need a second factor.
        dropped: what is left out, compared with a significant change, and why; codes are prefixed with the review.
    """

    category: str
    name: str
    extension: bool
    summary: str
    artifacts: Mapping[Gate, tuple[str, ...]]
    conditional: Mapping[Gate, tuple[tuple[str, Flag], ...]]
    deliverables: Mapping[str, str]
    portfolio_review: bool
    second_factor: bool
    ppa: ReviewRigor
    rr: ReviewRigor
    dropped: tuple[tuple[str, str], ...] = ()


# Conversion and segregated roles are asked for whatever the category: the source makes them depend on the project.
_CONDITIONAL: Mapping[Gate, tuple[tuple[str, Flag], ...]] = MappingProxyType(
    {
        gate: tuple(
            (kind.code, kind.conditional) for kind in ARTIFACT_KINDS.values() if kind.at.get(gate) == "conditional"
        )
        for gate in GATES
    }
)

_EVERYTHING: Mapping[Gate, tuple[str, ...]] = MappingProxyType(
    {
        gate: tuple(kind.code for kind in ARTIFACT_KINDS.values() if kind.at.get(gate, "conditional") != "conditional")
        for gate in GATES
    }
)

_EVERY_DELIVERABLE = MappingProxyType({key: stage.deliverable_kind for key, stage in STAGES.items()})

Dropped = tuple[tuple[str, str, str], ...]  # review kind, codes separated by spaces, why


def _codes(dropped: Dropped, review: str) -> tuple[str, ...]:
    return tuple(code for kind, codes, _ in dropped if kind == review for code in codes.split())


def _explained(dropped: Dropped) -> tuple[tuple[str, str], ...]:
    return tuple((f"{kind.upper()} {code}".strip(), why) for kind, codes, why in dropped for code in codes.split())


def _only(
    *, vision: str = "", plan: str = "", scope: str = "", release: str = "", close: str = ""
) -> Mapping[Gate, tuple[str, ...]]:
    """The artifacts of a short profile, written as codes separated by spaces."""
    return MappingProxyType(
        {
            "vision": tuple(vision.split()),
            "plan": tuple(plan.split()),
            "scope": tuple(scope.split()),
            "release": tuple(release.split()),
            "close": tuple(close.split()),
        }
    )


_PPA_ALL = tuple(f"PPA-P{n}" for n in range(1, 10))
_RR_ALL = tuple(f"RR-P{n}" for n in range(1, 8))

_DROPPED_SIGNIFICANT: Dropped = (
    ("", "ART-25", "The metrics are agreed in the plan; only a major change compares them again before it closes."),
    ("", "ART-52", "A log of the quiet period is kept where it helps; only a major change must show one."),
)

_DROPPED_MINOR: Dropped = (
    ("", "ART-02 ART-03", "The vision note says what a charter and a project structure would say."),
    ("", "ART-04 ART-08 ART-09 ART-10 ART-12", "The work plan carries dates, effort and cost of so small a change."),
    ("", "ART-06 ART-07 ART-27", "The functional specification has room for design and requirements."),
    (
        "",
        "ART-13 ART-14 ART-16 ART-17 ART-19 ART-20 ART-21 ART-23 ART-24 ART-25 ART-26",
        "No separate document: what matters of it stands in the vision note, the specification or the test plan.",
    ),
    (
        "",
        "ART-28 ART-29 ART-30 ART-31 ART-32 ART-33 ART-34",
        "The outcomes of Build and Stabilize are confirmed with evidence; separate documents are not asked for.",
    ),
    (
        "",
        "ART-37 ART-38 ART-39 ART-41 ART-42 ART-43 ART-44 ART-45 ART-46 ART-47",
        "Each point is answered at the go/no-go indicators, with evidence, instead of in a document.",
    ),
    ("", "ART-50 ART-52 ART-53", "Handing over to operations ends a minor change."),
    ("ppa", "I4", "The vision note names the risks; there is no separate assessment to pin."),
    ("ppa", "O3", "There is no separate plan for managing risks to approve."),
    ("ppa", "I5 O5", "So few people are concerned that the work plan says how they coordinate."),
    ("ppa", "I6 D4", "A minor change is too small to consolidate or retire solutions."),
    ("ppa", "I7 A5 D5", "The change is over before a series of measurements would say anything."),
    ("ppa", "O6", "New internal controls make a change significant."),
    ("rr", "I3", "Security is answered at the analysis of operational security and privacy."),
    ("rr", "I4 A5", "Asked as soon as data or systems are converted."),
    ("rr", "I5", "Remaining risks are answered at the impact of going ahead and of not going ahead."),
    ("rr", "I6", "The users accept by signing the review itself."),
    ("rr", "I7", "With three signers, their signatures in the review are the sign-off."),
)

_DROPPED_STANDARD: Dropped = (
    ("", "ART-01 ART-05 ART-15 ART-35", "Part of the template, approved once for all its instances."),
    ("", "ART-51", "The service stays with those who already operate it."),
    (
        "ppa",
        "I1 I3 I4 I5 I6 I7 A1 A2 A3 A4 A5 D2 D3 D4 D5 D6 O1 O2 O3 O4 O5 O6",
        "Reviewed when the template was "
        "accepted as known and tested; here only the plan for this instance is approved.",
    ),
    (
        "rr",
        "I1 I3 I5 I6 I7 A1 A2 A3 A4 A6 D2 ASP1 ASP2 ASP3 ASP4 O2 O4",
        "Reviewed when the template was accepted as known and tested.",
    ),
    ("rr", "I4 A5", "Asked as soon as data or systems are converted."),
    ("rr", "G-REL-3", "The way back is proven with the template and stands in the deployment plan that is pinned."),
    (
        "rr",
        "N-REL-1 N-REL-2 G-ENV-2 G-ENV-3 N-ENV-2 N-ENV-3 G-STR-1 N-STR-2 N-STR-3",
        "Does not differ from one instance to the next; answered for the template.",
    ),
)

_DROPPED_EMERGENCY: Dropped = (
    (
        "ppa",
        "I1 I3 I4 I5 I6 I7 A1 A3 A4 A5 D2 D4 D5 D6 O1 O2 O3 O4 O5 O6",
        "No time before the fix: the record is completed before the project closes.",
    ),
    (
        "rr",
        "I1 I3 I5 I6 I7 A1 A2 A3 A4 D2 ASP1 ASP2 ASP3 ASP4 O2 O4",
        "No time before the fix: the record is completed before the project closes.",
    ),
    ("rr", "I4 A5", "Asked as soon as data or systems are converted."),
    (
        "rr",
        "G-REL-1 G-REL-2 N-REL-1 N-REL-2 G-ENV-1 G-ENV-2 G-ENV-3 N-ENV-1 N-ENV-2 G-STR-2 G-STR-3 N-STR-1 N-STR-2 "
        "N-STR-3",
        "Only what keeps the service safe is asked before the fix.",
    ),
)

_PROFILES = (
    RigorProfile(
        category="standard",
        name="Standard",
        extension=False,
        summary=(
            "A change that is known and tested, opened from an approved template. One signature on its plan, two on "
            "its release. If a step departs from the template, it is no longer a standard change."
        ),
        artifacts=_only(plan="ART-11", release="ART-36", close="ART-49"),
        conditional=_CONDITIONAL,
        deliverables=MappingProxyType(
            {"envision": "", "planning": "ART-11", "build": "", "stabilize": "", "deploy": "ART-49"}
        ),
        portfolio_review=False,
        second_factor=False,
        ppa=ReviewRigor("async", ("PPA-P6",), _codes(_DROPPED_STANDARD, "ppa")),
        rr=ReviewRigor("async", ("RR-P1", "RR-P2"), _codes(_DROPPED_STANDARD, "rr"), validity_days=30),
        dropped=_explained(_DROPPED_STANDARD),
    ),
    RigorProfile(
        category="minor",
        name="Minor",
        extension=False,
        summary=(
            "A small change with little at stake. Six short documents, no meeting: two people sign the plan, three "
            "the release, one of them from operations. All go/no-go indicators are answered."
        ),
        artifacts=_only(vision="ART-01", plan="ART-05 ART-11 ART-15", release="ART-35 ART-36", close="ART-49 ART-51"),
        conditional=_CONDITIONAL,
        deliverables=MappingProxyType(
            {"envision": "ART-01", "planning": "ART-11", "build": "", "stabilize": "", "deploy": "ART-49"}
        ),
        portfolio_review=False,
        second_factor=False,
        ppa=ReviewRigor("async", ("PPA-P6", "PPA-P7"), _codes(_DROPPED_MINOR, "ppa")),
        rr=ReviewRigor("async", ("RR-P1", "RR-P2", "RR-P4"), _codes(_DROPPED_MINOR, "rr"), validity_days=30),
        dropped=_explained(_DROPPED_MINOR),
    ),
    RigorProfile(
        category="significant",
        name="Significant",
        extension=False,
        summary=(
            "A change that many will notice. The full set of documents, both reviews held as meetings, every question "
            "asked; what does not apply is declared so, with a reason."
        ),
        artifacts=MappingProxyType({**_EVERYTHING, "close": ("ART-49", "ART-50", "ART-51", "ART-53")}),
        conditional=_CONDITIONAL,
        deliverables=_EVERY_DELIVERABLE,
        portfolio_review=True,
        second_factor=False,
        ppa=ReviewRigor("meeting", tuple(g for g in _PPA_ALL if g not in {"PPA-P3", "PPA-P8"})),
        rr=ReviewRigor("meeting", _RR_ALL, validity_days=30),
        dropped=_explained(_DROPPED_SIGNIFICANT),
    ),
    RigorProfile(
        category="major",
        name="Major",
        extension=False,
        summary=(
            "A change on which much depends. Everything a significant change shows, and more people: finance and a "
            "technical specialist sign the plan, an auditor looks on, the sponsor signs the release. Signatures need "
            "a second factor."
        ),
        artifacts=_EVERYTHING,
        conditional=_CONDITIONAL,
        deliverables=_EVERY_DELIVERABLE,
        portfolio_review=True,
        second_factor=True,
        ppa=ReviewRigor(
            "meeting",
            tuple(g for g in _PPA_ALL if g != "PPA-P8"),
            observer_groups=("PPA-P8",),
            signer_roles=("P-FIN",),
        ),
        rr=ReviewRigor("meeting", _RR_ALL, validity_days=30, signer_roles=("P-SPONSOR",)),
    ),
    RigorProfile(
        category="emergency",
        name="Emergency (extension)",
        extension=True,
        summary=(
            "A change that an incident forces. Two people in authority sign before the fix, on the plan for deploying "
            "and for going back; the rest of the record is completed before the project closes. This category is an "
            "extension of ours."
        ),
        artifacts=_only(
            plan="ART-36",
            release="ART-36 ART-37 ART-44",
            close="ART-01 ART-05 ART-11 ART-15 ART-35 ART-46 ART-49 ART-51 ART-53",
        ),
        conditional=_CONDITIONAL,
        deliverables=MappingProxyType(
            {"envision": "", "planning": "ART-36", "build": "", "stabilize": "", "deploy": "ART-49"}
        ),
        portfolio_review=False,
        second_factor=False,
        ppa=ReviewRigor("async", ("PPA-P6", "PPA-P7"), _codes(_DROPPED_EMERGENCY, "ppa")),
        rr=ReviewRigor("async", ("RR-P1", "RR-P6"), _codes(_DROPPED_EMERGENCY, "rr"), validity_days=3),
        dropped=_explained(_DROPPED_EMERGENCY),
    ),
)

PROFILES: Mapping[str, RigorProfile] = MappingProxyType({profile.category: profile for profile in _PROFILES})


def required_artifacts(
    category: str, gate: Gate, *, conversion_applies: bool | None, role_segregation: bool
) -> list[str]:
    """The artifact kinds that must be approved, or declared not applicable, before a gate opens.

    An unanswered question whether conversion applies counts as yes: unknown is never green (SEED-47, EXT-02).
    """
    profile = PROFILES[category]
    flags = {"conversion": conversion_applies is not False, "role_segregation": role_segregation}
    return sorted(
        {*profile.artifacts[gate], *(kind for kind, flag in profile.conditional[gate] if flags.get(flag, False))}
    )


def mandatory_count(category: str, *, conversion_applies: bool = False, role_segregation: bool = False) -> int:
    """How many artifacts and signatures a project of this category needs from start to close (SEED-06)."""
    kinds = {
        kind
        for gate in GATES
        for kind in required_artifacts(
            category, gate, conversion_applies=conversion_applies, role_segregation=role_segregation
        )
    }
    profile = PROFILES[category]
    return len(kinds) + sum(len(rigor.signer_groups) + len(rigor.signer_roles) for rigor in (profile.ppa, profile.rr))
