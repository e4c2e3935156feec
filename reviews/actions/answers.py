"""Answering items, pinning newer versions, waiving and conditioning."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger
from projects.blocker import NotAllowed, Refused
from projects.catalog.roles import role_name
from projects.models import ArtifactStatus, ArtifactVersion, User
from reviews import delegating, owed, proposals, signing
from reviews.access import RoomSeat, live_room
from reviews.actions import acknowledgements
from reviews.actions.changes import content_changed
from reviews.catalog import REVIEW_TYPES
from reviews.models import (
    GOOD_ANSWERS,
    Answer,
    ItemAnswer,
    PinnedInput,
    Review,
    ReviewItem,
    ReviewState,
    Section,
    Waiver,
)


class NotConvened(Refused):
    """The round takes this from its convening on, or not any more."""


class WrongAnswer(Refused):
    """The item does not take this answer."""


class EvidenceMissing(Refused):
    """An answer needs something that shows it, or a reason."""


class OwnWork(Refused):
    """Nobody assesses what he wrote (EXT-11)."""


class Protected(Refused):
    """This item cannot be waived (EXT-03)."""


class AnsweredMeanwhile(Refused):
    """Somebody answered the item since the page was opened."""


def _item(review: Review, code: str) -> ReviewItem:
    item = signing.item_of(review, code)
    if item is None:
        raise Refused(_("%(ref)s has no item %(code)s.") % {"ref": review.ref, "code": code})
    return item


def require_convened(review: Review) -> None:
    """Raises: NotConvened."""
    if review.state not in (ReviewState.CONVENED, ReviewState.SIGNING):
        raise NotConvened(_("%(ref)s is not convened.") % {"ref": review.ref})


def _require_waivable(review: Review, item: ReviewItem) -> None:
    """Inputs are waived before the entrance check too: it wants each met or waived (EXT-01)."""
    if not (review.state == ReviewState.PREPARING and item.section == Section.INPUT):
        require_convened(review)


@transaction.atomic
def answer(
    *,
    review_id: int,
    code: str,
    by: User,
    value: str,
    now: datetime,
    reason: str = "",
    evidence: str = "",
    version_ids: tuple[int, ...] = (),
    seen: int | None = None,
    proposed_from: str = "",
) -> ItemAnswer:
    """The item has a new answer; earlier ones stay (AUD-08). Signatures on the old content go stale (EXT-10).

    Answers may be given while the round is still being prepared, so that everybody sees early what is missing; whether
    it may be held at all is the entrance check's own question (EXT-01).

    Args:
        value: confirmed / not_confirmed, for no-go indicators clear / present; not_applicable where the item allows it.
        reason: required unless the answer is confirmed or clear.
        evidence: what shows it, in words; or `version_ids`, artifact versions of this project.
        seen: number of the answer that the page showed; None skips the check.
        proposed_from: the fact that `confirm_proposal` takes the answer from.

    Raises: NotAllowed, NotConvened, NotAcknowledged, WrongAnswer, EvidenceMissing, OwnWork, AnsweredMeanwhile.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.answers, _("Items are answered by people named in the review."))
    item = _item(review, code)
    if item.section == Section.OUTPUT:
        if review.state != ReviewState.DECIDED:
            raise NotConvened(_("Outputs are recorded after the decision."))
    elif item.section == Section.INPUT or review.state != ReviewState.PREPARING:
        require_convened(review)  # an input speaks through the version that convening pins
    if item.section != Section.OUTPUT:
        acknowledgements.require(review, by)
    if value not in item.choices:
        raise WrongAnswer(
            _("%(code)s is answered with one of: %(choices)s.")
            % {"code": code, "choices": ", ".join(str(Answer(choice).label) for choice in item.choices)}
        )
    if value == Answer.CONFIRMED:
        _check_acceptance(review, item, room)
    given = list(item.answers.all())
    if seen is not None and seen != len(given):
        raise AnsweredMeanwhile(_("%(code)s was answered meanwhile: look at it, then answer again.") % {"code": code})
    versions = list(
        ArtifactVersion.objects.filter(pk__in=version_ids, artifact__project=review.project).select_related("artifact")
    )
    if len(versions) != len(set(version_ids)):
        raise EvidenceMissing(_("Evidence must be a version of an artifact of this project."))
    _check_evidence(item, value, reason, evidence, versions)
    if value == Answer.CONFIRMED:
        _check_told(review, item, evidence)
    _check_own_work(item, versions, by)
    row = ItemAnswer.objects.create(
        item=item,
        number=len(given) + 1,
        value=value,
        reason=reason.strip(),
        evidence=evidence.strip(),
        assessor=by,
        at=now,
        proposed_from=proposed_from,
    )
    row.evidence_versions.set(versions)
    before = ledger.snapshot(given[-1], "value", "reason", "evidence") if given else {}
    ledger.record(
        project=review.project,
        by=by,
        event="item.answered",
        obj=row,
        now=now,
        before=before,
        after={
            "review": review.ref,
            "code": code,
            **ledger.row(row),
            "evidence_versions": versions,
            "versions": [{"artifact": v.artifact.kind, "version": v.label, "digest": v.digest} for v in versions],
        },
    )
    content_changed(review.pk, by=by, now=now)
    return row


@transaction.atomic
def confirm_proposal(
    *, review_id: int, code: str, by: User, fact: str, now: datetime, seen: int | None = None
) -> ItemAnswer:
    """The indicator has the answer that follows from what is on record: its fact is the evidence, `by` the assessor.

    Args:
        fact: the sentence that the page showed.
        seen: number of the answer that the page showed; None skips the check.

    Raises: NotAllowed, Refused when nothing is proposed or the fact has changed, and what `answer` raises.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.answers, _("Items are answered by people named in the review."))
    known = proposals.proposals(review, now).get(_item(review, code).code)
    if known is None:
        raise Refused(_("Nothing on record answers %(code)s: answer it yourself.") % {"code": code})
    if known.text != fact:
        raise Refused(_("What is on record has changed: look at it, then confirm."))
    good = known.value in GOOD_ANSWERS
    return answer(
        review_id=review_id,
        code=code,
        by=by,
        value=known.value,
        evidence=known.text if good else "",
        reason="" if good else known.text,
        seen=seen,
        proposed_from=known.text,
        now=now,
    )


def _check_evidence(item: ReviewItem, value: str, reason: str, evidence: str, versions: list[ArtifactVersion]) -> None:
    if value in (Answer.CONFIRMED, Answer.CLEAR):
        if not (evidence.strip() or reason.strip() or versions or item.pins.all()):
            raise EvidenceMissing(_("Say what shows it, or link an artifact version."))
    elif not reason.strip():
        raise EvidenceMissing(_("Give the reason for this answer."))


def _check_told(review: Review, item: ReviewItem, evidence: str) -> None:
    """Whatever the question wants stated stands on a line of its own (SEED-86)."""
    kind = next((kind for kind in REVIEW_TYPES[review.kind].items if kind.code == item.code), None)
    if kind is not None and (missing := kind.untold(evidence)):
        raise EvidenceMissing(
            _("State each on a line of its own in the evidence. Missing: %(lines)s.")
            % {"lines": "; ".join(f"{each}: …" for each in missing)}
        )


def _check_acceptance(review: Review, item: ReviewItem, room: RoomSeat) -> None:
    """Responsibility is accepted by those who take it over, never for them (SEED-88)."""
    roles = next((kind.accepted_by for kind in REVIEW_TYPES[review.kind].items if kind.code == item.code), ())
    if roles and not room.place.roles.intersection(roles):
        raise NotAllowed(
            _("%(code)s is confirmed by whoever takes it over: %(roles)s.")
            % {"code": item.code, "roles": ", ".join(map(role_name, roles))}
        )


def _check_own_work(item: ReviewItem, versions: list[ArtifactVersion], by: User) -> None:
    for version in [*versions, *(pin.version for pin in item.pins.all())]:
        if version.author_id == by.pk:
            raise OwnWork(
                _("You wrote %(artifact)s %(version)s: somebody else assesses it.")
                % {"artifact": version.artifact.kind, "version": version.label}
            )


@transaction.atomic
def pin_newest(*, review_id: int, code: str, by: User, reason: str, now: datetime) -> list[PinnedInput]:
    """The item stands on the newest approved versions of its artifacts; the earlier pins stay, marked replaced.

    Args:
        reason: why the round turns to the newer version; it stays in the ledger.

    Raises: NotAllowed, NotConvened, Refused without a reason or when the newest version is not approved.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.prepares, _("Versions are pinned by the chair or the program manager."))
    require_convened(review)
    item = _item(review, code)
    fresh = []
    for pin in item.pins.all():
        newest = signing.newest_version(pin)
        if newest.pk == pin.version_id:
            continue
        if newest.status != ArtifactStatus.APPROVED:
            raise Refused(_("Version %(label)s is not approved yet.") % {"label": newest.label})
        if not reason.strip():
            raise Refused(
                _("“Why the newer one” is empty: say why %(code)s turns to version %(label)s. It stays in the record.")
                % {"code": code, "label": newest.label}
            )
        pin.replaced_at = now
        pin.save(update_fields=["replaced_at"])
        new = PinnedInput.objects.create(item=item, version_id=newest.pk, pinned_at=now, pinned_by=by)
        fresh.append(new)
        ledger.record(
            project=review.project,
            by=by,
            event="input.pinned",
            obj=new,
            now=now,
            before={"version": pin.version.label, "digest": pin.version.digest},
            after={"review": review.ref, "item": code, "label": newest.label, "digest": newest.digest},
            reason=reason.strip(),
        )
    if fresh:
        content_changed(review.pk, by=by, now=now)
    return fresh


@transaction.atomic
def request_waiver(
    *,
    review_id: int,
    code: str,
    by: User,
    reason: str,
    risk: str,
    compensation: str,
    expires_on: date,
    now: datetime,
) -> Waiver:
    """Somebody asks that an item need not be fine until a date; it counts once another person approves (EXT-07).

    Raises: NotAllowed, NotConvened, Protected, Refused.
    """
    review, room = live_room(review_id, by, load=signing.load_people)
    room.require(room.answers, _("A waiver is asked for by people named in the review."))
    item = _item(review, code)
    _require_waivable(review, item)
    if item.protected:
        raise Protected(
            _("%(code)s protects the people who must live with the release: it is never waived.") % {"code": code}
        )
    if not (reason.strip() and risk.strip() and compensation.strip()):
        raise Refused(_("A waiver states its reason, its risk and a compensating measure."))
    if expires_on < owed.day_of(now):
        raise Refused(_("The waiver would have expired already."))
    earlier = signing.current_waiver(item)
    if earlier is not None and (earlier.approved_at is None or earlier.expires_on >= owed.day_of(now)):
        raise Refused(_("%(code)s has a waiver already.") % {"code": code})
    waiver = Waiver.objects.create(
        item=item,
        reason=reason.strip(),
        risk=risk.strip(),
        compensation=compensation.strip(),
        expires_on=expires_on,
        requested_by=by,
        requested_at=now,
    )
    ledger.record(
        project=review.project,
        by=by,
        event="waiver.requested",
        obj=waiver,
        now=now,
        after={
            "review": review.ref,
            "code": code,
            **ledger.row(waiver),
        },
    )
    content_changed(review.pk, by=by, now=now)
    return waiver


@transaction.atomic
def answer_waiver(
    *, review_id: int, waiver_id: int, by: User, approve: bool, now: datetime, reason: str = ""
) -> Waiver:
    """A waiver is approved or refused by an authority who did not ask for it. Raises: NotAllowed, Refused."""
    review, room = live_room(review_id, by, load=signing.load_people)
    waiver = Waiver.objects.select_related("item").filter(pk=waiver_id, item__review_id=review_id).first()
    if waiver is None or waiver.approved_at or waiver.refused_at:
        raise Refused(_("There is no such waiver waiting."))
    _require_waivable(review, waiver.item)
    if waiver.requested_by_id == by.pk:
        raise NotAllowed(_("You asked for this waiver: somebody else answers."))
    if delegating.one_hand(review, by.pk, waiver.requested_by_id, now):
        raise NotAllowed(
            _("%(person)s asked for this waiver, and one of you signs for the other: somebody else answers.")
            % {"person": waiver.requested_by}
        )
    room.require(room.waives, _("Waivers are approved by the chair, a solution manager or a named authority."))
    if approve:
        waiver.approved_by, waiver.approved_at = by, now
        changed = ["approved_by", "approved_at"]
    else:
        if not reason.strip():
            raise Refused(_("Give a reason: it stays in the record."))
        waiver.refused_at = now
        changed = ["refused_at"]
    waiver.save(update_fields=changed)
    ledger.record(
        project=review.project,
        by=by,
        event="waiver.approved" if approve else "waiver.refused",
        obj=waiver,
        now=now,
        after={"review": review.ref, "code": waiver.item.code, **ledger.snapshot(waiver, *changed)},
        reason=reason,
    )
    content_changed(review.pk, by=by, now=now)
    return waiver
