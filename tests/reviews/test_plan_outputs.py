"""What the review of a plan leaves behind: a checklist from its go on, which Build does not end without."""

import pytest
from django.urls import reverse

from projects.blocker import Blocked
from projects.models import Project, Stage
from reviews import signing
from reviews.models import ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, answer_form, client_of, text_of

pytestmark = pytest.mark.django_db


def building() -> tuple[world.People, Project]:
    """A minor project in Build, all that its exit asks for there but the outputs of its plan's review."""
    people = world.People()
    project = world.to_build(world.register(people), people)
    world.confirm_outcomes(project, people)
    return people, project


_building_once, _building = kept(building)


def open_outputs(project, people) -> list[str]:
    with pytest.raises(Blocked) as refusal:
        world.move(project, "start_stabilize", people)
    assert {(b.code, b.owner) for b in refusal.value.blockers} == {("output.open", str(people.program))}
    return [blocker.text.partition(" is not confirmed")[0] for blocker in refusal.value.blockers]


@pytest.mark.req("SEED-64")
def test_build_does_not_end_while_an_output_of_its_plans_review_is_not_recorded(building):
    people, project = building
    assert open_outputs(project, people) == [f"PPA-1, {code}" for code in ("O1", "O2", "O4", "O7")]
    review, client = signing.load(project.reviews.get().pk), client_of(people.program)
    page = text_of(client.get(reverse("move", args=[project.code, "start_stabilize"])))
    for code in ("O1", "O2", "O4"):
        assert f"PPA-1, {code} is not confirmed" in page
        form = answer_form(client, review, code, "confirmed", evidence="Version 1.0, approved by Lucía Benítez.")
        assert client.post(address("item", review, code), form).status_code == 302
    refused = client.post(
        address("item", review, "O7"), answer_form(client, review, "O7", "not_confirmed", reason="Not accepted yet.")
    )
    assert refused.status_code == 302
    assert open_outputs(project, people) == ["PPA-1, O7"]

    form = answer_form(client, review, "O7", "confirmed", evidence="Lucía Benítez owns it, Ingrid Solheim answers.")
    assert client.post(address("item", review, "O7"), form).status_code == 302

    assert world.move(project, "start_stabilize", people).stage == Stage.STABILIZE


@pytest.mark.req("SEED-64")
def test_a_newer_approval_of_the_plan_asks_for_its_own_outputs(building):
    people, project = building
    world.record_outputs(project, people, ReviewKind.PPA)
    world.pass_gate(project, ReviewKind.PPA, people)

    assert open_outputs(project, people) == [f"PPA-2, {code}" for code in ("O1", "O2", "O4", "O7")]
