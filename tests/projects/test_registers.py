"""What holds for every register: its page, form, pasted rows, CSV, who may, its cost, its record."""

import csv
import io

import pytest
from django.urls import reverse

from projects.actions import bulk
from projects.ledger_check import verify
from projects.models import Project
from projects.registers import REGISTERS
from tests import world
from tests.kept import kept
from tests.registers import samples

pytestmark = pytest.mark.django_db
SAMPLES = samples()
EACH = pytest.mark.parametrize("name", sorted(REGISTERS))


def registered() -> tuple[world.People, Project]:
    people = world.People()
    return people, world.register(people)


_registered_once, _registered = kept(registered)


@pytest.fixture
def people(registered):
    return registered[0]


@pytest.fixture
def project(registered):
    return registered[1]


def at(project, name, suffix=""):
    return reverse(f"register{suffix}", args=[project.code, name])


def fill(project, people, name, count):
    """Rows added by the register's own form and action, in one transaction."""
    register, sample = REGISTERS[name], SAMPLES[name]
    rows = []
    for n in range(1, count + 1):
        form = register.form(sample.form(n, project, people), project=project)
        assert form.is_valid(), form.errors
        rows.append(form.cleaned_data)
    bulk.add_all(add=register.add, project_id=project.pk, by=people.program, rows=rows, now=world.NOW)


def test_every_register_has_a_sample():
    assert set(SAMPLES) == set(REGISTERS)


@EACH
def test_a_row_is_added_shown_recorded_and_downloaded(client, people, project, name):
    SAMPLES[name].prepare(project, people)
    client.force_login(people.program)
    answer = client.post(at(project, name), SAMPLES[name].form(1, project, people))
    assert answer.status_code == 302, answer.context["form"].errors if answer.context else answer
    page = client.get(at(project, name)).content.decode()
    assert SAMPLES[name].shows(1) in page
    assert SAMPLES[name].shows(1) in client.get(at(project, name, "_csv")).content.decode()
    assert list(verify(project=project).findings) == []


@EACH
def test_an_auditor_reads_and_adds_nothing_and_an_outsider_sees_nothing(client, people, project, name):
    SAMPLES[name].prepare(project, people)
    client.force_login(people.auditor)
    page = client.get(at(project, name))
    assert page.status_code == 200
    assert "Record it" not in page.content.decode()
    assert client.post(at(project, name), SAMPLES[name].form(1, project, people)).status_code == 403
    client.force_login(people.outsider)
    assert client.get(at(project, name)).status_code == 404
    assert REGISTERS[name].rows(project).count() == 0


@EACH
def test_an_empty_form_is_refused_with_its_fields_and_keeps_what_was_typed(client, people, project, name):
    client.force_login(people.program)
    answer = client.post(at(project, name), {})
    assert answer.status_code == 422
    assert answer.context["form"].errors


@pytest.mark.database("sqlite")  # the other one is sent the same queries
@EACH
def test_a_page_costs_the_same_with_three_rows_and_with_three_hundred(
    client, people, project, name, django_assert_num_queries
):
    SAMPLES[name].prepare(project, people)
    client.force_login(people.program)
    fill(project, people, name, 3)
    client.get(at(project, name))
    with django_assert_num_queries(SAMPLES[name].queries):
        client.get(at(project, name))
    register, sample = REGISTERS[name], SAMPLES[name]
    rows = [register.form(sample.form(n, project, people), project=project) for n in range(4, 301)]
    assert all(form.is_valid() for form in rows)
    bulk.add_all(
        add=register.add,
        project_id=project.pk,
        by=people.program,
        rows=[form.cleaned_data for form in rows],
        now=world.NOW,
    )
    client.get(at(project, name))  # on a slow machine the inbox badge has expired meanwhile
    with django_assert_num_queries(SAMPLES[name].queries):
        assert client.get(at(project, name)).status_code == 200


def test_pasted_rows_are_kept_all_or_none_and_each_fault_names_its_line(client, people, project):
    client.force_login(people.program)
    there = at(project, "candidates", "_paste")
    text = "Candidate\tBuilt on\tWhat it contains\nRC-1\t2026-10-05\tAll\nRC-2\tsoon\tMore\n"
    answer = client.post(there, {"pasted": text})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Line 3: Built on:" in page
    assert "RC-2\tsoon" in page  # nothing typed is lost
    assert project.releasecandidates.count() == 0
    assert client.post(there, {"pasted": text.replace("soon", "2026-10-12")}).status_code == 302
    assert [row.ref for row in project.releasecandidates.all()] == ["RC-1", "RC-2"]


def test_a_row_refused_by_the_action_takes_the_others_with_it(client, people, project):
    client.force_login(people.program)
    answer = client.post(at(project, "candidates", "_paste"), {"pasted": "RC-1, 2026-10-05\nRC-1, 2026-10-06"})
    assert answer.status_code == 422
    assert "There is already a row RC-1." in answer.content.decode()
    assert project.releasecandidates.count() == 0


def test_no_cell_of_a_download_becomes_a_formula(client, people, project):
    client.force_login(people.program)
    client.post(at(project, "candidates"), {"ref": "=1+1", "built_on": "2026-10-05"})
    text = client.get(at(project, "candidates", "_csv")).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1][0] == "'=1+1"


def test_the_hub_lists_every_register(client, people, project, django_assert_num_queries):
    client.force_login(people.auditor)
    client.get(reverse("registers", args=[project.code]))
    with django_assert_num_queries(6 + len(REGISTERS)):
        page = client.get(reverse("registers", args=[project.code])).content.decode()
    for register in REGISTERS.values():
        assert at(project, register.name) in page
