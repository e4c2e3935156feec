"""The tailoring sheet: what is kept, left out or not applicable, and who may approve it."""

import pytest
from django.urls import reverse

from projects import tailoring as sheets
from projects.actions import artifacts, tailoring
from projects.actions.projects import ChangedMeanwhile
from projects.blocker import NotAllowed, Refused
from projects.ledger_check import verify
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("EXT-13")]


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def approve(project, by, digest=""):
    digest = digest or sheets.sheet(world.fresh(project)).digest
    return tailoring.approve(project_id=project.pk, by=by, digest=digest, now=world.NOW)


def not_applicable(project, people, kind, *, asked_by=None):
    given = {"project_id": project.pk, "kind": kind, "now": world.NOW}
    artifacts.ask_not_applicable(by=asked_by or people.developer, reason="Nothing is converted.", **given)
    artifacts.consent_not_applicable(by=people.sponsor, **given)


def lines(project):
    return {line.code: line for line in sheets.sheet(project).lines}


def test_the_sheet_tells_of_everything_kept_left_out_and_not_applicable(people, project):
    kept = next(code for code, line in lines(project).items() if line.state == "kept")
    left_out = [line for line in lines(project).values() if line.state == "left_out"]
    assert left_out
    assert all(line.reason for line in left_out)

    not_applicable(project, people, kept)

    line = lines(project)[kept]
    assert (line.state, line.reason, line.agreed) == ("not_applicable", "Nothing is converted.", "Lucía Benítez")


def test_an_approval_goes_stale_when_the_sheet_changes(client, people, project):
    address = reverse("tailoring", args=[project.code])
    client.force_login(people.manager)
    assert "Not approved yet." in client.get(address).content.decode()
    client.post(address, {"digest": sheets.sheet(project).digest})
    assert "This version is approved" in client.get(address).content.decode()

    not_applicable(project, people, "ART-11")

    assert "has changed since it was approved" in client.get(address).content.decode()
    assert approve(project, people.manager).number == 2
    assert list(verify(project=project).findings) == []


def test_it_is_approved_by_a_solution_manager_who_did_not_ask(people, project):
    not_applicable(project, people, "ART-11", asked_by=people.manager)
    another = world.person("farah", is_solution_manager=True)
    for by in (people.program, people.manager, people.sponsor):
        with pytest.raises(NotAllowed):
            approve(project, by)
    assert approve(project, another).created_by == another
    with pytest.raises(Refused, match="already"):
        approve(project, another)


def test_nobody_approves_a_sheet_that_he_has_not_seen(people, project):
    seen = sheets.sheet(project).digest
    not_applicable(project, people, "ART-11")
    with pytest.raises(ChangedMeanwhile):
        approve(project, people.manager, seen)


@pytest.mark.parametrize("count", [3, 300])
def test_query_count(client, people, project, count, django_assert_num_queries):
    for number in range(count):
        tailoring.TailoringApproval.objects.create(
            project=project, number=number + 1, digest="f" * 64, text="x", created_by=people.manager,
            created_at=world.NOW,
        )  # fmt: skip
    client.force_login(people.manager)
    with django_assert_num_queries(14):
        client.get(reverse("tailoring", args=[project.code]))
