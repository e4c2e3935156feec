"""A project's own page, its steps, holding and cancelling it."""

import re

import pytest
from django.urls import reverse

from projects.actions import projects
from projects.models import Stage, Status
from reviews.actions.rounds import withdraw
from reviews.models import Review, ReviewKind, ReviewState
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def url(project, name, *more):
    return reverse(name, args=[project.code, *more])


def text(response):
    """The page in one line, without the token that is new on every page."""
    return re.sub(r'"X-CSRFToken": "\w+"|value="\w{64}"', "", " ".join(response.content.decode().split()))


# --- The page ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-08")
def test_the_page_shows_the_rail_with_stages_and_gates_in_order(client, people, project):
    world.to_build(project, people)
    client.force_login(people.developer)
    rail = client.get(url(project, "project")).context["rail"]
    assert [(stop["kind"], stop["name"], stop["state"]) for stop in rail] == [
        ("stage", "Envision", "done"),
        ("stage", "Project Planning", "done"),
        ("gate", "Project Plan Approved", "open"),
        ("stage", "Build", "current"),
        ("stage", "Stabilize", "ahead"),
        ("gate", "Release Readiness", "closed"),
        ("stage", "Deploy", "ahead"),
    ]


@pytest.mark.parametrize("ended", ["hold", "cancel"])
def test_no_stage_is_under_way_where_nothing_moves(client, people, project, ended):
    world.move(project, "start_envision", people)
    getattr(projects, ended)(project_id=project.pk, by=people.manager, reason="Bought elsewhere.", now=world.NOW)
    client.force_login(people.developer)

    page = client.get(url(project, "project"))

    assert page.context["rail"][0]["state"] == {"hold": "on_hold", "cancel": "cancelled"}[ended]
    assert "Under way" not in text(page)


@pytest.mark.req("EXT-25")
def test_what_is_missing_is_told_with_who_supplies_it_and_where(client, people, project):
    world.move(project, "start_envision", people)
    client.force_login(people.program)
    page = text(client.get(url(project, "project")))

    assert "Between this project and Project Planning" in page
    assert "Vision document has not been started." in page
    assert f'href="/projects/{project.code}/artifacts/ART-01/"' in page
    assert "Waits for Anneke de Wit" in page
    assert 'aria-disabled="true"' in page


def test_the_step_is_offered_to_whoever_may_take_it(client, people, project):
    offered = f'href="/projects/{project.code}/move/start_envision/"'
    for who, sees in (
        (people.program, True),
        (people.manager, True),
        (people.developer, False),
        (people.auditor, False),
    ):
        client.force_login(who)
        assert (offered in text(client.get(url(project, "project")))) is sees, who


def test_rounds_stand_with_their_signatures_and_lead_to_the_review(client, people, project):
    world.to_planning(project, people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    world.sign(review, people.sponsor)
    client.force_login(people.manager)
    page = text(client.get(url(project, "project")))

    assert f'href="/projects/{project.code}/reviews/PPA-1/"' in page
    assert "1 of 2 signed" in page
    assert "Waiting longest for Hannah Vogel" in page
    assert "Prepare Project Plan Approved" not in page  # one is open


def test_a_round_is_offered_where_none_is_open(client, people, project):
    world.to_planning(project, people)
    client.force_login(people.program)
    assert f'href="/projects/{project.code}/reviews/new/ppa/"' in text(client.get(url(project, "project")))
    client.force_login(people.developer)
    assert "Prepare Project Plan Approved" not in text(client.get(url(project, "project")))


@pytest.mark.parametrize("name", ["project", "project_edit", "roles", "history"])
def test_missing_and_foreign_are_answered_alike(client, people, project, name):
    client.force_login(people.outsider)
    foreign = client.get(url(project, name))
    missing = client.get(reverse(name, args=["PRJ-9999"]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    alike = [re.sub(r"csrf\S+ \S+|X-CSRFToken[^}]*|PRJ-\d+", "", text(answer)) for answer in (foreign, missing)]
    assert alike[0] == alike[1]


@pytest.mark.parametrize("rounds", [0, 2, 30])
def test_query_count(client, people, rounds, django_assert_num_queries):
    project = world.register(people)
    world.to_planning(project, people)
    for number in range(rounds):
        review = world.open_review(project, ReviewKind.PPA, people)
        if number < rounds - 1:
            withdraw(review_id=review.pk, by=people.program, reason="Too early.", now=world.NOW)
    client.force_login(people.program)
    client.get("/about/")
    with django_assert_num_queries(28 if rounds == 0 else 44):
        client.get(url(project, "project"))


def test_while_nothing_happens_the_page_costs_five_queries(client, people, project, django_assert_num_queries):
    world.to_planning(project, people)
    world.ready_to_sign(project, ReviewKind.PPA, people)
    client.force_login(people.program)
    first = text(client.get(url(project, "project")))
    with django_assert_num_queries(5):  # session, person, project, roles held, head of the chain
        assert text(client.get(url(project, "project"))) == first


def test_what_has_just_happened_is_on_the_page(client, people, project):
    world.to_planning(project, people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    client.force_login(people.program)
    assert "0 of 2 signed" in text(client.get(url(project, "project")))
    world.sign(review, people.sponsor)
    page = text(client.get(url(project, "project")))
    assert "1 of 2 signed" in page
    assert "signed PPA-1: Agree" in page


def test_nobody_is_shown_what_was_kept_for_somebody_who_may_more(client, people, project):
    step = f'href="/projects/{project.code}/move/start_envision/"'
    edit = f'href="/projects/{project.code}/edit/"'
    cancel = f'href="/projects/{project.code}/status/cancel/"'
    seen = {}
    for who in (people.manager, people.program, people.developer):
        client.force_login(who)
        page = text(client.get(url(project, "project")))
        seen[who] = (step in page, edit in page, cancel in page)
    assert list(seen.values()) == [(True, True, True), (True, True, False), (False, False, False)]


# --- Steps ------------------------------------------------------------------------------------------------------------
def test_the_step_is_confirmed_on_a_page_of_its_own_and_then_taken(client, people, project):
    client.force_login(people.program)
    page = text(client.get(url(project, "move", "start_envision")))
    assert "From <strong>Registered</strong> to <strong>Envision</strong>." in page
    assert world.fresh(project).stage == Stage.REGISTERED

    answer = client.post(url(project, "move", "start_envision"))

    assert (answer.status_code, answer.url) == (302, f"/projects/{project.code}/")
    assert world.fresh(project).stage == Stage.ENVISION


@pytest.mark.req("SEED-09", "EXT-25")
def test_a_step_into_build_without_an_approved_plan_is_a_409_that_says_what_is_missing(client, people, project):
    world.to_planning(project, people)
    client.force_login(people.program)

    answer = client.post(url(project, "move", "start_build"))

    assert answer.status_code == 409
    assert "The review Project Plan Approved has not been opened." in text(answer)
    assert world.fresh(project).stage == Stage.PLANNING


def test_going_back_needs_a_reason_and_loses_none(client, people, project):
    world.to_build(project, people)
    client.force_login(people.program)
    page = text(client.get(url(project, "move", "return_to_planning")))
    assert "These gates close again" in page
    assert "Project Plan Approved" in page

    assert client.post(url(project, "move", "return_to_planning"), {"reason": " "}).status_code == 422
    assert world.fresh(project).stage == Stage.BUILD
    client.post(url(project, "move", "return_to_planning"), {"reason": "The scope has grown."})
    assert world.fresh(project).stage == Stage.PLANNING
    assert "The scope has grown." in text(client.get(url(project, "history")))

    wrong = client.post(url(project, "move", "return_to_planning"), {"reason": "Once more, with feeling."})
    assert wrong.status_code == 409
    assert "Once more, with feeling." in text(wrong)


def test_an_unknown_step_is_no_page(client, people, project):
    client.force_login(people.program)
    assert client.get(url(project, "move", "explode")).status_code == 404
    assert client.post(url(project, "move", "explode")).status_code == 404


def test_a_developer_takes_no_step(client, people, project):
    client.force_login(people.developer)
    assert client.get(url(project, "move", "start_envision")).status_code == 403
    assert client.post(url(project, "move", "start_envision")).status_code == 403
    assert world.fresh(project).stage == Stage.REGISTERED


@pytest.mark.req("SEED-111")
def test_only_a_solution_manager_closes(client, people, project):
    world.to_deploy(project, people)
    world.supply_artifacts(world.fresh(project), "close", people)
    world.confirm_outcomes(project, people)
    client.force_login(people.program)
    assert client.post(url(project, "move", "close")).status_code == 403
    client.force_login(people.manager)
    assert client.post(url(project, "move", "close")).status_code == 302
    assert world.fresh(project).status == Status.CLOSED
    page = client.get(url(project, "project"))
    assert page.status_code == 200
    assert page.context["dossier"].step is None
    assert page.context["dossier"].verbs == []


# --- Hold, resume, cancel ---------------------------------------------------------------------------------------------
def test_hold_and_resume_with_reasons_that_stay(client, people, project):
    client.force_login(people.program)
    assert client.post(url(project, "project_status", "hold"), {"reason": ""}).status_code == 422
    client.post(url(project, "project_status", "hold"), {"reason": "The supplier is late."})
    held = world.fresh(project)
    assert (held.status, held.status_reason) == (Status.ON_HOLD, "The supplier is late.")
    assert "The supplier is late." in text(client.get(url(project, "project")))
    assert client.post(url(project, "project_status", "hold"), {"reason": "Again."}).status_code == 409

    client.post(url(project, "project_status", "resume"), {"reason": "It has delivered."})
    assert world.fresh(project).status == Status.ACTIVE
    assert "It has delivered." in text(client.get(url(project, "history")))


def test_cancelling_is_for_solution_managers_and_withdraws_what_is_open(client, people, project):
    world.to_planning(project, people)
    review = world.open_review(project, ReviewKind.PPA, people)
    client.force_login(people.program)
    assert client.get(url(project, "project_status", "cancel")).status_code == 403
    assert client.post(url(project, "project_status", "cancel"), {"reason": "No."}).status_code == 403
    client.force_login(people.manager)
    client.post(url(project, "project_status", "cancel"), {"reason": "Bought instead."})
    state = Review.objects.get(pk=review.pk).state
    assert (world.fresh(project).status, state) == (Status.CANCELLED, ReviewState.WITHDRAWN)


def test_a_project_on_hold_says_so_where_steps_would_be(client, people, project):
    projects.hold(project_id=project.pk, by=people.program, reason="Supplier late.", now=world.NOW)
    client.force_login(people.program)
    answer = client.post(url(project, "move", "start_envision"))
    assert answer.status_code == 409
    assert "The project is on hold: Supplier late." in text(answer)


def test_an_unknown_verb_is_no_page(client, people, project):
    client.force_login(people.manager)
    assert client.post(url(project, "project_status", "explode"), {"reason": "x"}).status_code == 404
