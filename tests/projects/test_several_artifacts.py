"""Several artifacts at once on the list of a project: submitted, approved, given an owner and a day; all or none."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from projects.actions import artifacts
from projects.actions.artifacts import Content
from projects.blocker import Refused
from projects.ledger_check import verify
from projects.models import ArtifactStatus, ArtifactVersion
from tests import world
from tests.pages import client_of, text_of

pytestmark = pytest.mark.django_db
QUERIES = 9
KINDS = ("ART-01", "ART-05", "ART-11")


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def drafted(project, by, kinds=KINDS) -> list[ArtifactVersion]:
    given = {"project_id": project.pk, "by": by, "now": world.NOW}
    return [
        artifacts.add_version(kind=kind, content=Content(text=f"{kind}, {number}."), **given)
        for number, kind in enumerate(kinds)
    ]


def send(person, project, do, versions, **more):
    ticks = [f"{version.artifact.kind}:{version.pk}" for version in versions]
    return client_of(person).post(reverse("artifacts_do", args=[project.code]), {"do": do, "tick": ticks, **more})


def statuses() -> set[str]:
    return set(ArtifactVersion.objects.values_list("status", flat=True))


@pytest.mark.req("SEED-14")
def test_drafts_are_submitted_and_approved_at_once_by_two_people(people, project):
    drafts = drafted(project, people.developer)
    page = text_of(client_of(people.developer).get(reverse("artifacts", args=[project.code])))
    assert "With the ticked ones" in page
    assert send(people.developer, project, "submit", drafts).status_code == 302
    assert statuses() == {ArtifactStatus.IN_REVIEW}
    assert send(people.sponsor, project, "approve", drafts).status_code == 302
    assert statuses() == {ArtifactStatus.APPROVED}
    assert set(ArtifactVersion.objects.values_list("approved_by", flat=True)) == {people.sponsor.pk}
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-14", "EXT-24")
def test_one_own_version_among_them_is_refused_by_name_and_none_is_approved(people, project):
    own, *others = drafted(project, people.sponsor, ["ART-01"]) + drafted(project, people.developer, KINDS[1:])
    send(people.sponsor, project, "submit", [own, *others])
    refused = send(people.sponsor, project, "approve", [own, *others])
    assert refused.status_code == 409
    told = text_of(refused)
    assert "Nothing was done: 1 of 3 is refused. Untick it" in told
    assert "(ART-01): You wrote this version: somebody else approves it." in told
    assert len(re.findall(r'name="tick"[^>]*checked', refused.content.decode())) == 3  # what was ticked stays so
    assert statuses() == {ArtifactStatus.IN_REVIEW}
    assert send(people.sponsor, project, "approve", others).status_code == 302


@pytest.mark.req("SEED-14")
def test_a_newer_version_a_second_submission_and_none_at_all_are_refused(people, project):
    drafts = drafted(project, people.developer)
    artifacts.add_version(
        project_id=project.pk, kind="ART-01", by=people.developer, content=Content(text="Newer."), now=world.NOW
    )
    send(people.developer, project, "submit", drafts[1:2])
    told = text_of(send(people.developer, project, "submit", drafts))
    assert "(ART-01): A newer version has been added: look at that one." in told
    assert "(ART-05): Only a draft is submitted." in told
    assert "Tick at least one artifact." in text_of(send(people.developer, project, "submit", []))
    client = client_of(people.developer)
    there = reverse("artifacts_do", args=[project.code])
    assert "It has no version yet." in text_of(client.post(there, {"do": "submit", "tick": ["ART-15:0"]}))
    for odd in ({"do": "burn", "tick": ["ART-01:1"]}, {"do": "submit", "tick": ["ART-99:1"]}):
        assert client.post(there, odd).status_code == 404


@pytest.mark.req("SEED-14")
def test_who_may_not_is_refused_and_another_projects_version_is_none_of_this(people, project):
    drafts = drafted(project, people.developer)
    assert send(people.auditor, project, "submit", drafts).status_code == 403
    assert send(people.outsider, project, "submit", drafts).status_code == 404
    other = world.register(people, code="PRJ-0900")
    assert send(people.developer, other, "submit", drafts).status_code == 409
    assert statuses() == {ArtifactStatus.DRAFT}


@pytest.mark.req("SEED-14")
def test_owner_and_day_are_given_to_several_and_what_is_left_empty_stays(people, project):
    drafts = drafted(project, people.developer)
    day = {"due_on": "2099-12-11", "owner": ""}
    artifacts.plan(
        project_id=project.pk, kind="ART-01", by=people.program, owner=people.product, due_on=None, now=world.NOW
    )
    assert send(people.program, project, "plan", drafts, **day).status_code == 302
    found = {row.kind: (row.owner, str(row.due_on)) for row in project.artifacts.all()}
    assert found["ART-01"] == (people.product, "2099-12-11")
    assert found["ART-11"] == (None, "2099-12-11")
    assert send(people.program, project, "plan", drafts, owner=people.support.pk, due_on="").status_code == 302
    assert {(row.owner, str(row.due_on)) for row in project.artifacts.all()} == {(people.support, "2099-12-11")}
    assert "Give an owner or a due day." in text_of(send(people.program, project, "plan", drafts))
    wrong = send(people.program, project, "plan", drafts, due_on="soon")
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.content.decode()
    assert send(people.developer, project, "plan", drafts, **day).status_code == 403


def test_a_due_day_is_not_typed_into_the_past_and_one_that_has_passed_stays(people, project):
    drafts = drafted(project, people.developer)
    past = send(people.program, project, "plan", drafts, due_on="2020-01-01")
    assert past.status_code == 409
    assert 'value="2020-01-01"' in past.content.decode()
    assert "That day is past: give today or a later day." in text_of(past)
    page, client = reverse("artifact_do", args=[project.code, "ART-01", "plan"]), client_of(people.program)
    given = {"owner": people.product.pk}
    refused = client.post(page, {**given, "due_on": "2020-01-01"})
    assert refused.status_code == 422
    assert "That day is past: give today or a later day." in text_of(refused)
    planned = {"project_id": project.pk, "kind": "ART-01", "by": people.program, "due_on": date(2020, 1, 1)}
    with pytest.raises(Refused, match="That day is past"):
        artifacts.plan(**planned, owner=None, now=world.NOW)
    artifacts.plan(**planned, owner=None, now=datetime(2020, 1, 1, 9, tzinfo=UTC))
    assert client.post(page, {**given, "due_on": "2020-01-01"}).status_code == 302
    assert project.artifacts.get(kind="ART-01").owner == people.product


@pytest.mark.parametrize("count", [3, 300])
def test_the_list_costs_the_same_with_three_versions_and_with_three_hundred(
    people, project, count, django_assert_num_queries
):
    drafted(project, people.developer, [KINDS[n % len(KINDS)] for n in range(count)])
    client = client_of(people.program)
    there = reverse("artifacts", args=[project.code])
    client.get(there)
    with django_assert_num_queries(QUERIES):
        assert client.get(there).status_code == 200
