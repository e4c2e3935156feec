"""What stands between a review and its next step: lists of blockers, read-only. Empty means yes.

The same list feeds the refusal, the disabled button, the readiness panel and the reminder. An unknown is never green.
"""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from projects import lifecycle
from projects.blocker import Blocker
from projects.checks import check_blockers
from projects.holders import holders
from projects.models import Gate, Project, Stage
from projects.moment import one_moment
from reviews import owed, proposals, signing
from reviews.catalog import REVIEW_TYPES
from reviews.gate_content import (
    answers_so_far,
    finding_blockers,
    input_blockers,
    not_fine_blockers,
    room,
    unanswered_blockers,
)
from reviews.gate_people import owner_of, people_blockers, quorum_blockers, signature_blockers
from reviews.models import (
    OPEN_STATES,
    Review,
    ReviewKind,
    ReviewState,
)

GATE_OF_KIND = {ReviewKind.PPA: Gate.PLAN, ReviewKind.RR: Gate.RELEASE}
# A plan may be approved anew while the project is already building (a delta round); a release only near its gate.
HELD_IN = {
    ReviewKind.PPA: (Stage.PLANNING, Stage.BUILD, Stage.STABILIZE),
    ReviewKind.RR: (Stage.STABILIZE, Stage.DEPLOY),
}
# From the stage before it on, a round is prepared ahead: its day is set and its people are named (SEED-41).
PREPARED_IN = {
    ReviewKind.PPA: (Stage.ENVISION, *HELD_IN[ReviewKind.PPA]),
    ReviewKind.RR: (Stage.BUILD, *HELD_IN[ReviewKind.RR]),
}


def _kind(review: Review) -> ReviewKind:
    return ReviewKind(review.kind)


def _conversion_blockers(project: Project) -> list[Blocker]:
    """Whether conversion applies decides which questions are asked (SEED-47)."""
    if project.conversion_applies is not None:
        return []
    return [
        Blocker(
            code="project.conversion_unanswered",
            text=_("It is not said whether data or system conversion applies."),
            owner=_program_managers(project),
            url=reverse("project_edit", args=[project.code]) + "#div_id_conversion_applies",
        )
    ]


def _candidate_blockers(project: Project, kind: ReviewKind) -> list[Blocker]:
    """A release is reviewed under the name of a candidate that is registered for the project (SEED-31)."""
    if kind != ReviewKind.RR or project.releasecandidates.exists():
        return []
    return [
        Blocker(
            code="candidate.none",
            text=_("Name the release candidate first."),
            owner=_program_managers(project),
            url=reverse("register", args=[project.code, "candidates"]),
        )
    ]


def _program_managers(project: Project) -> str:
    return ", ".join(map(str, holders(project).get("R-PGM", [])))


def opening_blockers(project: Project, kind: ReviewKind) -> list[Blocker]:
    """Why no round of this kind can be prepared now.

    The question of conversion is answered before: its answer would end the round and begin another one. A release is
    reviewed under the name of a candidate, which must be registered, unless the round is prepared ahead.
    """
    found = lifecycle.status_blockers(project) + _conversion_blockers(project)
    if project.stage not in PREPARED_IN[kind]:
        found.append(
            Blocker(
                code="review.wrong_stage",
                text=_("%(review)s is held in %(stages)s; a round of it is prepared from %(first)s on.")
                % {"review": kind.label, "stages": _stages(kind), "first": PREPARED_IN[kind][0].label},
            )
        )
    elif project.stage in HELD_IN[kind]:
        found += _candidate_blockers(project, kind)
    running = Review.objects.filter(project=project, state__in=OPEN_STATES).first()
    if running:
        found.append(
            Blocker(
                code="review.already_open",
                text=_("%(ref)s is still open: decide or withdraw it first.") % {"ref": running.ref},
                owner=str(running.chair),
                url=reverse("review", args=[project.code, running.ref]),
            )
        )
    return found


def _stages(kind: ReviewKind) -> str:
    return " / ".join(str(stage.label) for stage in HELD_IN[kind])


@one_moment()
def project_blockers(review: Review, now: datetime) -> list[Blocker]:
    """What the project itself still owes before this gate: artifacts, outcomes of the stage, an open question."""
    project = review.project
    found = _conversion_blockers(project)
    kind = REVIEW_TYPES[review.kind]
    found += lifecycle.artifact_blockers(project, kind.gate)
    found += _conditions_of_the_plan(project, _kind(review))
    found += proposals.not_waived(review, check_blockers(project, kind.gate, now), owed.day_of(now))
    return found + _outcome_blockers(review)


def _outcome_blockers(review: Review) -> list[Blocker]:
    """Outcomes of the stage that ends with this review; a delta round is held after its stage."""
    stage = REVIEW_TYPES[review.kind].stage
    return lifecycle.outcome_blockers(review.project, stage) if review.project.stage == stage else []


def _exit_blockers(review: Review) -> list[Blocker]:
    """A release is opened for decision once the exit of Stabilize is confirmed, and stays so (SEED-10)."""
    return _outcome_blockers(review) if _kind(review) == ReviewKind.RR else []


def _conditions_of_the_plan(project: Project, kind: ReviewKind) -> list[Blocker]:
    """What the go of the plan was tied to binds before the release is found ready (EXT-06)."""
    return owed.condition_blockers(project, Gate.PLAN) if kind == ReviewKind.RR else []


def stage_blockers(review: Review) -> list[Blocker]:
    """The project must be active and stand where this review is held (SEED-41)."""
    project, kind = review.project, _kind(review)
    found = lifecycle.status_blockers(project)
    if project.stage not in HELD_IN[kind]:
        found.append(
            Blocker(
                code="review.wrong_stage",
                text=_("%(ref)s is held in %(stages)s; the project is in %(stage)s.")
                % {"ref": review.ref, "stages": _stages(kind), "stage": Stage(project.stage).label},
                owner=owner_of(review),
                url=reverse("project", args=[project.code]),
            )
        )
    return found


def entrance_blockers(review: Review, now: datetime) -> list[Blocker]:
    """The entrance check: may the review be held at all? (EXT-01)"""
    if review.state != ReviewState.PREPARING:
        return [Blocker(code="review.state", text=_("%(ref)s is already convened.") % {"ref": review.ref})]
    found = stage_blockers(review) + _exit_blockers(review) + people_blockers(review)
    if _kind(review) == ReviewKind.RR and not review.candidate:
        found.append(
            Blocker(
                code="review.no_candidate",
                text=_("The release candidate that is being reviewed is not named."),
                owner=owner_of(review),
                url=room(review, "facts"),
            )
        )
    return found + input_blockers(review, owed.day_of(now), convening=True)


def signing_blockers(review: Review, now: datetime) -> list[Blocker]:
    """Before the packet goes out: everything answered, nothing overtaken."""
    if review.state != ReviewState.CONVENED:
        return [Blocker(code="review.state", text=_("Sign-offs are requested from a convened review."))]
    today = owed.day_of(now)
    return (
        stage_blockers(review)
        + _exit_blockers(review)
        + people_blockers(review)
        + input_blockers(review, today, convening=False)
        + unanswered_blockers(review, today)
    )


@one_moment()
def blockers(review: Review, now: datetime) -> list[Blocker]:
    """What stands between this review and a go, now. Empty means yes.

    Args:
        review: as `signing.load` gives it.
        now: aware moment; waivers expire by it.
    """
    today = owed.day_of(now)
    if review.state == ReviewState.PREPARING:
        found = [
            Blocker(
                code="review.not_convened",
                text=_("%(ref)s is not convened yet.") % {"ref": review.ref},
                owner=str(review.chair),
                url=room(review),
            ),
            *entrance_blockers(review, now),
            *answers_so_far(review, today),
            *finding_blockers(review),
            *project_blockers(review, now),
        ]
        return list(dict.fromkeys(found))  # the exit of Stabilize is asked for by the entrance check and by the go
    found = (
        stage_blockers(review)
        + people_blockers(review)
        + input_blockers(review, today, convening=False)
        + unanswered_blockers(review, today)
        + not_fine_blockers(review, today)
        + proposals.contradiction_blockers(review, today, room(review))
        + finding_blockers(review)
        + project_blockers(review, now)
    )
    if review.state == ReviewState.CONVENED:  # nobody can sign yet, so it waits for whoever asks
        return [
            *found,
            Blocker(
                code="review.sign_offs_not_requested",
                text=_("Sign-offs are not requested yet."),
                owner=str(review.chair),
                url=room(review),
            ),
        ]
    return found + signature_blockers(review) + quorum_blockers(review)


@one_moment()
def gate_blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """What keeps this gate shut, from its newest round; the lower app asks through its port."""
    kind = owed.KIND_OF_GATE[gate]
    review = next((each for each in signing.open_rounds(project) if each.kind == kind), None)
    if review is not None:
        return blockers(review, now) or [
            Blocker(
                code="review.undecided",
                text=_("%(ref)s waits for its decision.") % {"ref": review.ref},
                owner=str(review.chair),
                url=reverse("decide", args=[project.code, review.ref]),
            )
        ]
    return [
        Blocker(
            code="review.none",
            text=_("The review %(review)s has not been opened.") % {"review": kind.label},
            owner=_program_managers(project),
            url=reverse("review_new", args=[project.code, kind]),
        ),
        *_candidate_blockers(project, kind),
        *_conversion_blockers(project),
        *_conditions_of_the_plan(project, kind),
        *lifecycle.artifact_blockers(project, REVIEW_TYPES[kind].gate),
        *check_blockers(project, REVIEW_TYPES[kind].gate, now),
    ]
