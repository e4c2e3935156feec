"""The page on governance: goals with their evidence, reviews as controls, points of the manage layer, the team."""

import pytest
from django.urls import reverse

from projects import goals as of_goals
from projects import governance
from projects.actions import environment, features, foci, roles
from projects.catalog.controls import CONTROLS, FOCI
from projects.catalog.roles import ROLE_TYPES
from projects.catalog.stages import GOALS
from projects.models import RoleAssignment
from reviews.models import ReviewKind
from tests import world
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def at(project):
    return reverse("governance", args=[project.code])


def page_of(client, project, who):
    client.force_login(who)
    answer = client.get(at(project))
    assert answer.status_code == 200
    return answer


def goal(project, code):
    return next(each for each in of_goals.goals(world.fresh(project)) if each.goal.code == code)


def lines(project, code) -> dict[str, str]:
    return {line.title: line.state for line in goal(project, code).lines}


# --- Goals of the phase -----------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-15")
def test_the_seven_goals_stand_open_until_something_shows_that_they_are_met(client, people, project):
    assert set(of_goals.EVIDENCE) == {each.code for each in GOALS}
    shown = text_of(page_of(client, project, people.auditor))
    assert "0 of 7 met" in shown
    for each in GOALS:
        assert each.text in shown


@pytest.mark.req("SEED-15")
def test_needs_known_before_planning_meet_the_first_goal(people, project):
    world.move(project, "start_envision", people)
    before = lines(project, "GOAL-1")
    assert before["Requirements captured"] == before["Vision document"] == "open"
    project = world.to_planning(world.register(people), people)
    first = goal(project, "GOAL-1")
    assert first.state == "done"
    assert first.lines[0].words == "1 requirement, 1 of it from the business; the first on 23 Nov 2026"


@pytest.mark.req("SEED-15")
@pytest.mark.parametrize("category", ["minor", "significant"])
def test_a_project_that_is_through_has_met_every_goal(people, category):
    project = world.register_large(people, category=category)
    project = world.to_closed(project, people)
    still = {
        (each.goal.code, line.title) for each in of_goals.goals(project) for line in each.lines if line.state == "open"
    }
    assert still <= {("GOAL-7", "Guide and named support")}, still
    assert [each.state for each in of_goals.goals(project)][:6] == ["done"] * 6


@pytest.mark.req("SEED-15")
def test_one_unfinished_feature_opens_the_goal_of_build_again(people, project):
    world.to_build(project, people)
    world.supply_artifacts(world.fresh(project), "scope", people)
    world.confirm_outcomes(project, people)
    assert goal(project, "GOAL-4").state == "done"
    features.add(
        project_id=project.pk,
        by=people.program,
        name="Badge printing",
        owner=people.developer,
        requirements=[],
        now=world.NOW,
    )
    assert lines(project, "GOAL-4")["Features finished"] == "open"
    assert goal(project, "GOAL-4").state == "open"


@pytest.mark.req("SEED-15")
def test_an_outcome_confirmed_in_an_earlier_passage_counts_no_more(people, project):
    world.to_build(project, people)
    assert goal(project, "GOAL-2").state == "done"
    world.move(project, "return_to_planning", people, reason="The printer is not sold any more.")
    assert goal(project, "GOAL-2").state == "open"
    assert lines(project, "GOAL-3")["Project Plan Approved"] == "open"


@pytest.mark.req("SEED-15")
def test_training_that_is_planned_leaves_the_goal_of_operation_open(people, project):
    world.to_planning(project, people)
    row = environment.plan_training(
        project_id=project.pk,
        by=people.program,
        name="Kirsten Aalto",
        course="Desk runbook",
        planned_on=world.NOW.date(),
        now=world.NOW,
    )
    assert lines(project, "GOAL-7")["Training"] == "open"
    environment.training_done(row, by=people.program, done_on=world.NOW.date(), now=world.NOW)
    assert lines(project, "GOAL-7")["Training"] == "done"


# --- Reviews as controls ----------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-124", "SEED-44")
def test_each_risk_names_the_review_that_controls_it_and_its_result_here(client, people, project):
    shown = text_of(page_of(client, project, people.auditor))
    risks = [risk for objective in CONTROLS.values() for risk in objective.risks]
    assert len(risks) == 7
    for risk in risks:
        assert risk.text in shown
    assert shown.count("Not held yet") == 7
    world.to_planning(project, people)
    first = world.ready_to_sign(project, ReviewKind.PPA, people)
    shown = text_of(page_of(client, project, people.auditor))
    assert shown.count("PPA-1 Sign-offs requested") == 5
    world.sign_all(first)
    world.decide(first)
    answer = page_of(client, project, people.auditor)
    shown = text_of(answer)
    assert shown.count("PPA-1 Go 23 Nov 2026") == 5
    assert shown.count("Not held yet") == 2  # Release Readiness
    assert first.get_absolute_url() in answer.content.decode()


@pytest.mark.req("SEED-124")
def test_every_round_is_listed_and_a_go_that_was_taken_back_says_so(client, people, project):
    world.to_build(project, people)
    world.move(project, "return_to_planning", people, reason="The printer is not sold any more.")
    assert "Approval revoked" in text_of(page_of(client, project, people.auditor))
    world.pass_gate(project, ReviewKind.PPA, people)
    shown = text_of(page_of(client, project, people.auditor))
    assert "Approval revoked" not in shown
    assert "All 2 rounds" in shown
    seen = governance.controls(project, [])
    assert [(each.objective.code, each.newest) for each in seen] == [(code, None) for code in CONTROLS]


# --- Points of the manage layer ---------------------------------------------------------------------------------------
@pytest.mark.req("SEED-125")
def test_the_seven_points_of_governance_are_answered_on_the_page_and_the_newest_counts(client, people, project):
    answer = page_of(client, project, people.developer)
    shown = text_of(answer)
    for focus in FOCI.values():
        for point in focus.points:
            assert point in shown
    assert "0 of 7 addressed" in shown
    given = {"point": "GRC-5", "addressed": "no", "pointer": "The risk of the badge printer is open."}
    answer = client.post(at(project), given)
    assert answer.url == f"{at(project)}#GRC-5"
    shown = text_of(client.get(at(project)))
    assert "0 of 7 addressed" in shown
    assert "Risks are mitigated. Not addressed The risk of the badge printer is open. Ravi Menon" in shown
    client.post(at(project), {**given, "addressed": "yes", "pointer": "https://example.test/risks"})
    answer = client.get(at(project))
    assert "1 of 7 addressed" in text_of(answer)
    assert '<a href="https://example.test/risks"' in answer.content.decode()
    assert project.focusanswers.count() == 2


@pytest.mark.req("SEED-125")
def test_a_refused_answer_keeps_what_was_typed(client, people, project):
    client.force_login(people.developer)
    answer = client.post(at(project), {"point": "CHG-2", "addressed": "yes", "pointer": ""})
    assert answer.status_code == 422
    assert "Say where it can be seen" in text_of(answer)
    assert answer.context["form"]["point"].value() == "CHG-2"
    assert client.post(at(project), {}).status_code == 422
    assert client.get(at(project) + "?point=TEAM-1").context["form"].initial == {"point": "TEAM-1"}
    assert client.get(at(project) + "?point=X").context["form"].initial == {}


def test_who_only_looks_on_is_shown_no_form(client, people, project):
    shown = text_of(page_of(client, project, people.auditor))
    assert "Answer a point" not in shown
    assert client.post(at(project), {"point": "GRC-1", "addressed": "no"}).status_code == 403


# --- The team ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-127")
def test_principles_role_types_alignment_and_assignment_stand_on_one_page(client, people, project):
    roles.acknowledge(assignment_id=world.holder(project, "R-DEV").pk, by=people.developer, now=world.NOW)
    roles.assign(project_id=project.pk, by=people.program, role="R-TST", person=people.developer, now=world.NOW)
    shown = text_of(page_of(client, project, people.auditor))
    for point in FOCI["TEAM"].points:
        assert point in shown
    for kind in ROLE_TYPES.values():
        assert kind.name in shown
        assert kind.goal in shown
        assert all(each in shown for each in kind.responsibilities)
    assert "Ravi Menon is Developer and Tester Should be apart" in shown
    assert "Ravi Menon acknowledged" in shown
    assert "Anneke de Wit not acknowledged yet" in shown
    assert "Key roles nobody holds None" in shown


@pytest.mark.req("SEED-127")
def test_a_vacant_key_role_is_named(client, people, project):
    held = world.holder(project, "R-PDM")
    roles.end(assignment_id=held.pk, by=people.program, now=world.NOW)
    assert "Key roles nobody holds Product Manager" in text_of(page_of(client, project, people.auditor))


@pytest.mark.req("SEED-127")
def test_a_conflict_is_worse_where_the_project_separates_roles(client, people):
    project = world.register(people, role_segregation=True)
    RoleAssignment.objects.create(
        project=project, role="P-OPS", user=people.developer, starts_on=world.NOW.date(), assigned_by=people.program
    )  # as an import or an earlier rule may have left it
    shown = text_of(page_of(client, project, people.auditor))
    assert "Ravi Menon is Developer and Operations Manager This project separates them" in shown


# --- Cost -------------------------------------------------------------------------------------------------------------
def test_the_page_costs_the_same_with_three_answers_and_with_three_hundred(client, people, django_assert_num_queries):
    project = world.to_build(world.register(people), people)
    for n in range(3):
        foci.answer_point(
            project_id=project.pk, by=people.program, point="GRC-1", addressed=True, pointer=f"Page {n}", now=world.NOW
        )
    client.force_login(people.program)
    client.get(at(project))
    with django_assert_num_queries(32):
        client.get(at(project))
    for n in range(3, 300):
        foci.answer_point(
            project_id=project.pk, by=people.program, point="GRC-1", addressed=True, pointer=f"Page {n}", now=world.NOW
        )
    client.get(at(project))
    with django_assert_num_queries(32):
        assert "Page 299" in client.get(at(project)).content.decode()
