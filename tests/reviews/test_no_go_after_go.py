"""A no-go or hold after a go: the earlier go no longer lets the project through (SEED-108)."""

from datetime import timedelta

import pytest

from projects import ledger_check
from projects.blocker import Blocked
from projects.models import GatePass
from reviews.actions.decisions import AreaToAddress
from reviews.models import Decision, ReviewKind
from tests import world

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(days=1)


@pytest.mark.req("SEED-108", "SEED-70")
@pytest.mark.parametrize(
    ("kind", "reach", "step", "decision"),
    [
        (ReviewKind.PPA, world.to_planning, "start_build", Decision.HOLD),
        (ReviewKind.RR, world.to_stabilize, "start_deploy", Decision.NO_GO_POSTPONED),
    ],
)
def test_a_later_round_shuts_the_gate_that_an_earlier_one_opened(kind, reach, step, decision):
    people = world.People()
    project = reach(world.register(people, category="emergency"), people)
    world.pass_gate(project, kind, people)
    world.ready_to_sign(project, kind, people, now=LATER)
    second = project.reviews.get(kind=kind, state="signing")
    area = AreaToAddress(area="The rollback.", effort_days=2, owner=people.product, due_on=LATER.date())

    again = LATER.date() + timedelta(days=7)
    world.decide(second, decision, reason="It fails.", areas=(area,), next_review_on=again, now=LATER)

    shut = GatePass.objects.get(project=project, gate="plan" if kind == ReviewKind.PPA else "release")
    assert (shut.revoked_at, shut.revoked_by) == (LATER, people.manager)
    assert shut.revoked_reason == f"{second.ref} did not decide go"
    with pytest.raises(Blocked, match="has not been opened"):
        world.move(project, step, people, now=LATER)
    assert ledger_check.verify(project).holds


@pytest.mark.req("SEED-108")
def test_a_no_go_of_a_plan_that_is_being_built_leaves_the_project_where_it_is():
    people = world.People()
    project = world.to_build(world.register(people, category="emergency"), people)
    second = world.ready_to_sign(project, ReviewKind.PPA, people, now=LATER)
    area = AreaToAddress(area="The plan.", effort_days=2, owner=people.product, due_on=LATER.date())

    world.decide(second, Decision.NO_GO_POSTPONED, reason="It fails.", areas=(area,), now=LATER)

    assert world.fresh(project).plan_approved_at == world.NOW
