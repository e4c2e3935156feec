"""Solution documentation, laboratory and pilot plan are three items of Build, each with its own say (SEED-28)."""

import re

import pytest
from django.urls import reverse

from projects.actions import stages
from projects.blocker import Blocked
from projects.catalog.categories import required_artifacts
from projects.lifecycle import artifact_blockers
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
ITEMS = {"ART-29": "Solution documentation", "ART-30": "Development and test lab record", "ART-31": "Pilot plan"}


@pytest.fixture
def people():
    return world.People()


def line(client, project, code):
    page = " ".join(client.get(reverse("stage", args=[project.code, "build"])).content.decode().split())
    found = re.search(rf'<li class="row-item" id="{code}">(.*?)</li>', page)
    return re.sub(r"<[^>]+>", " ", found[1]) if found else ""


@pytest.mark.req("SEED-28")
def test_the_build_page_shows_each_item_with_its_own_status(client, people):
    project = world.register(people, category="significant")
    client.force_login(people.auditor)
    for code, name in ITEMS.items():
        assert name in line(client, project, code)
        assert "Not started" in line(client, project, code)
    world.approved_artifact(project, "ART-30", people)
    assert "Approved" in line(client, project, "ART-30")
    assert "Not started" in line(client, project, "ART-29")
    assert "Not started" in line(client, project, "ART-31")


@pytest.mark.req("SEED-28")
def test_an_item_that_the_category_does_not_ask_for_says_so(client, people):
    client.force_login(people.auditor)
    assert "not asked for" in line(client, world.register(people), "ART-29")
    assert "not asked for" not in line(client, world.register(people, category="major"), "ART-29")


@pytest.mark.req("SEED-28")
def test_each_item_keeps_build_from_ending_by_itself(people):
    """A minor project in Build is made a significant one past the actions, whose review is of no interest here."""
    project = world.to_build(world.register(people), people)
    world.confirm_outcomes(project, people)
    type(project).objects.filter(pk=project.pk).update(category="significant")
    project = world.fresh(project)
    for code in required_artifacts("significant", "scope", conversion_applies=False, role_segregation=False):
        if code not in ITEMS:
            world.approved_artifact(project, code, people)

    def named():
        with pytest.raises(Blocked) as refused:
            stages.move(project_id=project.pk, by=people.program, name="start_stabilize", now=world.NOW)
        texts = [each.text for each in refused.value.blockers if each.code == "artifact.not_approved"]
        return {code for code, name in ITEMS.items() if any(text.startswith(name) for text in texts)}

    assert named() == set(ITEMS)
    world.approved_artifact(project, "ART-29", people)
    assert named() == {"ART-30", "ART-31"}
    world.approved_artifact(project, "ART-31", people)
    assert named() == {"ART-30"}
    world.approved_artifact(project, "ART-30", people)
    assert artifact_blockers(project, "scope") == []
