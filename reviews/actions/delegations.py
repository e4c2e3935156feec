"""Lending a signature to another person for a while, and taking it back."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects import ledger, notices
from projects.blocker import Refused
from projects.models import Involvement, User
from projects.workdays import zone_of
from reviews import delegating
from reviews.access import live_room
from reviews.models import Delegation, Review, ReviewState

MOMENT = "j F Y, H:i (T)"


class UnfitDelegate(Refused):
    """The person cannot sign for this participant (EXT-11, EXT-24)."""


class BadTimes(Refused):
    """A delegation has a beginning and an end, not too far apart."""


@transaction.atomic
def delegate(
    *,
    review_id: int,
    by: User,
    to: User,
    ends_at: datetime,
    reason: str,
    now: datetime,
    starts_at: datetime | None = None,
) -> Delegation:
    """The person may sign this round in the place of `by`, from and until the given moments; he is told so.

    `by` may still sign himself: whoever signs first has signed.

    Args:
        to: the delegate; he sees the project from now on.
        starts_at, ends_at: aware moments, at most `delegating.LONGEST` apart; at once when `starts_at` is None.

    Raises: NotAllowed, Blocked, UnfitDelegate, BadTimes, Refused. Source: EXT-09, EXT-24.
    """
    review, room = live_room(review_id, by)
    participant = room.participant
    room.require(room.signs and not by.is_auditor, _("A signature is delegated by whoever is asked for it."))
    assert participant is not None  # who signs is named
    _require_open(review)
    starts_at = starts_at or now
    if ends_at <= max(starts_at, now) or starts_at < now:
        raise BadTimes(_("A delegation begins now or later, and ends after that."))
    if ends_at - starts_at > delegating.LONGEST:
        raise BadTimes(
            _("A signature is lent for %(days)d days at most: for longer, have somebody else named.")
            % {"days": delegating.LONGEST.days}
        )
    if not reason.strip():
        raise Refused(_("Give the reason: it stays in the record."))
    lent = delegating.live(participant, now)
    if lent is not None:
        raise Refused(_("You have delegated to %(person)s: revoke that first.") % {"person": lent.delegate})
    if why := delegating.obstacle(participant, to, now):
        raise UnfitDelegate(why)
    row = Delegation.objects.create(
        participant=participant,
        delegate=to,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        granted_at=now,
    )
    Involvement.objects.get_or_create(project=review.project, user=to, reason="review")
    ledger.record(
        project=review.project,
        by=by,
        event="delegation.granted",
        obj=row,
        now=now,
        after={"review": review.ref, **ledger.row(row)},
    )
    _tell(row, review, to=to, kind="delegation.granted", now=now)
    if review.chair_id != by.pk:
        _tell(row, review, to=review.chair, kind="delegation.announced", now=now)
    return row


@transaction.atomic
def revoke(*, review_id: int, delegation_id: int, by: User, now: datetime) -> Delegation:
    """The delegate may no longer sign, and is told so; a signature already given stays. Raises: NotAllowed, Refused."""
    review, room = live_room(review_id, by)
    row = next((each for each in delegating.delegations(review) if each.pk == delegation_id), None)
    if row is None:
        raise Refused(_("There is no such delegation."))
    mine = row.participant.user_id == by.pk
    room.require(
        mine or room.chairs or room.place.directs,
        _("A delegation is revoked by whoever gave it, the chair or a solution manager."),
    )
    _require_open(review)
    if not row.is_live(now):
        raise Refused(_("This delegation is over already."))
    _end(row, review, by=by, now=now)
    return row


def end_of(review: Review, person: User, *, by: User, now: datetime) -> None:
    """Whatever this person lent or was lent in the round is revoked; the caller holds the lock and says why."""
    for row in delegating.delegations(review):
        if row.is_live(now) and person.pk in (row.delegate_id, row.participant.user_id):
            _end(row, review, by=by, now=now)


def _end(row: Delegation, review: Review, *, by: User, now: datetime) -> None:
    row.revoked_at, row.revoked_by = now, by
    row.save(update_fields=["revoked_at", "revoked_by"])
    ledger.record(
        project=review.project,
        by=by,
        event="delegation.revoked",
        obj=row,
        now=now,
        after={"review": review.ref, **ledger.snapshot(row, "delegate", "revoked_at", "revoked_by")},
    )
    notices.cancel(about=row.participant, to=row.delegate)
    for told in (row.delegate, row.participant.user):
        if told.pk != by.pk:
            _tell(row, review, to=told, kind="delegation.revoked", now=now)


def _require_open(review: Review) -> None:
    if not review.is_open:
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})


def _tell(row: Delegation, review: Review, *, to: User, kind: str, now: datetime) -> None:
    """Mail about the delegation. It is cancelled with what else waits about the participant, save for a revocation."""
    told = {
        "ref": review.ref,
        "project": review.project,
        "who": row.participant.user,
        "delegate": row.delegate,
        "from": date_format(row.starts_at.astimezone(zone_of(to)), MOMENT),
        "until": date_format(row.ends_at.astimezone(zone_of(to)), MOMENT),
        "reason": row.reason,
    }
    subjects = {
        "delegation.granted": _("You may sign %(ref)s of %(project)s for %(who)s"),
        "delegation.announced": _("%(delegate)s may sign %(ref)s of %(project)s for %(who)s"),
        "delegation.revoked": _("%(delegate)s no longer signs %(ref)s of %(project)s for %(who)s"),
    }
    text = _("From %(from)s until %(until)s. Reason: %(reason)s")
    if kind == "delegation.granted" and review.state == ReviewState.SIGNING:
        text = _("The signature is asked for now.") + " " + text
    if kind == "delegation.revoked":
        text = _("The delegation was revoked. A signature that was given already stays.")
    notices.queue(
        kind=kind,
        to=to,
        subject=subjects[kind] % told,
        body=text % told,
        dedupe_key=f"{kind}:{row.pk}:{to.pk}",
        now=now,
        project=review.project,
        path=review.get_absolute_url() + ("sign/" if kind == "delegation.granted" else "delegations/"),
        about=row if kind == "delegation.revoked" else row.participant,
    )
