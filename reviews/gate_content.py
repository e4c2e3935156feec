"""What stands against a round's content: its inputs, its questions and its findings. Lists of blockers, read-only.

An unknown is never green.
"""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.models import ArtifactStatus
from reviews import carried, signing
from reviews.catalog import items_for
from reviews.gate_people import owner_of
from reviews.models import GOOD_ANSWERS, FindingClass, PinnedInput, Review, ReviewItem, Section


def room(review: Review, anchor: str = "") -> str:
    return reverse("review", args=[review.project.code, review.ref]) + (f"#{anchor}" if anchor else "")


def input_blockers(review: Review, today: date, *, convening: bool) -> list[Blocker]:
    """Inputs that are absent, not approved, or overtaken by a newer version (SEED-40, SEED-57).

    Args:
        convening: before the pins exist, the newest approved version is what counts.
    """
    wanted = {
        item.code: item
        for item in items_for(review.kind, review.category, conversion_applies=review.project.conversion_applies)
    }
    rows = {}
    if convening:
        for artifact in review.project.artifacts.prefetch_related("versions"):
            rows[artifact.kind] = artifact
    found: list[Blocker] = []
    for item in review.items.all():
        kinds = wanted[item.code].artifacts if item.code in wanted else ()
        if item.section != Section.INPUT or not item.must or not kinds or signing.is_waived(item, today):
            continue
        if convening:
            settled = any(
                rows[kind].status == ArtifactStatus.NOT_APPLICABLE
                or any(version.status == ArtifactStatus.APPROVED for version in rows[kind].versions.all())
                for kind in kinds
                if kind in rows
            )
            if not settled:
                found.append(_missing_input(review, item, kinds[0]))
            continue
        pins = list(item.pins.all())
        if not pins and current_fine(item, today) is False:
            found.append(_missing_input(review, item, kinds[0]))
        found.extend(_pin_blockers(review, item, pins))
    return found


def _missing_input(review: Review, item: ReviewItem, kind: str) -> Blocker:
    return Blocker(
        code="input.missing",
        text=_("Input %(code)s is missing or not approved: %(text)s") % {"code": item.code, "text": item.text},
        owner=owner_of(review),
        url=reverse("artifact", args=[review.project.code, kind]),
    )


def _pin_blockers(review: Review, item: ReviewItem, pins: list[PinnedInput]) -> list[Blocker]:
    found = []
    for pin in pins:
        newest = signing.newest_version(pin)
        if newest.pk != pin.version_id:
            found.append(
                Blocker(
                    code="input.newer_version",
                    text=(
                        _("%(code)s is pinned to version %(old)s; version %(new)s is approved: pin it.")
                        if newest.status == ArtifactStatus.APPROVED
                        else _("%(code)s is pinned to version %(old)s; version %(new)s exists and is not approved yet.")
                    )
                    % {"code": item.code, "old": pin.version.label, "new": newest.label},
                    owner=owner_of(review),
                    url=room(review, item.code)
                    if newest.status == ArtifactStatus.APPROVED
                    else reverse("artifact", args=[review.project.code, pin.version.artifact.kind]),
                )
            )
        elif pin.version.status != ArtifactStatus.APPROVED:
            found.append(_missing_input(review, item, pin.version.artifact.kind))
    return found


def current_fine(item: ReviewItem, today: date) -> bool | None:
    """True when the item is fine or waived, False when it is not, None when nobody has answered."""
    if signing.is_waived(item, today):
        return True
    answer = signing.current_answer(item)
    return None if answer is None else answer.value in GOOD_ANSWERS


def asks_for_answer(item: ReviewItem) -> bool:
    """Whether the item needs an answer before the decision: inputs speak through their pins, outputs come later."""
    if item.section == Section.OUTPUT:
        return False
    return item.section != Section.INPUT or not list(item.pins.all())


def unanswered_blockers(review: Review, today: date) -> list[Blocker]:
    """Must items that nobody has answered: unanswered blocks (EXT-02)."""
    return [
        _unanswered(review, item)
        for item in review.items.all()
        if item.must and asks_for_answer(item) and current_fine(item, today) is None
    ]


def _unanswered(review: Review, item: ReviewItem) -> Blocker:
    return Blocker(
        code="item.unanswered",
        text=_("%(code)s is not answered: %(text)s") % {"code": item.code, "text": item.text},
        owner=_("a participant"),
        url=room(review, item.code),
    )


def failing_items(review: Review, today: date) -> list[ReviewItem]:
    """Must items answered the wrong way and not waived: what a no-go turns into remediation."""
    return [
        item
        for item in review.items.all()
        if item.must and item.section != Section.OUTPUT and current_fine(item, today) is False
    ]


def not_fine_blockers(review: Review, today: date) -> list[Blocker]:
    """Go indicators not confirmed, no-go indicators present, analyses and decisions not affirmed (SEED-94)."""
    found = []
    for item in failing_items(review, today):
        answer = signing.current_answer(item)
        said = answer.get_value_display() if answer else ""
        found.append(
            Blocker(
                code="item.not_fine",
                text=_("%(code)s is %(answer)s: %(text)s")
                % {"code": item.code, "answer": said.lower(), "text": item.text},
                owner=str(answer.assessor) if answer else "",
                url=room(review, item.code),
            )
        )
    return found


def finding_blockers(review: Review) -> list[Blocker]:
    """Findings that must be settled before a go and are open (EXT-05)."""
    return [
        Blocker(
            code="finding.before_go",
            text=_("%(finding)s must be settled before the go: %(text)s") % {"finding": finding, "text": finding.text},
            owner=str(finding.owner),
            url=room(review, "findings"),
        )
        for finding in review.findings.all()
        if finding.is_open and finding.category == FindingClass.BEFORE_GO
    ]


def answers_so_far(review: Review, today: date) -> list[Blocker]:
    """What the questions lack before the round is convened; nothing while nobody has begun to answer.

    Inputs are the entrance check's, and what a delta round will carry over lacks nothing.
    """
    if not any(list(item.answers.all()) for item in review.items.all()):
        return []
    kept = carried.to_carry(review)
    return not_fine_blockers(review, today) + [
        _unanswered(review, item)
        for item in review.items.all()
        if item.must
        and item.section not in (Section.INPUT, Section.OUTPUT)
        and current_fine(item, today) is None
        and item.code not in kept
    ]
