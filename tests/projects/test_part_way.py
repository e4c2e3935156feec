"""Projects that come into the system part-way: what is not asked for again, and what holds all the same (SEED-14)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects import lifecycle
from projects.actions import features, part_way, requirements, stages
from projects.blocker import Blocked, NotAllowed, Refused
from projects.frame import rail
from projects.ledger_check import verify
from projects.lifecycle import MOVES
from projects.models import Stage, StageOutside
from reviews.models import Review, ReviewKind
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
WHY = "Begun in 2024 on paper; the binder is in room 14."


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def declare(project, people, stage="deploy"):
    return part_way.declare(project_id=project.pk, by=people.manager, stage=stage, reason=WHY, now=NOW)


def text(answer):
    return " ".join(answer.content.decode().split())


def states(project):
    return {stop["name"]: stop["state"] for stop in rail(world.fresh(project), NOW) if stop["kind"] == "stage"}


def codes(project, move):
    project = world.fresh(project)
    return {blocker.code for blocker in lifecycle.blockers(project, MOVES[move], NOW)}


def plan_gate(project, people):
    """The vision that the review reads is brought along, the review is held, decided go and its outputs recorded."""
    world.supply_artifacts(world.fresh(project), "vision", people)
    world.pass_gate(project, ReviewKind.PPA, people)
    world.record_outputs(project, people, ReviewKind.PPA)
    return world.move(project, "start_build", people)


def into_planning(project, people):
    world.move(project, "start_envision", people)
    requirements.add(project_id=project.pk, by=people.product, kind="business", text="A need.", now=NOW)
    return world.move(project, "start_planning", people)


@pytest.mark.req("SEED-14")
def test_a_solution_manager_says_which_stages_were_run_outside(client, people, project):
    client.force_login(people.manager)
    there = reverse("part_way", args=[project.code])
    assert there in text(client.get(reverse("project", args=[project.code])))
    assert client.post(there, {"stage": "build", "reason": ""}).status_code == 422
    assert client.post(there, {"stage": "build", "reason": WHY}).status_code == 302
    assert [(row.stage, row.created_by, row.reason) for row in project.stageoutsides.all()] == [
        ("envision", people.manager, WHY),
        ("planning", people.manager, WHY),
    ]
    assert states(project) == {
        "Envision": "outside",
        "Project Planning": "outside",
        "Build": "ahead",
        "Stabilize": "ahead",
        "Deploy": "ahead",
    }
    assert world.events(project)[-2:] == ["stage.outside", "stage.outside"]
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-14")
@pytest.mark.parametrize("who", ["program", "product", "auditor"])
def test_nobody_else_says_so(client, people, project, who):
    person = getattr(people, who)
    with pytest.raises(NotAllowed):
        part_way.declare(project_id=project.pk, by=person, stage="build", reason=WHY, now=NOW)
    client.force_login(person)
    assert reverse("part_way", args=[project.code]) not in text(client.get(reverse("project", args=[project.code])))
    assert not StageOutside.objects.exists()


@pytest.mark.req("SEED-14")
def test_it_is_said_once_before_the_project_starts_and_the_database_holds_that(people, project):
    declare(project, people, "planning")
    with pytest.raises(Refused, match="on record already"):
        declare(project, people, "planning")
    for stage in ("registered", "envision", "closed"):
        with pytest.raises(Refused, match="Choose the stage"):
            declare(project, people, stage)
    declare(project, people, "build")  # one stage further: only that is added
    assert [row.stage for row in project.stageoutsides.all()] == ["envision", "planning"]
    world.move(project, "start_envision", people)
    with pytest.raises(Refused, match="has started here"):
        declare(project, people, "deploy")
    with pytest.raises(IntegrityError, match="before the project starts"), transaction.atomic():
        StageOutside.objects.create(
            project=project, stage="build", reason=WHY, created_by=people.manager, created_at=NOW
        )
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        StageOutside.objects.update(reason="Other.")


@pytest.mark.req("SEED-14")
def test_envision_ends_without_what_was_made_outside_but_with_needs_and_key_roles(people, project):
    declare(project, people, "planning")
    world.move(project, "start_envision", people)
    assert codes(project, "start_planning") == {"requirement.none"}
    requirements.add(project_id=project.pk, by=people.product, kind="business", text="A need.", now=NOW)
    assert world.move(project, "start_planning", people).stage == Stage.PLANNING


@pytest.mark.req("SEED-14")
def test_a_plan_made_outside_is_still_reviewed_before_build(people, project):
    declare(project, people)
    into_planning(project, people)
    assert "outcome.not_confirmed" not in codes(project, "start_build")
    with pytest.raises(Blocked):
        world.move(project, "start_build", people)
    world.supply_artifacts(world.fresh(project), "plan", people)
    with pytest.raises(Blocked, match="Input I1"):  # the review reads the vision, wherever it was written
        world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    world.supply_artifacts(world.fresh(project), "vision", people)
    with pytest.raises(Blocked):
        world.move(project, "start_build", people)
    review = world.convene(Review.objects.get(project=project), people)
    world.answer_all(review, people)
    world.request_sign_offs(review, people)
    world.sign_all(review)
    world.decide(review)
    assert world.move(project, "start_build", people).stage == Stage.BUILD


@pytest.mark.req("SEED-14")
def test_a_release_made_outside_is_still_reviewed_before_deploy(people, project):
    declare(project, people)
    into_planning(project, people)
    plan_gate(project, people)
    assert codes(project, "start_stabilize") == set()
    world.move(project, "start_stabilize", people)
    assert {"outcome.not_confirmed"} & codes(project, "start_deploy") == set()
    with pytest.raises(Blocked):
        world.move(project, "start_deploy", people)
    world.pass_gate(project, ReviewKind.RR, people)
    world.move(project, "start_deploy", people)
    assert states(project) == {
        "Envision": "outside",
        "Project Planning": "outside",
        "Build": "outside",
        "Stabilize": "outside",
        "Deploy": "current",
    }
    assert "outcome.not_confirmed" in codes(project, "close")  # Deploy is always run here


@pytest.mark.req("SEED-14")
def test_what_stands_open_in_a_register_still_keeps_build_from_ending(people, project):
    declare(project, people)
    into_planning(project, people)
    plan_gate(project, people)
    need = project.requirements.get()
    features.add(
        project_id=project.pk,
        by=people.product,
        name="Badge printing",
        owner=people.developer,
        requirements=[need],
        now=NOW,
    )
    assert codes(project, "start_stabilize") == {"feature.unsettled"}


@pytest.mark.req("SEED-14")
def test_rework_brings_a_stage_into_the_system(people, project):
    declare(project, people)
    into_planning(project, people)
    plan_gate(project, people)
    stages.move(project_id=project.pk, by=people.program, name="return_to_planning", reason="New need.", now=NOW)
    assert "outcome.not_confirmed" in codes(project, "start_build")
    assert states(project)["Project Planning"] == "reopened"
    assert states(project)["Build"] == "outside"


@pytest.mark.req("SEED-14")
def test_a_project_that_says_nothing_is_asked_for_everything(people, project):
    world.move(project, "start_envision", people)
    assert {"artifact.not_approved", "outcome.not_confirmed"} <= codes(project, "start_planning")


@pytest.mark.req("SEED-14")
def test_the_stage_page_says_who_said_so_and_why_and_never_done(client, people, project):
    declare(project, people, "build")
    into_planning(project, people)
    client.force_login(people.program)
    page = text(client.get(reverse("stage", args=[project.code, "envision"])))
    assert f"This stage was run outside the system. Ingrid Solheim says so: {WHY}" in page
    assert "Passage 1" not in page
    assert "Not answered" not in page
    assert "Record the answer" not in text(client.get(reverse("stage", args=[project.code, "planning"])))
    overview = text(client.get(reverse("project", args=[project.code])))
    assert overview.count("Outside the system") == 2
    assert "is-done" not in overview
