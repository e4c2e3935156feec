"""Whether a project's rigor profile asks for something at a gate."""

from projects.catalog.artifacts import Gate
from projects.catalog.categories import required_artifacts
from projects.models import ArtifactStatus, Project


def wants(project: Project, gate: Gate, kind: str) -> bool:
    """Whether the profile asks for this artifact at the gate and nobody agreed that it does not apply; one query.

    A register asks for rows only where the document that it fills is asked for: small changes stay light.
    """
    asked = required_artifacts(
        project.category,
        gate,
        conversion_applies=project.conversion_applies,
        role_segregation=project.role_segregation,
    )
    return kind in asked and not project.artifacts.filter(kind=kind, status=ArtifactStatus.NOT_APPLICABLE).exists()
