"""Go, hold or no-go, and what follows from each. The only caller of `projects.gate_record`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects import credentials, gate_record, ledger, notices
from projects.access import seat
from projects.actions import projects as project_actions
from projects.actions import rollout
from projects.blocker import Blocked, NotAllowed, Refused
from projects.credentials import Proof
from projects.models import Project, User
from reviews import gate_people, gates, owed, reminders, signing, terms
from reviews.access import locked_review, room_seat
from reviews.actions import polls
from reviews.actions.invitations import keep_invited
from reviews.actions.meeting import freeze_minutes
from reviews.actions.sign_offs import require_current
from reviews.catalog import REVIEW_TYPES, rigor
from reviews.models import (
    GO_DECISIONS,
    Condition,
    Decision,
    Position,
    RemediationItem,
    Review,
    ReviewKind,
    ReviewState,
)


class AlreadyDecided(Refused):
    """The round has its decision; it is never changed."""


class DissentUnanswered(Refused):
    """A dissent is answered in writing before the decision closes (EXT-08)."""


class NothingToAddress(Refused):
    """A no-go names at least one area to address, each with a first estimate of effort (SEED-87)."""


class NoDayToLookAgain(Refused):
    """A hold names the day on which the review is looked at again (EXT-22)."""


class RisksNotStated(Refused):
    """A release goes ahead with the statement that its remaining risks are dealt with or acceptable (SEED-77)."""


@dataclass(frozen=True, kw_only=True)
class AreaToAddress:
    """One line of a no-go's remediation plan.

    Args:
        area: what must be addressed.
        effort_days: first estimate, person-days, more than zero.
        item_codes: the items of this round that it would make fine.
    """

    area: str
    effort_days: Decimal
    owner: User
    due_on: date
    item_codes: tuple[str, ...] = ()


@transaction.atomic
def decide(
    *,
    review_id: int,
    by: User,
    decision: str,
    packet_digest: str,
    proof: Proof,
    now: datetime,
    reason: str = "",
    areas: tuple[AreaToAddress, ...] = (),
    next_review_on: date | None = None,
    risks_acceptable: bool = False,
) -> Review:
    """The round has its decision. A go opens the project's gate in the same transaction; nothing else can (SEED-70).

    Anything else shuts the gate again that an earlier go opened, as long as the project has not passed it (SEED-108).

    A go that carries conditions is recorded as go with conditions, whichever of the two was asked for.

    Args:
        decision: a `Decision` value.
        packet_digest: SHA-256 (hex) of the packet that the page showed.
        proof: fresh credentials of the chair.
        reason: required for a hold and a no-go, and where somebody dissents: it is the written answer.
        areas: required for a no-go that postpones.
        next_review_on: required for a hold: the day, after today, on which it is looked at again.
        risks_acceptable: the chair states that the remaining risks are dealt with or acceptable; a release needs it.

    Raises: NotAllowed, WrongCredentials, AlreadyDecided, StalePacket, Blocked (what a go lacks), DissentUnanswered,
        NothingToAddress, NoDayToLookAgain, RisksNotStated, Refused.
    """
    project, review = locked_review(review_id)
    if not review.is_open:
        raise AlreadyDecided(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    room = room_seat(by, review)
    room.require(
        room.chairs, _("%(ref)s is decided by its chair, %(chair)s.") % {"ref": review.ref, "chair": review.chair}
    )
    if project.roles.filter(user=by, role="R-PGM", ends_on__isnull=True).exists():
        raise NotAllowed(_("The program manager does not decide on the own project."))
    credentials.require(proof, by=by, bound_to=packet_digest, now=now)
    if decision not in Decision.values:
        raise Refused(_("Choose go, hold, or no-go with postponement or cancellation."))
    if review.state == ReviewState.PREPARING:
        raise Blocked(gates.entrance_blockers(review, now) or gates.blockers(review, now))
    chosen = Decision(decision)
    if chosen in GO_DECISIONS:
        chosen = Decision.GO_WITH_CONDITIONS if list(review.conditions.all()) else Decision.GO
        found = gates.blockers(review, now)
        if found:
            raise Blocked(found)
        if review.kind == ReviewKind.RR and not risks_acceptable:
            raise RisksNotStated(_("State that the remaining risks are dealt with or acceptable, or decide no-go."))
        review.risks_acceptable = review.kind == ReviewKind.RR
    else:
        found = gates.stage_blockers(review) + gate_people.quorum_blockers(review)
        if found:
            raise Blocked(found)
        _check_not_yet(chosen, reason, areas)
        if chosen == Decision.HOLD and (next_review_on is None or next_review_on <= timezone.localdate(now)):
            raise NoDayToLookAgain(_("Name the day, after today, on which the review is looked at again."))
    content = require_current(review, packet_digest)
    _check_dissent(review, content, reason)
    packet = signing.store(review, content, now)
    review.decide()
    review.decision, review.decision_reason = chosen, reason.strip()
    review.decision_digest, review.decision_method = packet.digest, proof.method
    review.decided_at, review.decided_by, review.next_review_on = now, by, next_review_on
    review.save()
    ledger.record(
        project=project,
        by=by,
        event="review.decided",
        obj=review,
        now=now,
        after=ledger.snapshot(
            review,
            "state",
            "decision",
            "decision_reason",
            "risks_acceptable",
            "decision_digest",
            "decision_method",
            "decided_at",
            "decided_by",
            "candidate",
            "next_review_on",
        ),
        reason=reason.strip(),
        role=_("Chair"),
    )
    for participant in review.participants.all():
        notices.cancel(about=participant)
    if chosen in GO_DECISIONS:
        _open_gate(project, review, by=by, now=now)
    else:
        if project.stage == REVIEW_TYPES[review.kind].stage:  # past the gate, going back is a step of its own
            gate = gates.GATE_OF_KIND[ReviewKind(review.kind)]
            gate_record.shut_gate(project=project, gate=gate, review_ref=review.ref, by=by, now=now)
        _plan_remediation(review, areas, by=by, now=now)
        if chosen == Decision.NO_GO_CANCELLED:
            project_actions.cancel_decided(project, by=by, reason=reason.strip(), now=now)
    polls.close_open(review, by=by, now=now)
    freeze_minutes(review, by=by, now=now)
    keep_invited(review.pk, by=by, now=now)
    reminders.notify_decided(review, now)
    return review


def _check_dissent(review: Review, content: signing.Content, reason: str) -> None:
    if reason.strip():
        return
    for participant in review.participants.all():
        given = signing.signature_of(participant, content)
        if given is not None and given.position == Position.DISSENT:
            raise DissentUnanswered(
                _("%(person)s dissents: answer it in the reason, it stays in the record.")
                % {"person": participant.user}
            )


def _check_not_yet(chosen: Decision, reason: str, areas: tuple[AreaToAddress, ...]) -> None:
    if not reason.strip():
        raise Refused(_("Give the reason for a hold or no-go: everybody affected reads it."))
    if chosen == Decision.NO_GO_POSTPONED and not areas:
        raise NothingToAddress(_("Name at least one area to address, with a first estimate of the effort."))
    for area in areas:
        if not area.area.strip() or area.effort_days <= 0:
            raise NothingToAddress(_("Each area to address has a text and an effort above zero person-days."))
        if not area.owner.is_active:
            raise Refused(_("%(person)s has left: name another owner.") % {"person": area.owner})


def _open_gate(project: Project, review: Review, *, by: User, now: datetime) -> None:
    kind = ReviewKind(review.kind)
    held = rigor(review.kind, review.category)
    days = terms.of(review).validity_days
    gate_record.open_gate(
        project=project,
        gate=gates.GATE_OF_KIND[kind],
        review_ref=review.ref,
        packet_digest=review.decision_digest,
        candidate=review.candidate if kind == ReviewKind.RR else "",
        valid_until=now + timedelta(days=days) if days else None,
        by=by,
        now=now,
    )
    if kind == ReviewKind.RR and held.mode == "meeting":
        rollout.assign_after_go(project, review_ref=review.ref, candidate=review.candidate, by=by, now=now)


def _plan_remediation(review: Review, areas: tuple[AreaToAddress, ...], *, by: User, now: datetime) -> None:
    codes = {item.code: item for item in review.items.all()}
    for number, area in enumerate(areas, start=1):
        row = RemediationItem.objects.create(
            review=review,
            number=number,
            area=area.area.strip(),
            effort_days=area.effort_days,
            owner=area.owner,
            due_on=area.due_on,
        )
        row.items.set([codes[code] for code in area.item_codes if code in codes])
        ledger.record(
            project=review.project,
            by=by,
            event="remediation.planned",
            obj=row,
            now=now,
            after={
                **ledger.row(row),
                "items": [codes[code] for code in area.item_codes if code in codes],
            },
        )
        if area.owner.pk != by.pk:
            notices.queue(
                kind="remediation.assigned",
                to=area.owner,
                subject=_("Remediation for %(project)s is yours") % {"project": review.project},
                body=_("%(area)s Due %(date)s.") % {"area": row.area, "date": date_format(row.due_on, "j M Y")},
                dedupe_key=f"remediation.assigned:{row.pk}",
                now=now,
                project=review.project,
                path=review.get_absolute_url() + "#remediation",
                about=row,
            )


@transaction.atomic
def finish_remediation(*, item_id: int, by: User, note: str, now: datetime) -> RemediationItem:
    """The area is addressed, with what was done. Raises: NotAllowed, Refused."""
    row = RemediationItem.objects.select_related("review").get(pk=item_id)
    _project, review = locked_review(row.review_id)
    row = RemediationItem.objects.select_related("owner").get(pk=item_id)
    place = seat(by, review.project)
    place.require(
        by.pk == row.owner_id or place.manages, _("It is reported done by its owner or whoever manages the project.")
    )
    if row.done_at is not None:
        raise Refused(_("It is done already."))
    if not note.strip():
        raise Refused(_("Say what was done."))
    row.done_at, row.done_by, row.done_note = now, by, note.strip()
    row.save(update_fields=["done_at", "done_by", "done_note"])
    notices.cancel(about=row)
    ledger.record(
        project=review.project,
        by=by,
        event="remediation.done",
        obj=row,
        now=now,
        after={"review": review.ref, **ledger.snapshot(row, "number", "done_at", "done_by", "done_note")},
    )
    return row


@transaction.atomic
def close_condition(*, condition_id: int, by: User, evidence: str, now: datetime) -> Condition:
    """The debt is paid, with what shows it, as somebody else than its owner finds. Raises: NotAllowed, Refused."""
    row = Condition.objects.select_related("review").get(pk=condition_id)
    _project, review = locked_review(row.review_id)
    row = Condition.objects.select_related("owner", "review__chair", "review__project").get(pk=condition_id)
    who = ", ".join(map(str, owed.closers(row)))
    if by.pk == row.owner_id:
        raise NotAllowed(_("You own this condition: somebody else closes it. Ask %(who)s.") % {"who": who})
    room = room_seat(by, review)
    room.require(room.prepares, _("A condition is closed by %(who)s.") % {"who": who})
    if not review.is_go:
        raise Refused(_("A condition counts once its review has decided go."))
    if row.closed_at is not None:
        raise Refused(_("It is closed already."))
    if not evidence.strip():
        raise Refused(_("Say what shows that the condition is met."))
    row.closed_at, row.closed_by, row.closing_evidence = now, by, evidence.strip()
    row.save(update_fields=["closed_at", "closed_by", "closing_evidence"])
    notices.cancel(about=row)
    ledger.record(
        project=review.project,
        by=by,
        event="condition.closed",
        obj=row,
        now=now,
        after={"review": review.ref, **ledger.snapshot(row, "number", "closed_at", "closed_by", "closing_evidence")},
    )
    return row
