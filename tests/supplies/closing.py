"""What closing asks for: prepared, deployed everywhere and stable, the quiet period over."""

from datetime import timedelta

from django.utils import timezone

from projects.actions import closing as looking_back
from projects.actions import deployments, quiet, rollout


def closing(project, people, now):
    for row in [*project.deployments.all()] or [
        deployments.plan(
            project_id=project.pk, by=people.program, site="Production", candidate="RC-1", planned_for=now, now=now
        )
    ]:
        if row.state == "planned":
            row = deployments.start(row, by=people.program, deployed_by=people.support, started_at=now, now=now)
        if row.state == "under_way":
            row = deployments.finish(row, by=people.program, ended_at=now, result="success", now=now)
        if row.state == "deployed":
            deployments.call_stable(row, by=people.program, stability="A day without an alert.", now=now)
    for task in project.rollouttasks.filter(done_at__isnull=True):
        rollout.finish(task, by=people.program, done_note="As planned.", now=now)
    for incident in project.incidents.filter(resolved_at__isnull=True):
        quiet.resolve_incident(incident, by=people.support, resolution="Started again.", now=now)
    if not project.quietperiods.exists():
        today = timezone.localdate(now)
        quiet.add_period(
            project_id=project.pk,
            by=people.program,
            starts_on=today - timedelta(days=14),
            ends_on=today,
            watched="Visitors for each hour.",
            exit_criteria="No incident of P1 or P2 is open.",
            now=now,
        )
    for period in project.quietperiods.filter(ended_at__isnull=True):
        quiet.end_period(period, by=people.program, outcome="None is open.", early_reason="Calm.", now=now)
    for intent in project.intent_lines:
        looking_back.judge_intent(
            project_id=project.pk, by=people.program, intent=intent, result="met", evidence="Counted.", now=now
        )
    looking_back.release(project_id=project.pk, by=people.program, released_on=timezone.localdate(now), now=now)


SUPPLIES = {"close": closing}
