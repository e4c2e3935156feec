"""What is kept in Deploy."""

from dataclasses import replace

from projects.actions import projects
from projects.facts import ProjectFacts
from tests import world
from tests.registers import Sample

INTENTS = "Know who is on a site.\nAn evacuation list that is right."


def with_intents(project, people):
    facts = ProjectFacts.of(project)
    project.intents = INTENTS
    projects.edit(
        project_id=project.pk,
        by=people.program,
        facts=replace(facts, intents=INTENTS),
        version=project.version,
        now=world.NOW,
    )


SAMPLES = {
    "rollout_tasks": Sample(
        form=lambda n, project, people: {
            "text": f"Prepare depot {n:03}.",
            "owner": str(people.support.pk),
            "due_on": f"2026-12-{n % 28 + 1:02}",
        },
        queries=9,
        shows=lambda n: f"Prepare depot {n:03}.",
    ),
    "deployments": Sample(
        form=lambda n, project, people: {
            "site": f"Depot {n:03}",
            "planned_for": "2026-12-01T06:00",
            "candidate": "RC-1",
        },
        queries=9,
        shows=lambda n: f"Depot {n:03}",
    ),
    "quiet_periods": Sample(
        form=lambda n, project, people: {
            "starts_on": "2026-11-24",
            "ends_on": "2026-12-18",
            "watched": f"Measure {n:03}",
            "exit_criteria": "No incident of P1 for a week.",
        },
        queries=8,
        shows=lambda n: f"Measure {n:03}",
    ),
    "incidents": Sample(
        form=lambda n, project, people: {
            "priority": "P3",
            "occurred_at": "2026-11-22T06:00",
            "description": "The printer stood still.",
            "ref": f"INC-88{n:03}",
        },
        queries=8,
        shows=lambda n: f"INC-88{n:03}",
    ),
    "intent_results": Sample(
        form=lambda n, project, people: {
            "intent": "Know who is on a site.",
            "result": "met",
            "evidence": f"Roll call {n:03} was right.",
        },
        queries=9,
        shows=lambda n: f"Roll call {n:03} was right.",
        prepare=with_intents,
    ),
    "disengagements": Sample(
        form=lambda n, project, people: {
            "person": str(people.developer.pk),
            "released_on": "2026-11-20",
            "goes_to": f"Work for depot {n:03}.",
        },
        queries=9,
        shows=lambda n: f"Work for depot {n:03}.",
    ),
}
