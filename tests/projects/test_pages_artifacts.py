"""Artifact, stage and requirement pages, through HTTP."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.models import ArtifactVersion, Stage
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    project = world.register(people)
    world.move(project, "start_envision", people)
    return project


def as_(client, user):
    client.force_login(user)
    return client


def url(project, name, *more):
    return reverse(name, args=[project.code, *more])


@pytest.mark.req("AUD-08")
def test_a_text_becomes_a_version_then_is_submitted_and_approved_by_another(client, people, project):
    as_(client, people.developer)
    added = client.post(url(project, "artifact", "ART-01"), {"text": "Visitors sign in on a tablet.", "label": "1.0"})
    version = ArtifactVersion.objects.get()
    client.post(url(project, "artifact_do", "ART-01", "submit"), {"version": version.pk})
    own = client.post(url(project, "artifact_do", "ART-01", "approve"), {"version": version.pk})

    assert added.status_code == 302
    assert own.status_code == 422
    assert "somebody else approves it" in own.content.decode()
    as_(client, people.sponsor).post(url(project, "artifact_do", "ART-01", "approve"), {"version": version.pk})
    version.refresh_from_db()
    assert (version.status, version.approved_by) == ("approved", people.sponsor)


def test_a_file_is_served_as_attachment_only_to_who_sees_the_project(client, people, project):
    evil = SimpleUploadedFile("../plan.html", b"<script>alert(1)</script>", content_type="text/html")
    as_(client, people.developer).post(url(project, "artifact", "ART-01"), {"file": evil})

    answer = client.get(url(project, "version_file", "ART-01", 1))

    assert answer["Content-Disposition"] == 'attachment; filename="plan.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert as_(client, people.outsider).get(url(project, "version_file", "ART-01", 1)).status_code == 404


def test_a_refused_version_keeps_what_was_typed(client, people, project):
    answer = as_(client, people.developer).post(
        url(project, "artifact", "ART-01"), {"text": "A long text", "url": "https://example.test/doc"}
    )

    assert answer.status_code == 422
    assert "Give one of a file, a link or a text." in answer.content.decode()
    assert "A long text" in answer.content.decode()


def test_too_large_a_file_names_the_limit(client, people, project, settings):
    settings.ARTIFACT_MAX_BYTES = 10
    answer = as_(client, people.developer).post(
        url(project, "artifact", "ART-01"), {"file": SimpleUploadedFile("a.txt", b"x" * 11)}
    )

    assert answer.status_code == 422
    assert "the limit is" in answer.content.decode()


@pytest.mark.req("SEED-46")
def test_not_applicable_needs_a_reason_and_another_persons_consent(client, people, project):
    as_(client, people.developer)
    bare = client.post(url(project, "artifact_do", "ART-15", "ask-not-applicable"), {"reason": " "})
    client.post(url(project, "artifact_do", "ART-15", "ask-not-applicable"), {"reason": "Nothing is built."})
    own = client.post(url(project, "artifact_do", "ART-15", "consent-not-applicable"))

    assert bare.status_code == 422
    assert own.status_code == 422
    as_(client, people.sponsor).post(url(project, "artifact_do", "ART-15", "consent-not-applicable"))
    assert project.artifacts.get(kind="ART-15").status == "not_applicable"


@pytest.mark.req("SEED-19")
@pytest.mark.req("SEED-17")
def test_an_outcome_is_confirmed_with_evidence_and_the_earlier_answer_stays(client, people, project):
    as_(client, people.program)
    page = url(project, "outcome", "envision", "ENV-O1")
    bare = client.post(page, {"ENV-O1-confirmed": "yes", "ENV-O1-evidence": ""})
    client.post(page, {"ENV-O1-confirmed": "no", "ENV-O1-evidence": "The customer was ill."})
    client.post(page, {"ENV-O1-confirmed": "yes", "ENV-O1-evidence": "Walkthrough on Monday."})

    shown = client.get(url(project, "stage", "envision")).content.decode()

    assert bare.status_code == 422
    assert "Walkthrough on Monday." in shown
    assert "The customer was ill." in shown


def test_an_outcome_of_another_stage_is_refused(client, people, project):
    answer = as_(client, people.program).post(
        url(project, "outcome", "build", "BLD-O1"), {"BLD-O1-confirmed": "yes", "BLD-O1-evidence": "x"}
    )

    assert answer.status_code == 422
    assert world.fresh(project).stage == Stage.ENVISION


@pytest.mark.req("SEED-24")
def test_requirements_are_typed_and_counted_by_kind(client, people, project):
    as_(client, people.product)
    client.post(url(project, "requirements"), {"kind": "operational", "text": "Runs without a network for an hour."})
    shown = client.get(url(project, "requirements") + "?kind=operational").content.decode()
    refused = client.post(url(project, "requirements"), {"kind": "wishful", "text": "x"})

    assert "Runs without a network" in shown
    assert "Operational 1" in shown
    assert refused.status_code == 422


def test_an_auditor_reads_all_of_it_and_changes_nothing(client, people, project):
    as_(client, people.auditor)
    assert client.get(url(project, "artifacts")).status_code == 200
    assert client.get(url(project, "artifact", "ART-01")).status_code == 200
    assert client.get(url(project, "stage", "envision")).status_code == 200

    assert client.post(url(project, "artifact", "ART-01"), {"text": "x"}).status_code == 403
    assert client.post(url(project, "requirements"), {"kind": "user", "text": "x"}).status_code == 403
    assert not ArtifactVersion.objects.exists()


def test_two_texts_are_compared_word_by_word_and_two_files_by_name_size_and_digest(client, people, project):
    as_(client, people.developer)
    for text in ("Visitors sign in on paper.", "Visitors sign in on a tablet."):
        client.post(url(project, "artifact", "ART-01"), {"text": text})
    page = client.get(url(project, "artifact", "ART-01") + "?compare=1").content.decode()
    assert "<del>paper.</del>" in page
    assert "<ins>a tablet.</ins>" in page
    for name in ("old.txt", "new.txt"):
        client.post(url(project, "artifact", "ART-05"), {"file": SimpleUploadedFile(name, name.encode())})
    page = client.get(url(project, "artifact", "ART-05") + "?compare=1").content.decode()
    compared = page.partition('id="compared"')[2].partition("</section>")[0]
    assert compared.index("old.txt") < compared.index("new.txt")
    assert 'id="compared"' not in client.get(url(project, "artifact", "ART-05") + "?compare=7").content.decode()


QUERIES = {"artifacts": 9, "artifact": 10, "stage": 17, "requirements": 9}


@pytest.mark.parametrize("rows", [3, 30])
def test_query_counts_do_not_grow(client, people, project, rows, django_assert_num_queries):
    from projects.actions import artifacts, requirements, stages
    from projects.actions.artifacts import Content

    for number in range(rows):
        artifacts.add_version(
            project_id=project.pk, kind="ART-01", by=people.developer, content=Content(text=str(number)), now=world.NOW
        )
        requirements.add(project_id=project.pk, by=people.product, kind="user", text=str(number), now=world.NOW)
        stages.confirm_outcome(
            project_id=project.pk, by=people.program, outcome="ENV-O1", confirmed=True, evidence="x", now=world.NOW
        )
    as_(client, people.program)
    client.get("/about/")  # the inbox badge is counted once and kept
    for name, more in (("artifacts", ()), ("artifact", ("ART-01",)), ("stage", ("envision",)), ("requirements", ())):
        with django_assert_num_queries(QUERIES[name]):
            client.get(url(project, name, *more))
