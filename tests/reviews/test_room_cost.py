"""What the pages of a review ask of the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import answers, conditions, findings, rounds
from reviews.models import Review, ReviewKind
from tests import world
from tests.pages import address, client_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=2)


@pytest.fixture
def people():
    return world.People()


def queries(client, url: str) -> int:
    client.get(url)  # what is looked up once per process is not the page's
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.database("sqlite")  # the other one is sent the same queries
@pytest.mark.parametrize(("name", "expected"), [("review", 51), ("sign", 21), ("decide", 47)])
def test_a_page_costs_the_same_with_thirty_of_everything(people, name, expected):
    """A round with many participants, answers, waivers and conditions asks the database as often as a small one."""
    project = world.to_planning(world.register_large(people, category="significant"), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    world.acknowledged(review, people)
    small(review, people)
    client, url = client_of(people.manager), address(name, review)
    assert queries(client, url) == expected

    crowded(review, people)

    assert queries(client, url) == expected


def answered(review: Review, people, code: str, times: int) -> None:
    for at in range(times):
        answers.answer(
            review_id=review.pk, code=code, by=people.sponsor, value="confirmed", evidence=f"Seen {at}.", now=world.NOW
        )


def asked_waiver(review: Review, people, code: str) -> None:
    answers.request_waiver(
        review_id=review.pk,
        code=code,
        by=people.sponsor,
        reason="Late.",
        risk="Some.",
        compensation="Other.",
        expires_on=(world.NOW + timedelta(days=300)).date(),
        now=world.NOW,
    )


def add_condition(review: Review, people) -> None:
    conditions.add(
        review_id=review.pk,
        by=people.program,
        text="Do it.",
        consequence="Else not.",
        owner=people.support,
        due_on=(world.NOW + timedelta(days=300)).date(),
        now=world.NOW,
    )


def raise_finding(review: Review, people) -> None:
    findings.raise_finding(
        review_id=review.pk,
        by=people.program,
        code="A1",
        category="after_go",
        text="Not measured.",
        owner=people.support,
        due_on=(world.NOW + timedelta(days=300)).date(),
        now=world.NOW,
    )


def small(review: Review, people) -> None:
    for code in ("A1", "A2", "A3"):
        answered(review, people, code, 1)
    asked_waiver(review, people, "D1")
    add_condition(review, people)
    raise_finding(review, people)


def crowded(review: Review, people) -> None:
    """Thirty more people, every question answered, thirty answers of one, waivers, conditions."""
    for at in range(30):
        person = world.person(f"person{at}", f"Person Number {at}")
        rounds.name_participant(
            review_id=review.pk, by=people.program, group="PPA-P3", person=person, signs=True, now=world.NOW
        )
    world.answer_all(review, people, except_for=("D1", "D2", "D3", "D4"))
    answered(review, people, "A1", 30)
    for code in ("D2", "D3", "D4"):
        asked_waiver(review, people, code)
    for _at in range(29):
        add_condition(review, people)
        raise_finding(review, people)
    world.attend(review)


def test_the_project_is_not_loaded_in_a_loop(people):
    """`participant.review` and `item.review` stand ready on what `signing.load` gives."""
    project = world.to_planning(world.register(people), people)
    review = world.open_review(project, ReviewKind.PPA, people)
    with CaptureQueriesContext(connection) as seen:
        for item in review.items.all():
            assert item.review.project.code
        for person in review.participants.all():
            assert person.review.ref
            assert person.user.name
    assert len(seen) == 0
