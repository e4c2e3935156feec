"""Issues, pilots, test results and risks."""

from datetime import date
from typing import Any

from projects.actions import candidates
from tests import world
from tests.registers import Sample


def with_a_candidate(project: Any, people: Any) -> None:
    candidates.add(project_id=project.pk, by=people.program, ref="RC-1", built_on=date(2026, 10, 5), now=world.NOW)


def candidate(project: Any) -> int:
    return project.releasecandidates.get(ref="RC-1").pk


SAMPLES = {
    "issues": Sample(
        form=lambda n, project, people: {
            "title": f"Badge {n} is printed twice",
            "origin": "testing",
            "severity": "2",
            "found_on": "2026-11-10",
            "candidate": candidate(project),
            "owner": people.developer.pk,
        },
        queries=11,
        shows=lambda n: f"Badge {n} is printed twice",
        prepare=with_a_candidate,
    ),
    "pilots": Sample(
        form=lambda n, project, people: {
            "group": f"Depot {n}, 40 people",
            "starts_on": "2026-11-09",
            "ends_on": "2026-11-20",
            "candidate": candidate(project),
            "criteria": "95 % sign in without help.",
        },
        queries=9,
        shows=lambda n: f"Depot {n}, 40 people",
        prepare=with_a_candidate,
    ),
    "rollbacks": Sample(
        form=lambda n, project, people: {
            "rehearsed_on": "2026-11-20",
            "rehearsed_by": people.operations.pk,
            "result": "worked",
            "minutes": "20",
            "window_minutes": "60",
            "point_of_no_return": f"After step {n}.",
            "seen": "The book was open again.",
        },
        queries=10,
        shows=lambda n: f"After step {n}.",
    ),
    "tests": Sample(
        form=lambda n, project, people: {
            "name": f"System tests {n}",
            "candidate": candidate(project),
            "level": "system",
            "run": "66",
            "passed": "64",
            "failed": "2",
            "run_on": "2026-11-10",
        },
        queries=10,
        shows=lambda n: f"System tests {n}",
        prepare=with_a_candidate,
    ),
    "risks": Sample(
        form=lambda n, project, people: {
            "text": f"Printer {n} is out of stock",
            "impacts": ["availability", "reputation"],
            "likelihood": "2",
            "impact": "4",
            "response": "reduce",
            "plan": "Order spares early.",
            "owner": people.product.pk,
        },
        queries=11,
        shows=lambda n: f"Printer {n} is out of stock",
    ),
}
