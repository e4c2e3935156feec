"""Registering a project and changing its facts, through HTTP."""

import pytest
from django.urls import reverse

from projects.actions import projects
from projects.models import Project, RoleAssignment
from reviews.models import ReviewKind
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


def text(response):
    return " ".join(response.content.decode().split())


def given(people, **changes):
    """What a browser posts for a new project."""
    form = {
        "title": "Visitor sign-in at three depots",
        "project_type": "packaged_product",
        "category": "minor",
        "category_nature": "No core system is touched.",
        "category_size": "Three sites, six weeks.",
        "conversion_applies": "",
        "solution_manager": people.manager.pk,
        "program_manager": people.program.pk,
    }
    return {**form, **changes}


def registered(client, people, **changes):
    return client.post(reverse("project_new"), given(people, **changes))


# --- New --------------------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-02", "SEED-113")
def test_a_project_is_registered_with_its_accountable_person(client, people):
    client.force_login(people.program)
    answer = registered(client, people, planned_cost="1500.50", currency="eur")

    project = Project.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/projects/{project.code}/roles/")
    assert (project.currency, str(project.planned_cost)) == ("EUR", "1500.50")
    assert project.conversion_applies is None  # not answered is no answer
    held = {(row.role, row.user) for row in RoleAssignment.objects.select_related("user")}
    assert held == {("R-SM", people.manager), ("R-PGM", people.program)}


@pytest.mark.req("SEED-14")
def test_a_project_that_has_begun_already_is_registered_where_it_stands(client, people):
    client.force_login(people.manager)
    assert "Begun already?" in text(client.get(reverse("project_new")))
    begun = {"stands_in": "build", "outside_reason": "Begun on paper; the binder is in room 14."}
    assert registered(client, people, **{**begun, "outside_reason": " "}).status_code == 422
    assert not Project.objects.exists()

    assert registered(client, people, **begun).status_code == 302

    outside = Project.objects.get().stageoutsides.all()
    assert [(row.stage, row.created_by, row.reason) for row in outside] == [
        ("envision", people.manager, begun["outside_reason"]),
        ("planning", people.manager, begun["outside_reason"]),
    ]
    client.force_login(people.program)
    assert "Begun already?" not in text(client.get(reverse("project_new")))
    registered(client, people, **begun)  # not offered, so not heard
    assert not Project.objects.latest("pk").stageoutsides.exists()


@pytest.mark.req("SEED-01", "SEED-03", "SEED-05")
@pytest.mark.parametrize(
    "name", ["project_type", "category", "category_nature", "category_size", "title", "solution_manager"]
)
def test_what_must_be_said(client, people, name):
    client.force_login(people.manager)
    answer = registered(client, people, **{name: ""}, description="Typed at length.")

    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    assert "Typed at length." in text(answer)
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"planned_start": "2027-02-01", "planned_end": "2027-01-01"}, "planned_end", "lies before the start"),
        ({"planned_cost": "10"}, "currency", "needs its currency"),
        ({"currency": "E1"}, "currency", "Three letters"),
        ({"code": "new"}, "code", "letters, digits"),
        ({"code": "P 1"}, "code", "letters, digits"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(client, people, changes, field, words):
    client.force_login(people.manager)
    answer = registered(client, people, **changes)
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert not Project.objects.exists()


def test_a_code_that_is_taken_keeps_what_was_typed(client, people):
    client.force_login(people.manager)
    registered(client, people, code="PAY-1")
    answer = registered(client, people, code="PAY-1", description="Typed at length.")
    assert answer.status_code == 422
    assert "The code PAY-1 is taken." in text(answer)
    assert "Typed at length." in text(answer)


def test_only_program_and_solution_managers_register(client, people):
    for who in (people.developer, people.auditor, people.process_owner, people.operator):
        client.force_login(who)
        assert client.get(reverse("project_new")).status_code == 403
        assert registered(client, people).status_code == 403
    assert not Project.objects.exists()


def test_a_person_who_is_no_solution_manager_cannot_be_made_accountable(client, people):
    client.force_login(people.program)
    assert registered(client, people, solution_manager=people.developer.pk).status_code == 422
    assert not Project.objects.exists()


@pytest.mark.req("SEED-04")
def test_the_category_explains_what_it_asks_before_anything_is_saved(client, people):
    client.force_login(people.program)
    minor = text(client.get(reverse("rigor"), {"category": "minor", "conversion_applies": "no"}))
    major = text(
        client.get(reverse("rigor"), {"category": "major", "conversion_applies": "no", "role_segregation": "on"})
    )

    assert "Vision document" in minor
    assert "Operations" in minor
    assert "left out compared with a major change" in minor
    assert "left out compared" not in major
    assert "Every signature needs a second factor." in major
    assert client.get(reverse("rigor"), {"category": "enormous"}).status_code == 404


@pytest.mark.req("SEED-47")
def test_an_unanswered_conversion_asks_for_the_conversion_plan(client, people):
    client.force_login(people.program)
    ask = {"category": "minor"}
    assert "conversion plan" in text(client.get(reverse("rigor"), ask)).lower()
    assert "conversion plan" not in text(client.get(reverse("rigor"), {**ask, "conversion_applies": "no"})).lower()


def test_without_a_script_all_categories_stand_side_by_side(client, people):
    client.force_login(people.program)
    page = text(client.get(reverse("project_new")))
    for name in ("Standard", "Minor", "Significant", "Major", "Emergency (extension)"):
        assert name in page
    assert "Compare the categories" in page


def test_new_query_count(client, people, django_assert_num_queries):
    client.force_login(people.program)
    client.get("/about/")
    with django_assert_num_queries(5):
        client.get(reverse("project_new"))


# --- Edit -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def project(people):
    return world.register(people, description="As it was.", unit="Finance")


def form_of(client, project):
    """What a browser would post back unchanged."""
    form = client.get(reverse("project_edit", args=[project.code])).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def save(client, project, form):
    return client.post(reverse("project_edit", args=[project.code]), form)


def test_facts_are_changed_and_stand_in_the_history(client, people, project):
    client.force_login(people.program)
    answer = save(client, project, {**form_of(client, project), "unit": "Logistics"})
    assert answer.status_code == 302
    assert world.fresh(project).unit == "Logistics"
    history = text(client.get(reverse("history", args=[project.code])))
    assert "<del>Finance</del>" in history
    assert "<ins>Logistics</ins>" in history


def test_the_form_posted_back_unchanged_changes_nothing(client, people, project):
    client.force_login(people.program)
    save(client, project, form_of(client, project))
    assert world.fresh(project).version == project.version


@pytest.mark.req("SEED-05")
def test_another_category_needs_a_reason(client, people, project):
    client.force_login(people.program)
    form = {**form_of(client, project), "category": "major"}
    refused = save(client, project, form)
    assert refused.status_code == 422
    assert "reason" in refused.context["form"].errors
    assert save(client, project, {**form, "reason": "More people are touched."}).status_code == 302
    assert world.fresh(project).category == "major"
    assert "More people are touched." in text(client.get(reverse("history", args=[project.code])))


def test_what_somebody_else_saved_meanwhile_is_merged_and_shown(client, people, project):
    client.force_login(people.program)
    mine = {**form_of(client, project), "description": "As I see it."}
    facts = world.facts(description="As she sees it.", unit="Logistics", conversion_applies=True)
    projects.edit(project_id=project.pk, by=people.manager, facts=facts, version=project.version, now=world.NOW)

    answer = save(client, project, mine)

    assert answer.status_code == 409
    form = answer.context["form"]
    assert form["description"].value() == "As I see it."  # both wrote: what was typed stays
    assert form["unit"].value() == "Logistics"  # only she wrote: hers is taken over
    assert form["conversion_applies"].value() == "yes"
    assert "As she sees it." in text(answer)
    assert "Ingrid Solheim" in text(answer)
    assert world.fresh(project).description == "As she sees it."

    again = {name: form[name].value() for name in form.fields}
    assert save(client, project, {name: value for name, value in again.items() if value}).status_code == 302
    saved = world.fresh(project)
    assert (saved.description, saved.unit, saved.conversion_applies) == ("As I see it.", "Logistics", True)


def test_two_edits_meanwhile_are_both_merged(client, people, project):
    client.force_login(people.program)
    mine = {**form_of(client, project), "title": "Sign-in"}
    for changes in ({"unit": "Logistics"}, {"unit": "Depots", "external_ref": "CHG-1"}):
        facts = world.facts(description="As it was.", **changes)
        version = world.fresh(project).version
        projects.edit(project_id=project.pk, by=people.manager, facts=facts, version=version, now=world.NOW)

    form = save(client, project, mine).context["form"]

    assert (form["title"].value(), form["unit"].value(), form["external_ref"].value()) == ("Sign-in", "Depots", "CHG-1")


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_mangled_version_saves_nothing(client, people, project, version):
    client.force_login(people.program)
    answer = save(client, project, {**form_of(client, project), "version": version, "unit": "Logistics"})
    assert answer.status_code in (409, 422)
    assert world.fresh(project).unit == "Finance"


def test_who_may_not_edit_is_told(client, people, project):
    client.force_login(people.developer)
    answer = client.get(reverse("project_edit", args=[project.code]))
    assert answer.status_code == 403
    assert "its program manager or a solution manager" in text(answer)


def test_a_project_on_hold_is_not_edited(client, people, project):
    projects.hold(project_id=project.pk, by=people.program, reason="Supplier late.", now=world.NOW)
    client.force_login(people.program)
    answer = client.get(reverse("project_edit", args=[project.code]))
    assert answer.status_code == 409
    assert "The project is on hold: Supplier late." in text(answer)


def test_edit_query_count(client, people, project, django_assert_num_queries):
    client.force_login(people.program)
    client.get("/about/")
    with django_assert_num_queries(8):  # one for the versions of the rules
        client.get(reverse("project_edit", args=[project.code]))


@pytest.mark.req("SEED-47")
def test_who_answers_otherwise_is_told_that_the_open_round_ends(client, people, project):
    world.to_planning(project, people)
    world.open_review(project, ReviewKind.PPA, people)
    client.force_login(people.program)

    answer = client.post(
        reverse("project_edit", args=[project.code]),
        {**form_of(client, project), "conversion_applies": "yes"},
        follow=True,
    )

    assert "PPA-1 is withdrawn: its questions no longer fit the project." in text(answer)


def test_what_changes_no_question_leaves_the_open_round(client, people, project):
    world.to_planning(project, people)
    world.open_review(project, ReviewKind.PPA, people)
    client.force_login(people.program)

    answer = client.post(
        reverse("project_edit", args=[project.code]), {**form_of(client, project), "unit": "Logistics"}, follow=True
    )

    assert "Saved." in text(answer)
    assert "withdrawn" not in text(answer)
