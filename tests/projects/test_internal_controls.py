"""Internal controls: from proposal to verification, by different people, each step before its gate."""

import pytest
from django.urls import reverse

from projects.actions import controls
from projects.blocker import Blocked, NotAllowed, Refused
from projects.checks import check_blockers
from projects.models import InternalControl, Stage
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEED-67")]
State = InternalControl.State


@pytest.fixture
def people():
    return world.People()


def proposed(project, people, by="program") -> InternalControl:
    return controls.add(
        project_id=project.pk, by=getattr(people, by), text="Two people for every payment.", now=world.NOW
    )


def codes(project, gate) -> list[str]:
    return [each.code for each in check_blockers(project, gate, world.NOW) if each.code.startswith("control")]


def test_a_control_is_approved_by_somebody_else_once_planning_has_begun(people):
    project = world.register(people)
    row = proposed(project, people)
    with pytest.raises(Refused, match="start Project Planning first"):
        controls.approve(row, by=people.sponsor, now=world.NOW)
    world.to_planning(project, people)
    with pytest.raises(NotAllowed, match="of their own"):
        controls.approve(row, by=people.program, now=world.NOW)
    assert codes(project, "plan") == ["control.not_approved"]
    row = controls.approve(row, by=people.sponsor, now=world.NOW)
    assert (row.state, row.approved_by) == (State.APPROVED, people.sponsor)
    assert codes(project, "plan") == []
    with pytest.raises(Refused, match="does not follow"):
        controls.approve(row, by=people.sponsor, now=world.NOW)


def test_a_significant_plan_lists_at_least_one_control(people):
    assert codes(world.register(people, category="significant"), "plan") == ["control.none"]
    assert codes(world.register(people, code="PRJ-0900"), "plan") == []


def test_a_control_is_built_in_build_and_the_scope_is_not_complete_before(people):
    project = world.to_planning(world.register(people), people)
    row = controls.approve(proposed(project, people), by=people.sponsor, now=world.NOW)
    with pytest.raises(Refused, match="start Build first"):
        controls.build(row, by=people.developer, built_where="The release screen.", now=world.NOW)
    world.pass_gate(project, world.ReviewKind.PPA, people)
    world.move(project, "start_build", people)
    world.confirm_outcomes(project, people)
    world.record_outputs(project, people, world.ReviewKind.PPA)
    with pytest.raises(Blocked, match="Internal controls that are not built: IC-1"):
        world.move(project, "start_stabilize", people)
    row = controls.build(row, by=people.developer, built_where="The release screen.", now=world.NOW)
    assert (row.state, row.built_by, row.built_where) == (State.BUILT, people.developer, "The release screen.")
    assert world.move(project, "start_stabilize", people).stage == Stage.STABILIZE


def built(people) -> InternalControl:
    project = world.to_planning(world.register(people), people)
    row = controls.approve(proposed(project, people), by=people.sponsor, now=world.NOW)
    world.pass_gate(project, world.ReviewKind.PPA, people)
    world.move(project, "start_build", people)
    return controls.build(row, by=people.developer, built_where="The release screen.", now=world.NOW)


def test_a_control_is_verified_before_the_release_by_somebody_who_did_not_build_it(people):
    row = built(people)
    project = row.project
    assert codes(project, "release") == ["control.not_verified"]
    with pytest.raises(NotAllowed, match="that they built"):
        controls.verify(row, by=people.developer, verified_how="It works.", now=world.NOW)
    row = controls.verify(row, by=people.operations, verified_how="One person: refused.", now=world.NOW)
    assert (row.state, row.verified_by, row.verified_how) == (State.VERIFIED, people.operations, "One person: refused.")
    assert codes(project, "release") == []


def test_what_is_not_built_as_agreed_is_built_and_verified_again(people):
    row = controls.verify(built(people), by=people.operations, verified_how="Seen.", now=world.NOW)
    row = controls.send_back(row, by=people.support, reason="One person is enough since RC-2.", now=world.NOW)
    assert (row.state, row.built_by, row.verified_by) == (State.APPROVED, None, None)
    assert codes(row.project, "scope") == ["control.not_built"]
    assert "control.sent_back" in world.events(row.project)


def test_an_approved_control_is_withdrawn_by_another_than_its_proposer(people):
    row = built(people)
    with pytest.raises(NotAllowed, match="somebody other"):
        controls.withdraw(row, by=people.program, reason="Too slow.", now=world.NOW)
    row = controls.withdraw(row, by=people.sponsor, reason="Payments moved to another project.", now=world.NOW)
    assert row.state == State.WITHDRAWN
    assert codes(row.project, "release") == []
    with pytest.raises(Refused, match="does not follow"):
        controls.verify(row, by=people.operations, verified_how="Seen.", now=world.NOW)


def test_the_page_offers_the_step_that_follows_and_refuses_the_proposer(client, people):
    project = world.to_planning(world.register(people), people)
    row = proposed(project, people)
    there = reverse("register_row", args=[project.code, "controls", row.pk, "approve"])
    client.force_login(people.program)
    assert client.post(there).status_code == 403
    client.force_login(people.sponsor)
    assert there in client.get(reverse("register", args=[project.code, "controls"])).content.decode()
    assert client.post(there).status_code == 302
    page = client.get(reverse("register", args=[project.code, "controls"])).content.decode()
    assert "Approved" in page
    assert there not in page
