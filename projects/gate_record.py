"""The only writer of the facts that open a gate, and shut it again after a no-go.

Importable from `reviews.actions` alone (an import contract).
"""

from datetime import datetime

from django.utils.translation import gettext as _

from projects import gate_closing, ledger
from projects.models import Gate, GatePass, Project, User

COLUMNS = {Gate.PLAN: ("plan_approved_at",), Gate.RELEASE: ("release_ready_at", "release_valid_until")}


def open_gate(
    *,
    project: Project,
    gate: Gate,
    review_ref: str,
    packet_digest: str,
    by: User,
    now: datetime,
    candidate: str = "",
    valid_until: datetime | None = None,
) -> GatePass:
    """The gate stands open for this project, on the strength of a decided review, until revoked or expired.

    The caller holds the project's row lock and has decided the review in this transaction; the database checks again
    that such a decision exists. A pass from an earlier round is revoked as superseded.

    Args:
        packet_digest: SHA-256 (hex) of the packet that was decided on.
        candidate: the release candidate that may be deployed; empty for a plan.
        valid_until: aware moment after which the pass no longer counts; None for no end.
    """
    for earlier in GatePass.objects.filter(project=project, gate=gate, revoked_at__isnull=True):
        gate_closing.revoke(earlier, by=by, reason=_("superseded by %(ref)s") % {"ref": review_ref}, now=now)
    opened = GatePass.objects.create(
        project=project,
        gate=gate,
        review_ref=review_ref,
        packet_digest=packet_digest,
        candidate=candidate,
        opened_at=now,
        opened_by=by,
        valid_until=valid_until,
    )
    before = ledger.snapshot(project, "plan_approved_at", "release_ready_at", "release_valid_until")
    if gate == Gate.PLAN:
        project.plan_approved_at = now
    else:
        project.release_ready_at = now
        project.release_valid_until = valid_until
    project.save(update_fields=["plan_approved_at", "release_ready_at", "release_valid_until"])
    ledger.record(
        project=project,
        by=by,
        event="gate.opened",
        obj=opened,
        now=now,
        after=ledger.row(opened),
    )
    ledger.record(
        project=project,
        by=by,
        event="project.gate_opened",
        obj=project,
        now=now,
        before=before,
        after=ledger.snapshot(project, "plan_approved_at", "release_ready_at", "release_valid_until"),
    )
    return opened


def shut_gate(*, project: Project, gate: Gate, review_ref: str, by: User, now: datetime) -> None:
    """An earlier go no longer holds the gate open: a later round has decided otherwise (SEED-108).

    The caller holds the project's row lock and has decided the review in this transaction; the project stands before
    the gate. Nothing happens when the gate is shut.
    """
    standing = GatePass.objects.filter(project=project, gate=gate, revoked_at__isnull=True).first()
    if standing is None:
        return
    gate_closing.revoke(standing, by=by, reason=_("%(ref)s did not decide go") % {"ref": review_ref}, now=now)
    before = ledger.snapshot(project, *COLUMNS[gate])
    for name in COLUMNS[gate]:
        setattr(project, name, None)
    project.save(update_fields=COLUMNS[gate])
    ledger.record(
        project=project,
        by=by,
        event="project.gate_shut",
        obj=project,
        now=now,
        before=before,
        after=ledger.snapshot(project, *COLUMNS[gate]),
    )
