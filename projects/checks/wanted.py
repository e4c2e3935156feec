"""Whether a project's rigor profile asks for something at a gate."""

from collections.abc import Collection

from projects.catalog.artifacts import Gate
from projects.catalog.categories import required_artifacts
from projects.models import ArtifactStatus, Project
from projects.moment import once


def wants(project: Project, gate: Gate, kind: str) -> bool:
    """Whether the profile asks for this artifact at the gate and nobody agreed that it does not apply; one query.

    A register asks for rows only where the document that it fills is asked for: small changes stay light.
    """
    return bool(wanted(project, {(gate, kind)}))


def wanted(project: Project, pairs: Collection[tuple[Gate, str]]) -> set[str]:
    """Which of these artifacts, each at its gate, are asked for as in `wants`; one query for all."""
    asked = {
        kind
        for gate, kind in pairs
        if kind
        in required_artifacts(
            project.category,
            gate,
            conversion_applies=project.conversion_applies,
            role_segregation=project.role_segregation,
        )
    }
    return asked - absent(project) if asked else asked


def absent(project: Project) -> set[str]:
    """Kinds of artifact that somebody agreed do not apply; one query."""
    return once("absent", project.pk, lambda: _absent(project))


def _absent(project: Project) -> set[str]:
    return set(project.artifacts.filter(status=ArtifactStatus.NOT_APPLICABLE).values_list("kind", flat=True))
