"""Statements signed at the same moment as others sign them, or as what they are about changes."""

import pytest
from django.urls import reverse

from projects.checks.statements import Board
from projects.models import LedgerEntry, Statement
from tests import world
from tests.pages import client_of, hidden
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    made = world.register(people, category="significant")
    world.move(made, "start_envision", people)
    world.approved_artifact(made, "ART-01", people)
    return made


def here(project):
    return reverse("statement", args=[project.code, "vision", "team"])


def windows(user, count):
    """As many windows of one browser."""
    first = client_of(user)
    made = [type(first)() for _ in range(count)]
    for each in made:
        each.cookies = first.cookies
    return made


def form_of(client, project):
    return {"digest": hidden(client.get(here(project)), "digest"), "password": world.PASSWORD}


def test_thirty_identical_posts_give_one_signature(people, project):
    opened = windows(people.developer, 30)
    form = form_of(opened[0], project)

    told = at_once(*[lambda each=each: each.post(here(project), form) for each in opened])

    assert {response.status_code for response in told} == {302}
    assert Statement.objects.count() == 1
    assert LedgerEntry.objects.filter(event="statement.signed").count() == 1


def test_a_signature_stands_on_what_was_shown_however_the_next_version_arrives(people, project):
    [window] = windows(people.developer, 1)
    form = form_of(window, project)

    at_once(
        lambda: window.post(here(project), form),
        lambda: world.approved_artifact(project, "ART-01", people, text="Another vision."),
    )

    assert set(Statement.objects.values_list("digest", flat=True)) <= {form["digest"]}
    assert Board(project).signing("vision", "team").signed is None  # the newer version waits for its own
