"""What a decision comes to besides go: a hold that is looked at again, and who is told of what stays owed."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from projects import ledger_check, portfolio
from projects.blocker import Blocked, Refused
from projects.models import GatePass, Notice, Stage, Status
from reviews import awaiting, gate_content, gates, minutes, outlook, reminders, signing
from reviews.actions import answers, findings
from reviews.actions.decisions import NoDayToLookAgain
from reviews.models import Decision, Review, ReviewKind
from reviews.report import Scope, report
from tests import rows, world
from tests.kept import kept
from tests.pages import address, client_of, decide_form, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)
AGAIN = date(2026, 12, 8)  # a Tuesday
MORNINGS = [world.NOW + timedelta(days=n, hours=1) for n in range(24)]


def signed() -> tuple[world.People, Review]:
    """A round of a minor project's plan, signed by everybody who was asked."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, world.sign_all(world.ready_to_sign(project, ReviewKind.PPA, people))


_signed_once, _signed = kept(signed)


@pytest.fixture
def people(signed):
    return signed[0]


@pytest.fixture
def review(signed) -> Review:
    return signing.load(signed[1].pk)


def held(review: Review) -> Review:
    return world.decide(review, Decision.HOLD, reason="The money comes in December.", next_review_on=AGAIN, now=LATER)


@pytest.mark.req("EXT-22")
def test_a_hold_is_decided_with_a_reason_and_a_day_and_opens_nothing(people, review):
    client = client_of(people.manager)
    for typed in ({"reason": "No money yet."}, {"next_review_on": "2099-02-01"}):
        refused = client.post(address("decide", review), decide_form(client, review, "hold", **typed))
        assert refused.status_code == 422
        assert next(iter(typed.values())) in refused.content.decode()  # nothing typed is lost
        assert signing.load(review.pk).is_open

    form = decide_form(client, review, "hold", reason="No money yet.", next_review_on="2099-02-01")
    page = client.post(address("decide", review), form, follow=True)

    told, anchors = text_of(page), re.findall(r'\sid="([^"]+)"', page.content.decode())
    assert [each for each in set(anchors) if anchors.count(each) > 1] == []
    assert "PPA-1 is decided: Hold." in told
    assert "No money yet." in told
    assert "Next look 1 Feb 2099" in told
    assert not GatePass.objects.exists()
    project = world.fresh(review.project)
    assert (project.stage, project.status) == (Stage.PLANNING, Status.ACTIVE)
    with pytest.raises(Blocked) as refused:
        world.move(project, "start_build", people)
    assert "review.none" in [blocker.code for blocker in refused.value.blockers]


@pytest.mark.req("EXT-22")
@pytest.mark.parametrize("day", [None, LATER.date(), date(2026, 11, 1)])
def test_a_hold_without_a_day_ahead_is_refused(review, day):
    with pytest.raises(NoDayToLookAgain, match="after today"):
        world.decide(review, Decision.HOLD, reason="No money yet.", next_review_on=day, now=LATER)


@pytest.mark.req("EXT-22")
def test_the_database_knows_no_hold_without_its_day(review):
    with pytest.raises(DatabaseError, match="review_hold_is_dated"), transaction.atomic():
        rows.decide(review, signing.packet_digest(review), "hold")


@pytest.mark.req("EXT-22", "EXT-15")
def test_lists_report_and_minutes_know_a_hold(people, review):
    held(review)
    assert outlook.outlooks([review.project_id], LATER)[review.project_id].decision_label == "Hold"
    assert outlook.rounds(review.project, LATER)[0].decision_label == "Hold"
    assert report(Scope(), LATER).outcomes["ppa"].decisions == {"hold": 1}
    text = minutes.as_text(minutes.build(signing.load(review.pk)))
    assert "Hold" in text
    assert "Next look; 2026-12-08" in text
    assert "hold" in portfolio.DECISIONS
    assert ledger_check.verify(review.project).holds


@pytest.mark.req("EXT-22")
def test_a_hold_waits_for_its_chair_until_another_round_begins(people, review):
    held(review)
    [entry] = [each for each in awaiting.inbox(people.manager, LATER) if each.kind == "look_again"]
    assert (entry.due, entry.text) == (AGAIN, "Look at Project Plan Approved again: PPA-1 was decided hold")
    assert awaiting.count(people.manager, LATER) == len(list(awaiting.inbox(people.manager, LATER)))
    for at in MORNINGS:
        reminders.queue_due(at)
    for person in (people.manager, people.program):
        told = Notice.objects.filter(recipient=person, kind__startswith="held.").order_by("id")
        assert [(each.kind, each.created_at.date().isoformat()) for each in told] == [
            ("held.due_soon", "2026-12-04"),
            ("held.due", "2026-12-08"),
            ("held.overdue", "2026-12-09"),
            ("held.overdue", "2026-12-16"),
        ]
    assert "The money comes in December." in told[0].body

    second = world.open_review(review.project, ReviewKind.PPA, people, now=MORNINGS[-1])

    assert second.ref == "PPA-2"
    assert [each.kind for each in awaiting.inbox(people.manager, LATER)] == []
    assert reminders.queue_due(MORNINGS[-1] + timedelta(days=30)) == 0


@pytest.mark.req("EXT-22", "EXT-26")
def test_a_hold_leads_to_its_next_round_and_stands_in_calendar_and_list(people, review):
    held(review)
    new = reverse("review_new", args=[review.project.code, "ppa"])
    room, project = address("review", review), review.project.get_absolute_url()
    manager, sponsor = client_of(people.manager), client_of(people.sponsor)

    assert f'href="{new}"' in manager.get(room).content.decode()
    assert new not in sponsor.get(room).content.decode()
    assert "looked at again 8 Dec 2026" in text_of(sponsor.get(project))
    with time_machine.travel(world.NOW, tick=False):
        assert "To be looked at again 8 Dec 2026 PPA-1" in text_of(manager.get("/calendar/"))
    with time_machine.travel(MORNINGS[-1] + timedelta(days=7), tick=False):
        later = client_of(people.manager).get("/calendar/")
        assert "Past their day To be looked at again 8 Dec 2026 PPA-1" in text_of(later)

    world.open_review(review.project, ReviewKind.PPA, people, now=MORNINGS[-1])

    assert new not in manager.get(room).content.decode()
    assert "looked at again" not in text_of(manager.get(project))
    with time_machine.travel(world.NOW, tick=False):
        assert "looked at again" not in text_of(manager.get("/calendar/"))


@pytest.mark.req("EXT-06", "SEED-87")
def test_a_cancelled_project_waits_for_nobody(people, review):
    """What it had not done, and what a go had left open, is no longer asked of anybody."""
    project = review.project
    condition = rows.condition(review, people.user, due_on=world.NOW.date())
    world.sign_all(signing.load(review.pk), now=LATER)
    world.decide(review, now=LATER)
    second = world.ready_to_sign(project, ReviewKind.PPA, people, now=LATER)
    world.decide(second, Decision.NO_GO_CANCELLED, reason="Bought elsewhere.", now=LATER)

    manager = client_of(people.manager)
    page = text_of(manager.get(project.get_absolute_url()))
    assert "Bought elsewhere." in page
    assert "missing" not in page
    assert "Start Build" not in page
    assert "overdue" not in page
    assert "Prepare Project Plan Approved" not in page
    assert "condition overdue" not in text_of(manager.get("/projects/"))
    room = text_of(manager.get(address("review", review)))
    assert "The go is on hold" not in room
    for verb in ("condition_close", "condition_move"):
        assert address(verb, review, condition.number) not in room
    stage = text_of(manager.get(reverse("stage", args=[project.code, "planning"])))
    assert "1 thing missing The project was cancelled: Bought elsewhere." in stage


@pytest.mark.req("EXT-06")
def test_who_decides_a_later_go_reads_which_conditions_it_leaves_behind(people, review):
    rows.condition(review, people.user, due_on=AGAIN)
    world.sign_all(signing.load(review.pk), now=LATER)
    world.decide(review, now=LATER)
    second = world.ready_to_sign(review.project, ReviewKind.PPA, people, now=LATER)

    page = text_of(client_of(people.manager).get(address("decide", second)))

    assert "is set in this round before it is decided: PPA-1 C-1 The night shift is trained." in page


@pytest.mark.req("EXT-04")
def test_a_finding_with_a_day_is_told_to_who_settles_it(people, review):
    found = findings.raise_finding(
        review_id=review.pk,
        by=people.sponsor,
        code="A1",
        category="after_go",
        text="Nobody has measured today's error rate.",
        owner=people.product,
        due_on=AGAIN,
        now=LATER,
    )
    world.sign_all(review, now=LATER)
    world.decide(review, now=LATER)
    for at in MORNINGS[:17]:
        reminders.queue_due(at)
    told = Notice.objects.filter(recipient=people.product, kind__startswith="finding.").exclude(kind="finding.raised")
    assert [each.kind for each in told.order_by("id")] == ["finding.due_soon", "finding.due", "finding.overdue"]
    assert "Nobody has measured" in told[0].body
    findings.settle(
        review_id=review.pk, number=found.number, by=people.sponsor, disposition="done", text="Seen.", now=MORNINGS[17]
    )
    assert [reminders.queue_due(at) for at in MORNINGS[18:]] == [0] * 6


def ask_waiver(review: Review, people, *, until: date, now):
    return answers.request_waiver(
        review_id=review.pk,
        code="A1",
        by=people.operations,
        reason="Measured next month.",
        risk="A wrong estimate.",
        compensation="A weekly look.",
        expires_on=until,
        now=now,
    )


@pytest.mark.req("EXT-07")
def test_a_waiver_that_has_ended_opens_the_question_again_and_may_be_asked_for_anew(people, review):
    answers.answer(
        review_id=review.pk, code="A1", by=people.sponsor, value="not_confirmed", reason="Not yet.", now=LATER
    )
    first = ask_waiver(review, people, until=AGAIN, now=LATER)
    answers.answer_waiver(review_id=review.pk, waiver_id=first.pk, by=people.manager, approve=True, now=LATER)

    def against(day: date) -> list[str]:
        return [item.code for item in gate_content.failing_items(signing.load(review.pk), day)]

    assert against(AGAIN) == []
    assert against(AGAIN + timedelta(days=1)) == ["A1"]
    with pytest.raises(Refused, match="has a waiver already"):
        ask_waiver(review, people, until=AGAIN, now=LATER)
    second = ask_waiver(review, people, until=AGAIN + timedelta(days=30), now=MORNINGS[-1])
    answers.answer_waiver(review_id=review.pk, waiver_id=second.pk, by=people.manager, approve=True, now=MORNINGS[-1])
    assert against(MORNINGS[-1].date()) == []


@pytest.mark.req("EXT-07")
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a_waiver_ends_for_everybody_at_one_moment_whatever_the_readers_clock(people, review, zone):
    answers.answer(
        review_id=review.pk, code="A1", by=people.sponsor, value="not_confirmed", reason="Not yet.", now=LATER
    )
    waiver = ask_waiver(review, people, until=AGAIN, now=LATER)
    answers.answer_waiver(review_id=review.pk, waiver_id=waiver.pk, by=people.manager, approve=True, now=LATER)
    held, midnight = signing.load(review.pk), datetime.combine(AGAIN + timedelta(days=1), time(), UTC)

    def against(now: datetime) -> bool:
        with timezone.override(zone):
            return "item.not_fine" in {found.code for found in gates.blockers(held, now)}

    assert not against(midnight - timedelta(hours=2))
    assert against(midnight + timedelta(hours=2))
