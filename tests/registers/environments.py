"""Environments, supported levels, compliance reviews."""

from projects.actions import environments
from tests import world
from tests.registers import Sample


def name_an_environment(project, people):
    environments.add(
        project_id=project.pk,
        by=people.program,
        name="Tablets at the gates",
        purpose="production",
        kept_apart="Its own network.",
        now=world.NOW,
    )


SAMPLES = {
    "environments": Sample(
        form=lambda n, project, people: {"name": f"Place {n}", "purpose": "test", "kept_apart": "Its own network."},
        queries=8,
        shows=lambda n: f"Place {n}",
    ),
    "levels": Sample(
        form=lambda n, project, people: {
            "component": f"Component {n}",
            "version": "14",
            "environment": project.environments.get().pk,
            "supported": "yes",
            "supported_until": "2029-06-30",
        },
        queries=9,
        shows=lambda n: f"Component {n}",
        prepare=name_an_environment,
    ),
    "compliance": Sample(
        form=lambda n, project, people: {
            "kind": "privacy",
            "subject": f"Subject {n}",
            "reviewer": "Naoko Ishii",
            "reviewed_on": "2026-11-20",
            "result": "passed",
        },
        queries=8,
        shows=lambda n: f"Subject {n}",
    ),
}
