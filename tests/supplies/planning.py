"""What the planning registers want of a project of `tests.world`."""

from datetime import date
from decimal import Decimal

from projects.actions import controls, environments, funding, planning
from projects.checks.wanted import wants
from projects.models import InternalControl


def plan(project, people, now):
    """Rows where the profile asks for the document that they fill; the control is approved by the sponsor."""
    given = {"project_id": project.pk, "by": people.program, "now": now}
    if wants(project, "plan", "ART-12") and not project.fundingapprovals.exists():
        funding.add(
            amount=Decimal(18400), currency="EUR", approver=people.sponsor, approved_on=date(2026, 9, 1), **given
        )
        funding.add_package(
            name="Tablets at three gates",
            work_plan="Two people, a week each.",
            cost=Decimal(12000),
            currency="EUR",
            planned_start=date(2026, 10, 5),
            planned_end=date(2026, 10, 28),
            **given,
        )
    if wants(project, "plan", "ART-25") and not project.projectmetrics.exists():
        planning.add_metric(
            name="Waiting time",
            unit="minutes",
            target="below 2",
            source="The reception's log",
            cadence="every week",
            **given,
        )
    if wants(project, "plan", "ART-24") and not project.opportunitys.exists():
        planning.add_opportunity(kind="decommission", text="The paper visitor book is retired.", **given)
    if wants(project, "plan", "ART-21") and not project.environments.exists():
        for purpose in ("development", "test", "production"):
            environments.add(name=purpose.title(), purpose=purpose, kept_apart="Its own accounts and data.", **given)
    if wants(project, "plan", "ART-26") and not project.internalcontrols.exists():
        controls.add(text="Two people for every correction of the log.", **given)
    for row in _in(project, InternalControl.State.PROPOSED):
        controls.approve(row, by=people.sponsor, now=now)


def _in(project, *states):
    return [row for row in project.internalcontrols.all() if row.state in states]


def scope(project, people, now):
    """Controls are built by the developer."""
    for row in _in(project, InternalControl.State.APPROVED):
        controls.build(row, by=people.developer, built_where="The log's administration page.", now=now)


def release(project, people, now):
    """Controls are verified by somebody else."""
    for row in _in(project, InternalControl.State.BUILT):
        controls.verify(row, by=people.operations, verified_how="Tried with one person: refused.", now=now)


SUPPLIES = {"plan": plan, "scope": scope, "release": release}
