"""What a delta round carries over from the round before: the answers that no change has touched (EXT-16). Read-only."""

from projects.models import ArtifactStatus, ArtifactVersion, Project
from projects.moment import once
from reviews import signing
from reviews.catalog import items_for
from reviews.models import GOOD_ANSWERS, ItemAnswer, RemediationItem, Review, ReviewItem, ReviewState, Section


def last_decided(project: Project, kind: str) -> Review | None:
    """The newest decided round of this kind, the one that a delta round stands on."""
    decided = Review.objects.filter(project=project, kind=kind, state=ReviewState.DECIDED)
    return decided.order_by("-round").first()


def to_carry(review: Review) -> dict[str, str]:
    """Questions of a delta round not yet convened that keep their answer if nothing changes before, each by its code.

    Returns: the round that each answer comes from. No query for any other round.
    """
    if not review.delta or review.state != ReviewState.PREPARING:
        return {}
    found = once(f"carried over to {review.ref}", review.project_id, lambda: untouched(review))
    return {item.code: ref for item, _answer, ref in found}


def untouched(review: Review) -> list[tuple[ReviewItem, ItemAnswer, str]]:
    """Questions that no change has touched since the last decided round, with the answer and the round it comes from.

    Touched is: an artifact that the question is about, that was pinned to it or that was linked as its evidence has a
    version approved since; the question is worded anew (each version of one of our own has its own code: what was said
    to one holds for no other); it was waived, is an area to address, or was not fine. Another release candidate touches
    everything: what was said of one holds for no other.
    """
    found = last_decided(review.project, review.kind)
    if found is None or found.candidate != review.candidate:
        return []
    last = signing.load(found.pk)
    earlier = {item.code: item for item in last.items.all()}
    addressed = set(RemediationItem.objects.filter(review=last).values_list("items__code", flat=True))
    newest = _newest_approved(review.project)
    changed = {
        version.artifact.kind
        for version in newest.values()
        if version.approved_at and last.decided_at and version.approved_at > last.decided_at
    }
    catalogue = items_for(review.kind, review.category, conversion_applies=review.project.conversion_applies)
    touched = addressed | {item.code for item in catalogue if changed.intersection(item.artifacts)}
    kept = []
    for item in review.items.all():
        if item.code in earlier and item.code not in touched and not item.answers.all():
            answer = _still_stands(item, earlier[item.code], newest)
            if answer is not None:
                kept.append((item, answer, answer.carried_from or last.ref))
    return kept


def _newest_approved(project: Project) -> dict[int, ArtifactVersion]:
    """By the artifact's key."""
    approved = ArtifactVersion.objects.filter(artifact__project=project, status=ArtifactStatus.APPROVED)
    return {row.artifact_id: row for row in approved.select_related("artifact").defer("text").order_by("number")}


def _still_stands(item: ReviewItem, before: ReviewItem, newest: dict[int, ArtifactVersion]) -> ItemAnswer | None:
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
