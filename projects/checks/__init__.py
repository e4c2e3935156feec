"""What a stage or a gate needs beyond its artifacts and outcomes: one module for each register that has a say.

Each check takes a project and an aware moment and gives blockers; none means yes. They are read at the gates of
`CHECKS`, by `projects.lifecycle` for the exits of stages and by `reviews.gates` for the two management reviews.
"""

from collections.abc import Callable
from datetime import datetime

from projects.blocker import Blocker
from projects.catalog.artifacts import Gate
from projects.checks import closing, deployments, quiet, rollout
from projects.models import Project

Check = Callable[[Project, datetime], list[Blocker]]

CHECKS: dict[Gate, tuple[Check, ...]] = {
    "vision": (),
    "plan": (),
    "scope": (),
    "release": (),
    "close": (rollout.check, deployments.check, quiet.check, closing.intents, closing.team),
}


def check_blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """What the registers have against passing this gate."""
    return [blocker for check in CHECKS[gate] for blocker in check(project, now)]
