"""Each thing that a review lacks links to where it is mended; what is over asks for nothing any more."""

import pytest
from django.urls import reverse

from projects.actions import artifacts
from projects.actions.artifacts import Content
from projects.blocker import Blocked
from projects.models import ArtifactVersion
from reviews import gates, signing
from reviews.actions import rounds
from reviews.models import ReviewKind
from tests import world
from tests.pages import address, client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    project = world.register(people)
    world.to_planning(project, people)
    return project


@pytest.mark.req("SEED-47")
def test_no_round_is_prepared_before_it_is_said_whether_conversion_applies(people):
    """The answer decides the questions: given later, it would end the round."""
    project = world.register(people, conversion_applies=None)
    world.to_planning(project, people)

    with pytest.raises(Blocked) as refused:
        world.open_review(project, ReviewKind.PPA, people)

    (blocker,) = refused.value.blockers
    assert blocker.code == "project.conversion_unanswered"
    assert blocker in gates.gate_blockers(world.fresh(project), "plan", world.NOW)
    page, _hash, anchor = blocker.url.partition("#")
    assert f'id="{anchor}"' in client_of(people.program).get(page).content.decode()


@pytest.mark.req("SEED-40")
def test_a_newer_version_is_mended_at_the_artifact_until_it_is_approved_and_then_in_the_room(people, project):
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    version = artifacts.add_version(
        project_id=project.pk, kind="ART-11", by=people.developer, content=Content(text="A week more."), now=world.NOW
    )

    def links() -> set[str]:
        found = gates.blockers(signing.load(review.pk), world.NOW)
        return {blocker.url for blocker in found if blocker.code == "input.newer_version"}

    assert links() == {reverse("artifact", args=[project.code, "ART-11"])}
    artifacts.submit(project_id=project.pk, version_id=version.pk, by=people.developer, now=world.NOW)
    artifacts.approve(project_id=project.pk, version_id=version.pk, by=people.sponsor, now=world.NOW)
    assert ArtifactVersion.objects.get(pk=version.pk).status == "approved"
    assert links() == {review.get_absolute_url() + "#I2", review.get_absolute_url() + "#I3"}


def test_a_round_waits_for_nobody_before_it_asks_and_after_it_is_over(people, project):
    review = world.open_review(project, ReviewKind.PPA, people)
    client = client_of(people.program)
    assert "signed, waiting for" not in text_of(client.get(address("review", review)))

    rounds.withdraw(review_id=review.pk, by=people.program, reason="Begun too early.", now=world.NOW)

    shown = text_of(client.get(address("review", review)))
    assert "This round was withdrawn" in shown
    assert "signed, waiting for" not in shown
    assert "blocks" not in shown


def test_a_round_waits_for_signatures_only_once_they_are_asked_for(people, project):
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    world.answer_all(review, people)

    def codes() -> list[str]:
        return [blocker.code for blocker in gates.blockers(signing.load(review.pk), world.NOW)]

    assert codes() == ["review.sign_offs_not_requested"]
    world.request_sign_offs(review, people)
    assert codes() == ["signature.missing"] * 2
