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


@pytest.mark.req("EXT-17")
def test_a_run_that_went_well_leaves_the_template_as_it_is(people, project):
    world.to_deploy(project, people)
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
def test_one_screen_registers_the_change_and_one_panel_shows_what_remains(client, people):
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
    assert (answer.status_code, answer.url) == (302, project.get_absolute_url())
    assert project.roles.get(role="P-DEPLOY").user == people.operations
    assert project.category_nature == template.nature
    page = client.get(answer.url).content.decode()
    for words in ("From request to done", "Install and reload.", "Documents of the template are approved", "departs"):
        assert words in page

    client.post(reverse("standard_do", args=[project.code, "documents"]))
    texts = {each.kind: each.versions.get() for each in project.artifacts.all()}
    assert {kind: each.status for kind, each in texts.items()} == {"ART-11": "in_review", "ART-36": "in_review"}
    assert template.deployment in texts["ART-36"].text
    assert "Rehearsed in staging" in texts["ART-11"].text

    client.post(reverse("standard_do", args=[project.code, "run"]), {"succeeded": "no", "note": "It timed out."})
    assert "the template was suspended: It timed out." in client.get(answer.url).content.decode()
    client.post(reverse("standard_do", args=[project.code, "depart"]), {"step": "2", "reason": "Another issuer."})
    assert world.fresh(project).category == "minor"


def test_documents_that_are_begun_are_not_written_over(people, project):
    given = {"project_id": project.pk, "by": people.program, "now": world.NOW}
    assert len(standard.take_over_documents(**given)) == 2
    with pytest.raises(Refused, match="begun already"):
        standard.take_over_documents(**given)
