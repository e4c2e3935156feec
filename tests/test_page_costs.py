"""What each page costs in queries: a literal for each address of the matrix, the same with many more rows."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects.actions import artifacts, importing
from projects.actions.artifacts import Content
from projects.importing.plan import Mapping
from reviews import terms
from reviews.actions import blackouts, conditions, findings, policy, policy_versions, retirements, rounds
from reviews.models import ChecklistAddition
from tests import world
from tests.page_costs import COSTS
from tests.permissions import MODULES, WHO, Row
from tests.permissions.stage import Stage, propose_change, proposed, set_up

ROWS = [row for module in MODULES for row in import_module(f"tests.permissions.{module}").ROWS if "+" in row.get]
MANY = 20
pytestmark = pytest.mark.django_db


def grow(stage: Stage) -> None:
    """Many more rows of every kind that the pages list, by the actions that people use."""
    now, people, review = timezone.now(), stage.people, stage.review
    week = now.date() + timedelta(days=7)
    crowd = [world.person(f"more{n}", f"More People {n}") for n in range(MANY)]
    for n, person in enumerate(crowd):
        rounds.name_participant(
            review_id=review.pk, by=people.manager, group="PPA-P9", person=person, signs=False, now=now
        )
        owed = {"review_id": review.pk, "by": people.program, "owner": person, "due_on": week, "now": now}
        conditions.add(text=f"Do {n}.", consequence="It is late.", **owed)
        findings.raise_finding(code="A1", category="after_go", text=f"Found {n}.", **owed)
        content = Content(text=f"Version {n}.")
        version = artifacts.add_version(
            project_id=stage.project.pk, kind="ART-16", by=people.product, content=content, now=now
        )
        artifacts.submit(project_id=stage.project.pk, version_id=version.pk, by=people.product, now=now)
        blackouts.announce(by=people.process_owner, starts_on=week, ends_on=week, reason=f"Closed {n}.", now=now)
        proposed(people, f"Is it {n}?", now)
        policy.drop(what=ChecklistAddition, pk=stage.changed.later.get(retired_at=None).pk, by=people.manager, now=now)
        propose_change(people, stage.changed, f"Was the way back tried {n} times?", now)
        retirements.refuse(
            pk=retirements.ask(
                what=ChecklistAddition, pk=stage.asked.pk, by=people.process_owner, reason=f"Is it {n}?", now=now
            ).pk,
            by=people.manager,
            reason="Not now.",
            now=now,
        )
        policy_versions.refuse(
            pk=policy_versions.PolicyVersion.objects.waiting().get().pk,
            by=people.manager,
            reason="Not now.",
            now=now,
        )
        policy_versions.propose(
            by=people.process_owner,
            kind="rr",
            category="minor",
            places=dict.fromkeys(terms.delivered("rr", "minor").signer_groups, terms.SIGNS),
            quorum={},
            validity_days=20,
            on=1,
            reason="Releases wait too long.",
            now=now,
        )
        importing.upload(
            file=ContentFile(f"title\nDepot {n}\n".encode(), name="depots.csv"),
            filename=f"depots{n}.csv",
            by=people.program,
            now=now,
        )
        importing.save_mapping(name=f"Ours {n}", mapping=Mapping({"title": "title"}), by=people.program, now=now)
        world.draft_template(people, now=now)
        world.register(people, now=now)


@pytest.fixture(scope="module", params=["few", "many"])
def set_stage(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """Set once for all pages; what a request does is undone after it."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=media):
            made = set_up()
            if request.param == "many":
                grow(made)
            for who in WHO:
                made.client(who).get("/about/")  # the first request of a session writes when it began
        yield made, media
        transaction.set_rollback(True)


@pytest.fixture
def stage(set_stage, settings, db):
    made, settings.MEDIA_ROOT = set_stage
    return made


def reader_of(row: Row) -> str:
    """Whoever sees the page with most on it: who manages, where they may, else the first who may."""
    may = [who for who, letter in zip(WHO, row.get, strict=True) if letter == "+"]
    return next((who for who in ("manager", "program", "operator") if who in may), may[0])


def test_every_page_has_its_cost_and_no_cost_is_of_a_page_that_is_gone():
    assert {str(row) for row in ROWS} == set(COSTS)


@pytest.mark.database("sqlite")  # the other one is sent the same queries
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_page_costs_what_is_written_with_few_rows_and_with_many(stage, row: Row):
    client, address = stage.client(reader_of(row)), reverse(row.name, args=row.at(stage)) + row.query
    with time_machine.travel(timezone.now(), tick=False):  # a session that is used for long is written anew
        client.get(address)
        cache.clear()  # all of it: nothing is remembered from the request before
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
    assert answer.status_code in (200, 302, 409, 422)
    assert "/accounts/login/" not in answer.headers.get("Location", "")
    assert len(seen) == COSTS[str(row)], "\n".join(query["sql"][:160] for query in seen)
