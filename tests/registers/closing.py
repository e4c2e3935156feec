"""What is kept in Deploy."""

from tests.registers import Sample

SAMPLES = {
    "deployments": Sample(
        form=lambda n, project, people: {
            "site": f"Depot {n:03}",
            "planned_for": "2026-12-01T06:00",
            "candidate": "RC-1",
        },
        queries=9,
        shows=lambda n: f"Depot {n:03}",
    ),
}
