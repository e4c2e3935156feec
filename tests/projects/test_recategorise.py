"""Changing the category or the conversion question never weakens a gate."""

import pytest

from projects.actions import projects, roles
from projects.actions.projects import GatePassed, ReasonMissing
from projects.actions.roles import RolesConflict
from projects.models import GatePass
from reviews.models import Review, ReviewKind
from tests import world

pytestmark = pytest.mark.django_db


def edit(project, people, *, reason="More people are touched than thought.", **changes):
    return projects.edit(
        project_id=project.pk,
        by=people.program,
        facts=world.facts(**changes),
        version=world.fresh(project).version,
        now=world.NOW,
        reason=reason,
    )


@pytest.mark.req("SEED-05")
def test_a_new_category_needs_a_reason_and_both_values_stay():
    people = world.People()
    project = world.register(people)

    with pytest.raises(ReasonMissing):
        edit(project, people, category="major", reason=" ")
    edit(project, people, category="major")

    line = project.ledger_stream.entries.get(event="project.recategorised").line
    assert '"before":{"category":"minor"}' in line
    assert '"after":{"category":"major"}' in line
    assert "More people are touched" in line


@pytest.mark.req("SEED-04")
def test_a_stricter_category_ends_the_open_round_and_shuts_the_plan_gate():
    people = world.People()
    project = world.register(people)
    world.to_planning(project, people)
    world.pass_gate(project, ReviewKind.PPA, people)

    edit(project, people, category="major")

    assert world.fresh(project).plan_approved_at is None
    assert GatePass.objects.get(project=project).revoked_at is not None


def test_a_round_asked_by_the_old_category_is_withdrawn():
    people = world.People()
    project = world.register(people)
    world.to_planning(project, people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)

    edit(project, people, category="significant")

    assert Review.objects.get(pk=review.pk).state == "withdrawn"


@pytest.mark.req("SEED-47")
def test_once_past_the_gate_more_is_not_asked_behind_its_back():
    people = world.People()
    project = world.register(people)
    world.to_build(project, people)

    with pytest.raises(GatePassed):
        edit(project, people, category="major")
    with pytest.raises(GatePassed):
        edit(project, people, conversion_applies=True)


@pytest.mark.req("SEED-95")
def test_one_person_is_not_both_primary_and_secondary_support():
    people = world.People()
    project = world.register(people)

    with pytest.raises(RolesConflict):
        roles.assign(project_id=project.pk, by=people.manager, role="P-SUP2", person=people.support, now=world.NOW)
