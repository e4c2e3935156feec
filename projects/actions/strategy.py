"""Recording contacts, communications, prerequisites and change records of a release, and how things stand with them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions import rows
from projects.actions.dropping import require_kept
from projects.actions.environment import require_evidence
from projects.blocker import Refused
from projects.models import ChangeRecord, Communication, EscalationContact, Prerequisite, User


@transaction.atomic
def add_contact(
    *,
    project_id: int,
    by: User,
    level: int,
    name: str,
    call_when: str,
    reach: str,
    hours: str,
    now: datetime,
    role: str = "",
) -> EscalationContact:
    """Somebody is on the escalation list: whom to call, when, how, at which hours (SEED-102).

    Args:
        level: 1 is called first.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Contacts are recorded by people with a working role on the project."))
    if level < 1:
        raise Refused(_("Levels count from 1."))
    if not all(text.strip() for text in (name, call_when, reach, hours)):
        raise Refused(_("Say who it is, when to call, how and at which hours."))
    return rows.add(
        EscalationContact,
        project=project,
        by=by,
        event="contact.added",
        now=now,
        level=level,
        name=name,
        role=role,
        call_when=call_when,
        reach=reach,
        hours=hours,
    )


@transaction.atomic
def add_communication(
    *,
    project_id: int,
    by: User,
    kind: str,
    party: str,
    subject: str,
    channel: str,
    now: datetime,
    planned_on: date | None = None,
    sent_at: datetime | None = None,
    sender: User | None = None,
) -> Communication:
    """An affected party is to be told something, or was told (SEED-89).

    Args:
        kind: release, escalation or other.
        sent_at: aware moment, now or earlier; None while it is only planned.
        sender: who sent it; `by` when nobody else is named.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Communications are recorded by people with a working role on the project."))
    if not all(text.strip() for text in (party, subject, channel)):
        raise Refused(_("Say who is told what, and by which channel."))
    if sender is not None and sent_at is None:
        raise Refused(_("Say when it was sent, or leave the sender empty while it is only planned."))
    return rows.add(
        Communication,
        project=project,
        by=by,
        event="communication.added",
        now=now,
        kind=kind,
        party=party,
        subject=subject,
        channel=channel,
        planned_on=planned_on,
        **(_sent(sent_at, sender or by, now) if sent_at else {}),
    )


@transaction.atomic
def communication_sent(
    row: Communication, *, by: User, sent_at: datetime, now: datetime, sender: User | None = None
) -> Communication:
    """What was planned has been sent; it is not changed any more. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Communications are recorded by people with a working role on the project."))
    require_kept(row)
    if row.sent_at is not None:
        raise Refused(_("%(row)s was sent already: record what is sent again as a new row.") % {"row": row})
    return rows.change(row, by=by, event="communication.sent", now=now, **_sent(sent_at, sender or by, now))


def _sent(sent_at: datetime, sender: User, now: datetime) -> dict[str, Any]:
    if sent_at > now:
        raise Refused(_("Sent at lies ahead: record it once it is sent, or as planned."))
    return {"sent_at": sent_at, "sender": sender, "noted_at": now}


@transaction.atomic
def add_prerequisite(*, project_id: int, by: User, kind: str, text: str, now: datetime) -> Prerequisite:
    """Something must be true before the plan can be carried out (SEED-105).

    Args:
        kind: users (they are present for acceptance testing) or other.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Prerequisites are recorded by people with a working role on the project."))
    if not text.strip():
        raise Refused(_("Write what must be true."))
    return rows.add(Prerequisite, project=project, by=by, event="prerequisite.added", now=now, kind=kind, text=text)


@transaction.atomic
def answer_prerequisite(row: Prerequisite, *, by: User, met: bool, evidence: str, now: datetime) -> Prerequisite:
    """The prerequisite is met, or it is not; an earlier answer stays in the ledger.

    Raises: NotAllowed, Blocked, Refused.
    """
    row, place = rows.opened_row(row, by)
    place.require(place.contributes, _("Prerequisites are confirmed by people with a working role on the project."))
    require_kept(row)
    require_evidence(evidence)
    return rows.change(
        row,
        by=by,
        event="prerequisite.answered",
        now=now,
        met=met,
        evidence=evidence,
        confirmed_by=by,
        confirmed_at=now,
    )


@transaction.atomic
def add_change_record(
    *,
    project_id: int,
    by: User,
    ref: str,
    title: str,
    scope_effect: str,
    resource_effect: str,
    management_effect: str,
    financial_effect: str,
    now: datetime,
) -> ChangeRecord:
    """A change, by its reference in the organisation's own records, with its four effects (SEED-106, SEED-126).

    Args:
        ref: unique on the project.
        scope_effect, resource_effect, management_effect, financial_effect: in words; "none" where there is none.

    Raises: NotAllowed, Blocked, Refused.
    """
    project, place = rows.opened(project_id, by)
    place.require(place.contributes, _("Changes are recorded by people with a working role on the project."))
    if not (ref.strip() and title.strip()):
        raise Refused(_("Give the reference in the organisation's own records and a title."))
    effects = (scope_effect, resource_effect, management_effect, financial_effect)
    if not all(text.strip() for text in effects):
        raise Refused(_("State all four effects; write none where there is none."))
    return rows.add(
        ChangeRecord,
        project=project,
        by=by,
        event="change_record.added",
        now=now,
        ref=rows.free_ref(project, ChangeRecord, "CR", ref),
        title=title,
        scope_effect=scope_effect,
        resource_effect=resource_effect,
        management_effect=management_effect,
        financial_effect=financial_effect,
    )


@transaction.atomic
def set_change_status(row: ChangeRecord, *, by: User, status: str, reason: str, now: datetime) -> ChangeRecord:
    """The change record is open, in order or rejected, and why. Raises: NotAllowed, Blocked, Refused."""
    row, place = rows.opened_row(row, by)
    place.require(place.approves, _("The status of a change is set by people who may approve on the project."))
    if row.status == status:
        raise Refused(_("%(row)s is %(status)s already.") % {"row": row, "status": row.get_status_display().lower()})
    if not reason.strip():
        raise Refused(_("Say what shows it."))
    return rows.change(row, by=by, event="change_record.status_changed", now=now, reason=reason, status=status)
