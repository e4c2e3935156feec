"""The points of Table 5 on a project: addressed or not, with a pointer."""

import pytest
from django.db import IntegrityError, transaction

from projects.actions import foci, projects
from projects.blocker import Blocked, NotAllowed, Refused
from projects.models import FocusAnswer
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEED-125")]


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def answered(project, by, point="GRC-2", addressed=True, pointer="Vision note, page 2."):
    return foci.answer_point(
        project_id=project.pk, by=by, point=point, addressed=addressed, pointer=pointer, now=world.NOW
    )


def test_a_point_is_addressed_with_a_pointer_and_the_record_tells_it(people, project):
    row = answered(project, people.developer)
    assert (row.addressed, row.pointer, row.created_by) == (True, "Vision note, page 2.", people.developer)
    assert world.events(project)[-1] == "focus.answered"


@pytest.mark.parametrize(
    ("given", "words"),
    [({"pointer": "  "}, "Say where it can be seen"), ({"point": "GRC-8"}, "There is no point GRC-8.")],
)
def test_what_is_addressed_needs_a_pointer_and_a_point_that_there_is(people, project, given, words):
    with pytest.raises(Refused, match=words):
        answered(project, people.developer, **given)
    assert not FocusAnswer.objects.exists()


def test_what_is_not_addressed_needs_no_pointer(people, project):
    assert not answered(project, people.developer, addressed=False, pointer="").addressed


def test_people_without_a_working_role_answer_nothing(people, project):
    for who in (people.auditor, people.outsider, people.process_owner):
        with pytest.raises(NotAllowed):
            answered(project, who)


def test_a_project_on_hold_takes_no_answer(people, project):
    projects.hold(project_id=project.pk, by=people.program, reason="No budget yet.", now=world.NOW)
    with pytest.raises(Blocked):
        answered(project, people.developer)


def test_the_database_takes_no_addressed_point_without_a_pointer(people, project):
    with pytest.raises(IntegrityError), transaction.atomic():
        FocusAnswer.objects.create(
            project=project, point="GRC-1", addressed=True, created_by=people.program, created_at=world.NOW
        )
