"""A delta round: what a change did not touch keeps the answer of the round before (EXT-16)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects import ledger
from projects.blocker import Refused
from projects.models import ArtifactStatus, ArtifactVersion, Project, User
from reviews import signing
from reviews.access import live_room
from reviews.actions.changes import content_changed
from reviews.catalog import items_for
from reviews.models import GOOD_ANSWERS, Answer, ItemAnswer, RemediationItem, Review, ReviewItem, ReviewState, Section


def last_decided(project: Project, kind: str) -> Review | None:
    """The newest decided round of this kind, the one that a delta round stands on."""
    decided = Review.objects.filter(project=project, kind=kind, state=ReviewState.DECIDED)
    return decided.order_by("-round").first()


@transaction.atomic
def ask_again(*, review_id: int, code: str, by: User, reason: str, now: datetime) -> ItemAnswer:
    """A carried answer counts no more: the question is open until somebody answers it in this round (EXT-16).

    Raises: NotAllowed, Blocked, Refused.
    """
    review, room = live_room(review_id, by)
    room.require(room.chairs, _("A carried answer is set aside by the chair, %(chair)s.") % {"chair": review.chair})
    item = next((each for each in review.items.all() if each.code == code), None)
    carried = signing.current_answer(item) if item is not None else None
    if item is None or carried is None or not carried.carried_from:
        raise Refused(_("%(code)s has no carried answer.") % {"code": code})
    if review.state not in (ReviewState.CONVENED, ReviewState.SIGNING):
        raise Refused(_("%(ref)s is over: it stays as it was.") % {"ref": review.ref})
    if not reason.strip():
        raise Refused(_("Say why it is asked again: whoever answers reads it."))
    row = ItemAnswer.objects.create(
        item=item, number=carried.number + 1, value=Answer.ASKED_AGAIN, reason=reason.strip(), assessor=by, at=now
    )
    ledger.record(
        project=review.project,
        by=by,
        event="item.asked_again",
        obj=row,
        now=now,
        before=ledger.snapshot(carried, "value", "reason", "evidence"),
        after={"review": review.ref, "code": code, **ledger.row(row), "evidence_versions": []},
        reason=reason.strip(),
    )
    content_changed(review.pk, by=by, now=now)
    return row


def carry_over(review: Review, *, by: User, now: datetime) -> list[str]:
    """Questions that the change did not touch have the answer of the last decided round, marked as carried over.

    Args:
        review: just convened, with its inputs pinned.

    Returns: codes of the questions carried over.
    """
    last, found = _carried(review)
    for item, answer in found:
        _copy(review, item, answer, last, by=by, now=now)
    return [item.code for item, _answer in found]


def to_carry(review: Review) -> dict[str, str]:
    """Questions of a delta round not yet convened that keep their answer if nothing changes before, each by its code.

    Returns: the round that each answer comes from. No query for any other round.
    """
    if not review.delta or review.state != ReviewState.PREPARING:
        return {}
    last, found = _carried(review)
    return {item.code: answer.carried_from or last.ref for item, answer in found}


def _carried(review: Review) -> tuple[Review, list[tuple[ReviewItem, ItemAnswer]]]:
    """The round that this one stands on, and the questions that its changes did not touch with what was answered.

    Touched is: an artifact that the question is about, that was pinned to it or that was linked as its evidence has a
    version approved since; the question is worded anew (each version of one of our own has its own code: what was said
    to one holds for no other); it was waived, is an area to address, or was not fine. Another release candidate touches
    everything: what was said of one holds for no other.
    """
    found = last_decided(review.project, review.kind)
    if found is None or found.candidate != review.candidate:
        return review, []
    last = signing.load(found.pk)
    earlier = {item.code: item for item in last.items.all()}
    addressed = set(RemediationItem.objects.filter(review=last).values_list("items__code", flat=True))
    newest: dict[int, ArtifactVersion] = {}
    approved = ArtifactVersion.objects.filter(artifact__project=review.project, status=ArtifactStatus.APPROVED)
    for version in approved.select_related("artifact").order_by("number"):
        newest[version.artifact_id] = version
    changed_kinds = {
        version.artifact.kind
        for version in newest.values()
        if version.approved_at and last.decided_at and version.approved_at > last.decided_at
    }
    catalogue = items_for(review.kind, review.category, conversion_applies=review.project.conversion_applies)
    about = {item.code: set(item.artifacts) for item in catalogue}
    carried = []
    for item in review.items.all():
        before = earlier.get(item.code)
        if (
            before is None
            or item.answers.exists()
            or item.code in addressed
            or about.get(item.code, set()) & changed_kinds
        ):
            continue
        answer = _untouched(item, before, newest)
        if answer is not None:
            carried.append((item, answer))
    return last, carried


def _untouched(item: ReviewItem, before: ReviewItem, newest: dict[int, ArtifactVersion]) -> ItemAnswer | None:
    """The answer that still stands, or nothing."""
    answer = signing.current_answer(before)
    if answer is None or answer.value not in GOOD_ANSWERS or answer.value not in item.choices:
        return None
    if item.section == Section.OUTPUT or item.text != before.text or signing.current_waiver(before) is not None:
        return None
    stood_on = [*(pin.version for pin in before.pins.all()), *answer.evidence_versions.all()]
    for version in stood_on:
        latest = newest.get(version.artifact_id)
        if latest is None or latest.number != version.number:
            return None
    return answer


def _copy(review: Review, item: ReviewItem, answer: ItemAnswer, last: Review, *, by: User, now: datetime) -> None:
    versions = list(answer.evidence_versions.all())
    row = ItemAnswer.objects.create(
        item=item,
        number=1,
        value=answer.value,
        reason=answer.reason,
        evidence=answer.evidence,
        assessor=answer.assessor,
        at=answer.at,
        carried_from=answer.carried_from or last.ref,
    )
    row.evidence_versions.set(versions)
    ledger.record(
        project=review.project,
        by=by,
        event="item.carried_over",
        obj=row,
        now=now,
        after={"review": review.ref, "code": item.code, **ledger.row(row), "evidence_versions": versions},
    )
