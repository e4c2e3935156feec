"""Before close: everything that was planned is deployed and stable (SEED-32, SEED-109, SEED-121)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import Deployment, Project

State = Deployment.State
UNFINISHED = (State.PLANNED, State.UNDER_WAY)


def check(project: Project, now: datetime) -> list[Blocker]:
    """Deployments without a result, sites whose newest one is not stable, a project that deployed nothing at all."""
    kept = list(project.deployments.filter(dropped_reason=""))
    newest = {row.site.casefold(): row for row in kept}
    waiting = [
        row
        for row in kept
        if row.state in UNFINISHED or (row.state != State.STABLE and newest[row.site.casefold()] is row)
    ]
    if not waiting and (kept or not wants(project, "close", "ART-49")):
        return []
    owner, url = named(holders(project), "R-REL", "R-PGM"), reverse("register", args=[project.code, "deployments"])
    if not kept:
        return [Blocker(code="deployment.none", text=_("No deployment is recorded."), owner=owner, url=url)]
    texts = {
        State.PLANNED: _("%(site)s: planned, not deployed yet. Record the deployment, or drop it."),
        State.UNDER_WAY: _("%(site)s: the deployment is under way and has no result yet."),
        State.DEPLOYED: _("%(site)s: nobody has said yet that it is stable in production."),
        State.FAILED: _("%(site)s: the last deployment failed. Plan another one."),
        State.ROLLED_BACK: _("%(site)s: the last deployment was rolled back. Plan another one."),
    }
    return [
        Blocker(
            code=f"deployment.{row.state}",
            text=texts[row.state] % {"site": row.site},
            owner=owner,
            url=url,
        )
        for row in waiting
    ]
