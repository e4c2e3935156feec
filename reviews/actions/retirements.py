"""Retiring a question or signer in force, which lowers the gate: asked for by one, confirmed by another."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import NotAllowed, Refused
from projects.models import User
from reviews.actions.policy import AnAddition, ask_second, require_keeper, undisturbed
from reviews.models import Retirement


@transaction.atomic
def ask(*, what: type[AnAddition], pk: int, by: User, reason: str, now: datetime) -> Retirement:
    """It waits for a second person and holds until then (SEED-42). Raises: NotAllowed, Refused."""
    require_keeper(by)
    row = undisturbed(what, pk)
    if not reason.strip():
        raise Refused(_("The reason is empty: say why it is asked no more. It stays in the record."))
    asked = row.retirements.create(reason=reason.strip(), asked_at=now, asked_by=by)
    told = ledger.row(asked)
    ledger.record(
        project=None, by=by, event="policy.retirement_asked", obj=asked, now=now, after=told, reason=asked.reason
    )
    asks = _("%(person)s asks to retire %(what)s: %(reason)s")
    ask_second(
        asked,
        asks % {"person": by, "what": row.named, "reason": asked.reason},
        reverse("policy_retirement", args=[asked.what, row.pk]),
        by=by,
        now=now,
    )
    return asked


@transaction.atomic
def confirm(*, pk: int, by: User, now: datetime) -> Retirement:
    """New rounds ask it no more; open rounds stay as they are. Raises: NotAllowed, Refused."""
    require_keeper(by)
    asked = _waiting(pk)
    if asked.asked_by_id == by.pk:
        raise NotAllowed(_("You asked for it: a second person confirms it."))
    asked.confirmed_at, asked.confirmed_by = now, by
    asked.save(update_fields=["confirmed_at", "confirmed_by"])
    told = ledger.snapshot(asked, "confirmed_at", "confirmed_by")
    ledger.record(project=None, by=by, event="policy.retirement_confirmed", obj=asked, now=now, after=told)
    row = asked.of
    row.retired_at, row.retired_by = now, by
    row.save(update_fields=["retired_at", "retired_by"])
    told = ledger.snapshot(row, "retired_at", "retired_by")
    ledger.record(project=None, by=by, event="policy.retired", obj=row, now=now, after=told, reason=asked.reason)
    notices.cancel(about=asked)
    return asked


@transaction.atomic
def refuse(*, pk: int, by: User, reason: str, now: datetime) -> Retirement:
    """It goes on holding; whoever asked takes it back so. Raises: NotAllowed, Refused."""
    require_keeper(by)
    asked = _waiting(pk)
    if not reason.strip():
        raise Refused(_("The reason is empty: say why it is not retired. It stays in the record."))
    asked.refused_at, asked.refused_by, asked.refusal = now, by, reason.strip()
    asked.save(update_fields=["refused_at", "refused_by", "refusal"])
    told = ledger.snapshot(asked, "refused_at", "refused_by", "refusal")
    ledger.record(project=None, by=by, event="policy.retirement_refused", obj=asked, now=now, after=told)
    notices.cancel(about=asked)
    return asked


def _waiting(pk: int) -> Retirement:
    asked = Retirement.objects.select_for_update().filter(pk=pk).first()
    if asked is None:
        raise Refused(_("Nobody has asked for that."))
    if not asked.waits:
        raise Refused(_("It is settled: ask for it anew."))
    return asked
