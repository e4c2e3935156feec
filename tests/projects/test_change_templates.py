"""Templates of standard changes: who may accept one, and that no standard change comes without one."""

import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from projects.actions import change_templates, importing, projects
from projects.actions.change_templates import NotNow, TemplateContent
from projects.actions.importing import RowsRefused
from projects.actions.projects import NoKnownTemplate
from projects.blocker import NotAllowed, Refused
from projects.importing.plan import Mapping
from projects.importing.reading import read
from projects.ledger_check import verify
from projects.models import ChangeTemplate, Project
from tests import world

pytestmark = pytest.mark.django_db
TOMORROW = world.NOW.date() + timedelta(days=1)


@pytest.fixture
def people():
    return world.People()


def approve(template, by, **changes):
    given = {"note": "Eleven good runs.", "evidence": "Rehearsed on 4 March.", "expires_on": TOMORROW, **changes}
    return change_templates.approve(template_id=template.pk, by=by, now=world.NOW, **given)


def suspend(template, by, reason="The issuer has changed its chain."):
    return change_templates.suspend(template_id=template.pk, by=by, reason=reason, now=world.NOW)


# --- The template itself ----------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-07", "EXT-17")
def test_a_template_is_approved_by_another_than_its_owner_and_writer(people):
    template = world.draft_template(people)
    owned = change_templates.create(
        by=people.process_owner, owner=people.manager, content=TemplateContent(**world.TEMPLATE), now=world.NOW
    )
    for row, by in (
        (template, people.program),
        (template, people.developer),
        (owned, people.manager),
        (owned, people.process_owner),
    ):
        with pytest.raises(NotAllowed):
            approve(row, by)
    approved = approve(template, people.process_owner)
    assert (approved.state, approved.approved_by, approved.expires_on) == ("known", people.process_owner, TOMORROW)


@pytest.mark.req("SEED-07", "EXT-17")
@pytest.mark.parametrize("missing", [{"note": " "}, {"evidence": " "}, {"expires_on": world.NOW.date()}])
def test_an_approval_needs_a_note_evidence_and_a_last_day(people, missing):
    template = world.draft_template(people)
    with pytest.raises(Refused):
        approve(template, people.manager, **missing)
    assert ChangeTemplate.objects.get().state == "draft"


@pytest.mark.req("EXT-17")
def test_a_suspended_template_comes_back_on_new_evidence_only(people):
    template = suspend(world.known_template(people), people.developer)
    given = {"template_id": template.pk, "by": people.manager, "note": "Tried again.", "now": world.NOW}
    with pytest.raises(Refused, match="new test evidence"):
        change_templates.reinstate(evidence=template.evidence, expires_on=TOMORROW, **given)
    back = change_templates.reinstate(evidence="Rehearsed anew.", expires_on=TOMORROW, **given)
    assert (back.state, back.suspended_reason) == ("known", "")


def test_an_approved_template_is_not_changed_behind_its_approval(people):
    template = world.known_template(people)
    content = TemplateContent(**{**world.TEMPLATE, "steps": "Do it."})
    with pytest.raises(NotNow):
        change_templates.edit(
            template_id=template.pk, by=people.program, owner=people.developer, content=content, now=world.NOW
        )


def test_every_step_of_a_template_is_told(people):
    template = suspend(world.known_template(people), people.manager)
    told = world.ledger.LedgerEntry.objects.filter(stream__key="system", object_type="projects.changetemplate")
    assert list(told.order_by("seq").values_list("event", flat=True)) == [
        "template.created",
        "template.approved",
        "template.suspended",
    ]
    assert template.code == "TPL-STD-001"
    assert list(verify().findings) == []


# --- SEED-07: no standard change without one --------------------------------------------------------------------------
def unfit(people):
    """A template of each kind from which nothing can be opened."""
    yield "no template", None
    yield "draft", world.draft_template(people)
    yield "suspended", suspend(world.known_template(people), people.manager)
    early = world.NOW - timedelta(days=30)
    yield "expired", world.known_template(people, now=early, expires_on=world.NOW.date() - timedelta(days=1))


@pytest.mark.req("SEED-07")
@pytest.mark.parametrize("at", range(4))
def test_no_standard_change_is_created_from_anything_else(people, at):
    _name, template = list(unfit(people))[at]
    with pytest.raises(NoKnownTemplate):
        world.register(people, category="standard", template=template)
    assert not Project.objects.exists()


@pytest.mark.req("SEED-07")
@pytest.mark.parametrize("at", range(4))
def test_no_change_becomes_standard_from_anything_else(people, at):
    _name, template = list(unfit(people))[at]
    project = world.register(people)
    given = {"project_id": project.pk, "by": people.program, "version": 1, "now": world.NOW, "reason": "It is known."}
    with pytest.raises(NoKnownTemplate):
        projects.edit(facts=world.facts(category="standard", template=template), **given)
    assert world.fresh(project).category == "minor"


@pytest.mark.req("SEED-07")
def test_a_standard_change_carries_approval_and_evidence_of_its_template(client, people):
    template = world.known_template(people)
    project = world.register(people, category="standard", template=template)
    suspend(template, people.manager)
    client.force_login(people.program)

    page = client.get(reverse("project", args=[project.code])).content.decode()

    for words in ("From TPL-STD-001", "approved by Ingrid Solheim on 23 Nov 2026", "Rehearsed in staging"):
        assert words in page
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-07")
def test_a_change_under_way_goes_on_when_its_template_is_suspended(people):
    template = world.known_template(people)
    project = world.register(people, category="standard", template=template)
    suspend(template, people.manager)
    facts = world.facts(category="standard", template=template, title="Another title")
    projects.edit(project_id=project.pk, by=people.program, facts=facts, version=1, now=world.NOW)
    assert world.fresh(project).title == "Another title"


@pytest.mark.req("SEED-07")
def test_only_a_standard_change_takes_a_template(people):
    with pytest.raises(NoKnownTemplate):
        world.register(people, template=world.known_template(people))


@pytest.mark.req("SEED-07")
def test_the_database_refuses_a_standard_change_without_a_template(people):
    project = world.register(people)
    with pytest.raises(DatabaseError, match="known and tested"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(category="standard")


@pytest.mark.req("SEED-07")
def test_the_form_says_what_is_missing(client, people):
    client.force_login(people.program)
    form = {
        "title": "Certificate",
        "project_type": "it_service",
        "category": "standard",
        "category_nature": "Known.",
        "category_size": "One.",
        "solution_manager": people.manager.pk,
    }
    answer = client.post(reverse("project_new"), form)
    assert answer.status_code == 422
    assert "known and tested" in str(answer.context["form"].errors["template"])
    world.draft_template(people, now=world.NOW)
    template = world.known_template(people, expires_on=world.NOW.date() + timedelta(days=36500))
    answer = client.post(reverse("project_new"), {**form, "template": template.pk})
    assert (answer.status_code, Project.objects.get().template) == (302, template)


@pytest.mark.req("SEED-07")
def test_an_imported_standard_row_names_its_template_or_is_refused_with_its_line(people):
    known = world.known_template(people, expires_on=world.NOW.date() + timedelta(days=36500))
    draft = world.draft_template(people)
    rows = [("Good", known.code.lower()), ("None", ""), ("Draft", draft.code), ("Wrong", "TPL-X")]
    text = "\n".join(["title,tpl", *(",".join(row) for row in rows)])
    defaults = {"project_type": "it_service", "category": "standard", "category_nature": "x", "category_size": "x"}
    mapping = Mapping(fields={"title": "title", "template": "tpl"}, defaults=defaults)
    table = read(io.BytesIO(text.encode()), "a.csv")

    with pytest.raises(RowsRefused) as refusal:
        importing.apply(table=table, mapping=mapping, by=people.manager, now=world.NOW)
    assert [blocker.text.split(":")[0] for blocker in refusal.value.blockers] == ["Row 3", "Row 4", "Row 5"]
    importing.apply(table=table, mapping=mapping, by=people.manager, now=world.NOW, skip_bad_rows=True)
    assert [(p.title, p.template) for p in Project.objects.all()] == [("Good", known)]


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("EXT-17")
def test_a_template_goes_from_draft_to_suspended_and_back_on_pages(client, people):
    client.force_login(people.program)
    client.post(reverse("change_template_new"), {**world.TEMPLATE, "owner": "ravi", "code": "TPL-STD-004"})
    do = {verb: reverse("change_template_do", args=["TPL-STD-004", verb]) for verb in ("approve", "suspend", "edit")}
    client.post(do["edit"], {**world.TEMPLATE, "owner": "ravi", "title": "Replace the portal certificate"})
    accept = {"note": "Good.", "evidence": "Rehearsed.", "expires_on": "2099-01-01"}
    assert client.post(do["approve"], accept).status_code == 403
    client.force_login(people.manager)
    assert client.post(do["approve"], accept).status_code == 302
    page = client.get(reverse("change_template", args=["TPL-STD-004"])).content.decode()
    for words in ("Replace the portal certificate", "Known and tested", "Ravi Menon", "Rehearsed.", "1 Jan 2099"):
        assert words in page
    client.post(do["suspend"], {"reason": "The chain is new."})
    assert "Suspended" in client.get(reverse("change_templates")).content.decode()


@pytest.mark.parametrize("count", [3, 300])
def test_list_query_count(client, people, count, django_assert_num_queries):
    content = TemplateContent(**world.TEMPLATE)
    for _ in range(count):
        change_templates.create(by=people.program, owner=people.developer, content=content, now=world.NOW)
    client.force_login(people.program)
    with django_assert_num_queries(10):  # session, person, count, rows; six for the badge of the inbox
        client.get(reverse("change_templates"))
