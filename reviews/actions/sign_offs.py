"""Asking for signatures, and giving one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import credentials, ledger, lifecycle, notices
from projects.blocker import Blocked, Refused
from projects.catalog.roles import role_name
from projects.credentials import Proof
from projects.models import User
from reviews import delegating, differences, gates, reminders, signing
from reviews.access import locked_review, room_seat
from reviews.catalog import REVIEW_TYPES
from reviews.delegating import Hand
from reviews.models import Participant, Position, Review, ReviewState, SignOff

MEANING = "approval"


class StalePacket(Refused):
    """What was shown is no longer what would be signed (409). Carries the packet as it is now."""

    def __init__(self, text: str, digest: str, changes: list[differences.Change]) -> None:
        super().__init__(text)
        self.digest = digest
        self.changes = changes


class NotAsked(Refused):
    """The person is not among the signers of this round."""


class SignedAlready(Refused):
    """Of a signer and his delegate one signs: this signature is given."""


class UsedKey(Refused):
    """The idempotency key belongs to another signature."""


class NotSigning(Refused):
    """The round is not being signed now."""


@transaction.atomic
def request_sign_offs(*, review_id: int, by: User, due_at: datetime, now: datetime) -> Review:
    """The packet goes out: everything is answered, each signer is told until when.

    Args:
        due_at: aware moment until which the signatures are wanted.

    Raises: NotAllowed, Blocked, Refused.
    """
    _project, review = locked_review(review_id)
    room = room_seat(by, review)
    room.require(room.prepares, _("Sign-offs are requested by the chair or the program manager."))
    found = gates.signing_blockers(review, now)
    if found:
        raise Blocked(found)
    if due_at <= now:
        raise Refused(_("Sign-offs must be due in the future."))
    review.request_sign_offs()
    review.sign_offs_requested_at, review.sign_off_due_at = now, due_at
    review.save(update_fields=["state", "sign_offs_requested_at", "sign_off_due_at"])
    packet = signing.store(review, signing.content(review), now)
    ledger.record(
        project=review.project,
        by=by,
        event="review.sign_offs_requested",
        obj=review,
        now=now,
        after={
            **ledger.snapshot(review, "state", "sign_offs_requested_at", "sign_off_due_at"),
            "digest": packet.digest,
        },
    )
    for participant in review.participants.all():
        if participant.signs:
            participant.asked_at = now
            participant.save(update_fields=["asked_at"])
            reminders.notify_sign_off_requested(participant, now)
            reminders.notify_delegate(participant, now)
    return review


def require_current(review: Review, packet_digest: str) -> signing.Content:
    """What the round holds now, if it is what the page showed. Raises: StalePacket with what changed."""
    content = signing.content(review)
    if content.digest != packet_digest:
        shown = review.packets.filter(digest=packet_digest).first()
        changes = differences.changes(shown.body, content.body) if shown else []
        text = _("The content changed while you were reading: look at what is different, then sign.")
        raise StalePacket(text, content.digest, changes)
    return content


@transaction.atomic
def sign(
    *,
    review_id: int,
    by: User,
    position: str,
    packet_digest: str,
    proof: Proof,
    idempotency_key: str,
    now: datetime,
    comment: str = "",
) -> SignOff:
    """The person's signature stands under exactly this packet. The same POST again gives the same signature.

    It counts as long as what of the round concerns the signer's group stays what it is in this packet.

    Whoever was lent a signature signs for its owner: one of the two, whoever is first.

    Args:
        position: agree, support (disagree but will support) or dissent; the last two need a comment.
        packet_digest: SHA-256 (hex) of the packet that the page showed.
        proof: fresh credentials of `by`, see `projects.credentials.prove`.
        idempotency_key: unique per page shown; a second POST with it changes nothing.
        now: aware moment.

    Raises: WrongCredentials, NotAllowed, Blocked, NotSigning, NotAsked, SignedAlready, StalePacket, Refused.
    """
    project, review = locked_review(review_id)
    credentials.require(proof, by=by, bound_to=packet_digest, now=now)
    hand = _fit_hand(review, by, now)
    participant, lent = hand.participant, hand.delegation
    repeated = SignOff.objects.filter(idempotency_key=idempotency_key).first()
    if repeated is not None and repeated.participant_id == participant.pk:
        return repeated
    if repeated is not None:
        raise UsedKey(_("This form was used for another signature: open the sign page anew."))
    if found := lifecycle.status_blockers(project):  # as with answers: while it rests, nothing is added to the round
        raise Blocked(found)
    if review.state != ReviewState.SIGNING:
        raise NotSigning(_("%(ref)s is not being signed now.") % {"ref": review.ref})
    if position not in Position.values:
        raise Refused(_("Choose a position: agree, disagree but will support, or dissent."))
    if position != Position.AGREE and not comment.strip():
        raise Refused(_("Say why: a disagreement is on record with its reason."))
    content = require_current(review, packet_digest)
    given = signing.signature_of(participant, content)
    if given is not None and given.user_id != by.pk:
        raise SignedAlready(
            _("%(signed)s has signed this already: one of the two is enough.") % {"signed": given.signed_as}
        )
    if given is not None:
        return given
    sign_off = SignOff.objects.create(
        participant=participant,
        packet=signing.store(review, content, now),
        part_digest=content.part(participant.group),
        user=by,
        delegation=lent,
        on_behalf_of=str(participant.user) if lent else "",
        position=position,
        comment=comment.strip(),
        meaning=MEANING,
        statement=REVIEW_TYPES[review.kind].statement,
        printed_name=str(by),
        role=_role(participant),
        method=proof.method,
        signed_at=now,
        time_zone=by.time_zone,
        ip=ledger.origin().ip or None,
        idempotency_key=idempotency_key,
    )
    ledger.record(
        project=review.project,
        by=by,
        event="sign_off.given",
        obj=sign_off,
        now=now,
        after={"review": review.ref, "digest": packet_digest, **ledger.row(sign_off)},
        role=sign_off.role,
    )
    notices.cancel(about=participant)
    if lent is not None:
        _tell_owner(sign_off, review, now)
    _tell_chair_when_complete(review, participant, now)
    return sign_off


def _fit_hand(review: Review, by: User, now: datetime) -> Hand:
    """As whom the person signs now. Raises: NotAsked, saying what became of a delegation."""
    hand = delegating.hand_of(review, by, now)
    if hand is None or by.is_auditor or not by.is_active:
        raise NotAsked(delegating.not_asked(review, by, now))
    if hand.delegation is not None and (why := delegating.obstacle(hand.participant, by, now)):
        raise NotAsked(why)
    return hand


def _tell_owner(sign_off: SignOff, review: Review, now: datetime) -> None:
    """Whose signature was lent learns that it was used."""
    notices.queue(
        kind="delegation.used",
        to=sign_off.participant.user,
        subject=_("%(person)s has signed %(ref)s of %(project)s for you")
        % {"person": sign_off.user, "ref": review.ref, "project": review.project},
        body=_("Position: %(position)s. %(comment)s")
        % {"position": sign_off.get_position_display(), "comment": sign_off.comment},
        dedupe_key=f"delegation.used:{sign_off.pk}",
        now=now,
        project=review.project,
        path=review.get_absolute_url() + f"receipts/{sign_off.pk}/",
        about=sign_off,
    )


def _role(participant: Participant) -> str:
    """The group's name, with the roles that the participant holds on the project: a delegate signs in these."""
    review = participant.review
    group = next(group.name for group in REVIEW_TYPES[review.kind].groups if group.code == participant.group)
    held = review.project.roles.filter(user=participant.user_id, ends_on__isnull=True).values_list("role", flat=True)
    return ", ".join([group, *(role_name(role) for role in held)])[:120]


def _tell_chair_when_complete(review: Review, signed: Participant, now: datetime) -> None:
    """`review` as it was loaded before this participant signed: a signature changes nothing in the packet."""
    standing = signing.standing(review)
    if not [each for each in standing.waiting if each.pk != signed.pk]:
        notices.queue(
            kind="review.ready_to_decide",
            to=review.chair,
            subject=_("%(ref)s of %(project)s can be decided") % {"ref": review.ref, "project": review.project},
            body=_("Everybody who was asked has signed the present content."),
            dedupe_key=f"review.ready_to_decide:{review.pk}:{standing.digest[:16]}",
            now=now,
            project=review.project,
            path=review.get_absolute_url(),
            about=review,
        )
