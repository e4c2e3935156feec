"""Conflicts between projects: found over people, environments and days, logged, resolved (SEED-116)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects import conflicts as search
from projects.actions import conflicts as actions
from projects.actions import deployments, environments, projects, roles
from projects.blocker import Blocked, NotAllowed, Refused
from projects.ledger_check import verify
from projects.models import Project, ProjectConflict, RoleAssignment
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
HERE = "/conflicts/"


@pytest.fixture
def people():
    return world.People()


def project(people, start=date(2026, 9, 1), end=date(2026, 12, 1), **changes):
    """A project with nobody on it but its managers; each by a program manager of its own."""
    number = Project.objects.count()
    return projects.create(
        by=people.manager,
        facts=world.facts(planned_start=start, planned_end=end, **changes),
        solution_manager=people.manager,
        program_manager=world.person(f"lead{number}", is_program_manager=True),
        now=NOW,
    )


def give(row, people, person, role="R-DEV"):
    roles.assign(project_id=row.pk, by=people.manager, role=role, person=person, now=NOW)


def environment(row, people, name="Laboratory B"):
    environments.add(
        project_id=row.pk, by=people.manager, name=name, purpose="test", kept_apart="A network of its own.", now=NOW
    )


def deployment(row, by, site="Depot North", day=14, hour=6):
    return deployments.plan(
        project_id=row.pk,
        by=by,
        site=site,
        candidate="RC-1",
        planned_for=datetime(2026, 12, day, hour, tzinfo=UTC),
        now=NOW,
    )


def found(viewer=None):
    rows = Project.objects.visible_to(viewer) if viewer else Project.objects.all()
    return [(each.kind, [span.code for span in each.projects]) for each in search.found(rows)]


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.req("SEED-116")
def test_a_person_on_three_projects_at_once_is_double_booked_and_on_two_is_not(client, people):
    one, two, three = (project(people) for _n in range(3))
    for row in (one, two):
        give(row, people, people.developer)
    assert found() == []
    give(three, people, people.developer, "R-TST")
    assert found() == [("people", [one.code, two.code, three.code])]
    client.force_login(people.manager)
    assert "Ravi Menon works on more than 2 projects at once" in text(client.get(HERE))
    assignment = world.holder(three, "R-TST")
    roles.end(assignment_id=assignment.pk, by=people.manager, now=NOW)
    assert found() == []


@pytest.mark.req("SEED-116")
def test_only_working_roles_on_active_projects_whose_dates_meet_count(people):
    one, two = project(people), project(people)
    after = project(people, start=date(2026, 12, 2), end=date(2027, 3, 1))
    undated = project(people, start=None, end=None)
    resting = project(people)
    for row in (one, two, after, undated, resting):
        give(row, people, people.developer)
        give(row, people, people.sponsor, "P-SPONSOR")  # a capacity, no working role
    projects.hold(project_id=resting.pk, by=people.manager, reason="Supplier late.", now=NOW)
    assert found() == []
    touching = project(people, start=date(2026, 12, 1), end=date(2026, 12, 1))
    give(touching, people, people.developer)
    assert found() == [("people", [one.code, two.code, touching.code])]


@pytest.mark.req("SEED-116")
def test_an_environment_of_the_same_name_used_at_the_same_time_is_found(people):
    one, two = project(people), project(people)
    after = project(people, start=date(2026, 12, 2), end=date(2027, 3, 1))
    environment(one, people)
    environment(after, people)
    assert found() == []
    environment(two, people, "laboratory  b")
    assert found() == [("environment", [one.code, two.code])]


@pytest.mark.req("SEED-116")
def test_deployments_on_one_day_to_one_site_or_by_one_person_are_found(people):
    one, two = project(people), project(people)
    for row in (one, two):
        give(row, people, people.developer)
    deployment(one, people.developer)
    deployment(one, people.developer, hour=9)  # the same project: its own affair
    assert found() == []
    meeting = deployment(two, people.manager, "depot north", hour=9)
    assert found() == [("dates", [one.code, two.code])]
    deployments.drop(meeting, by=people.manager, dropped_reason="Moved.", now=NOW)
    assert found() == []
    deployment(two, people.developer, "Depot South")
    assert found() == [("dates", [one.code, two.code])]
    deployment(two, people.manager, day=15)
    assert len(found()) == 1


@pytest.mark.req("SEED-116")
def test_a_conflict_that_was_found_is_logged_with_one_click_and_resolved(client, people):
    one, two = project(people), project(people)
    environment(one, people)
    environment(two, people)
    client.force_login(people.manager)
    (standing,) = search.found(Project.objects.all())
    assert f'value="{standing.fingerprint}"' in text(client.get(HERE))
    assert client.post(reverse("conflict_found"), {"fingerprint": standing.fingerprint}).status_code == 302
    row = ProjectConflict.objects.get()
    assert (row.project, row.other, row.kind, row.text) == (one, two, "environment", standing.text)
    page = client.get(HERE)
    assert page.context["found"] == []
    assert [each["conflict"] for each in page.context["open"]] == [row]
    assert client.post(reverse("conflict_found"), {"fingerprint": standing.fingerprint}).status_code == 422  # once

    there = reverse("conflict_resolve", args=[row.pk])
    assert client.post(there, {f"conflict-{row.pk}-resolution": " "}).status_code == 422
    assert client.post(there, {f"conflict-{row.pk}-resolution": "Two weeks each."}).status_code == 302
    row.refresh_from_db()
    assert (row.resolution, row.resolved_by) == ("Two weeks each.", people.manager)
    page = client.get(HERE)
    assert (page.context["found"], page.context["open"], page.context["resolved"]) == ([], [], [row])
    assert "Two weeks each." in text(page)
    assert world.events(one)[-2:] == ["conflict.logged", "conflict.resolved"]
    assert list(verify(project=one).findings) == []


@pytest.mark.req("SEED-116")
def test_a_conflict_is_logged_by_hand(client, people):
    one, two = project(people), project(people)
    client.force_login(people.manager)
    form = {"project": one.code, "other": two.code.lower(), "kind": "dates", "text": "Both go live before the audit."}
    assert client.post(HERE, {**form, "other": "PRJ-9999"}).status_code == 422
    answer = client.post(HERE, {**form, "other": one.code})
    assert answer.status_code == 422
    assert "between two projects" in text(answer)
    assert client.post(HERE, form).status_code == 302
    assert "Both go live before the audit." in text(client.get(HERE))
    assert ProjectConflict.objects.get().other == two


@pytest.mark.req("SEED-116")
@pytest.mark.parametrize("who", ["program", "developer", "auditor", "process_owner"])
def test_only_a_solution_manager_logs_and_resolves(client, people, who):
    one, two = world.register(people), world.register(people, title="Payroll")
    row = actions.log(project=one, other=two, by=people.manager, kind="dates", text="Same week.", now=NOW)
    person = getattr(people, who)
    with pytest.raises(NotAllowed):
        actions.log(project=one, other=two, by=person, kind="dates", text="Same week.", now=NOW)
    with pytest.raises(NotAllowed):
        actions.log_found(fingerprint="0" * 64, by=person, now=NOW)
    with pytest.raises(NotAllowed):
        actions.resolve(row, by=person, resolution="Moved.", now=NOW)
    client.force_login(person)
    page = text(client.get(HERE))
    assert "Same week." in page  # who sees the project sees its conflicts
    assert "Log a conflict" not in page
    assert "It is resolved" not in page
    assert client.post(reverse("conflict_resolve", args=[row.pk]), {}).status_code == 403
    row.refresh_from_db()
    assert row.resolved_at is None


@pytest.mark.req("SEED-116")
def test_nobody_sees_conflicts_of_foreign_projects(client, people):
    one, two = world.register(people), world.register(people, title="Payroll")
    row = actions.log(project=one, other=two, by=people.manager, kind="dates", text="Same week.", now=NOW)
    environment(one, people)
    client.force_login(people.outsider)
    page = client.get(HERE)
    assert (page.context["found"], page.context["open"]) == ([], [])
    assert client.post(reverse("conflict_resolve", args=[row.pk]), {}).status_code == 404


def test_a_conflict_is_resolved_once_never_deleted_and_rests_with_its_project(people):
    one, two = project(people), project(people)
    row = actions.log(project=one, other=two, by=people.manager, kind="people", text="One tester.", now=NOW)
    with pytest.raises(Refused, match="stands no more"):
        actions.log_found(fingerprint="0" * 64, by=people.manager, now=NOW)
    projects.hold(project_id=one.pk, by=people.manager, reason="Supplier late.", now=NOW)
    with pytest.raises(Blocked):
        actions.resolve(row, by=people.manager, resolution="Moved.", now=NOW)
    projects.resume(project_id=one.pk, by=people.manager, reason="Delivered.", now=NOW)
    actions.resolve(row, by=people.manager, resolution="Moved.", now=NOW)
    with pytest.raises(Refused, match="resolved already"):
        actions.resolve(row, by=people.manager, resolution="Moved.", now=NOW)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        row.delete()


def test_the_portfolio_leads_to_the_conflicts(client, people):
    client.force_login(people.manager)
    assert f'href="{HERE}"' in text(client.get(reverse("portfolio")))


@pytest.mark.req("SEED-116")
@pytest.mark.parametrize("count", [3, 300])
def test_query_count(client, people, count, django_assert_num_queries):
    """The projects are made past the actions: only the cost of reading is tried here."""
    first = project(people)
    plain = {field.attname: getattr(first, field.attname) for field in Project._meta.concrete_fields}
    plain.pop("id")
    Project.objects.bulk_create([Project(**{**plain, "code": f"Q-{n}"}) for n in range(count - 1)])
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            project=row, role="R-DEV", user=people.developer, starts_on=NOW.date(), assigned_by=first.created_by
        )
        for row in Project.objects.all()
    )
    for row in Project.objects.order_by("-id")[:3]:
        environment(row, people)
    pair = list(Project.objects.order_by("id")[:2])
    for n in range(count // 3):
        actions.log(project=pair[0], other=pair[1], by=people.manager, kind="dates", text=f"Week {n}.", now=NOW)
    client.force_login(people.manager)
    client.get(HERE)
    with django_assert_num_queries(7):
        page = client.get(HERE)
    assert [len(each.projects) for each in page.context["found"]] == [count, 3]
    assert len(page.context["open"]) == count // 3
