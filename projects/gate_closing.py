"""Closing a gate: rework goes back through it, or a newer round supersedes it."""

from datetime import datetime

from projects import ledger
from projects.models import GatePass, User


def revoke(opened: GatePass, *, by: User, reason: str, now: datetime) -> None:
    """The pass no longer counts; the row stays, with who ended it, when and why."""
    opened.revoked_at, opened.revoked_by, opened.revoked_reason = now, by, reason
    opened.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    ledger.record(
        project=opened.project,
        by=by,
        event="gate.revoked",
        obj=opened,
        now=now,
        after=ledger.snapshot(opened, "revoked_at", "revoked_by", "revoked_reason"),
        reason=reason,
    )
