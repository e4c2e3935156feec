"""Light milestones leave a record in the shape of a review's: on a page of its own, in the pack, in the report."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.actions import part_way, requirements
from projects.digests import digest
from projects.ledger_check import verify
from projects.models import Project, StageExit, StageRun, User
from reviews.evidence import collect
from tests import rows, world
from tests.kept import kept
from tests.pages import client_of, text_of

pytestmark = pytest.mark.django_db


def closed() -> tuple[world.People, Project]:
    """A minor project, closed."""
    people = world.People()
    return people, world.to_closed(world.register(people), people)


_closed_once, _closed = kept(closed)


def page_of(project, stage, who):
    return client_of(who).get(reverse("stage_exit", args=[project.code, stage, 1]))


@pytest.mark.req("EXT-19")
def test_each_light_milestone_keeps_what_it_was_decided_on(closed):
    people, project = closed
    found = {row.run.stage: row for row in StageExit.objects.filter(run__project=project).select_related("run")}
    assert {stage: (row.by, row.at) for stage, row in found.items()} == {
        "envision": (people.program, world.NOW),
        "build": (people.program, world.NOW),
        "deploy": (people.manager, world.NOW),
    }
    body = json.loads(found["deploy"].body)
    assert body["milestone"] == "Deployment Complete"
    assert {each["code"] for each in body["outcomes"] if each["confirmed"]} == {"DEP-O1", "DEP-O2", "DEP-O3"}
    assert {each["side"] for each in body["statements"]} >= {
        "Project, giving",
        "Operations and Support, receiving",
    }
    assert {"role": "P-OPS", "people": [{"id": people.operations.pk, "name": "Hannah Vogel"}]} in body["asked"]
    assert all(len(each["digest"]) == 64 for each in body["documents"])
    assert list(verify(project=project).findings) == []


@pytest.mark.req("EXT-19")
def test_the_record_has_a_page_of_its_own_and_never_changes(closed):
    people, project = closed
    stage = client_of(people.auditor).get(reverse("stage", args=[project.code, "envision"]))
    assert reverse("stage_exit", args=[project.code, "envision", 1]) in stage.content.decode()
    told = text_of(page_of(project, "envision", people.auditor))
    assert "Vision/Scope Approved, passage 1. Decided by Yusuf Karaca" in told
    assert "Seen in the walkthrough of the stage." in told
    assert "ART-01 Vision document 1.0" in told
    assert "Product Manager Anneke de Wit" in told
    assert page_of(project, "planning", people.auditor).status_code == 404
    assert page_of(project, "envision", people.outsider).status_code == 404

    User.objects.filter(pk=people.product.pk).update(name="Somebody Else")

    assert "Product Manager Anneke de Wit" in text_of(page_of(project, "envision", people.auditor))
    with pytest.raises(IntegrityError, match="stage's exit"), transaction.atomic():
        StageExit.objects.update(body="{}")
    with pytest.raises(IntegrityError, match="stage's exit"), transaction.atomic():
        StageExit.objects.all().delete()


@pytest.mark.req("EXT-19")
def test_the_pack_and_the_report_have_them(closed):
    people, project = closed
    files = {file.name: b"".join(file.chunks()) for file in collect.files(project) if "stage_exits" in file.name}
    table = files.pop("14_stage_exits.csv").decode()
    assert set(files) == {f"stage_exits/{stage}-1.json" for stage in ("envision", "build", "deploy")}
    assert all(digest(body.decode()) in table for body in files.values())

    told = text_of(client_of(people.auditor).get(reverse("phase_report")))

    assert "Light milestones Milestone Decided Projects After rework Vision/Scope Approved 1 1 0" in told
    assert "Scope Complete 1 1 0 Deployment Complete 1 1 0" in told


@pytest.mark.req("EXT-19", "SEED-14")
def test_a_stage_run_outside_is_recorded_as_such_and_not_as_confirmed(closed):
    people, _closed_project = closed
    project = world.register(people, code="PRJ-0900")
    part_way.declare(project_id=project.pk, by=people.manager, stage="build", reason="Begun on paper.", now=world.NOW)
    world.move(project, "start_envision", people)
    requirements.add(project_id=project.pk, by=people.product, kind="business", text="A need.", now=world.NOW)
    world.move(project, "start_planning", people)

    told = text_of(page_of(project, "envision", people.auditor))

    assert "This stage was run outside the system. Ingrid Solheim says so: Begun on paper." in told
    assert "No outcome was asked for" in told


@pytest.mark.req("EXT-19")
def test_a_milestone_that_was_passed_before_records_were_kept_says_so_and_no_other_stage_does(closed):
    people, project = closed
    words = "was passed before records of it were kept"
    reader = client_of(people.manager)

    def told(of: Project, stage: str) -> bool:
        return words in text_of(reader.get(reverse("stage", args=[of.code, stage])))

    assert not any(told(project, stage) for stage in ("envision", "planning", "build", "stabilize", "deploy"))
    old = rows.at_stage("stabilize")
    for stage in ("envision", "planning", "build", "stabilize"):
        StageRun.objects.create(
            project=old,
            stage=stage,
            iteration=1,
            started_at=rows.NOW,
            ended_at=None if stage == "stabilize" else rows.NOW,
        )
    assert told(old, "envision")
    assert told(old, "build")
    assert not told(old, "planning")  # its record is the review's
    assert not told(old, "deploy")
