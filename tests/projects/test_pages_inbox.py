"""The inbox: what waits, what was asked for, what happened; and its badge."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects import inbox
from projects.actions import artifacts, roles
from projects.actions.artifacts import Content
from reviews.models import ReviewKind
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def desk(user):
    return inbox.desk(user, timezone.now())


def kinds(entries):
    return sorted(entry.kind for entry in entries)


def submitted(project, people, kind="ART-01"):
    version = artifacts.add_version(
        project_id=project.pk, kind=kind, by=people.developer, content=Content(text="A vision."), now=world.NOW
    )
    return artifacts.submit(project_id=project.pk, version_id=version.pk, by=people.developer, now=world.NOW)


def acknowledge_all(project, people):
    for held in project.roles.filter(acknowledged_at__isnull=True).select_related("user"):
        roles.acknowledge(assignment_id=held.pk, by=held.user, now=world.NOW)


@pytest.mark.req("SEED-122")
def test_a_role_waits_until_it_is_acknowledged(people, project):
    assert kinds(desk(people.developer).awaiting) == ["role"]
    assert kinds(desk(people.manager).awaiting) == []  # named himself
    acknowledge_all(project, people)
    assert kinds(desk(people.developer).awaiting) == []


@pytest.mark.req("EXT-24")
def test_a_version_waits_for_approvers_and_never_for_its_author(people, project):
    acknowledge_all(project, people)
    version = submitted(project, people)

    (entry,) = desk(people.sponsor).awaiting
    assert (entry.kind, entry.url) == ("approval", f"/projects/{project.code}/artifacts/ART-01/")
    assert desk(people.developer).awaiting == []
    assert kinds(desk(people.developer).requests) == ["version"]
    assert desk(people.outsider).awaiting == []

    artifacts.approve(project_id=project.pk, version_id=version.pk, by=people.sponsor, now=world.NOW)
    assert desk(people.sponsor).awaiting == []
    assert desk(people.developer).requests == []


@pytest.mark.req("SEED-46")
def test_not_applicable_waits_for_somebody_else(people, project):
    acknowledge_all(project, people)
    artifacts.ask_not_applicable(
        project_id=project.pk, kind="ART-17", by=people.developer, reason="No users are touched.", now=world.NOW
    )
    assert kinds(desk(people.sponsor).awaiting) == ["not_applicable"]
    assert kinds(desk(people.developer).awaiting) == []
    assert kinds(desk(people.developer).requests) == ["not_applicable_asked"]


def test_an_artifact_waits_for_its_owner_from_a_fortnight_before_its_day(people, project):
    acknowledge_all(project, people)
    today = timezone.localdate()
    for kind, days in (("ART-01", 14), ("ART-05", 15), ("ART-11", -2)):
        artifacts.plan(
            project_id=project.pk,
            kind=kind,
            by=people.program,
            owner=people.product,
            due_on=today + timedelta(days=days),
            now=world.NOW,
        )
    assert [entry.url[-7:-1] for entry in desk(people.product).awaiting] == ["ART-11", "ART-01"]  # overdue first


def test_the_badge_counts_what_the_list_shows(people, project):
    submitted(project, people)
    artifacts.ask_not_applicable(
        project_id=project.pk, kind="ART-17", by=people.developer, reason="No users are touched.", now=world.NOW
    )
    world.to_planning(project, people)
    world.ready_to_sign(project, ReviewKind.PPA, people)
    for user in (people.manager, people.program, people.sponsor, people.developer, people.auditor, people.outsider):
        assert inbox.count(user, timezone.now()) == len(desk(user).awaiting), user


def test_the_page_shows_all_three_parts_and_the_badge(client, people, project):
    submitted(project, people)
    client.force_login(people.sponsor)
    page = client.get("/").content.decode()

    assert "Approve or send back Vision document 1.0 by Ravi Menon" in page
    assert "Acknowledge your role: Sponsor" in page
    assert "asked 23 Nov 2026" in page, "of a role only the day is known"
    assert "submitted Vision document 1.0 for approval" in page  # watching
    assert '<span class="count">2' in page


def test_an_empty_inbox_says_where_to_go(client, people):
    client.force_login(people.outsider)
    page = client.get("/").content.decode()
    assert "Nothing waits for you" in page
    assert "/projects/new/" in page
    client.force_login(people.operator)
    assert "/projects/new/" not in client.get("/").content.decode()


def test_the_badge_is_kept_and_brought_up_to_date_by_what_the_reader_does(
    client, people, project, django_assert_num_queries
):
    client.force_login(people.developer)
    assert '<span class="count">1' in client.get("/about/").content.decode()
    with django_assert_num_queries(2):  # session, person: the badge is known
        client.get("/about/")

    held = world.holder(project, "R-DEV")
    client.post(f"/projects/{project.code}/roles/{held.pk}/acknowledge/")

    assert '<span class="count">' not in client.get("/about/").content.decode()


def test_the_reader_is_not_told_what_he_did_himself(people, project):
    submitted(project, people)
    assert "artifact.submitted" in {entry.event for entry in desk(people.sponsor).watching}
    assert "artifact.submitted" not in {entry.event for entry in desk(people.developer).watching}
    assert desk(people.outsider).watching == []


@pytest.mark.parametrize("count", [3, 30])
def test_query_count(client, people, count, django_assert_num_queries):
    for _each in range(count):
        made = world.register(people)
        submitted(made, people)
        artifacts.plan(
            project_id=made.pk,
            kind="ART-11",
            by=people.program,
            owner=people.sponsor,
            due_on=world.NOW.date(),
            now=world.NOW,
        )
    client.force_login(people.sponsor)
    client.get("/about/")

    with django_assert_num_queries(20):
        page = client.get("/")

    assert len(page.context["desk"].awaiting) == 3 * count


def main(response):
    return response.content.decode().partition("<main")[2]


def test_while_nothing_happens_the_inbox_costs_three_queries(client, people, project, django_assert_num_queries):
    client.force_login(people.sponsor)
    first = main(client.get("/"))
    with django_assert_num_queries(3):  # session, person, newest line of any chain
        assert main(client.get("/")) == first


def test_what_has_just_been_asked_is_in_the_inbox(client, people, project):
    client.force_login(people.sponsor)
    assert "Approve or send back" not in client.get("/").content.decode()
    submitted(project, people)
    assert "Approve or send back" in client.get("/").content.decode()


def test_one_reader_is_not_shown_what_was_kept_for_another(client, people, project):
    submitted(project, people)
    client.force_login(people.sponsor)
    assert "Approve or send back" in client.get("/").content.decode()
    client.force_login(people.outsider)
    assert "Approve or send back" not in client.get("/").content.decode()
