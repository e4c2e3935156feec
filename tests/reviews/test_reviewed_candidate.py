"""A release review names a candidate that is registered for the project (SEED-31)."""

from datetime import date

import pytest
from django.urls import reverse

from projects.actions import candidates
from projects.blocker import Blocked, Refused
from reviews.actions import rounds
from reviews.models import Review, ReviewKind
from tests import world
from tests.kept import kept

pytestmark = pytest.mark.django_db


def scene():
    people = world.People()
    return people, world.to_stabilize(world.register(people), people)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def project(scene):
    return scene[1]


def named(project, people, ref):
    candidates.add(project_id=project.pk, by=people.program, ref=ref, built_on=date(2026, 11, 2), now=world.NOW)


def opened(project, people, candidate) -> Review:
    return rounds.open_round(
        project_id=project.pk,
        kind=ReviewKind.RR,
        by=people.program,
        chair=people.manager,
        candidate=candidate,
        now=world.NOW,
    )


@pytest.mark.req("SEED-31")
def test_without_a_registered_candidate_no_release_round_is_opened_and_the_page_leads_to_the_register(
    client, people, project
):
    with pytest.raises(Blocked, match="Name the release candidate first"):
        opened(project, people, "RC-1")
    client.force_login(people.program)
    page = client.get(reverse("review_new", args=[project.code, "rr"])).content.decode()
    assert "Name the release candidate first" in page
    assert f'href="{reverse("register", args=[project.code, "candidates"])}"' in page
    assert "Prepare the round" not in page


@pytest.mark.req("SEED-31")
def test_a_round_is_opened_about_a_registered_candidate_and_no_other(client, people, project):
    named(project, people, "RC-1")
    named(project, people, "RC-2")
    for candidate, words in (("", "Say which release candidate"), ("RC-9", "RC-9 is not a release candidate of this")):
        with pytest.raises(Refused, match=words):
            opened(project, people, candidate)
    client.force_login(people.program)
    there = reverse("review_new", args=[project.code, "rr"])
    page = client.get(there).content.decode()
    assert page.index('<option value="RC-2"') < page.index('<option value="RC-1"')
    given = {"chair": people.manager.pk, "mode": "async"}
    assert client.post(there, {**given, "candidate": "RC-9"}).status_code == 422
    assert client.post(there, {**given, "candidate": "RC-2"}).status_code == 302
    assert Review.objects.get(kind=ReviewKind.RR).candidate == "RC-2"


@pytest.mark.req("SEED-31")
def test_the_candidate_of_a_round_changes_to_another_registered_one_only(client, people, project):
    named(project, people, "RC-1")
    named(project, people, "RC-2")
    review = opened(project, people, "RC-1")
    facts = {"chair": people.manager, "mode": "async", "scheduled_for": None}
    for candidate in ("", "RC-9"):
        with pytest.raises(Refused, match="release candidate"):
            rounds.set_facts(review_id=review.pk, by=people.program, candidate=candidate, now=world.NOW, **facts)
    client.force_login(people.program)
    there = reverse("review_facts", args=[project.code, review.ref])
    assert '<option value="RC-1" selected>' in client.get(there).content.decode()
    assert client.post(there, {**facts, "chair": people.manager.pk, "scheduled_for": "", "candidate": "RC-2"}).url
    assert Review.objects.get(pk=review.pk).candidate == "RC-2"
