"""A review as the control for objectives and risks: shown in its room (SEED-44)."""

import pytest
from django.urls import reverse

from projects.catalog.controls import CONTROLS
from reviews.models import ReviewKind
from tests import world
from tests.pages import address, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.req("SEED-44")
@pytest.mark.parametrize(("kind", "own", "other"), [("ppa", 5, 2), ("rr", 2, 5)])
def test_the_room_shows_the_objectives_and_risks_that_this_review_controls(client, kind, own, other):
    people = world.People()
    project = world.register(people)
    (world.to_planning if kind == "ppa" else world.to_stabilize)(project, people)
    review = world.open_review(project, ReviewKind(kind), people)
    client.force_login(people.sponsor)
    answer = client.get(address("review", review))
    shown = text_of(answer)
    here = [objective for objective in CONTROLS.values() if objective.control == kind]
    risks = [risk.text for objective in here for risk in objective.risks]
    strange = [risk.text for each in CONTROLS.values() if each not in here for risk in each.risks]
    assert (len(risks), len(strange)) == (own, other)
    assert all(text in shown for text in (*risks, *(objective.objective for objective in here)))
    assert not any(text in shown for text in strange)
    assert reverse("governance", args=[project.code]) + "#controls" in answer.content.decode()
