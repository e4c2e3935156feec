"""What stands between a review and its next step: lists of blockers, read-only. Empty means yes.

The same list feeds the refusal, the disabled button, the readiness panel and the reminder. An unknown is never green.
"""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import lifecycle
from projects.blocker import Blocker
from projects.catalog.roles import role_name
from projects.checks import check_blockers
from projects.holders import holders
from projects.models import ArtifactStatus, Gate, Project, Stage, User
from projects.moment import one_moment
from reviews import meeting, owed, proposals, signing, terms
from reviews.catalog import REVIEW_TYPES, items_for, rigor
from reviews.models import (
    GOOD_ANSWERS,
    OPEN_STATES,
    FindingClass,
    Mode,
    Participant,
    PinnedInput,
    Review,
    ReviewItem,
    ReviewKind,
    ReviewState,
    Section,
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


def _room(review: Review, anchor: str = "") -> str:
    return reverse("review", args=[review.project.code, review.ref]) + (f"#{anchor}" if anchor else "")


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


def people_blockers(review: Review) -> list[Blocker]:
    """Groups without an available person, groups that must sign without a signer, an unfit chair (SEED-39, EXT-11)."""
    named: dict[str, list[Participant]] = {}
    recused: dict[str, list[str]] = {}
    for person in review.participants.all():
        if person.recused_at:
            recused.setdefault(person.group, []).append(str(person.user))
        elif person.user.is_active:
            named.setdefault(person.group, []).append(person)
    chair_recused = review.chair_id in review.recused
    found: list[Blocker] = []
    held, names = terms.of(review), terms.group_names(review.kind)
    url = reverse("participants", args=[review.project.code, review.ref])
    for group in held.groups:
        people, must_sign = named.get(group, []), group in held.signer_groups
        signers = [person for person in people if person.signs]
        by_signing = must_sign and review.mode == Mode.ASYNC  # without a meeting, signing is taking part
        counted, wanted = len(signers if by_signing else people), held.quorum.get(group, 0)
        if not people:
            text = _("Nobody is named for %(group)s.")
        elif must_sign and not signers:
            text = _("Nobody signs for %(group)s.")
        elif counted < wanted and by_signing:
            text = _("%(group)s: the quorum asks for %(wanted)d who sign, and %(counted)d does.")
        elif counted < wanted:
            text = _("%(group)s: the quorum asks for %(wanted)d people, and %(counted)d is named.")
        else:
            continue
        text %= {"group": names[group], "wanted": wanted, "counted": counted}
        if group in recused:
            who = ", ".join(recused[group])
            text += " " + _("Recused by a conflict of interest: %(who)s. Name somebody else.") % {"who": who}
        owner = _owner_of(review) if chair_recused else str(review.chair)
        found.append(Blocker(code="group.missing", text=text, owner=owner, url=url))
    found += _signer_role_blockers(review, url)
    if not review.chair.is_active:
        found.append(Blocker(code="chair.left", text=_("The chair has left."), url=url))
    if chair_recused:
        found.append(
            Blocker(
                code="chair.recused",
                text=_("%(chair)s has declared a conflict of interest: name another chair.") % {"chair": review.chair},
                owner=", ".join(str(person) for person in _holders(review, "R-SM")) or _owner_of(review),
                url=reverse("review_facts", args=[review.project.code, review.ref]),
            )
        )
    if any(person.pk == review.chair_id for person in _holders(review, "R-PGM")):
        found.append(
            Blocker(
                code="chair.program_manager",
                text=_("The chair is the project's program manager: name somebody else."),
                url=url,
            )
        )
    return found


def _signer_role_blockers(review: Review, url: str) -> list[Blocker]:
    """Roles that the category's profile and our own policy want among the signers, whatever their group (SEED-43)."""
    wanted = dict.fromkeys([*rigor(review.kind, review.category).signer_roles, *review.signer_roles])
    if not wanted:
        return []
    signers = {person.user_id for person in review.participants.all() if person.signs}
    return [
        Blocker(
            code="signer_role.missing",
            text=_("Nobody who holds the role %(role)s signs.") % {"role": role_name(role)},
            owner=str(review.chair),
            url=url,
        )
        for role in wanted
        if not any(person.pk in signers for person in _holders(review, role))
    ]


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
        owner=_owner_of(review),
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
                    owner=_owner_of(review),
                    url=_room(review, item.code)
                    if newest.status == ArtifactStatus.APPROVED
                    else reverse("artifact", args=[review.project.code, pin.version.artifact.kind]),
                )
            )
        elif pin.version.status != ArtifactStatus.APPROVED:
            found.append(_missing_input(review, item, pin.version.artifact.kind))
    return found


def _holders(review: Review, role: str) -> list[User]:
    """Who holds the role on the project now; `signing.loaded` has brought them along, so that it costs no query."""
    return [held.user for held in review.project.roles.all() if held.role == role and held.ends_on is None]


def _owner_of(review: Review) -> str:
    return str(next(iter(_holders(review, "R-PGM")), review.chair))


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
        url=_room(review, item.code),
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
                url=_room(review, item.code),
            )
        )
    return found


@one_moment()
def project_blockers(review: Review, now: datetime) -> list[Blocker]:
    """What the project itself still owes before this gate: artifacts, outcomes of the stage, an open question."""
    project = review.project
    found = _conversion_blockers(project)
    kind = REVIEW_TYPES[review.kind]
    found += lifecycle.artifact_blockers(project, kind.gate)
    found += _conditions_of_the_plan(project, _kind(review))
    found += proposals.not_waived(review, check_blockers(project, kind.gate, now), timezone.localdate(now))
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
                owner=_owner_of(review),
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
                owner=_owner_of(review),
                url=_room(review, "facts"),
            )
        )
    return found + input_blockers(review, timezone.localdate(now), convening=True)


def signing_blockers(review: Review, now: datetime) -> list[Blocker]:
    """Before the packet goes out: everything answered, nothing overtaken."""
    if review.state != ReviewState.CONVENED:
        return [Blocker(code="review.state", text=_("Sign-offs are requested from a convened review."))]
    today = timezone.localdate(now)
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
    today = timezone.localdate(now)
    if review.state == ReviewState.PREPARING:
        found = [
            Blocker(
                code="review.not_convened",
                text=_("%(ref)s is not convened yet.") % {"ref": review.ref},
                owner=str(review.chair),
                url=_room(review),
            ),
            *entrance_blockers(review, now),
            *_answers_so_far(review, today),
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
        + proposals.contradiction_blockers(review, today, _room(review))
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
                url=_room(review),
            ),
        ]
    return found + signature_blockers(review) + quorum_blockers(review)


def finding_blockers(review: Review) -> list[Blocker]:
    """Findings that must be settled before a go and are open (EXT-05)."""
    return [
        Blocker(
            code="finding.before_go",
            text=_("%(finding)s must be settled before the go: %(text)s") % {"finding": finding, "text": finding.text},
            owner=str(finding.owner),
            url=_room(review, "findings"),
        )
        for finding in review.findings.all()
        if finding.is_open and finding.category == FindingClass.BEFORE_GO
    ]


def _answers_so_far(review: Review, today: date) -> list[Blocker]:
    """What the questions lack before the round is convened; nothing while nobody has begun to answer.

    Inputs are the entrance check's.
    """
    if not any(list(item.answers.all()) for item in review.items.all()):
        return []
    return not_fine_blockers(review, today) + [
        _unanswered(review, item)
        for item in review.items.all()
        if item.must and item.section not in (Section.INPUT, Section.OUTPUT) and current_fine(item, today) is None
    ]


def signature_blockers(review: Review) -> list[Blocker]:
    """Signers whose signature under the present packet is missing."""
    return [
        Blocker(
            code="signature.missing",
            text=_("%(person)s has not signed the present content.") % {"person": person.user},
            owner=str(person.user),
            url=reverse("sign", args=[review.project.code, review.ref]),
        )
        for person in signing.standing(review).waiting
    ]


def quorum_blockers(review: Review) -> list[Blocker]:
    """Who must have taken part in a meeting before it decides, and has not (EXT-09)."""
    if review.mode != Mode.MEETING:
        return []  # signing is taking part, and without the signatures there is no go
    held = meeting.quorum(review)
    missing = [] if held.chair else [_("the chair")]
    missing += [side.label for side in held.groups if not side.met]
    if not missing:
        return []
    return [
        Blocker(
            code="quorum.missing",
            text=_("No quorum: it is not recorded that these took part: %(who)s.") % {"who": ", ".join(missing)},
            owner=str(review.chair),
            url=reverse("attendance", args=[review.project.code, review.ref]),
        )
    ]


@one_moment()
def gate_blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """What keeps this gate shut, from its newest round; the lower app asks through its port."""
    kind = owed.KIND_OF_GATE[gate]
    newest = Review.objects.filter(project=project, kind=kind, state__in=OPEN_STATES).order_by("-round").first()
    if newest is not None:
        review = signing.load(newest.pk)
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
