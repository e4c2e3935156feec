"""How a project moves: which step, from where to where, who may take it, what must be true before.

The edges themselves are django-fsm transitions on `Project`; `MOVES` is their readable table, and a test holds the two
together. `blockers` is the one list that feeds the refusal, the disabled button and the readiness panel.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.blocker import Blocker
from projects.catalog.artifacts import ARTIFACT_KINDS
from projects.catalog.artifacts import Gate as CatalogGate
from projects.catalog.categories import PROFILES, required_artifacts
from projects.catalog.roles import role_name
from projects.catalog.stages import STAGES
from projects.checks import check_blockers, register_blockers
from projects.checks.funding import limit_blockers
from projects.exits import EXIT_GATES
from projects.holders import holders, named
from projects.models import (
    Artifact,
    ArtifactStatus,
    Gate,
    GatePass,
    OutcomeConfirmation,
    Project,
    Stage,
    StageOutside,
    StageRun,
    Status,
    User,
)
from projects.moment import one_moment
from projects.ports import ports

KEY_ROLES = ("R-PGM", "R-PDM", "R-DEV")  # SEED-114, Table 6


@dataclass(frozen=True)
class Move:
    """One step between stages.

    Args:
        name: the django-fsm transition on `Project`.
        needs: what must be true, as a list of blockers; empty means yes.
        director: taken by a solution manager only; else by whoever manages the project.
        back: rework; asks for a reason and closes the gates it goes back through.
    """

    name: str
    label: object
    sources: tuple[Stage, ...]
    target: Stage
    needs: Callable[["Project", datetime], list[Blocker]]
    director: bool = False
    back: bool = False
    closes: tuple[Gate, ...] = ()


def artifact_blockers(project: Project, gate: CatalogGate) -> list[Blocker]:
    """Artifacts that this category's profile wants approved at the gate and that are not (SEED-18, AUT-04).

    Args:
        gate: vision, plan, scope, release or close.
    """
    wanted = required_artifacts(
        project.category,
        gate,
        conversion_applies=project.conversion_applies,
        role_segregation=project.role_segregation,
    )
    rows = {row.kind: row for row in project.artifacts.filter(kind__in=wanted).select_related("owner")}
    missing = [kind for kind in wanted if not _is_settled(rows.get(kind))]
    if not missing:
        return []
    people = holders(project)
    return [_artifact_blocker(project, kind, rows.get(kind), people) for kind in missing]


def _is_settled(artifact: Artifact | None) -> bool:
    return artifact is not None and artifact.status in (ArtifactStatus.APPROVED, ArtifactStatus.NOT_APPLICABLE)


def _artifact_blocker(project: Project, code: str, artifact: Artifact | None, people: dict[str, list[User]]) -> Blocker:
    kind = ARTIFACT_KINDS[code]
    status = artifact.status if artifact else ArtifactStatus.NOT_STARTED
    texts = {
        ArtifactStatus.NOT_STARTED: _("%(artifact)s has not been started."),
        ArtifactStatus.DRAFT: _("%(artifact)s is a draft: submit it and have it approved."),
        ArtifactStatus.IN_REVIEW: _("%(artifact)s waits for approval by someone other than its author."),
    }
    owner = str(artifact.owner) if artifact and artifact.owner else named(people, kind.owner_role, "R-PGM")
    return Blocker(
        code="artifact.not_approved",
        text=texts[ArtifactStatus(status)] % {"artifact": kind.name},
        owner=owner,
        url=reverse("artifact", args=[project.code, code]),
    )


def _passage(project: Project, stage: str) -> tuple[StageRun | None, bool]:
    """The newest passage through the stage, and whether the stage was run outside the system; one query.

    Rework brings the stage into the system: only the first passage counts as run outside (SEED-14).
    """
    declared = StageOutside.objects.filter(project=OuterRef("project"), stage=OuterRef("stage"))
    runs = StageRun.objects.filter(project=project, stage=stage).annotate(outside=Exists(declared))
    run = runs.order_by("-iteration").first()
    return run, run is not None and run.outside and run.iteration == 1


def outcome_blockers(project: Project, stage: str) -> list[Blocker]:
    """Outcomes of the stage (Table 1) that its present passage has not confirmed (SEED-19).

    None of a stage that was run outside the system (SEED-14).
    """
    run, outside = _passage(project, stage)
    return [] if outside else _unconfirmed(project, stage, run)


def _unconfirmed(project: Project, stage: str, run: StageRun | None) -> list[Blocker]:
    kind = STAGES[stage]
    newest: dict[str, OutcomeConfirmation] = {}
    if run is not None:
        for answer in run.confirmations.all():
            newest[answer.outcome] = answer
    missing = [o for o in kind.outcomes if o.code not in newest or not newest[o.code].confirmed]
    if not missing:
        return []
    owner = named(holders(project), "R-PGM")
    return [
        Blocker(
            code="outcome.not_confirmed",
            text=_("Outcome of %(stage)s not confirmed: %(outcome)s") % {"stage": kind.name, "outcome": outcome.text},
            owner=owner,
            url=reverse("stage", args=[project.code, stage]) + f"#{outcome.code}",
        )
        for outcome in missing
    ]


@one_moment()
def exit_blockers(project: Project, stage: str, now: datetime) -> list[Blocker]:
    """What the exit of a stage still lacks, its gate review aside.

    Of a stage that was run outside the system, only what stands open in the project's registers (SEED-14).
    """
    gate = EXIT_GATES.get(stage)
    run, outside = _passage(project, stage)
    if outside:
        return register_blockers(project, gate, now) if gate else []
    of_gate = [*artifact_blockers(project, gate), *check_blockers(project, gate, now)] if gate else []
    return [*of_gate, *_unconfirmed(project, stage, run)]


def open_pass(project: Project, gate: Gate) -> GatePass | None:
    """The pass that holds this gate open, expired or not."""
    return GatePass.objects.filter(project=project, gate=gate, revoked_at__isnull=True).first()


def _needs_envision(project: Project, now: datetime) -> list[Blocker]:
    found = []
    people = holders(project)
    recorded = project.portfolio_ref and project.portfolio_date and project.portfolio_outcome
    if PROFILES[project.category].portfolio_review and not recorded:  # SEED-11
        found.append(
            Blocker(
                code="portfolio.not_recorded",
                text=_("The portfolio review's reference, date and outcome are not recorded."),
                owner=named(people, "R-PGM"),
                url=reverse("project_edit", args=[project.code]) + "#id_portfolio_ref",
            )
        )
    return found + _role_blockers(project, ("R-SM", "R-PGM"), people)


def _role_blockers(project: Project, roles: Iterable[str], people: dict[str, list[User]]) -> list[Blocker]:
    return [
        Blocker(
            code="role.vacant",
            text=_("Nobody holds the role %(role)s.") % {"role": role_name(role)},
            owner=named(people, "R-PGM", "R-SM"),
            url=reverse("roles", args=[project.code]),
        )
        for role in roles
        if not people.get(role)
    ]


def _needs_planning(project: Project, now: datetime) -> list[Blocker]:
    people = holders(project)
    found = exit_blockers(project, "envision", now)
    if not project.requirements.exists():  # SEED-35
        found.append(
            Blocker(
                code="requirement.none",
                text=_("No business need or requirement is recorded."),
                owner=named(people, "R-PDM", "R-PGM"),
                url=reverse("requirements", args=[project.code]),
            )
        )
    return found + _role_blockers(project, KEY_ROLES, people)


def gate_blockers(project: Project, gate: Gate, now: datetime) -> list[Blocker]:
    """What keeps a gate shut: nothing when a pass is open and in date, else what its review lacks.

    Whether what the go was tied to still holds is `ports.lapse_blockers`.
    """
    row_says_open = project.plan_approved_at if gate == Gate.PLAN else project.release_ready_at
    found = open_pass(project, gate) if row_says_open else None
    if found is None:
        return ports.gate_blockers(project, gate, now) or [
            Blocker(code="gate.closed", text=_("The gate %(gate)s has not been opened.") % {"gate": gate.label})
        ]
    if found.valid_until is not None and found.valid_until < now:
        return [
            Blocker(
                code="gate.expired",
                text=_("%(ref)s was valid until %(date)s: hold another round.")
                % {"ref": found.review_ref, "date": date_format(timezone.localtime(found.valid_until), "j M Y, H:i")},
                owner=named(holders(project), "R-PGM"),
                url=reverse("project", args=[project.code]),
            )
        ]
    return []


def _needs_build(project: Project, now: datetime) -> list[Blocker]:
    shut = gate_blockers(project, Gate.PLAN, now) or ports.lapse_blockers(project, Gate.PLAN, now)
    return outcome_blockers(project, "planning") + shut


def _needs_stabilize(project: Project, now: datetime) -> list[Blocker]:
    return exit_blockers(project, "build", now) + ports.output_blockers(project, now)  # SEED-64


def _needs_deploy(project: Project, now: datetime) -> list[Blocker]:
    shut = gate_blockers(project, Gate.RELEASE, now)
    since_the_go = []
    if not shut:  # a shut gate has asked all of this
        since_the_go = ports.lapse_blockers(project, Gate.RELEASE, now) + ports.condition_blockers(project, Gate.PLAN)
        since_the_go += ports.without_waived(project, check_blockers(project, "release", now), now)
    return outcome_blockers(project, "stabilize") + shut + since_the_go


def _needs_closing(project: Project, now: datetime) -> list[Blocker]:
    owed = ports.condition_blockers(project, Gate.RELEASE) + ports.output_blockers(project, now)  # SEED-88
    return exit_blockers(project, "deploy", now) + owed


def _needs_nothing(project: Project, now: datetime) -> list[Blocker]:
    return []


S = Stage
MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("start_envision", gettext_lazy("Start Envision"), (S.REGISTERED,), S.ENVISION, _needs_envision),
        Move("start_planning", gettext_lazy("Start Project Planning"), (S.ENVISION,), S.PLANNING, _needs_planning),
        Move("start_build", gettext_lazy("Start Build"), (S.PLANNING,), S.BUILD, _needs_build),
        Move("start_stabilize", gettext_lazy("Start Stabilize"), (S.BUILD,), S.STABILIZE, _needs_stabilize),
        Move("start_deploy", gettext_lazy("Start Deploy"), (S.STABILIZE,), S.DEPLOY, _needs_deploy),
        Move("close", gettext_lazy("Close the project"), (S.DEPLOY,), S.CLOSED, _needs_closing, director=True),
        Move(
            "return_to_planning",
            gettext_lazy("Return to Project Planning"),
            (S.BUILD, S.STABILIZE),
            S.PLANNING,
            _needs_nothing,
            back=True,
            closes=(Gate.RELEASE, Gate.PLAN),
        ),
        Move(
            "return_to_build",
            gettext_lazy("Return to Build"),
            (S.STABILIZE,),
            S.BUILD,
            _needs_nothing,
            back=True,
            closes=(Gate.RELEASE,),
        ),
        Move(
            "return_to_stabilize",
            gettext_lazy("Return to Stabilize"),
            (S.DEPLOY,),
            S.STABILIZE,
            _needs_nothing,
            back=True,
            closes=(Gate.RELEASE,),
        ),
    )
}


def moves_from(stage: str) -> list[Move]:
    """The steps that leave this stage, the one forward first."""
    return [move for move in MOVES.values() if stage in move.sources]


def next_move(project: Project) -> Move | None:
    """The step forward from here, if there is one."""
    return next((move for move in moves_from(project.stage) if not move.back), None)


def status_blockers(project: Project) -> list[Blocker]:
    """A project that is on hold, cancelled or closed does not move and is not changed."""
    if project.status == Status.ACTIVE:
        return []
    text = {
        Status.ON_HOLD: _("The project is on hold: %(reason)s"),
        Status.CANCELLED: _("The project was cancelled: %(reason)s"),
        Status.CLOSED: _("The project is closed and read-only."),
    }[Status(project.status)]
    return [
        Blocker(
            code=f"project.{project.status}",
            text=text % {"reason": project.status_reason},
            owner=role_name("R-SM") if project.status == Status.ON_HOLD else "",
            url=reverse("project", args=[project.code]),
        )
    ]


@one_moment()
def blockers(project: Project, move: Move, now: datetime) -> list[Blocker]:
    """What stands between the project and this step; empty means it can be taken."""
    if project.stage not in move.sources:
        return [
            Blocker(
                code="stage.wrong",
                text=_("%(move)s is not a step from %(stage)s.")
                % {"move": move.label, "stage": Stage(project.stage).label},
            )
        ]
    if project.status in (Status.CANCELLED, Status.CLOSED):
        return status_blockers(project)  # it has ended: nobody owes it anything more
    of_money = [] if move.back else limit_blockers(project, move.target)
    found = status_blockers(project) + of_money + move.needs(project, now)
    return list(dict.fromkeys(found))  # the stage and its open round may lack the same outcome
