"""Features, and the evaluation of operational requirements."""

from projects.actions import requirements
from tests import world
from tests.registers import Sample


def need(kind):
    """Brings the project to have one requirement, R-001."""
    return lambda project, people: requirements.add(
        project_id=project.pk, by=people.product, kind=kind, text="It runs at night.", now=world.NOW
    )


SAMPLES = {
    "features": Sample(
        form=lambda n, project, people: {
            "name": f"Feature number {n}",
            "owner": people.developer.pk,
            "requirements": "R-001",
            "test": f"T-{n}",
        },
        queries=11,
        shows=lambda n: f"Feature number {n}",
        prepare=need("business"),
    ),
    "operational_requirements": Sample(
        form=lambda n, project, people: {
            "requirement": "R-001",
            "in_design": "yes",
            "addressed": "no",
            "note": f"Seen in design {n}.",
        },
        queries=10,
        shows=lambda n: f"Seen in design {n}.",
        prepare=need("operational"),
    ),
}
