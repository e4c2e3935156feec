"""The way back: what a rehearsal records, what it has against a release, and what it proposes to the review."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.actions import rollbacks
from projects.blocker import Refused
from projects.checks import check_blockers
from projects.models import RollbackRehearsal
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def rehearsed(project, people, day=20, **given):
    values = {
        "rehearsed_by": people.operations,
        "result": "worked",
        "minutes": 275,
        "window_minutes": 360,
        "point_of_no_return": "When the bank has the file.",
        "seen": "Yesterday's list was back.",
        **given,
    }
    return rollbacks.add(
        project_id=project.pk, by=people.program, rehearsed_on=date(2026, 11, day), now=world.NOW, **values
    )


def told(project) -> list[tuple[str, str]]:
    found = check_blockers(project, "release", world.NOW)
    return [(each.code, each.text) for each in found if each.code.startswith("rollback.")]


@pytest.mark.req("SEED-96")
def test_a_release_waits_for_a_rehearsal_that_worked_within_the_window(people, project):
    assert told(project) == []  # a minor change may do without one
    large = world.register(people, category="significant", code="PRJ-0900")
    assert told(large) == [("rollback.none", "No rehearsal of the way back is recorded.")]
    rehearsed(large, people, 9, result="failed")
    assert [code for code, _text in told(large)] == ["rollback.failed"]
    rehearsed(large, people, 12, minutes=361)
    words = (
        "Way back rehearsed on 12 Nov 2026 by Hannah Vogel: It worked, in 361 minutes. The window leaves 360. "
        "Point of no return: When the bank has the file."
    )
    assert told(large) == [("rollback.too_slow", words)]
    rehearsed(large, people, 10)  # recorded later, held earlier
    assert [code for code, _text in told(large)] == ["rollback.too_slow"]
    rehearsed(large, people, 12, minutes=360)
    assert told(large) == []
    rehearsed(large, people, 13, minutes=9000, window_minutes=None)  # nobody knows the window
    assert told(large) == []


@pytest.mark.req("SEED-96")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"day": 24}, "Rehearsed on lies ahead"),
        ({"result": "perhaps"}, "Result:"),
        ({"minutes": 0}, "Minutes:"),
        ({"window_minutes": 0}, "Minutes:"),
        ({"point_of_no_return": " "}, "Point of no return:"),
        ({"seen": ""}, "What was seen:"),
    ],
)
def test_a_rehearsal_that_lacks_something_is_refused_with_the_field(people, project, given, words):
    with pytest.raises(Refused, match=words):
        rehearsed(project, people, **given)


@pytest.mark.req("SEED-96")
def test_a_rehearsal_stays_as_it_was_and_says_how_long_it_took(client, people, project):
    row = rehearsed(project, people, minutes=400)
    client.force_login(people.auditor)
    page = client.get(reverse("register", args=[project.code, "rollbacks"])).content.decode()
    for words in ("20 Nov 2026", "Too slow for the window", "400", "360", "When the bank has the file.", "Hannah"):
        assert words in page
    for attempt in (
        lambda: RollbackRehearsal.objects.filter(pk=row.pk).update(minutes=10),
        lambda: RollbackRehearsal.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="rehearsal of the way back is never"), transaction.atomic():
            attempt()
