"""A risk with owner and response for the plan; for the release no risk open, a pilot and a rehearsal."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from projects.actions import candidates, pilots, risks, rollbacks
from projects.checks.wanted import wants


def supply_plan(project: Any, people: Any, now: Any) -> None:
    if not wants(project, "plan", "ART-23") or project.risks.exists():
        return
    risks.add(
        project_id=project.pk,
        by=people.program,
        text="The printers arrive late.",
        impacts=["availability"],
        likelihood=2,
        impact=3,
        response="reduce",
        plan="Order in the first week.",
        owner=people.product,
        now=now,
    )


def supply_release(project: Any, people: Any, now: Any) -> None:
    for risk in project.risks.filter(state="open"):
        risks.address(risk, by=people.program, judgement="The printers are there.", now=now)
    day = timezone.localdate(now)
    if wants(project, "release", "ART-32") and not project.rollbackrehearsals.exists():
        rollbacks.add(
            project_id=project.pk,
            by=people.program,
            rehearsed_on=day - timedelta(days=2),
            rehearsed_by=people.operations,
            result="worked",
            minutes=20,
            window_minutes=60,
            point_of_no_return="None: the book stays at the gate.",
            seen="The book was open again after 20 minutes.",
            now=now,
        )
    if not wants(project, "release", "ART-33") or project.pilots.exists():
        return
    candidate = project.releasecandidates.first() or candidates.add(
        project_id=project.pk, by=people.program, built_on=day - timedelta(days=14), now=now
    )
    pilot = pilots.add(
        project_id=project.pk,
        by=people.program,
        group="One depot",
        starts_on=day - timedelta(days=10),
        ends_on=day - timedelta(days=3),
        candidate=candidate,
        criteria="Nine of ten sign in without help.",
        now=now,
    )
    pilots.record_result(pilot, by=people.program, result="met", feedback="Ten of ten.", now=now)


SUPPLIES = {"plan": supply_plan, "release": supply_release}
