"""Money and deliverables: whether they are on record, and how far the money reaches (SEED-36, SEED-66)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.catalog.stages import STAGES
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import GatePass, Project


def limit_blockers(project: Project, target: str) -> list[Blocker]:
    """What the newest approval of funding has against starting a stage; one query, one more where there is a limit."""
    newest = project.fundingapprovals.order_by("-id").first()
    if newest is None or not newest.limit_stage or target not in STAGES:
        return []
    last = STAGES[newest.limit_stage]
    if STAGES[target].number <= last.number:
        return []
    passed = newest.until_gate and GatePass.objects.filter(
        project=project, gate=newest.until_gate, revoked_at__isnull=True, opened_at__gte=newest.created_at
    )
    if passed and passed.exists():
        return []
    return [
        Blocker(
            code="funding.limit",
            text=_("The money reaches to the end of %(last)s until this has been passed: %(milestone)s.")
            % {"last": last.name, "milestone": newest.milestone},
            owner=named(holders(project), "P-FIN", "P-SPONSOR"),
            url=reverse("register", args=[project.code, "funding"]),
        )
    ]


def funding(project: Project, now: datetime) -> list[Blocker]:
    """No approval of funding, where cost estimates are asked for."""
    if project.fundingapprovals.exists() or not wants(project, "plan", "ART-12"):
        return []
    return [
        Blocker(
            code="funding.none",
            text=_("No approval of funding is recorded."),
            owner=named(holders(project), "P-FIN", "P-SPONSOR"),
            url=reverse("register", args=[project.code, "funding"]),
        )
    ]


def deliverables(project: Project, now: datetime) -> list[Blocker]:
    """No deliverable, or one without work plan, cost or schedule, where work plan and cost estimates are asked for."""
    packages = list(project.workpackages.all())
    missing = [str(package) for package in packages if not package.is_complete]
    if packages and not missing:
        return []
    if not (wants(project, "plan", "ART-12") and wants(project, "plan", "ART-11")):
        return []
    return [
        Blocker(
            code="deliverable.incomplete" if missing else "deliverable.none",
            text=_("Without work plan, cost estimate or schedule: %(names)s.") % {"names": ", ".join(missing)}
            if missing
            else _("No deliverable is listed with its work plan, cost estimate and schedule."),
            owner=named(holders(project), "R-PGM"),
            url=reverse("register", args=[project.code, "deliverables"]),
        )
    ]
