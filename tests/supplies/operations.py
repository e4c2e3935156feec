"""Everybody is trained, agreements suffice, contacts are known, users come to test, the change record is in order."""

from datetime import datetime
from typing import Any

from projects.actions import environment, strategy
from projects.catalog.categories import required_artifacts


def release(project: Any, people: Any, now: datetime) -> None:
    """Only what the profile asks for, as in a real small change."""

    def asked(gate: Any, kind: str) -> bool:
        return kind in required_artifacts(
            project.category,
            gate,
            conversion_applies=project.conversion_applies,
            role_segregation=project.role_segregation,
        )

    here: dict[str, Any] = {"project_id": project.pk, "by": people.program, "now": now}
    done: dict[str, Any] = {"by": people.program, "now": now, "evidence": "Seen on site."}
    if asked("plan", "ART-16") and not project.trainings.exists():
        row = environment.plan_training(person=people.support, course="Desk runbook", planned_on=now.date(), **here)
        environment.training_done(row, done_on=now.date(), **done)
    if asked("release", "ART-43") and not project.agreements.exists():
        agreement = environment.add_agreement(
            kind="contract", party="Tablet maker", service_level="A new tablet within a day.", **here
        )
        environment.judge_agreement(agreement, sufficient=True, **done)
    if asked("release", "ART-45") and not project.procedures.exists():
        procedure = environment.add_procedure(site="North Quay", text="Badges are counted at night.", **here)
        environment.answer_procedure(procedure, clear=True, aligned=True, **done)
    if asked("release", "ART-44") and not project.escalationcontacts.exists():
        strategy.add_contact(
            level=1,
            name="Joy Mbeki",
            call_when="The tablets stay dark.",
            reach="+44 1632 960001",
            hours="Day and night",
            **here,
        )
        strategy.add_communication(
            kind="escalation", party="Depots", subject="Whom to call", channel="Mail", sent_at=now, **here
        )
    if asked("release", "ART-41") and not project.prerequisites.exists():
        prerequisite = strategy.add_prerequisite(kind="users", text="Three receptionists come to test.", **here)
        strategy.answer_prerequisite(prerequisite, met=True, **done)
    if asked("release", "ART-46") and not project.changerecords.exists():
        record = strategy.add_change_record(
            ref="RFC-1",
            title="Tablets at the gates",
            scope_effect="None.",
            resource_effect="None.",
            management_effect="None.",
            financial_effect="None.",
            **here,
        )
        strategy.set_change_status(record, status="in_order", reason="Complete.", by=people.program, now=now)


SUPPLIES = {"release": release}
