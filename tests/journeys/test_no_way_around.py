"""No project gets past its gate but through the review: not by raw POSTs, not by the admin, not from a shell."""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest
from django.apps import apps
from django.conf import settings

from projects.actions import requirements
from projects.lifecycle import MOVES
from projects.models import LedgerEntry, LedgerStream, Project, User
from reviews import signing
from reviews.actions.decisions import AreaToAddress
from reviews.models import OPEN_STATES, Decision, Review, ReviewKind, ReviewState
from tests import world
from tests.parts import database_url
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


class Session:
    """Somebody with a script: logs in, keeps the cookies, posts what no button offers."""

    def __init__(self, base: str, person: User) -> None:
        self.base, self.jar = base, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar), _StayHere)
        self.get("/accounts/login/")
        assert self.post("/accounts/login/", login=person.username, password=PASSWORD) == 302

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(Request(self.base + path))  # noqa: S310 - the test's own server

    def post(self, path: str, **form: object) -> int:
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        body = urlencode({"csrfmiddlewaretoken": token, **form}).encode()
        return self._ask(Request(self.base + path, data=body))[0]  # noqa: S310 - the test's own server

    def move(self, project: Project, name: str) -> int:
        return self.post(f"/projects/{project.code}/move/{name}/", reason="Let me through.")

    def decide(self, room: str, decision: str, packet: str) -> int:
        areas = {"areas-TOTAL_FORMS": 0, "areas-INITIAL_FORMS": 0}
        form = {"decision": decision, "reason": "Go.", "packet": packet, "password": PASSWORD, "risks_acceptable": "on"}
        return self.post(f"{room}decide/", **form, **areas)

    def sign(self, room: str, packet: str) -> int:
        form = {"position": "agree", "comment": "", "key": uuid.uuid4(), "password": PASSWORD}
        return self.post(f"{room}sign/", packet=packet, **form)


SYSTEM_CHAIN = {LedgerEntry: "stream__key", LedgerStream: "key"}


def everything() -> dict[str, list[dict[str, object]]]:
    """All that stands in our tables. Logins and refused credentials are told in the system's own chain: left out."""
    found = {}
    for model in (*apps.get_app_config("projects").get_models(), *apps.get_app_config("reviews").get_models()):
        rows = model._default_manager.order_by("pk")
        if model in SYSTEM_CHAIN:
            rows = rows.exclude(**{SYSTEM_CHAIN[model]: "system"})
        found[model._meta.label] = [{**row, "last_login": None} for row in rows.values()]
    return found


GATED = {"start_build", "start_deploy"}


def stations(project: Project, people: world.People) -> Iterator[tuple[str, str]]:
    """The project's whole way with both its reviews, stop by stop: the stop's name, and the step that is due there."""
    yield "registered", "start_envision"
    world.move(project, "start_envision", people)
    yield "envision", ""
    world.supply_artifacts(project, "vision", people)
    requirements.add(
        project_id=project.pk, by=people.product, kind="business", text="Visitors are known.", now=world.NOW
    )
    world.confirm_outcomes(project, people)
    world.move(project, "start_planning", people)
    yield "planning", ""
    yield from stops_of_a_review(project, ReviewKind.PPA, people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    world.sign(review, people.sponsor)
    yield "PPA-2, one of two has signed", ""
    world.sign_all(review)
    yield "PPA-2, signed by all", ""
    world.decide(review)
    yield "plan approved", "start_build"
    world.move(project, "start_build", people)
    yield "build", ""
    world.record_outputs(project, people, ReviewKind.PPA)
    world.confirm_outcomes(project, people)
    world.move(project, "start_stabilize", people)
    yield "stabilize", ""
    yield from stops_of_a_review(project, ReviewKind.RR, people)
    world.sign_all(world.ready_to_sign(project, ReviewKind.RR, people))
    yield "RR-2, signed by all", ""
    world.decide(Review.objects.get(project=project, kind=ReviewKind.RR, round=2))
    yield "release ready", "start_deploy"
    world.move(project, "start_deploy", people)
    yield "deploy", ""


def stops_of_a_review(project: Project, kind: ReviewKind, people: world.People) -> Iterator[tuple[str, str]]:
    """A first round from its preparation to its no-go."""
    world.supply_artifacts(world.fresh(project), "plan" if kind == ReviewKind.PPA else "release", people)
    world.confirm_outcomes(project, people)
    yield f"everything but the review {kind.label}", ""
    review = world.open_review(project, kind, people)
    yield f"{review.ref} is being prepared", ""
    world.convene(review, people)
    yield f"{review.ref} is convened", ""
    world.answer_all(review, people)
    world.request_sign_offs(review, people)
    yield f"{review.ref} is being signed", ""
    area = AreaToAddress(area="Rehearse.", effort_days=Decimal(2), owner=people.program, due_on=world.NOW.date())
    world.decide(review, Decision.NO_GO_POSTPONED, reason="Not rehearsed.", areas=(area,))
    yield f"{review.ref} has said no-go", ""


def attempts(project: Project, due: str, who: Callable[[str], Session]) -> Iterator[tuple[str, int, int]]:
    """What somebody with a script tries here: in words, the answer it must get, the answer it got.

    Args:
        due: the one step forward that may be taken now.
    """
    stage, between = world.fresh(project).stage, not project.reviews.filter(state__in=OPEN_STATES).exists()
    for step in MOVES.values():
        if (between or step.name in GATED) and step.name != due and not (step.back and stage in step.sources):
            yield f"manager: {step.name}", 409, who("manager").move(project, step.name)
    for step in GATED.difference({due}):
        yield f"program manager: {step}", 409, who("program").move(project, step)
    yield "developer: start_build", 403, who("developer").move(project, "start_build")
    yield "outsider: start_deploy", 404, who("outsider").move(project, "start_deploy")
    review = Review.objects.filter(project=project).order_by("-pk").first()
    if review is None:
        room = f"{project.get_absolute_url()}reviews/PPA-1/"
        yield "manager: decide", 404, who("manager").decide(room, "go", "0" * 64)
        yield "sponsor: sign", 404, who("sponsor").sign(room, "0" * 64)
        return
    room, over = review.get_absolute_url(), review.state == ReviewState.DECIDED
    packet = signing.packet_digest(signing.load(review.pk))  # as whoever has opened the page knows it
    signed_by_all = (
        review.sign_offs_requested_at and not review.participants.filter(signs=True, sign_offs=None).exists()
    )
    if not signed_by_all or over:  # once it is decided, everybody is shown the decision
        yield "chair: go", 302 if over else 409, who("manager").decide(room, "go", packet)
    yield "program manager: go", 302 if over else 403, who("program").decide(room, "go", packet)
    yield "program manager: no-go", 302 if over else 403, who("program").decide(room, "no_go_cancelled", packet)
    yield "outsider: go", 404, who("outsider").decide(room, "go", packet)
    if review.state != ReviewState.SIGNING:
        signer = "sponsor" if review.kind == ReviewKind.PPA else "support"
        yield "signer: sign", 409, who(signer).sign(room, packet)
    yield "developer: sign", 403, who("developer").sign(room, packet)
    yield "auditor: sign", 403, who("auditor").sign(room, packet)
    yield "outsider: sign", 404, who("outsider").sign(room, packet)


@pytest.fixture
def people():
    return world.People()


@pytest.mark.req("SEED-09", "SEED-70", "EXT-11")
def test_no_raw_post_gets_a_project_past_its_gate(live_server, people):
    """At every stop of its way every step that is not due is refused to everybody, and leaves every row as it was."""
    project = world.register(people)
    sessions: dict[str, Session] = {}

    def who(name: str) -> Session:
        if name not in sessions:
            sessions[name] = Session(live_server.url, getattr(people, name))
        return sessions[name]

    for stop, due in stations(project, people):
        before = everything()
        got = [(f"{stop}; {what}", wanted, status) for what, wanted, status in attempts(project, due, who)]
        assert [each for each in got if each[1] != each[2]] == []
        assert everything() == before, stop


@pytest.mark.req("SEED-09")
def test_the_admin_opens_no_gate(live_server, people):
    project = world.to_planning(world.register(people), people)
    operator, before = Session(live_server.url, people.operator), everything()
    path = f"/admin/projects/project/{project.pk}"
    shown, page = operator.get(f"{path}/change/")
    assert shown == 200
    assert project.title in page
    assert "_save" not in page
    opened = {"stage": "build", "plan_approved_at_0": "2026-11-23", "plan_approved_at_1": "10:00", "_save": "Save"}
    assert operator.post(f"{path}/change/", **opened) == 403
    assert operator.post(f"{path}/delete/", post="yes") == 403
    assert operator.post("/admin/projects/gatepass/add/", project=project.pk, gate="plan", review_ref="PPA-1") == 403
    assert everything() == before


SHELL = """
import json
from django.db import DatabaseError, connection
from django.utils import timezone
from projects.models import GatePass, Project
project = Project.objects.get(code={code!r})
now = timezone.now()

def saved(**columns):
    fresh = Project.objects.get(pk=project.pk)
    fresh.__dict__.update(columns)
    fresh.save()

def sql(text):
    with connection.cursor() as cursor:
        cursor.execute(text)

ways = {{
    "save": lambda: saved(stage="build"),
    "save with the gate's column": lambda: saved(stage="build", plan_approved_at=now),
    "update": lambda: Project.objects.filter(pk=project.pk).update(stage="build"),
    "update with the gate's column": lambda: Project.objects.update(stage="build", plan_approved_at=now),
    "update to deploy": lambda: Project.objects.update(stage="deploy", plan_approved_at=now, release_ready_at=now),
    "bulk_update": lambda: Project.objects.bulk_update([Project(pk=project.pk, stage="build")], ["stage"]),
    "create in build": lambda: Project.objects.create(
        code="NEW", title="New", project_type="it_service", category="minor", category_nature="-", category_size="-",
        stage="build", plan_approved_at=now, created_at=now, created_by=project.created_by),
    "create a pass": lambda: GatePass.objects.create(
        project=project, gate="plan", review_ref="PPA-1", packet_digest="0" * 64, opened_at=now,
        opened_by=project.created_by),
    "sql": lambda: sql("UPDATE projects_project SET stage = 'build', plan_approved_at = CURRENT_TIMESTAMP"),
}}
said = {{}}
for name, way in ways.items():
    try:
        way()
        said[name] = "done"
    except DatabaseError as error:
        said[name] = str(error)
print("SAID" + json.dumps(said))
"""


@pytest.mark.req("SEED-09", "SEED-79")
def test_from_a_shell_the_database_refuses(people):
    """`manage.py shell`, as an administrator in a hurry would; whatever database runs."""
    project = world.to_planning(world.register(people), people)
    before = everything()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "deliverops.settings",
        "DELIVEROPS_MODE": "embedded",
        "DATABASE_URL": database_url(),
    }
    command = [sys.executable, "manage.py", "shell", "--command", SHELL.format(code=project.code)]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.rpartition("SAID")[2])
    assert len(said) == 9
    for way, answer in said.items():
        told = re.search("plan|stage|gate|begins|Deliver Phase|gates_in_order", answer)
        assert answer != "done", f"{way} got through"
        assert told, f"{way}: {answer}"
    assert everything() == before
