"""The artifact catalogue: what a project produces and which gate asks for it."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from projects.catalog.artifact_kind import GATE_NAMES, GATES, ArtifactKind, Flag, Gate, Need
from projects.catalog.plan_artifacts import PLAN_ARTIFACTS
from projects.catalog.release_artifacts import RELEASE_ARTIFACTS

__all__ = [
    "ARTIFACT_KINDS",
    "GATES",
    "GATE_NAMES",
    "PREPARATION_DOCUMENTS",
    "ArtifactKind",
    "Flag",
    "Gate",
    "Need",
    "artifact_name",
]

ARTIFACT_KINDS: Mapping[str, ArtifactKind] = MappingProxyType(
    {
        kind.code: replace(kind, at=MappingProxyType(dict(kind.at)))  # read-only, like everything here
        for kind in (*PLAN_ARTIFACTS, *RELEASE_ARTIFACTS)
    }
)

# The twelve documents that the source expects in preparation of the plan review, in its order (SEED-46).
PREPARATION_DOCUMENTS: tuple[str, ...] = (
    "ART-07",
    "ART-13",
    "ART-15",
    "ART-16",
    "ART-10",
    "ART-17",
    "ART-18",
    "ART-19",
    "ART-20",
    "ART-21",
    "ART-22",
    "ART-23",
)


def artifact_name(code: str) -> str:
    """The name of an artifact kind, or the code itself when an imported record names a kind we do not know."""
    kind = ARTIFACT_KINDS.get(code)
    return kind.name if kind else code
