"""Blackout periods: announced and lifted by whoever keeps the organisation's rules."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import ledger
from projects.blocker import NotAllowed, Refused
from projects.models import User
from reviews.access import keeps_policy
from reviews.models import Blackout


def _require_keeper(by: User) -> None:
    if not keeps_policy(by):
        raise NotAllowed(_("Blackout periods are set by process owners and solution managers."))


@transaction.atomic
def announce(*, by: User, starts_on: date, ends_on: date, reason: str, now: datetime) -> Blackout:
    """No gate should be held in the period; reviews planned in it are marked (EXT-26).

    Args:
        starts_on, ends_on: first and last day, both within.

    Raises: NotAllowed, Refused.
    """
    _require_keeper(by)
    if ends_on < starts_on:
        raise Refused(_("The last day is before the first."))
    if ends_on < timezone.localdate(now):
        raise Refused(_("The period is over already."))
    if not reason.strip():
        raise Refused(_("Say why nothing is held in this period."))
    period = Blackout.objects.create(
        starts_on=starts_on, ends_on=ends_on, reason=reason.strip(), created_at=now, created_by=by
    )
    ledger.record(project=None, by=by, event="blackout.announced", obj=period, now=now, after=ledger.row(period))
    return period


@transaction.atomic
def lift(*, blackout_id: int, by: User, now: datetime) -> Blackout:
    """The period no longer holds; it stays in the record. Raises: NotAllowed, Refused."""
    _require_keeper(by)
    period = Blackout.objects.select_for_update().filter(pk=blackout_id, lifted_at__isnull=True).first()
    if period is None:
        raise Refused(_("There is no such blackout period."))
    period.lifted_at, period.lifted_by = now, by
    period.save(update_fields=["lifted_at", "lifted_by"])
    ledger.record(
        project=None,
        by=by,
        event="blackout.lifted",
        obj=period,
        now=now,
        after=ledger.snapshot(period, "lifted_at", "lifted_by"),
    )
    return period
