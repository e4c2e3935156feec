"""Two people answer in one room at the same moment: different questions both stand, of one the second is told."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import answers
from reviews.models import ItemAnswer, Review, ReviewKind
from tests import world
from tests.pages import address, client_of, text_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = world.NOW + timedelta(hours=1)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def review(people) -> Review:
    """A plan review in preparation: analyses can be answered, and nothing big is built."""
    return world.open_review(world.to_planning(world.register(people), people), ReviewKind.PPA, people)


def posted(who, review: Review, code: str, text: str, *, value: str = "confirmed"):
    """What a browser posts from the page of a question just opened; how it is answered comes when it is called."""
    client, url = client_of(who), address("item", review, code)
    seen = ItemAnswer.objects.filter(item__review=review, item__code=code).count()
    form = {"value": value, "evidence": text, "reason": text, "seen": seen}
    return lambda: client.post(url, form)


def given(review: Review) -> list[tuple[str, int, str]]:
    rows = ItemAnswer.objects.filter(item__review=review).order_by("item__code", "number")
    return [(row.item.code, row.number, row.evidence) for row in rows.select_related("item")]


def codes(told) -> list[int]:
    for each in told:
        if isinstance(each, Exception):
            raise each
    return [each.status_code for each in told]


@pytest.mark.req("EXT-01", "AUD-08")
def test_two_people_answer_different_questions_at_once_and_both_answers_stand(people, review):
    told = at_once(
        posted(people.sponsor, review, "A1", "Seen in the depot."),
        posted(people.operations, review, "A2", "Seen in the office."),
    )

    assert codes(told) == [302, 302]
    assert given(review) == [("A1", 1, "Seen in the depot."), ("A2", 1, "Seen in the office.")]


@pytest.mark.req("EXT-01", "AUD-08")
def test_of_two_who_answer_one_question_at_once_the_second_is_told_and_loses_nothing(people, review):
    texts = {"A depot was seen.": people.sponsor, "No depot was seen.": people.operations}

    told = at_once(*(posted(who, review, "A1", text) for text, who in texts.items()))

    assert sorted(codes(told)) == [302, 409]
    [(_code, _number, first)] = given(review)
    second = next(text for text in texts if text != first)
    refused = next(each for each in told if each.status_code == 409)
    assert "A1 was answered meanwhile: look at it, then answer again." in text_of(refused)
    assert first in text_of(refused), "the second is shown what the first answered"
    assert str(texts[first]) in text_of(refused)
    assert refused.content.decode().count(f">\n{second}</textarea>") == 2, "evidence and reason as typed"
    again = client_of(texts[second]).post(
        address("item", review, "A1"), {"value": "confirmed", "evidence": second, "seen": 1}
    )
    assert again.status_code == 302
    assert [row[1:] for row in given(review)] == [(1, first), (2, second)]


def test_control_without_the_number_seen_the_second_answer_covers_the_first(people, review):
    """The same without `seen`: both are taken, and the second never knew of the first."""

    def blind(who, text):
        return lambda: answers.answer(
            review_id=review.pk, code="A1", by=who, value="confirmed", evidence=text, now=LATER
        )

    told = at_once(blind(people.sponsor, "One."), blind(people.operations, "Two."))

    assert all(isinstance(each, ItemAnswer) for each in told)
    assert [row[1] for row in given(review)] == [1, 2]


# --- The open room asks for what is new ---
def asked(client, review, since: int, *editing: str):
    return client.get(address("review_news", review), {"since": since, "editing": list(editing)})


@pytest.mark.req("EXT-01")
def test_an_open_room_is_given_what_others_answered_and_keeps_what_is_being_typed(people, review):
    client = client_of(people.operations)
    room = client.get(address("review", review)).content.decode()
    assert f'hx-get="{address("review_news", review)}?since=0"' in room
    assert asked(client, review, 0).status_code == 204
    for code in ("A1", "A2"):
        posted(people.sponsor, review, code, f"Seen for {code}.")()
    newest = ItemAnswer.objects.order_by("pk").last().pk

    got = asked(client, review, 0, "A2")

    page = got.content.decode()
    assert re.search(r'id="A1"\s+hx-swap-oob="true"', page)
    assert 'id="A2"' not in page, "the form in which A2 is being answered is left alone"
    assert re.search(r'id="meanwhile-A2"\s+role="status"\s+hx-swap-oob="true"', page)
    assert "Seen for A2." in page
    assert f"?since={newest}" in page
    assert asked(client, review, newest).status_code == 204
    for nonsense in ("", "x", "-1", "9" * 40, "²"):
        assert client.get(address("review_news", review), {"since": nonsense}).status_code == 200


def test_asking_for_news_keeps_no_session_alive_and_costs_little(people, review):
    client = client_of(people.operations)
    client.get(address("review", review))
    session = client.session
    session["session_seen"] = before = session["session_seen"] - 600
    session.save()
    headers = {"X-Unattended": "yes"}
    url = f"{address('review_news', review)}?since={2**40}"
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url, headers=headers).status_code == 204
    assert len(seen) == 5
    assert client.session["session_seen"] == before
    client.get(url)
    assert client.session["session_seen"] > before
