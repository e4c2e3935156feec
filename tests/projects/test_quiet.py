"""The quiet period after deployment and its incidents: nothing closes over them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects import ledger_check
from projects.actions import quiet, roles
from projects.blocker import Blocked, NotAllowed, Refused
from projects.checks import check_blockers
from projects.models import LedgerEntry, Stage
from tests import world
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.req("EXT-20")]

NOW = world.NOW
TODAY = date(2026, 11, 23)


def scene():
    people = world.People()
    return people, world.to_deploy(world.register(people), people)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def project(scene):
    return scene[1]


def period(project, people, ends_on=TODAY + timedelta(days=4)):
    return quiet.add_period(
        project_id=project.pk,
        by=people.operations,
        starts_on=TODAY - timedelta(days=14),
        ends_on=ends_on,
        watched="Visitors for each hour.",
        exit_criteria="No incident of P1 or P2 is open.",
        now=NOW,
    )


def incident(project, people, **changes):
    given = {"priority": "P2", "occurred_at": NOW, "description": "The printers stood still.", "now": NOW}
    return quiet.add_incident(project_id=project.pk, by=people.support, **{**given, **changes})


def missing(project) -> list[str]:
    return [
        blocker.text
        for blocker in check_blockers(world.fresh(project), "close", NOW)
        if blocker.code.startswith(("quiet", "incident"))
    ]


def test_a_project_does_not_close_before_its_quiet_period_ends_unless_a_reason_is_given(client, people, project):
    world.supply_artifacts(project, "close", people)
    world.confirm_outcomes(project, people)
    running = period(project, people)
    assert missing(project) == ["The quiet period runs until 27 Nov 2026: wait, or end it early with a reason."]
    with pytest.raises(Blocked, match="The quiet period runs until 27 Nov 2026"):
        world.move(project, "close", people)
    with pytest.raises(Refused, match="It was to run until 27 Nov 2026: say why it ends early, or wait"):
        quiet.end_period(running, by=people.program, outcome="None is open.", now=NOW)

    quiet.end_period(
        running, by=people.program, outcome="None is open.", early_reason="The depots close for the winter.", now=NOW
    )

    assert world.move(project, "close", people).stage == Stage.CLOSED
    assert (
        "The depots close for the winter." in LedgerEntry.objects.filter(event="quiet_period.ended").latest("id").line
    )
    client.force_login(people.auditor)
    page = client.get(reverse("register", args=[project.code, "quiet_periods"])).content.decode()
    assert "Ended early" in page
    assert "The depots close for the winter." in page


def test_a_quiet_period_that_ran_its_course_ends_with_how_its_criteria_stand(people, project):
    roles.assign(project_id=project.pk, by=people.manager, role="R-OPX", person=people.support, now=NOW)
    over = period(project, people, ends_on=TODAY)
    assert missing(project) == ["The quiet period ran until 23 Nov 2026: say how its exit criteria stand."]
    [waits] = [one for one in check_blockers(project, "close", NOW) if one.code == "quiet_period.not_ended"]
    assert waits.owner == "Yusuf Karaca"  # who may end it, not Operations Experience
    with pytest.raises(Refused, match="how each of the exit criteria stands"):
        quiet.end_period(over, by=people.program, outcome=" ", now=NOW)
    with pytest.raises(NotAllowed):
        quiet.end_period(over, by=people.support, outcome="None is open.", now=NOW)
    ended = quiet.end_period(over, by=people.program, outcome="None is open.", early_reason="Not early.", now=NOW)
    assert (ended.ended_by, ended.early_reason) == (people.program, "")
    assert missing(project) == []
    with pytest.raises(Refused, match="has ended already"):
        quiet.end_period(over, by=people.program, outcome="Again.", now=NOW)


def test_an_open_incident_keeps_the_project_open(client, people, project):
    client.force_login(people.support)
    there = reverse("register", args=[project.code, "incidents"])
    client.post(there, {"priority": "P1", "occurred_at": "2026-11-23T08:00", "description": "Nobody can sign in."})
    second = incident(project, people, ref="INC-8841")
    assert missing(project) == ["Incidents are open: INC-1, INC-8841."]

    first = project.incidents.get(ref="INC-1")
    client.post(
        reverse("register_row", args=[project.code, "incidents", first.pk, "resolve"]), {"resolution": "Restarted."}
    )
    with pytest.raises(Refused, match="Say how"):
        quiet.resolve_incident(second, by=people.support, resolution="", now=NOW)
    assert missing(project) == ["Incidents are open: INC-8841."]
    quiet.resolve_incident(second, by=people.support, resolution="Schedule corrected.", now=NOW)

    assert missing(project) == []
    with pytest.raises(Refused, match="INC-1 is resolved already"):
        quiet.resolve_incident(first, by=people.support, resolution="Again.", now=NOW)
    assert list(ledger_check.verify(project=project).findings) == []


def test_what_cannot_be_is_refused(people, project):
    with pytest.raises(Refused, match="lies ahead"):
        incident(project, people, occurred_at=NOW + timedelta(hours=1))
    with pytest.raises(Refused, match="ends before it begins"):
        period(project, people, ends_on=TODAY - timedelta(days=15))


@pytest.mark.parametrize(("category", "asked"), [("minor", False), ("significant", False), ("major", True)])
def test_only_a_major_change_is_asked_for_a_quiet_period(people, category, asked):
    project = world.register(people, category=category)
    assert bool(missing(project)) == asked
    if asked:
        assert missing(project) == ["No quiet period after deployment is recorded."]
        ended = period(project, people)
        quiet.end_period(ended, by=people.program, outcome="None is open.", early_reason="Calm.", now=NOW)
        assert missing(project) == []
