"""How much each change category asks for: one count for the pages, the command and the rule that it falls."""

from itertools import pairwise, product

import pytest
from django.core.management import call_command
from django.urls import resolve, reverse

from projects.catalog.artifacts import GATES
from projects.catalog.categories import required_artifacts
from projects.catalog.register_needs import REGISTER_NEEDS
from projects.checks import check_blockers
from projects.models import Category
from projects.registers import REGISTERS
from projects.rigor_table import demand, demands
from tests import world

LABELS = ("Artifacts", "Questions", "Signers", "Statements", "Registers")
HEAVIEST_FIRST = ("major", "significant", "minor", "standard")


@pytest.mark.req("SEED-06")
@pytest.mark.parametrize(("conversion", "segregation"), list(product([False, True], repeat=2)))
def test_every_count_falls_from_category_to_category(conversion, segregation):
    found = [
        demand(category, conversion_applies=conversion, role_segregation=segregation) for category in HEAVIEST_FIRST
    ]
    for heavier, lighter in pairwise(found):
        assert all(more >= less for more, less in zip(heavier.counts, lighter.counts, strict=True))
    major, significant, minor, standard = (sum(each.counts) for each in found)
    assert major > significant > minor > standard


@pytest.mark.req("SEED-06")
def test_only_the_two_heavy_categories_meet():
    meeting = {each.profile.category for each in demands() if set(each.held) == {"Meeting"}}
    assert meeting == {"major", "significant"}


@pytest.mark.django_db
@pytest.mark.parametrize("category", Category.values)
def test_the_registers_that_are_counted_are_those_that_the_gates_ask_for(category):
    """A project in which nothing is recorded is refused for exactly these."""
    project = world.register(world.People(), category=category, intents="One run a month.")
    wanted = {
        gate: set(required_artifacts(category, gate, conversion_applies=False, role_segregation=False))
        for gate in GATES
    }
    counted = {name for name, gate, kind in REGISTER_NEEDS if kind in wanted[gate]} - {"deliverables"}
    refused = {
        resolve(blocker.url.partition("?")[0].partition("#")[0]).kwargs.get("name")
        for gate in ("plan", "release", "close")
        for blocker in check_blockers(project, gate, world.NOW)
        if resolve(blocker.url.partition("?")[0].partition("#")[0]).url_name == "register"
    }
    assert refused - {"deliverables"} == counted
    assert {name for name, _gate, _kind in REGISTER_NEEDS} <= set(REGISTERS)


def test_the_command_prints_the_same_table(capsys):
    call_command("rigor")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["category", "artifacts", "questions", "signers"]
    printed = {words[0]: tuple(map(int, words[1:6])) for words in (line.split() for line in lines[1:])}
    assert printed == {each.profile.category: each.counts for each in demands()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["project_new", "policy"])
def test_the_pages_show_the_same_table(client, name):
    client.force_login(world.People().manager)
    page = client.get(reverse(name)).content.decode()
    for each in demands():
        row = page.partition(f">{each.profile.name}<")[2].partition("</tr>")[0]
        for label, count in zip(LABELS, each.counts, strict=True):
            assert f'data-label="{label}">{count}<' in row
