"""The rounds of a standard change in few steps: opened and convened at once, answered at once (SEED-07).

Each is made of the actions that the rooms of the reviews use, in one transaction: all of it, or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from projects.access import locked
from projects.actions import candidates
from projects.blocker import NotAllowed, Refused
from projects.holders import holders
from projects.models import Category, Project, User
from reviews import gates
from reviews.actions import answers, rounds
from reviews.models import GOOD_ANSWERS, ItemAnswer, Review, ReviewKind, ReviewState


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer to one question. Args: words: evidence of a good answer, reason of another. seen: answers shown."""

    review_id: int
    code: str
    value: str
    words: str
    seen: int


def kind_held(project: Project) -> ReviewKind | None:
    """The review that is held in the present stage, if one is."""
    held = [kind for kind, stages in gates.HELD_IN.items() if project.stage == stages[0]]
    return held[0] if held else None


@transaction.atomic
def hold(*, project_id: int, by: User, now: datetime, candidate: str = "", built_on: date | None = None) -> Review:
    """The round of this stage is convened, with the solution manager as its chair; a release's candidate is named.

    Args:
        candidate: of a release; registered when it is not yet.
        built_on: day of the build of one that is registered now.

    Raises: NotAllowed, Blocked, Refused.
    """
    project = locked(project_id)
    kind = kind_held(project)
    if project.category != Category.STANDARD or kind is None:
        raise Refused(_("No review of a standard change is held in this stage."))
    known = project.releasecandidates.filter(ref=candidate.strip()).exists()
    if kind == ReviewKind.RR and candidate.strip() and not known and built_on is not None:
        candidates.add(project_id=project.pk, by=by, ref=candidate, built_on=built_on, now=now)
    prepared = Review.objects.filter(project=project, kind=kind, state=ReviewState.PREPARING).first()
    if prepared is None:
        managers = holders(project).get("R-SM", [])
        if not managers:
            raise Refused(_("Nobody is the solution manager of this change: name one under People."))
        prepared = rounds.open_round(
            project_id=project.pk, kind=kind, by=by, chair=managers[0], candidate=candidate, now=now
        )
    return rounds.convene(review_id=prepared.pk, by=by, now=now)


@transaction.atomic
def answer(*, by: User, said: Sequence[Said], now: datetime) -> list[ItemAnswer]:
    """All of these questions are answered, or none is. Raises: what `answers.answer` raises, with the code."""
    given = []
    for one in said:
        good = one.value in GOOD_ANSWERS
        try:
            given.append(
                answers.answer(
                    review_id=one.review_id,
                    code=one.code,
                    by=by,
                    value=one.value,
                    evidence=one.words if good else "",
                    reason="" if good else one.words,
                    seen=one.seen,
                    now=now,
                )
            )
        except NotAllowed:
            raise
        except Refused as no:
            raise Refused(no.text if one.code in no.text else f"{one.code}: {no.text}", no.blockers) from no
    return given
