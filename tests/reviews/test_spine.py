"""The main job, action by action: a minor project from registration to closed, through both reviews."""

import pytest

from projects.models import Stage, Status
from tests import world

pytestmark = pytest.mark.django_db


@pytest.mark.req("SEED-09")
@pytest.mark.req("SEED-111")
def test_a_minor_project_reaches_closed_through_both_reviews():
    people = world.People()
    project = world.register(people)

    closed = world.to_closed(project, people)

    assert (closed.stage, closed.status) == (Stage.CLOSED, Status.CLOSED)
    told = world.events(project)
    assert told.count("review.decided") == 2
    assert told.count("gate.opened") == 2
