"""A project's history in sentences, and whether its lines fit."""

import pytest
from django.db import connection
from django.urls import reverse

from projects import guards, history
from projects.actions import artifacts, projects
from projects.actions.artifacts import Content
from projects.models import LedgerEntry
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


@pytest.fixture
def address(project):
    return reverse("history", args=[project.code])


def text(response):
    return " ".join(response.content.decode().split())


def told(response):
    return [line.told.sentence for row in response.context["changes"] for line in row["change"].lines]


@pytest.mark.req("SEED-54")
def test_a_change_is_told_with_who_why_from_what_to_what(client, people, project, address):
    facts = world.facts(category="major", unit="Logistics")
    projects.edit(
        project_id=project.pk,
        by=people.program,
        facts=facts,
        version=project.version,
        now=world.NOW,
        reason="More people are touched.",
    )
    client.force_login(people.auditor)
    page = text(client.get(address))

    assert "<strong>Yusuf Karaca</strong> changed the change category" in page
    assert "<dt>Change category</dt>" in page
    assert "<del>Minor</del>" in page
    assert "<ins>Major</ins>" in page
    assert "More people are touched." in page
    assert '{"' not in page.partition('id="changes"')[2]  # words, never the stored line


def test_what_one_request_wrote_stands_together(client, people, project, address):
    client.force_login(people.developer)
    client.post(reverse("artifact", args=[project.code, "ART-01"]), {"text": "A vision."})
    newest = client.get(address).context["changes"][0]
    assert [line.told.sentence for line in newest["change"].lines] == [
        "changed the status of Vision document",
        "added Vision document 1.0",
    ]
    assert newest["source"] == "on a page"


def test_it_is_narrowed_by_event_person_and_thing(client, people, project, address):
    world.approved_artifact(project, "ART-01", people)
    client.force_login(people.auditor)

    assert set(told(client.get(address, {"event": "artifact.approved"}))) == {"approved Vision document 1.0"}
    by_developer = client.get(address, {"person": people.developer.pk})
    assert {row["change"].who for row in by_developer.context["changes"]} == {"Ravi Menon"}
    version = project.artifacts.get().versions.get()
    assert told(client.get(address, {"thing": f"projects.artifactversion:{version.pk}"})) == [
        "approved Vision document 1.0",
        "submitted Vision document 1.0 for approval",
        "added Vision document 1.0",
    ]
    everything = len(told(client.get(address)))
    for nonsense in ({"event": "x"}, {"person": "x"}, {"thing": "x:y"}, {"below": "-4"}, {"person": "9" * 40}):
        assert len(told(client.get(address, nonsense))) == everything, nonsense


def test_a_drawer_asks_for_one_thing_and_gets_its_lines_alone(client, people, project, address):
    world.approved_artifact(project, "ART-01", people)
    client.force_login(people.auditor)
    thing = f"projects.artifact:{project.artifacts.get().pk}"
    page = text(client.get(address, {"thing": thing}, headers={"HX-Request": "true"}))
    assert "changed the status of Vision document" in page
    assert "filter-bar" not in page
    assert "<html" not in page


def many(project, people, count):
    for number in range(count):
        artifacts.add_version(
            project_id=project.pk, kind="ART-01", by=people.developer, content=Content(text=str(number)), now=world.NOW
        )


def test_leafing_meets_every_line_once(client, people, project, address, monkeypatch):
    monkeypatch.setattr(history, "PAGE", 7)
    many(project, people, 10)
    client.force_login(people.auditor)
    seen, where = [], address
    while where:
        page = client.get(where)
        seen += [line.entry.seq for row in page.context["changes"] for line in row["change"].lines]
        where = page.context["older_url"]
    assert seen == list(range(LedgerEntry.objects.filter(stream__project=project).count(), 0, -1))


@pytest.mark.req("AUD-07")
def test_a_line_that_was_tampered_with_is_shown_as_not_fitting(client, people, project, address):
    client.force_login(people.auditor)
    assert "lines on this page have the hash they were written with" in text(client.get(address))
    entry = LedgerEntry.objects.filter(stream__project=project).order_by("seq")[2]
    guards.lift(connection.alias)
    try:
        LedgerEntry.objects.filter(pk=entry.pk).update(line=entry.line.replace("Ingrid", "Astrid"))
        page = client.get(address)
    finally:
        guards.install(connection.alias)

    assert "The record does not hold here" in text(page)
    assert [line.entry.seq for row in page.context["changes"] for line in row["change"].lines if not line.fits] == [3]


def test_a_line_taken_out_of_the_middle_shows(client, people, project, address):
    entry = LedgerEntry.objects.filter(stream__project=project).order_by("seq")[2]
    client.force_login(people.auditor)
    guards.lift(connection.alias)
    try:
        LedgerEntry.objects.filter(pk=entry.pk).delete()
        page = client.get(address)
    finally:
        guards.install(connection.alias)
    assert [line.entry.seq for row in page.context["changes"] for line in row["change"].lines if not line.fits] == [4]


@pytest.mark.parametrize("count", [3, 30])
def test_query_count(client, people, project, address, count, django_assert_num_queries):
    many(project, people, count)
    client.force_login(people.auditor)
    client.get("/about/")
    with django_assert_num_queries(11):
        client.get(address)


def test_the_same_page_again_costs_seven_queries(client, people, project, address, django_assert_num_queries):
    client.force_login(people.auditor)
    client.get(address)
    with django_assert_num_queries(7):  # session, person, project, roles held, head of the chain, lines, their hashes
        client.get(address)
