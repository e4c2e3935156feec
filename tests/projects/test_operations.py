"""The checklist of operations and support: what it asks of whom, and from when (SEED-37)."""

from datetime import date

import pytest
from django.urls import reverse

from projects.actions import environment, roles
from projects.preparation import checklist
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def people():
    return world.People()


def at(project):
    return reverse("operations", args=[project.code])


def states(project) -> dict[str, str]:
    return {line.title: line.state for part in checklist(world.fresh(project)) for line in part.lines}


def planned(project, people, name="Kirsten Aalto"):
    return environment.plan_training(
        project_id=project.pk,
        by=people.program,
        name=name,
        course="Desk runbook",
        planned_on=date(2026, 11, 20),
        now=NOW,
    )


@pytest.mark.req("SEED-37")
def test_the_checklist_is_there_from_planning_onward(client, people):
    project = world.register(people)
    client.force_login(people.auditor)
    hub = reverse("registers", args=[project.code])
    assert "This checklist begins with Project Planning." in client.get(at(project)).content.decode()
    assert at(project) not in client.get(hub).content.decode()
    world.to_planning(project, people)
    shown = client.get(at(project)).content.decode()
    assert "begins with Project Planning" not in shown
    for words in ("Training plan", "Operations support guide", "Primary Support", "Secondary Support"):
        assert words in shown
    assert at(project) in client.get(hub).content.decode()


@pytest.mark.req("SEED-37")
def test_training_guide_and_named_support_become_done_one_by_one(client, people):
    project = world.to_planning(world.register(people), people)
    row = planned(project, people)
    before = states(project)
    assert before["Kirsten Aalto: Desk runbook"] == "open"
    assert before["Operations support guide"] == "open"
    assert before["Primary Support"] == "done"  # Joy Mbeki, from the beginning
    assert before["Secondary Support"] == "open"
    client.force_login(people.support)
    assert "1 of 4 done." in client.get(at(project)).content.decode()

    environment.training_done(row, by=people.program, done_on=NOW.date(), now=NOW)
    world.approved_artifact(project, "ART-35", people)
    roles.assign(project_id=project.pk, by=people.program, role="P-SUP2", person=people.user, now=NOW)

    after = states(project)
    assert {after[title] for title in ("Kirsten Aalto: Desk runbook", "Operations support guide")} == {"done"}
    assert after["Secondary Support"] == "done"
    assert "4 of 4 done." in client.get(at(project)).content.decode()


@pytest.mark.req("SEED-37")
def test_what_the_profile_asks_for_is_open_until_it_is_there(people):
    minor = states(world.to_planning(world.register(people), people))
    project = world.register(people, category="significant", title="Voice for eighty desks")
    asked = ["Training plan", "People trained", "Agreements and contracts", "Administrative procedures"]
    asked.append("Escalation contacts told")
    world.to_planning(project, people)
    assert {minor[title] for title in asked} == {"not_asked"}
    assert {states(project)[title] for title in asked} == {"open"}
    world.supply_artifacts(project, "plan", people)
    world.supply_artifacts(project, "release", people)
    after = states(project)
    assert "People trained" not in after  # each has a line
    assert after["Joy Mbeki: Desk runbook"] == "done"
    assert {state for title, state in after.items() if title != "Secondary Support"} == {"done"}


def test_the_page_costs_the_same_with_three_people_and_with_thirty(client, people, django_assert_num_queries):
    project = world.to_planning(world.register(people), people)
    client.force_login(people.program)
    for n in range(3):
        planned(project, people, f"Person {n}")
    client.get(at(project))
    with django_assert_num_queries(13):
        client.get(at(project))
    for n in range(3, 30):
        planned(project, people, f"Person {n}")
    with django_assert_num_queries(13):
        assert "Person 29: Desk runbook" in client.get(at(project)).content.decode()
