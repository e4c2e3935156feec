"""A standard change from request to done, and what happens when it fails or departs from its template."""

import pytest
from django.urls import reverse

from projects.actions import standard
from projects.actions.projects import NoKnownTemplate, ReasonMissing
from projects.actions.standard import NoStandardChange
from projects.blocker import NotAllowed, Refused
from projects.ledger_check import verify
from projects.models import ChangeTemplate, Project, TemplateRun
from tests import world

pytestmark = pytest.mark.django_db
QUERIES = 17
FAR = world.NOW.date().replace(year=2099)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people, category="standard", template=world.known_template(people, expires_on=FAR))


def ran(project, by, *, succeeded, note="Two addresses served the old one."):
    return standard.record_run(project_id=project.pk, by=by, succeeded=succeeded, note=note, now=world.NOW)


@pytest.mark.req("EXT-17")
def test_a_failed_run_suspends_the_template_at_once(people, project):
    ran(project, people.program, succeeded=False)

    template = ChangeTemplate.objects.get()
    assert (template.state, template.failures) == ("suspended", 1)
    assert template.suspended_reason == f"{project.code} failed: Two addresses served the old one."
    with pytest.raises(NoKnownTemplate, match="suspended"):
        world.register(people, category="standard", template=template)
    assert list(verify().findings) == []


@pytest.mark.req("EXT-17")
def test_a_run_is_recorded_once_by_who_runs_the_change(people, project):
    with pytest.raises(NotAllowed):
        ran(project, people.developer, succeeded=False)
    with pytest.raises(Refused, match="Deploy first"):
        ran(project, people.program, succeeded=True)
    ran(project, people.program, succeeded=False)
    with pytest.raises(Refused, match="already"):
        ran(project, people.program, succeeded=False)
    assert ChangeTemplate.objects.get().failures == 1


def ticked(project, by, number, evidence="Seen in the key store."):
    return standard.do_step(project_id=project.pk, by=by, number=number, evidence=evidence, now=world.NOW)


@pytest.mark.req("EXT-17")
def test_a_run_that_went_well_leaves_the_template_as_it_is(people, project):
    world.to_deploy(project, people)
    with pytest.raises(Refused, match="not done: 1, 2, 3"):
        ran(project, people.program, succeeded=True)
    for number in (1, 2, 3):
        ticked(project, people.operations, number)
    ran(project, people.program, succeeded=True, note="Five of five addresses.")
    assert (ChangeTemplate.objects.get().state, TemplateRun.objects.get().succeeded) == ("known", True)


@pytest.mark.req("SEED-05", "SEED-07")
def test_a_change_that_departs_from_its_template_becomes_minor_with_the_step(people, project):
    given = {"project_id": project.pk, "by": people.program, "now": world.NOW}
    with pytest.raises(ReasonMissing):
        standard.depart(step=3, reason=" ", **given)
    with pytest.raises(Refused, match="no step 4"):
        standard.depart(step=4, reason="A new issuer.", **given)
    standard.depart(step=3, reason="A new issuer.", **given)

    assert (world.fresh(project).category, world.fresh(project).template) == ("minor", project.template)
    line = project.ledger_stream.entries.get(event="project.recategorised").line
    assert "deviates from template step 3: A new issuer." in line
    with pytest.raises(NoStandardChange):
        standard.depart(step=3, reason="Again.", **given)


@pytest.mark.req("SEED-07")
def test_one_screen_registers_the_change_and_one_page_takes_it_on(client, people):
    template = world.known_template(people, expires_on=FAR)
    client.force_login(people.program)
    address = f"{reverse('standard_new')}?template={template.code}"
    assert template.title in client.get(address).content.decode()
    form = {
        "template": template.pk,
        "title": "Certificate of November",
        "planned_on": "2026-11-30",
        "deployer": "hannah",
        "solution_manager": people.manager.pk,
    }
    answer = client.post(address, form)
    project = Project.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("standard_way", args=[project.code]))
    assert project.roles.get(role="P-DEPLOY").user == people.operations
    assert project.category_nature == template.nature
    assert project.requirements.count() == 0
    page = client.get(answer.url).content.decode()
    for words in ("Install and reload.", "Documents of the template", "It departs from the template", "Start Envision"):
        assert words in page
    assert "Steps done: 0 of 3" in client.get(project.get_absolute_url()).content.decode()

    client.post(answer.url, {"do": "documents"})
    texts = {each.kind: each.versions.get() for each in project.artifacts.all()}
    assert {kind: each.status for kind, each in texts.items()} == {"ART-11": "in_review", "ART-36": "in_review"}
    assert template.deployment in texts["ART-36"].text
    assert "Rehearsed in staging" in texts["ART-11"].text
    assert project.requirements.get().text == template.changes

    client.post(answer.url, {"do": "run", "succeeded": "no", "note": "It timed out."})
    assert "It failed, and the template is suspended" in client.get(answer.url).content.decode()
    departed = client.post(answer.url, {"do": "depart", "step": "2", "reason": "Another issuer."})
    assert world.fresh(project).category == "minor"
    assert departed.url == project.get_absolute_url()
    assert "This is not a standard change" in client.get(answer.url).content.decode()


def way(project):
    return reverse("standard_way", args=[project.code])


@pytest.mark.req("SEED-07")
def test_steps_are_ticked_with_evidence_by_whoever_works_on_the_change(client, people, project):
    client.force_login(people.operations)
    bare = client.post(way(project), {"do": "step", "number": "2", "evidence": ""})
    assert bare.status_code == 422
    assert (
        client.post(way(project), {"do": "step", "number": "2", "evidence": "The chain is right."}).status_code == 302
    )
    page = client.get(way(project)).content.decode()
    step = page.partition('id="step-2"')[2].partition("</article>")[0]
    assert "The chain is right." in step
    assert "Hannah Vogel" in step
    assert "<form" not in step
    assert "<form" in page.partition('id="step-1"')[2].partition("</article>")[0]
    with pytest.raises(Refused, match="done already"):
        ticked(project, people.operations, 2)
    with pytest.raises(Refused, match="no step 4"):
        ticked(project, people.operations, 4)
    with pytest.raises(NotAllowed):
        ticked(project, people.auditor, 1)
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-07")
def test_documents_are_approved_by_another_on_the_same_page(client, people, project):
    client.force_login(people.program)
    client.post(way(project), {"do": "documents"})
    own = client.post(way(project), {"do": "approve"})
    assert own.status_code == 422
    assert "Approve the documents" not in own.content.decode()
    client.force_login(people.sponsor)
    assert "Approve the documents" in client.get(way(project)).content.decode()
    client.post(way(project), {"do": "approve"})
    assert {each.status for each in project.artifacts.all()} == {"approved"}
    assert client.post(way(project), {"do": "approve"}).status_code == 422


@pytest.mark.req("SEED-07", "SEED-19")
def test_a_stage_is_left_with_what_shows_its_outcomes_and_never_past_a_gate(client, people, project):
    client.force_login(people.program)
    client.post(way(project), {"do": "documents"})
    client.post(way(project), {"do": "go_on"})
    bare = client.post(way(project), {"do": "go_on", "evidence": " "})
    assert (bare.status_code, world.fresh(project).stage) == (422, "envision")
    client.post(way(project), {"do": "go_on", "evidence": "Read with the owner."})
    assert world.fresh(project).stage == "planning"
    shut = client.post(way(project), {"do": "go_on", "evidence": "Read with the owner."})
    assert (shut.status_code, world.fresh(project).stage) == (409, "planning")
    assert "has not been opened" in shut.content.decode()
    assert not project.stage_runs.get(stage="planning").confirmations.exists()  # all of it, or nothing


def test_the_page_costs_the_same_with_every_step_done(client, people, project, django_assert_num_queries):
    client.force_login(people.program)
    client.get(way(project))
    with django_assert_num_queries(QUERIES):
        client.get(way(project))
    for number in (1, 2, 3):
        ticked(project, people.operations, number)
    with django_assert_num_queries(QUERIES):
        client.get(way(project))


def test_documents_that_are_begun_are_not_written_over(people, project):
    given = {"project_id": project.pk, "by": people.program, "now": world.NOW}
    assert len(standard.take_over_documents(**given)) == 2
    with pytest.raises(Refused, match="begun already"):
        standard.take_over_documents(**given)
