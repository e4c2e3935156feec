"""Who may do what in a review, through HTTP."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from projects.models import LedgerEntry
from reviews import signing
from reviews.actions import answers, rounds
from reviews.models import Review, ReviewKind, Waiver
from tests import world
from tests.kept import kept
from tests.pages import address, answer_form, client_of, waiver_form

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=2)


def plan() -> tuple[world.People, Review]:
    """A convened round of a minor project's plan, nothing answered."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    return people, world.convene(world.open_review(project, ReviewKind.PPA, people), people)


_plan_once, _plan = kept(plan)


@pytest.fixture
def people(plan):
    return plan[0]


@pytest.fixture
def plan_review(plan) -> Review:
    return signing.load(plan[1].pk)


def every_post(review: Review) -> list[tuple[str, dict[str, object]]]:
    """Each address of a review that takes a POST, with a form that would be accepted from the right person."""
    waiver = Waiver.objects.filter(item__review=review).first()
    participant = review.participants.first()
    return [
        (reverse("review_new", args=[review.project.code, review.kind]), {"chair": review.chair_id, "mode": "async"}),
        (address("review_facts", review), {"chair": review.chair_id, "mode": "async", "place": "Room 2"}),
        (address("participants", review), {"group": participant.group, "person": "olaf"}),
        (address("participant_remove", review, participant.pk), {}),
        (address("convene", review), {}),
        (address("withdraw", review), {"reason": "No."}),
        (address("item", review, "A1"), {"seen": 0, "value": "confirmed", "evidence": "Looked.", "reason": ""}),
        (address("item_pin", review, "I2"), {}),
        (address("waiver_new", review, "A2"), waiver_form()),
        (address("waiver", review, waiver.pk), {"approve": "yes"}),
        (
            address("condition_new", review),
            {"text": "T", "consequence": "C", "owner": review.chair_id, "due_on": "2099-01-01"},
        ),
        (address("request_sign_offs", review), {"due_at": "2099-01-01T12:00"}),
    ]


@pytest.fixture
def watched_review(people, plan_review):
    """A convened round with a waiver waiting, in which the auditor looks on."""
    answers.request_waiver(
        review_id=plan_review.pk,
        code="A4",
        by=people.sponsor,
        reason="Late.",
        risk="Some.",
        compensation="Other.",
        expires_on=(world.NOW + timedelta(days=300)).date(),
        now=world.NOW,
    )
    rounds.name_participant(
        review_id=plan_review.pk, by=people.program, group="PPA-P8", person=people.auditor, signs=False, now=world.NOW
    )
    return signing.load(plan_review.pk)


@pytest.mark.req("AUD-11")
def test_an_auditor_reads_everything_and_changes_nothing(people, watched_review):
    client = client_of(people.auditor)
    before = LedgerEntry.objects.count()
    for url, form in every_post(watched_review):
        if not url.endswith(("/remove/", "/convene/", "/withdraw/", "/pin/")):
            assert client.get(url).status_code == 200, url
        assert client.post(url, form).status_code in (403, 409), url
    for name in ("review", "sign", "decide"):
        assert client.get(address(name, watched_review)).status_code == 200
    assert LedgerEntry.objects.count() == before
    fetched = re.findall(r'hx-(?:get|post)="([^"]+)"', client.get(address("review", watched_review)).content.decode())
    assert [url for url in fetched if "/news/" not in url] == []  # he is told what others answer, and answers nothing


@pytest.mark.req("AUD-11")
def test_the_same_posts_from_the_right_people_are_taken(people, watched_review):
    """Negative control of the auditor's test: the forms are good; it is the person who is refused."""
    answering = ("/items/A1/", "/items/A2/waiver/")
    taken = 0
    for url, form in every_post(watched_review):
        if url.endswith(("/withdraw/", "/remove/", "/convene/", "/new/ppa/", "/request-sign-offs/")):
            continue
        who = people.sponsor if url.endswith(answering) else people.manager
        assert client_of(who).post(url, form).status_code == 302, url
        taken += 1
    assert taken == 7


def test_to_an_outsider_a_review_is_not_there(people, watched_review):
    client = client_of(people.outsider)
    for url, form in every_post(watched_review):
        assert client.post(url, form).status_code == 404, url
        if not url.endswith(("/remove/", "/convene/", "/withdraw/", "/pin/")):
            assert client.get(url).status_code == 404, url
    for name in ("review", "sign", "decide"):
        assert client.get(address(name, watched_review)).status_code == 404


@pytest.mark.parametrize("ref", ["PPA-99", "RR-1", "XXX-1", "PPA-", "PPA-1x", "ppa-1"])
def test_a_review_that_is_not_there_is_not_found(people, plan_review, ref):
    url = address("review", plan_review).replace(plan_review.ref, ref)
    assert client_of(people.manager).get(url).status_code == 404


def test_whoever_only_looks_on_may_answer_and_not_manage(people, plan_review):
    """A participant assesses; naming, pinning, conditions and the request are for who prepares the round."""
    client = client_of(people.operations)
    for name, form in (
        ("convene", {}),
        ("withdraw", {"reason": "No."}),
        ("request_sign_offs", {"due_at": "2099-01-01T12:00"}),
    ):
        assert client.post(address(name, plan_review), form).status_code in (403, 409), name
    form = answer_form(client, plan_review, "A1", "confirmed", evidence="Read.")
    assert client.post(address("item", plan_review, "A1"), form).status_code == 302
