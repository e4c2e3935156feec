"""What a stage or a gate needs beyond its artifacts and outcomes: one module for each register that has a say.

Each check takes a project and an aware moment and gives blockers; none means yes. They are read at the gates of
`CHECKS`, by `projects.lifecycle` for the exits of stages and by `reviews.gates` for the two management reviews.
"""

from collections.abc import Callable
from datetime import datetime

from projects.blocker import Blocker
from projects.catalog.artifacts import Gate
from projects.checks import (
    closing,
    controls,
    deployments,
    environments,
    funding,
    issues,
    operations,
    parts,
    pilots,
    planning,
    quiet,
    risks,
    rollbacks,
    rollout,
    statements,
    traceability,
)
from projects.models import Project
from projects.moment import once, one_moment

Check = Callable[[Project, datetime], list[Blocker]]

CHECKS: dict[Gate, tuple[Check, ...]] = {
    "vision": (),
    "plan": (
        traceability.plan_check,
        risks.check_plan,
        funding.funding,
        funding.deliverables,
        planning.milestones,
        planning.metrics,
        planning.opportunities,
        controls.approved,
        environments.environments,
        environments.compliance,
    ),
    "scope": (
        traceability.build_check,
        controls.built,
    ),
    "release": (
        traceability.release_check,
        issues.check,
        pilots.check,
        risks.check_release,
        operations.check,
        controls.verified,
        environments.levels,
        rollbacks.check,
    ),
    "close": (
        rollout.check,
        deployments.check,
        quiet.check,
        closing.intents,
        closing.team,
    ),
}


def register_blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """What the registers have against passing this gate."""
    asked = f"registers at {gate}, {now}"
    return once(asked, project.pk, lambda: [blocker for check in CHECKS[gate] for blocker in check(project, now)])


@one_moment()
def check_blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """What the registers, the documents' parts and the statements still to be signed have against passing this gate."""
    found = register_blockers(project, gate, now)
    return [*found, *parts.blockers(project, gate, now), *statements.blockers(project, gate, now)]
