"""Release candidates: what their action refuses, and the names it gives."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from projects.actions import candidates
from projects.blocker import Refused
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def named(project, people, ref="", built_on=date(2026, 10, 5)) -> str:
    return candidates.add(project_id=project.pk, by=people.program, ref=ref, built_on=built_on, now=world.NOW).ref


def test_a_name_left_empty_is_the_next_number_that_nobody_took(project, people):
    assert named(project, people) == "RC-1"
    assert named(project, people, "RC-3") == "RC-3"
    assert named(project, people) == "RC-4"
    assert named(project, people) == "RC-5"


def test_a_name_is_taken_once(project, people):
    named(project, people, "RC-7")
    with pytest.raises(Refused, match="already a row RC-7"):
        named(project, people, " RC-7 ")
    assert project.releasecandidates.count() == 1


def test_what_is_not_built_yet_is_no_candidate(project, people):
    with pytest.raises(Refused, match="Built on lies ahead"):
        named(project, people, built_on=timezone.localdate(world.NOW) + timedelta(days=1))
    assert named(project, people, built_on=timezone.localdate(world.NOW)) == "RC-1"
