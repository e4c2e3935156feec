"""Before close: no rollout task is open (SEED-107)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.models import Project


def check(project: Project, now: datetime) -> list[Blocker]:
    """Each task that nobody has reported done."""
    waiting = project.rollouttasks.filter(done_at__isnull=True).select_related("owner")
    url = reverse("register", args=[project.code, "rollout_tasks"])
    return [
        Blocker(
            code="rollout_task.open",
            text=_("Rollout task not done: %(task)s") % {"task": row},
            owner=str(row.owner),
            url=url,
        )
        for row in waiting
    ]
