"""Environments, what they support, and reviews of compliance (SEED-49, SEED-50, SEED-100)."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import ComplianceReview, Environment, Project, SupportedLevel

Purpose = Environment.Purpose
APART = (Purpose.DEVELOPMENT, Purpose.TEST, Purpose.PRODUCTION)


def environments(project: Project, now: datetime) -> list[Blocker]:
    """Development, test or production not named, where the way of keeping them apart is asked for."""
    have = set(project.environments.values_list("purpose", flat=True))
    missing = [str(purpose.label) for purpose in APART if purpose not in have]
    if not missing or not wants(project, "plan", "ART-21"):
        return []
    return [
        Blocker(
            code="environment.missing",
            text=_("No environment is named for: %(purposes)s.") % {"purposes": ", ".join(missing)},
            owner=named(holders(project), "R-REL", "R-PGM"),
            url=reverse("register", args=[project.code, "environments"]),
        )
    ]


def levels(project: Project, now: datetime) -> list[Blocker]:
    """Versions that their environment does not support, or of which nobody knows: what N-ENV-1 asks."""
    today = timezone.localdate(now)
    texts = {
        SupportedLevel.Supported.NO: _(
            "%(level)s is not supported on %(environment)s: while this is so, N-ENV-1 is present."
        ),
        SupportedLevel.Supported.UNKNOWN: _(
            "Nobody knows whether %(level)s is supported on %(environment)s: N-ENV-1 cannot be called clear."
        ),
    }
    open_rows = [
        (row, state)
        for row in project.supportedlevels.select_related("environment")
        if (state := row.on(today)) in texts
    ]
    if not open_rows:
        return []
    owner = named(holders(project), "R-REL", "R-PGM")
    return [
        Blocker(
            code=f"level.{state}",
            text=texts[state] % {"level": row, "environment": row.environment},
            owner=owner,
            url=reverse("register", args=[project.code, "levels"]),
        )
        for row, state in open_rows
    ]


def compliance(project: Project, now: datetime) -> list[Blocker]:
    """Reviews that failed, until a later one of the same kind and subject passes."""
    last: dict[tuple[str, str], ComplianceReview] = {}
    for review in project.compliancereviews.order_by("reviewed_on", "id"):
        last[review.kind, review.subject.casefold()] = review
    failed = [review for review in last.values() if review.result == ComplianceReview.Result.FAILED]
    if not failed:
        return []
    owner = named(holders(project), "R-PGM")
    return [
        Blocker(
            code="compliance.failed",
            text=_("%(subject)s failed its review (%(kind)s, %(reviewer)s): settle it and have it reviewed again.")
            % {"subject": review.subject, "kind": review.get_kind_display(), "reviewer": review.reviewer},
            owner=owner,
            url=reverse("register", args=[project.code, "compliance"]),
        )
        for review in failed
    ]
