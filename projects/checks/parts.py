"""Documents of which a part is missing, or of which nobody has said that all parts are there."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.catalog.artifacts import ARTIFACT_KINDS, Gate
from projects.catalog.parts import PARTS
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import ArtifactVersion, PartsCheck, Project


def newest_check(version: ArtifactVersion) -> PartsCheck | None:
    """One query."""
    return version.parts_checks.select_related("created_by").order_by("-id").first()


def blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """Parts that the newest approved version lacks; a version that is not approved is told of elsewhere."""
    found = []
    for kind, whole in PARTS.items():
        if whole.gate != gate or not wants(project, gate, whole.asked_with):
            continue
        approved = ArtifactVersion.objects.filter(
            artifact__project=project, artifact__kind=kind, approved_at__isnull=False
        )
        version = approved.order_by("-number").first()
        if version is None:
            continue
        checked = newest_check(version)
        missing = [part.text for part in whole.parts if checked is None or part.code not in checked.found]
        if missing:
            text = _("%(artifact)s %(label)s, parts not found in it: %(parts)s.")
            found.append(
                Blocker(
                    code="part.missing",
                    text=text
                    % {
                        "artifact": ARTIFACT_KINDS[kind].name,
                        "label": version.label,
                        "parts": "; ".join(part.partition(":")[0] for part in missing),
                    },
                    owner=named(holders(project), ARTIFACT_KINDS[kind].owner_role, "R-PGM"),
                    url=reverse("artifact", args=[project.code, kind]) + "#parts",
                )
            )
    return found
