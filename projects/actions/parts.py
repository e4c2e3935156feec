"""Saying which parts a version of a document has."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.blocker import Refused
from projects.catalog.parts import PARTS
from projects.models import ArtifactVersion, PartsCheck, User


@transaction.atomic
def check(*, project_id: int, version_id: int, by: User, parts: Iterable[str], now: datetime) -> PartsCheck:
    """Somebody looked for each part of the document and found these (SEED-20, SEED-45, SEED-58).

    Args:
        parts: codes of `catalog.parts` that are there; the others count as missing.

    Raises: NotAllowed, Blocked, Refused, ArtifactVersion.DoesNotExist.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Parts are looked for by people with a working role on the project."))
    version = ArtifactVersion.objects.select_related("artifact").get(pk=version_id, artifact__project=project)
    whole = PARTS.get(version.artifact.kind)
    if whole is None:
        raise Refused(_("This document has no parts to look for."))
    found = set(parts)
    if unknown := found - {part.code for part in whole.parts}:
        raise Refused(_("There is no part %(part)s.") % {"part": ", ".join(sorted(unknown))})
    return rows.add(
        PartsCheck,
        project=project,
        by=by,
        event="parts.checked",
        now=now,
        version=version,
        parts=" ".join(part.code for part in whole.parts if part.code in found),
    )
