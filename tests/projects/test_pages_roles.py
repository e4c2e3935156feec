"""People and roles of a project, through HTTP."""

import pytest
from django.urls import reverse

from projects.actions import roles as actions
from projects.blocker import Refused
from projects.ledger_check import verify
from projects.models import RoleAssignment
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


@pytest.fixture
def address(project):
    return reverse("roles", args=[project.code])


def text(response):
    return " ".join(response.content.decode().split())


def do(client, project, assignment, verb):
    return client.post(reverse("role_do", args=[project.code, assignment.pk, verb]))


@pytest.mark.req("SEED-112")
def test_every_role_type_stands_with_its_responsibilities_and_goal(client, people, address):
    client.force_login(people.auditor)
    page = text(client.get(address))
    for words in (
        "Solution Manager",
        "Answers for the phase as a whole",
        "Test Manager",
        "Builds what was agreed.",
        "What is delivered matches the agreed specification.",
    ):
        assert words in page
    assert "Fill the roles" not in page  # an auditor changes nothing


def fill(client, project, rows, **bases):
    """What the table sends: people by role, and the bases as they stand unless told otherwise."""
    stands = {f"held-{row.pk}": row.basis for row in project.roles.filter(ends_on__isnull=True)}
    return client.post(reverse("roles_fill", args=[project.code]), {**stands, **rows, **bases})


@pytest.mark.parametrize("typed", ["Émile Fontaine (emile)", "joy", "JOY@example.test", "Joy Mbeki"])
def test_a_person_is_named_by_whatever_people_know(client, people, project, address, typed):
    role = "P-AUD" if "mile" in typed else "R-TST"
    client.force_login(people.program)
    answer = fill(client, project, {f"{role}-person": typed})
    assert answer.url == address
    assert RoleAssignment.objects.get(role=role).user == (people.auditor if role == "P-AUD" else people.support)


def test_an_empty_table_says_that_nothing_has_changed(client, people, project, address):
    client.force_login(people.program)
    fill(client, project, {})
    assert "nothing has changed" in text(client.get(address))


@pytest.mark.parametrize(
    ("role", "person", "words"),
    [
        ("R-TST", "nobody such", "Nobody here has this name"),
        ("R-DEV", "ravi", "already holds Developer"),
        ("R-TST", "emile", "is an auditor"),
        ("P-SUP2", "joy", "two different people"),
    ],
)
def test_one_row_that_is_not_fit_is_named_and_nothing_typed_is_lost(client, people, project, role, person, words):
    client.force_login(people.program)
    before = RoleAssignment.objects.count()
    typed = {"P-TECH-person": "chloe", "P-TECH-basis": "Ten years of printers.", f"{role}-person": person}
    answer = fill(client, project, typed)
    assert answer.status_code == 422
    assert words in text(answer)
    page = answer.content.decode()
    for value in typed.values():
        assert f'value="{value}"' in page
    assert f'aria-describedby="error_1_id_{role}-person"' in " ".join(page.split())
    assert RoleAssignment.objects.count() == before


@pytest.mark.req("SEED-112", "SEED-123")
def test_several_roles_are_filled_and_several_bases_recorded_at_once(client, people, project, address):
    client.force_login(people.program)
    page = text(client.get(reverse("roles_fill", args=[project.code])))
    assert "Developer, Ravi Menon: basis" in page
    held = world.holder(project, "R-DEV")
    rows = {"R-TST-person": "chloe", "R-TST-basis": "Certified in 2025.", "P-TECH-person": "ravi"}
    assert fill(client, project, rows, **{f"held-{held.pk}": "Six years."}).url == address
    assert world.holder(project, "R-TST").basis == "Certified in 2025."
    assert world.holder(project, "P-TECH").user == people.developer
    assert world.holder(project, "R-DEV").basis == "Six years."
    assert world.events(project).count("role.basis_recorded") == 2
    assert fill(client, project, {}).url == address  # nothing new: nothing written
    assert world.events(project).count("role.basis_recorded") == 2
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-123")
def test_a_basis_without_a_person_and_a_basis_taken_away_are_refused(client, people, project):
    client.force_login(people.program)
    answer = fill(client, project, {"R-TST-basis": "Certified in 2025."})
    assert "Say who this is the basis of." in text(answer)
    held = world.holder(project, "R-DEV")
    actions.record_basis(assignment_id=held.pk, by=people.program, basis="Six years.", now=world.NOW)
    answer = fill(client, project, {"R-TST-person": "chloe"}, **{f"held-{held.pk}": ""})
    assert "Say which skill, training or experience" in text(answer)
    assert not RoleAssignment.objects.filter(role="R-TST").exists()


@pytest.mark.req("SEED-51")
def test_segregated_roles_do_not_meet_in_one_person(client, people):
    project = world.register(people, role_segregation=True)
    client.force_login(people.program)
    answer = fill(client, project, {"P-OPS-person": "ravi"})
    assert answer.status_code == 422
    assert "this project separates that from Operations Manager" in text(answer)


@pytest.mark.parametrize("count", [3, 30])
def test_the_table_costs_the_same_with_three_holders_and_with_thirty(
    client, people, project, count, django_assert_num_queries
):
    for number in range(count):
        actions.assign(
            project_id=project.pk, by=people.program, role="P-TECH", person=world.person(f"tech{number}"), now=world.NOW
        )
    client.force_login(people.program)
    client.get("/about/")
    with django_assert_num_queries(8):
        client.get(reverse("roles_fill", args=[project.code]))


@pytest.mark.req("SEED-122")
def test_only_the_holder_acknowledges(client, people, project, address):
    held = world.holder(project, "R-DEV")
    client.force_login(people.program)
    assert "I take this role on" in text(client.get(address))  # yusuf's own
    assert do(client, project, held, "acknowledge").status_code == 403
    client.force_login(people.developer)
    assert "7 not acknowledged yet" in text(client.get(address))
    assert do(client, project, held, "acknowledge").status_code == 302
    assert "6 not acknowledged yet" in text(client.get(address))
    held.refresh_from_db()
    assert held.acknowledged_at is not None


def test_a_role_that_ends_stays_in_the_record_with_its_dates(client, people, project, address):
    held = world.holder(project, "P-USER")
    client.force_login(people.developer)
    assert do(client, project, held, "end").status_code == 403
    client.force_login(people.program)
    assert do(client, project, held, "end").status_code == 302
    page = text(client.get(address))
    assert "Held earlier" in page
    held.refresh_from_db()
    assert held.ends_on is not None


@pytest.mark.req("SEED-113")
def test_accountability_is_handed_over_never_ended(client, people, project, address):
    other = world.person("astrid", "Astrid Holm", is_solution_manager=True)
    held = world.holder(project, "R-SM")
    client.force_login(people.manager)
    assert do(client, project, held, "end").status_code == 422

    hand_over = reverse("role_hand_over", args=[project.code])
    assert client.post(hand_over, {"to": people.developer.pk}).status_code == 422
    client.force_login(people.program)
    assert client.post(hand_over, {"to": other.pk}).status_code == 403
    client.force_login(people.manager)
    assert client.post(hand_over, {"to": other.pk}).status_code == 302
    assert world.holder(project, "R-SM").user == other
    assert client.post(hand_over, {"to": other.pk}).status_code == 422


def test_an_assignment_of_another_project_is_not_found_here(client, people, project):
    other = world.register(people)
    client.force_login(people.manager)
    held = world.holder(other, "P-USER")
    assert do(client, project, held, "end").status_code == 404
    assert do(client, project, world.holder(project, "P-USER"), "promote").status_code == 404
    held.refresh_from_db()
    assert held.ends_on is None


@pytest.mark.parametrize("count", [3, 30])
def test_query_count(client, people, project, address, count, django_assert_num_queries):
    for number in range(count):
        actions.assign(
            project_id=project.pk,
            by=people.program,
            role="P-TECH",
            person=world.person(f"tech{number}"),
            now=world.NOW,
        )
    client.force_login(people.program)
    client.get("/about/")
    with django_assert_num_queries(7):
        client.get(address)


# --- What an assignment rests on (SEED-123) --------------------------------------------------------------------------


def record(client, project, given, basis):
    where = reverse("role_do", args=[project.code, given.pk, "basis"])
    return client.post(where, {f"basis-{given.pk}-basis": basis})


@pytest.mark.req("SEED-123")
@pytest.mark.parametrize("who", ["developer", "program", "manager"])
def test_the_holder_or_who_manages_records_what_an_assignment_rests_on(client, people, project, address, who):
    given = world.holder(project, "R-DEV")
    client.force_login(getattr(people, who))
    assert record(client, project, given, "Six years of access control.").status_code == 302
    assert "Basis: Six years of access control." in text(client.get(address))
    assert world.events(project)[-1] == "role.basis_recorded"
    assert record(client, project, given, "Certified in 2025.").status_code == 302
    history = text(client.get(reverse("history", args=[project.code])))
    assert "recorded what Ravi Menon as Developer builds on" in history
    assert "Six years of access control." in history
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-123")
def test_assignments_without_a_basis_are_listed(client, people, project, address):
    def listed():
        return {(row["given"].user.name, row["role"]) for row in client.get(address).context["unfounded"]}

    client.force_login(people.auditor)
    assert ("Ravi Menon", "Developer") in listed()
    assert len(listed()) == project.roles.filter(ends_on__isnull=True).count()
    actions.record_basis(
        assignment_id=world.holder(project, "R-DEV").pk, by=people.developer, basis="Six years.", now=world.NOW
    )
    assert ("Ravi Menon", "Developer") not in listed()
    actions.end(assignment_id=world.holder(project, "R-PDM").pk, by=people.manager, now=world.NOW)
    assert "Anneke de Wit" not in {name for name, _role in listed()}
    assert "No basis recorded" in text(client.get(address))


@pytest.mark.req("SEED-123")
@pytest.mark.parametrize("who", ["sponsor", "auditor"])
def test_others_record_no_basis(client, people, project, who):
    client.force_login(getattr(people, who))
    assert record(client, project, world.holder(project, "R-DEV"), "Six years.").status_code == 403
    assert world.holder(project, "R-DEV").basis == ""


@pytest.mark.req("SEED-123")
def test_a_basis_has_words_and_an_ended_role_stays_as_it_is(client, people, project):
    given = world.holder(project, "R-DEV")
    client.force_login(people.program)
    assert record(client, project, given, " ").status_code == 422
    answer = record(client, project, given, "x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.content.decode()  # nothing typed is lost
    with pytest.raises(Refused, match="rests on"):
        actions.record_basis(assignment_id=given.pk, by=people.program, basis=" ", now=world.NOW)
    actions.end(assignment_id=given.pk, by=people.manager, now=world.NOW)
    with pytest.raises(Refused, match="has ended"):
        actions.record_basis(assignment_id=given.pk, by=people.program, basis="Six years.", now=world.NOW)
