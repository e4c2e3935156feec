"""What a register has against a gate is shown before and during its review, and keeps the gate shut."""

import pytest

from projects.blocker import Blocked, Blocker
from projects.checks import CHECKS
from projects.models import Gate
from reviews import gates, signing
from reviews.models import ReviewKind
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


def codes(blockers: list[Blocker]) -> set[str]:
    return {blocker.code for blocker in blockers}


def test_a_check_is_read_before_a_round_is_opened_and_at_its_decision(people, monkeypatch):
    monkeypatch.setitem(CHECKS, "plan", (lambda project, now: [Blocker(code="register.open", text="A row is open.")],))
    project = world.to_planning(world.register(people), people)
    before = codes(gates.gate_blockers(project, Gate.PLAN, world.NOW))
    assert {"review.none", "register.open"} <= before
    assert "register.open" not in codes(gates.gate_blockers(project, Gate.RELEASE, world.NOW))

    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    assert "register.open" in codes(gates.blockers(signing.load(review.pk), world.NOW))
    world.sign_all(review)
    with pytest.raises(Blocked, match="A row is open"):
        world.decide(review)
