"""Funding, deliverables, milestones, metrics, measurements, controls, gaps, opportunities."""

from datetime import date

from projects.actions import planning
from tests import world
from tests.registers import Sample


def name_a_metric(project, people):
    planning.add_metric(
        project_id=project.pk,
        by=people.program,
        name="Waiting time",
        unit="minutes",
        target="below 2",
        source="The reception's log",
        cadence="every week",
        now=world.NOW,
    )


SAMPLES = {
    "funding": Sample(
        form=lambda n, project, people: {
            "amount": f"{1000 + n}.00",
            "currency": "EUR",
            "approver": people.sponsor.pk,
            "approved_on": date(2026, 11, 20),
            "limit_stage": "stabilize",
            "until_gate": "release",
        },
        queries=9,
        shows=lambda n: f"00{n}.00 EUR",
    ),
    "deliverables": Sample(
        form=lambda n, project, people: {
            "name": f"Deliverable {n}",
            "work_plan": "Two people, a week.",
            "cost": "1200",
            "currency": "EUR",
            "planned_start": "2026-11-02",
            "planned_end": "2026-11-27",
        },
        queries=9,
        shows=lambda n: f"Deliverable {n}",
    ),
    "milestones": Sample(
        form=lambda n, project, people: {"stage": "planning", "name": f"Point {n}", "planned_on": "2026-11-30"},
        queries=8,
        shows=lambda n: f"Point {n}",
    ),
    "metrics": Sample(
        form=lambda n, project, people: {
            "name": f"Metric {n}",
            "unit": "minutes",
            "target": "below 2",
            "source": "The reception's log",
            "cadence": "every week",
        },
        queries=8,
        shows=lambda n: f"Metric {n}",
    ),
    "measurements": Sample(
        form=lambda n, project, people: {
            "metric": project.projectmetrics.get().pk,
            "measured_on": "2026-11-20",
            "value": f"{n}.5",
        },
        queries=9,
        shows=lambda n: f"{n}.5 minutes",
        prepare=name_a_metric,
    ),
    "controls": Sample(
        form=lambda n, project, people: {"ref": f"IC-{n}", "text": "Two people for every payment."},
        queries=8,
        shows=lambda n: f"IC-{n}",
    ),
    "gaps": Sample(
        form=lambda n, project, people: {
            "kind": "capability",
            "text": f"Lacking {n}",
            "owner": people.developer.pk,
            "plan": "A course.",
        },
        queries=9,
        shows=lambda n: f"Lacking {n}",
    ),
    "opportunities": Sample(
        form=lambda n, project, people: {"kind": "decommission", "text": f"Paper book {n}", "decision": "Retired."},
        queries=8,
        shows=lambda n: f"Paper book {n}",
    ),
}
