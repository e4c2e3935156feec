"""Environments, supported levels and compliance reviews: what they keep from being approved."""

from datetime import date

import pytest
from django.urls import reverse

from projects.actions import environments
from projects.blocker import Refused
from projects.checks import check_blockers
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def texts(project, gate, code) -> list[str]:
    return [each.text for each in check_blockers(project, gate, world.NOW) if each.code.startswith(code)]


def place(project, people, name="Tablets", purpose="production"):
    return environments.add(
        project_id=project.pk,
        by=people.program,
        name=name,
        purpose=purpose,
        kept_apart="Its own network.",
        now=world.NOW,
    )


@pytest.mark.req("SEED-50")
def test_a_significant_plan_names_the_environments_that_are_kept_apart(people, project):
    large = world.register(people, category="significant", code="PRJ-0900")
    assert texts(project, "plan", "environment") == []
    missing = "No environment is named for: "
    assert texts(large, "plan", "environment") == [f"{missing}Development, Test, Production."]
    place(large, people, "Bench", "development")
    place(large, people, "North Quay", "pilot")
    assert texts(large, "plan", "environment") == [f"{missing}Test, Production."]
    place(large, people, "Trial account", "test")
    place(large, people)
    assert texts(large, "plan", "environment") == []


@pytest.mark.req("SEED-50")
def test_an_environment_says_how_it_is_kept_apart_and_has_one_name(client, people, project):
    client.force_login(people.program)
    there = reverse("register", args=[project.code, "environments"])
    assert client.post(there, {"name": "Bench", "purpose": "test", "kept_apart": " "}).status_code == 422
    assert client.post(there, {"name": "Bench", "purpose": "test", "kept_apart": "Its own network."}).status_code == 302
    answer = client.post(there, {"name": "Bench ", "purpose": "production", "kept_apart": "None."})
    assert answer.status_code == 422
    assert "already an environment Bench" in answer.content.decode()


def level(project, people, environment, supported, until=None):
    return environments.add_level(
        project_id=project.pk,
        by=people.program,
        component="Tablet system",
        version="11",
        environment=environment,
        supported=supported,
        supported_until=until,
        now=world.NOW,
    )


@pytest.mark.req("SEED-100")
@pytest.mark.parametrize(
    ("supported", "until", "words"),
    [
        ("no", None, "Tablet system 11 is not supported on Tablets: while this is so, N-ENV-1 is present."),
        ("yes", date(2026, 11, 22), "Tablet system 11 is not supported on Tablets: while this is so"),
        ("unknown", None, "Nobody knows whether Tablet system 11 is supported on Tablets: N-ENV-1"),
        ("yes", date(2026, 11, 23), ""),
        ("yes", None, ""),
    ],
)
def test_an_unsupported_pair_keeps_the_release_from_being_ready(people, project, supported, until, words):
    level(project, people, place(project, people), supported, until)
    found = texts(project, "release", "level")
    assert len(found) == bool(words)
    assert all(text.startswith(words) for text in found)


@pytest.mark.req("SEED-100")
def test_a_pair_assessed_again_is_no_more_in_the_way(client, people, project):
    row = level(project, people, place(project, people), "no")
    client.force_login(people.program)
    there = reverse("register_row", args=[project.code, "levels", row.pk, "assess"])
    assert "Tablet system" in client.get(there).content.decode()
    given = {"version": "14", "supported": "yes", "supported_until": "2029-09-30", "note": "Updated."}
    assert client.post(there, {**given, "supported": "no"}).status_code == 422  # no end of what is not there
    assert client.post(there, given).status_code == 302
    assert texts(project, "release", "level") == []
    page = client.get(reverse("register", args=[project.code, "levels"])).content.decode()
    for words in ("Tablet system", "14", "Tablets", "Supported", "30 Sep 2029"):
        assert words in page


@pytest.mark.req("SEED-100")
def test_a_pair_is_compared_once_and_within_its_project(people, project):
    here = place(project, people)
    level(project, people, here, "yes")
    with pytest.raises(Refused, match="on the list"):
        level(project, people, here, "no")
    other = world.register(people, code="PRJ-0900")
    with pytest.raises(Refused, match="another project"):
        level(other, people, here, "yes")


def reviewed(project, people, result, day, *, kind="privacy", subject="Visitors' names", note="Kept too long."):
    return environments.add_review(
        project_id=project.pk,
        by=people.program,
        kind=kind,
        subject=subject,
        reviewer="Naoko Ishii",
        reviewed_on=date(2026, 11, day),
        result=result,
        note="" if result == "passed" else note,
        now=world.NOW,
    )


@pytest.mark.req("SEED-49")
def test_a_failed_review_stands_until_a_later_one_of_the_same_subject_passes(people, project):
    reviewed(project, people, "passed", 2)
    assert texts(project, "plan", "compliance") == []
    reviewed(project, people, "failed", 9)
    words = ["Visitors' names failed its review (Privacy, Naoko Ishii): settle it and have it reviewed again."]
    assert texts(project, "plan", "compliance") == words
    reviewed(project, people, "passed", 5)  # recorded later, held earlier
    reviewed(project, people, "passed", 16, subject="Printers")
    reviewed(project, people, "passed", 16, kind="policy")
    assert texts(project, "plan", "compliance") == words
    reviewed(project, people, "conditions", 16, subject="visitors' Names")
    assert texts(project, "plan", "compliance") == []


@pytest.mark.req("SEED-49")
def test_a_review_is_on_record_with_reviewer_subject_date_and_result(client, people, project):
    reviewed(project, people, "failed", 9)
    client.force_login(people.auditor)
    page = client.get(reverse("register", args=[project.code, "compliance"])).content.decode()
    for words in ("Naoko Ishii", "Visitors&#x27; names", "9 Nov 2026", "Failed", "Kept too long."):
        assert words in page


@pytest.mark.req("SEED-49")
def test_a_review_of_tomorrow_or_a_failure_without_words_is_refused(people, project):
    with pytest.raises(Refused, match="lies ahead"):
        reviewed(project, people, "passed", 24)
    with pytest.raises(Refused, match="what was found"):
        reviewed(project, people, "failed", 9, note=" ")
