"""Codes: the next free one, also for people who register at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from projects.actions import projects
from projects.actions.projects import CodeTaken
from projects.models import Project
from tests import world


def register(people: world.People, code: str = "") -> str:
    try:
        made = projects.create(
            by=people.manager, facts=world.facts(), solution_manager=people.manager, now=world.NOW, code=code
        )
        return made.code
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_people_who_register_at_once_get_eight_codes():
    people = world.People()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: register(people), range(8)))

    assert len(set(codes)) == 8
    assert Project.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_code_that_was_asked_for_is_given_once():
    people = world.People()
    register(people, "PRJ-7")

    with pytest.raises(CodeTaken):
        register(people, "PRJ-7")
