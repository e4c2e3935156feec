"""What is said of one item now: its answer, its waiver, the newest version of what it stands on.

All of it is read from items as `signing.loaded` and `signing.item_of` give them; anything else costs queries.
"""

from datetime import date

from projects.models import ArtifactVersion
from reviews.models import Answer, ItemAnswer, PinnedInput, ReviewItem, Waiver


def current_answer(item: ReviewItem) -> ItemAnswer | None:
    """The newest answer; earlier ones stay in the history. None when nobody has answered, or it is asked again."""
    answers = list(item.answers.all())
    return answers[-1] if answers and answers[-1].value != Answer.ASKED_AGAIN else None


def current_waiver(item: ReviewItem) -> Waiver | None:
    """The newest waiver asked for or approved; one that was refused is none."""
    return next((waiver for waiver in reversed(list(item.waivers.all())) if waiver.refused_at is None), None)


def is_waived(item: ReviewItem, today: date) -> bool:
    """Whether an approved waiver stands in for the item on this day."""
    waiver = current_waiver(item)
    return waiver is not None and waiver.approved_at is not None and waiver.expires_on >= today and not item.protected


def newest_version(pin: PinnedInput) -> ArtifactVersion:
    """The newest version of the artifact that is pinned."""
    return list(pin.version.artifact.versions.all())[-1]
