"""Every step x every role x every stage: who may take it, from where, and what the ledger says afterwards."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects import lifecycle
from projects.actions import projects, requirements, stages
from projects.blocker import Blocked, NotAllowed, Refused
from projects.catalog.stages import STAGES
from projects.lifecycle import MOVES
from projects.models import Gate, GatePass, LedgerEntry, Project, Stage, StageRun, Status
from reviews.actions.decisions import AreaToAddress
from reviews.models import Decision, ReviewKind
from tests import world
from tests.kept import kept

pytestmark = pytest.mark.django_db

WHO = ["manager", "program", "product", "developer", "sponsor", "operations", "support", "user"]
WHO += ["auditor", "process_owner", "operator", "outsider"]
FORWARD = {
    Stage.REGISTERED: "start_envision",
    Stage.ENVISION: "start_planning",
    Stage.PLANNING: "start_build",
    Stage.BUILD: "start_stabilize",
    Stage.STABILIZE: "start_deploy",
    Stage.DEPLOY: "close",
}


def ready_for(stage: str, people: world.People) -> Project:
    """A project in this stage with everything done that the step forward asks for."""
    project = world.register(people)
    if stage == Stage.REGISTERED:
        return project
    if stage == Stage.ENVISION:
        world.move(project, "start_envision", people)
        world.supply_artifacts(project, "vision", people)
        requirements.add(project_id=project.pk, by=people.product, kind="business", text="A need.", now=world.NOW)
        world.confirm_outcomes(project, people)
    elif stage == Stage.PLANNING:
        world.to_planning(project, people)
        world.pass_gate(project, ReviewKind.PPA, people)
    elif stage == Stage.BUILD:
        world.to_build(project, people)
        world.supply_artifacts(project, "scope", people)
        world.confirm_outcomes(project, people)
    elif stage == Stage.STABILIZE:
        world.to_stabilize(project, people)
        world.pass_gate(project, ReviewKind.RR, people)
    elif stage == Stage.DEPLOY:
        world.to_deploy(project, people)
        world.supply_artifacts(project, "close", people)
        world.confirm_outcomes(project, people)
    return world.fresh(project)


def scene() -> tuple[world.People, dict[str, Project]]:
    """In each stage one project that could take its step forward."""
    people = world.People()
    return people, {stage: ready_for(stage, people) for stage in FORWARD}


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene) -> world.People:
    return scene[0]


@pytest.fixture
def ready(scene) -> dict[str, Project]:
    return scene[1]


def test_the_table_and_the_machine_agree():
    """`MOVES` is what people read, django-fsm what holds: neither has an edge the other lacks."""
    read = {(move.name, source, move.target) for move in MOVES.values() for source in move.sources}
    held = {
        (transition.name, transition.source, transition.target) for transition in Project().get_all_stage_transitions()
    }

    assert {(name, str(source), str(target)) for name, source, target in read} == {
        (name, str(source), str(target)) for name, source, target in held
    }


@pytest.mark.req("SEED-09")
@pytest.mark.parametrize("stage", list(FORWARD))
def test_who_may_take_the_step_forward(people, ready, stage):
    """Only who manages the project moves it; only a solution manager closes it; everybody else leaves no trace."""
    project = ready[stage]
    name = FORWARD[stage]
    allowed = {"manager"} if MOVES[name].director else {"manager", "program"}
    before = LedgerEntry.objects.count()

    for who in WHO:
        if who not in allowed:
            with pytest.raises(NotAllowed):
                stages.move(project_id=project.pk, by=getattr(people, who), name=name, now=world.NOW)
    assert world.fresh(project).stage == stage
    assert LedgerEntry.objects.count() == before

    for who in sorted(allowed)[:1]:
        moved = stages.move(project_id=project.pk, by=getattr(people, who), name=name, now=world.NOW)
        assert moved.stage == MOVES[name].target
    entry = LedgerEntry.objects.get(stream__project=project, event=f"stage.{name}")
    assert entry.actor == getattr(people, sorted(allowed)[0])


@pytest.mark.parametrize("stage", list(FORWARD))
def test_every_other_step_is_refused_from_here(people, ready, stage):
    project = ready[stage]
    for name, step in MOVES.items():
        if stage not in step.sources:
            with pytest.raises(Blocked):
                stages.move(project_id=project.pk, by=people.manager, name=name, now=world.NOW, reason="try")
    assert world.fresh(project).stage == stage


@pytest.mark.req("SEED-08")
@pytest.mark.parametrize("stage", [Stage.ENVISION, Stage.PLANNING, Stage.BUILD, Stage.STABILIZE, Stage.DEPLOY])
def test_a_step_is_refused_with_what_is_missing_each_with_a_way_to_mend_it(people, ready, stage):
    before = list(FORWARD)[list(FORWARD).index(stage) - 1]
    project = world.move(ready[before], FORWARD[before], people)

    with pytest.raises(Blocked) as refused:
        stages.move(project_id=project.pk, by=people.manager, name=FORWARD[stage], now=world.NOW)

    found = refused.value.blockers
    assert found == lifecycle.blockers(world.fresh(project), MOVES[FORWARD[stage]], world.NOW)
    for blocker in found:
        assert blocker.text
        assert blocker.owner, blocker
        assert blocker.url.startswith("/projects/"), blocker


@pytest.mark.req("SEED-13")
def test_going_back_to_planning_shuts_both_gates_and_numbers_the_next_passage(people, ready):
    project = ready[Stage.STABILIZE]

    with pytest.raises(Refused):
        world.move(project, "return_to_planning", people, reason="")
    world.move(project, "return_to_planning", people, reason="The scope grew.")

    now = world.fresh(project)
    assert (now.stage, now.plan_approved_at, now.release_ready_at) == (Stage.PLANNING, None, None)
    assert set(GatePass.objects.filter(project=project).values_list("gate", "revoked_reason")) == {
        (Gate.PLAN, "The scope grew."),
        (Gate.RELEASE, "The scope grew."),
    }
    assert list(StageRun.objects.filter(project=project, stage="planning").values_list("iteration", flat=True)) == [
        1,
        2,
    ]
    with pytest.raises(Blocked):
        world.move(project, "start_build", people)


@pytest.mark.req("SEED-108")
def test_going_back_from_deploy_needs_another_release_review(people, ready):
    project = world.move(ready[Stage.STABILIZE], "start_deploy", people)
    world.move(project, "return_to_stabilize", people, reason="The cut-over failed.")

    with pytest.raises(Blocked):
        world.move(project, "start_deploy", people)
    world.confirm_outcomes(project, people)
    second = world.pass_gate(project, ReviewKind.RR, people)
    world.move(project, "start_deploy", people)

    assert second.round == 2
    assert world.fresh(project).stage == Stage.DEPLOY


@pytest.mark.req("EXT-14")
def test_an_expired_go_opens_no_gate(people, ready):
    project = ready[Stage.STABILIZE]
    late = world.NOW + timedelta(days=31)

    with pytest.raises(Blocked) as refused:
        stages.move(project_id=project.pk, by=people.manager, name="start_deploy", now=late)

    assert [blocker.code for blocker in refused.value.blockers] == ["gate.expired"]


@pytest.mark.req("EXT-22")
def test_hold_and_cancel_need_a_reason_and_stop_everything(people, ready):
    project = ready[Stage.ENVISION]
    with pytest.raises(Refused):
        projects.hold(project_id=project.pk, by=people.program, reason=" ", now=world.NOW)
    projects.hold(project_id=project.pk, by=people.program, reason="No budget this quarter.", now=world.NOW)

    with pytest.raises(Blocked, match="on hold"):
        world.move(project, "start_planning", people)
    with pytest.raises(Blocked):
        world.approved_artifact(project, "ART-05", people)
    projects.resume(project_id=project.pk, by=people.program, reason="", now=world.NOW)
    with pytest.raises(NotAllowed):
        projects.cancel(project_id=project.pk, by=people.program, reason="x", now=world.NOW)
    projects.cancel(project_id=project.pk, by=people.manager, reason="Bought elsewhere.", now=world.NOW)

    assert world.fresh(project).status == Status.CANCELLED
    with pytest.raises(Blocked):
        world.move(project, "start_planning", people)


@pytest.mark.req("SEED-111")
def test_a_closed_project_takes_no_more_work(people, ready):
    project = world.move(ready[Stage.DEPLOY], "close", people)

    with pytest.raises(Blocked, match="read-only"):
        world.approved_artifact(project, "ART-05", people)
    with pytest.raises(Blocked):
        projects.edit(
            project_id=project.pk, by=people.manager, facts=world.facts(title="New"), version=1, now=world.NOW
        )


@pytest.mark.req("SEED-35")
def test_planning_waits_for_a_need_and_an_approved_vision(people, ready):
    project = ready[Stage.REGISTERED]
    world.move(project, "start_envision", people)

    codes = {b.code for b in lifecycle.blockers(world.fresh(project), MOVES["start_planning"], world.NOW)}

    assert codes == {"artifact.not_approved", "outcome.not_confirmed", "requirement.none"}


@pytest.mark.req("SEED-11")
def test_envision_waits_for_the_portfolio_review_where_the_profile_asks_for_it(people):
    project = world.register(people, category="significant", portfolio_ref="")

    with pytest.raises(Blocked) as refused:
        world.move(project, "start_envision", people)

    assert [blocker.code for blocker in refused.value.blockers] == ["portfolio.not_recorded"]


@pytest.mark.req("SEED-108")
@pytest.mark.req("SEED-72")
def test_a_no_go_keeps_the_gate_shut_and_the_next_round_opens_it(people):
    project = world.register(people)
    world.to_planning(project, people)
    first = world.ready_to_sign(project, ReviewKind.PPA, people)
    area = AreaToAddress(
        area="Costs are missing.", effort_days=Decimal("2.5"), owner=people.program, due_on=date(2026, 12, 1)
    )
    world.decide(first, Decision.NO_GO_POSTPONED, reason="Costs are missing.", areas=(area,))

    with pytest.raises(Blocked):
        world.move(project, "start_build", people)
    second = world.pass_gate(project, ReviewKind.PPA, people)
    world.move(project, "start_build", people)

    assert (second.round, world.fresh(project).stage) == (2, Stage.BUILD)


@pytest.mark.req("SEED-108")
def test_a_no_go_that_cancels_ends_the_project(people):
    project = world.register(people)
    world.to_planning(project, people)
    first = world.ready_to_sign(project, ReviewKind.PPA, people)
    world.decide(first, Decision.NO_GO_CANCELLED, reason="A managed service does it already.")

    assert world.fresh(project).status == Status.CANCELLED


@pytest.mark.req("SEED-10")
def test_an_outcome_that_the_stage_and_its_open_round_lack_is_told_once(people, ready):
    project = world.move(ready[Stage.ENVISION], "start_planning", people)
    world.open_review(project, ReviewKind.PPA, people)
    found = lifecycle.blockers(world.fresh(project), MOVES["start_build"], world.NOW)
    assert [each.code for each in found].count("outcome.not_confirmed") == len(STAGES["planning"].outcomes)
    assert len(found) == len(set(found))
