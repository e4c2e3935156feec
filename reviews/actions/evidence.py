"""Exporting evidence. An export is itself on record: who, what, with which digest (AUD-15)."""

from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger
from projects.access import seat
from projects.blocker import NotAllowed
from projects.models import Project, User
from reviews.evidence import pack


def may_export(user: User, project: Project) -> bool:
    """Auditors, process owners and whoever manages the project."""
    return user.is_active and (user.is_auditor or user.is_process_owner or seat(user, project).manages)


def export(*, project_id: int, by: User | None, out: IO[bytes], now: datetime) -> pack.Sealed:
    """The project's pack stands in `out`, and the system ledger says so.

    The entry goes to the `system` chain: the project's own chain, and so the pack's bytes, stay as they are.

    Args:
        by: None for the command line, whose user is the operating system's.
        out: seekable, opened for reading and writing.

    Raises: NotAllowed.
    """
    project = Project.objects.get(pk=project_id)
    if by is not None and not may_export(by, project):
        raise NotAllowed(_("Evidence is exported by auditors, process owners and whoever manages the project."))
    sealed = pack.build(project, out)
    with transaction.atomic():
        ledger.record(
            project=None,
            by=by,
            event="evidence.exported",
            obj=project,
            now=now,
            after={
                "digest": sealed.digest,
                "files": sealed.files,
                "size": sealed.size,
                "ledger_count": sealed.ledger_count,
                "ledger_head": sealed.ledger_head,
                "key": sealed.fingerprint,
            },
        )
    return sealed
