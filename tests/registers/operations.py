"""Operations readiness: training, agreements, procedures, contacts, communications, prerequisites, change records."""

from tests.registers import Sample

SAMPLES = {
    "training": Sample(
        form=lambda n, project, people: {"name": f"Person {n}", "course": "Desk runbook", "planned_on": "2026-12-01"},
        queries=9,
        shows=lambda n: f"Person {n}",
    ),
    "agreements": Sample(
        form=lambda n, project, people: {
            "kind": "contract",
            "party": f"Maker {n}",
            "service_level": "Answer within 30 minutes.",
        },
        queries=8,
        shows=lambda n: f"Maker {n}",
    ),
    "procedures": Sample(
        form=lambda n, project, people: {"site": f"Depot {n}", "text": "Badges are counted at night."},
        queries=8,
        shows=lambda n: f"Depot {n}",
    ),
    "contacts": Sample(
        form=lambda n, project, people: {
            "level": 1,
            "name": f"Contact {n}",
            "role": "On call",
            "call_when": "The tablets stay dark.",
            "reach": "+44 1632 960001",
            "hours": "Day and night",
        },
        queries=9,
        shows=lambda n: f"Contact {n}",
    ),
    "communications": Sample(
        form=lambda n, project, people: {
            "kind": "release",
            "party": f"Depot {n}",
            "subject": "Sign-in changes on Monday",
            "channel": "Mail",
            "planned_on": "2026-12-01",
        },
        queries=9,
        shows=lambda n: f"Depot {n}",
    ),
    "prerequisites": Sample(
        form=lambda n, project, people: {"kind": "other", "text": f"Network socket {n} is live."},
        queries=8,
        shows=lambda n: f"Network socket {n} is live.",
    ),
    "change_records": Sample(
        form=lambda n, project, people: {
            "ref": f"RFC-{n}",
            "title": "Tablets at the gates",
            "scope_effect": "None.",
            "resource_effect": "None.",
            "management_effect": "One more review.",
            "financial_effect": "EUR 400.",
        },
        queries=9,
        shows=lambda n: f"RFC-{n}",
    ),
}
