"""Deployments: planned for each site, of what was approved, by who may, with result and stability before close."""

from datetime import timedelta

import pytest
from django.urls import reverse

from projects import ledger_check, lifecycle
from projects.actions import deployments
from projects.actions.deployments import NotTheApproved
from projects.blocker import Blocked, NotAllowed, Refused
from projects.models import Deployment, Stage
from reviews.models import Review, ReviewKind
from tests import rows, world
from tests.kept import kept
from tests.supplies.closing import closing

pytestmark = pytest.mark.django_db

NOW = world.NOW
HOUR = timedelta(hours=1)


def scene():
    """A project in Deploy: RR-1 approved RC-1 for thirty days."""
    people = world.People()
    return people, world.to_deploy(world.register(people), people)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def project(scene):
    return scene[1]


def planned(project, people, site="North Quay", candidate="RC-1"):
    return deployments.plan(
        project_id=project.pk, by=people.program, site=site, candidate=candidate, planned_for=NOW + HOUR, now=NOW
    )


def started(row, people, *, at=NOW + HOUR, deployer=None):
    return deployments.start(
        row, by=people.program, deployed_by=deployer or people.support, started_at=at, now=at + HOUR
    )


def finished(row, people, result="success", note=""):
    return deployments.finish(
        row, by=people.program, ended_at=NOW + 2 * HOUR, result=result, result_note=note, now=NOW + 2 * HOUR
    )


def missing(project) -> list[str]:
    """What the register of deployments has against closing."""
    found = lifecycle.blockers(world.fresh(project), lifecycle.MOVES["close"], NOW)
    return [blocker.code for blocker in found if blocker.code.startswith("deployment.")]


@pytest.mark.req("EXT-06", "EXT-14")
def test_nothing_is_deployed_by_a_go_that_is_on_hold(people, project):
    """The release was a go on a condition that is overdue when the deployment begins."""
    row, due = planned(project, people), (NOW + HOUR).date()
    rows.condition(Review.objects.get(project=project, kind="rr"), people.operations, due_on=due)
    with pytest.raises(Blocked, match="so the go of RR-1 is on hold"):
        started(row, people, at=NOW + 25 * HOUR)
    assert started(row, people).started_at == NOW + HOUR


@pytest.mark.req("SEED-32")
def test_who_deployed_when_with_what_result_is_recorded_through_the_pages(client, people, project):
    client.force_login(people.program)
    there = reverse("register", args=[project.code, "deployments"])
    people.program.time_zone = "Europe/Oslo"
    people.program.save()
    form = client.get(there).context["form"]
    assert form["candidate"].initial == "RC-1"  # the approved one is offered
    client.post(there, {"site": "North Quay", "planned_for": "2026-11-23T10:30", "candidate": "RC-1"})
    row = Deployment.objects.get()
    assert row.planned_for == NOW + HOUR / 2  # 10:30 on the reader's clock, an hour ahead of UTC

    def verb(name):
        return reverse("register_row", args=[project.code, "deployments", row.pk, name])

    client.post(verb("start"), {"started_at": "2026-11-23T10:00", "deployed_by": people.support.pk})
    client.post(verb("finish"), {"ended_at": "2026-11-23T10:20", "result": "success"})
    client.post(verb("stable"), {"stability": "Two days without an alert."})

    row = Deployment.objects.get()
    assert (row.started_at, row.ended_at, row.deployed_by) == (NOW, NOW + HOUR / 3, people.support)
    assert (row.state, row.stable_by) == (Deployment.State.STABLE, people.program)
    assert "Two days without an alert." in client.get(there).content.decode()
    assert missing(project) == []
    assert list(ledger_check.verify(project=project).findings) == []


@pytest.mark.req("SEED-121")
@pytest.mark.req("SEED-109")
def test_a_project_closes_when_every_site_is_deployed_and_stable(people, project):
    world.supply_artifacts(world.fresh(project), "close", people)
    world.confirm_outcomes(project, people)
    north = project.deployments.get()
    assert (north.site, missing(project)) == ("Production", [])

    ember = planned(project, people, "Ember Lane")
    assert missing(project) == ["deployment.planned"]
    with pytest.raises(Blocked, match="Ember Lane: planned, not deployed yet"):
        world.move(project, "close", people)
    ember = started(ember, people)
    assert missing(project) == ["deployment.under_way"]
    ember = finished(ember, people)
    assert missing(project) == ["deployment.deployed"]
    deployments.call_stable(ember, by=people.operations, stability="Nothing seen.", now=NOW + 3 * HOUR)

    assert world.move(project, "close", people, now=NOW + 3 * HOUR).stage == Stage.CLOSED


@pytest.mark.req("SEED-32")
def test_a_project_that_deployed_nothing_does_not_close(people, project):
    assert missing(project) == ["deployment.none"]
    dropped = planned(project, people)
    deployments.drop(dropped, by=people.program, dropped_reason="The depot is given up.", now=NOW)
    assert missing(project) == ["deployment.none"]


@pytest.mark.req("SEED-121")
@pytest.mark.parametrize("result", ["failed", "rolled_back"])
def test_a_site_that_failed_wants_another_deployment(people, project, result):
    row = started(planned(project, people), people)
    with pytest.raises(Refused, match="Say what happened"):
        finished(row, people, result)
    finished(row, people, result, "Printers did not answer.")
    assert missing(project) == [f"deployment.{result}"]

    again = planned(project, people, "north quay ")
    assert missing(project) == ["deployment.planned"]
    closing(project, people, NOW + 2 * HOUR)
    again.refresh_from_db()
    assert (again.state, missing(project)) == (Deployment.State.STABLE, [])


@pytest.mark.req("SEED-121")
def test_a_second_plan_for_a_site_does_not_hide_the_first(people, project):
    first = planned(project, people)
    second = started(planned(project, people), people)
    deployments.call_stable(finished(second, people), by=people.program, stability="Calm.", now=NOW + 2 * HOUR)
    assert missing(project) == ["deployment.planned"]
    deployments.drop(first, by=people.program, dropped_reason="Planned twice.", now=NOW + 2 * HOUR)
    assert missing(project) == []


@pytest.mark.req("EXT-14")
def test_another_candidate_than_the_approved_one_is_not_deployed(people, project):
    row = planned(project, people, candidate="RC-2")
    with pytest.raises(NotTheApproved, match="RR-1 approved RC-1, and this is RC-2: deploy RC-1, or hold another"):
        started(row, people)
    row.refresh_from_db()
    assert row.started_at is None


@pytest.mark.req("EXT-14")
def test_nothing_is_deployed_after_the_approval_has_expired(people, project):
    row = planned(project, people)
    with pytest.raises(NotTheApproved, match="RR-1 was valid until 23 Dec 2026, 09:00: hold another"):
        started(row, people, at=NOW + timedelta(days=30, minutes=1))
    assert started(row, people, at=NOW + timedelta(days=30)).started_at == NOW + timedelta(days=30)


@pytest.mark.req("EXT-14")
def test_nothing_is_deployed_before_its_approval(people, project):
    with pytest.raises(NotTheApproved, match="No Release Readiness review had approved"):
        started(planned(project, people), people, at=NOW - timedelta(minutes=1))


@pytest.mark.req("EXT-14")
def test_nothing_is_deployed_outside_deploy(people):
    project = world.register(people)
    world.to_stabilize(project, people)
    world.pass_gate(project, ReviewKind.RR, people)
    row = planned(project, people)
    with pytest.raises(Refused, match="move it to Deploy"):
        started(row, people)
    world.move(project, "start_deploy", people)
    assert started(row, people).state == Deployment.State.UNDER_WAY


@pytest.mark.req("AUD-11")
def test_who_decided_the_release_does_not_deploy_it(people, project):
    with pytest.raises(NotAllowed, match="Ingrid Solheim decided RR-1"):
        started(planned(project, people), people, deployer=people.manager)


@pytest.mark.req("AUD-11")
def test_a_developer_deploys_a_minor_change_and_no_significant_one(people, project):
    assert started(planned(project, people), people, deployer=people.developer).deployed_by == people.developer
    project.category = "significant"
    project.save(update_fields=["category"])
    with pytest.raises(NotAllowed, match="Ravi Menon is Developer here"):
        started(planned(project, people, "Ember Lane"), people, deployer=people.developer)


def test_a_deployment_ends_after_it_began_and_not_ahead(people, project):
    row = started(planned(project, people), people)
    for ended in (NOW, NOW + 5 * HOUR):
        with pytest.raises(Refused, match="the end lies after that, and not ahead"):
            deployments.finish(row, by=people.program, ended_at=ended, result="success", now=NOW + 4 * HOUR)
    with pytest.raises(Refused, match="lies ahead"):
        deployments.start(
            planned(project, people, "Ember Lane"),
            by=people.program,
            deployed_by=people.support,
            started_at=NOW + HOUR,
            now=NOW,
        )


def test_only_what_is_planned_is_dropped_by_who_manages_with_a_reason(people, project):
    row = planned(project, people)
    with pytest.raises(NotAllowed):
        deployments.drop(row, by=people.developer, dropped_reason="No.", now=NOW)
    with pytest.raises(Refused, match="Say why"):
        deployments.drop(row, by=people.program, dropped_reason=" ", now=NOW)
    row = started(row, people)
    with pytest.raises(Refused, match="has begun"):
        deployments.drop(row, by=people.program, dropped_reason="Too late.", now=NOW)
