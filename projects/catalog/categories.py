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
from projects.catalog.tailoring import LEFT_OUT, explained, question_codes


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
        dropped: what is left out, compared with a major change, and why; "ART-25", or "PPA I4" for a question.
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
        ppa=ReviewRigor("async", ("PPA-P6",), question_codes(LEFT_OUT["standard"], "ppa")),
        rr=ReviewRigor("async", ("RR-P1", "RR-P2"), question_codes(LEFT_OUT["standard"], "rr"), validity_days=30),
        dropped=explained(LEFT_OUT["standard"]),
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
        ppa=ReviewRigor("async", ("PPA-P6", "PPA-P7"), question_codes(LEFT_OUT["minor"], "ppa")),
        rr=ReviewRigor("async", ("RR-P1", "RR-P2", "RR-P4"), question_codes(LEFT_OUT["minor"], "rr"), validity_days=30),
        dropped=explained(LEFT_OUT["minor"]),
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
        dropped=explained(LEFT_OUT["significant"]),
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
        ppa=ReviewRigor("async", ("PPA-P6", "PPA-P7"), question_codes(LEFT_OUT["emergency"], "ppa")),
        rr=ReviewRigor("async", ("RR-P1", "RR-P6"), question_codes(LEFT_OUT["emergency"], "rr"), validity_days=3),
        dropped=explained(LEFT_OUT["emergency"]),
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
