"""The round of a standard change on the change's own page: what is refused there, and what a page costs."""

import re

import pytest
from django.urls import reverse

from reviews.models import ItemAnswer, Review, ReviewKind, SignOff
from tests import world
from tests.pages import client_of, text_of

pytestmark = pytest.mark.django_db
QUERIES = {"convened": 45, "signing": 46}


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def review(people) -> Review:
    project = world.to_planning(world.register(people, category="standard"), people)
    world.supply_artifacts(world.fresh(project), "plan", people)
    world.confirm_outcomes(project, people)
    assert client_of(people.program).post(way(project), {"do": "hold"}).status_code == 302
    return Review.objects.get()


def way(project) -> str:
    return reverse("standard_way", args=[project.code])


def answers_of(review, words="Seen on site.", **other) -> dict[str, str]:
    asked = [item for item in review.items.all() if item.section not in ("input", "output")]
    form = {"do": "answer"}
    for item in asked:
        form |= {f"{review.ref}-{item.code}-value": "confirmed", f"{review.ref}-{item.code}-words": words}
        form |= {f"{review.ref}-{item.code}-seen": "0"}
    return {**form, **other}


def asked_to_sign(people, review) -> Review:
    assert client_of(people.product).post(way(review.project), answers_of(review)).status_code == 302
    due = {"do": "request", "due_at": "2099-11-30T17:00"}
    assert client_of(people.program).post(way(review.project), due).status_code == 302
    return Review.objects.get(pk=review.pk)


@pytest.mark.req("SEED-07")
def test_a_round_is_held_on_the_page_of_the_change_by_who_runs_it(people, review):
    assert (review.kind, review.state, review.chair) == (ReviewKind.PPA, "convened", people.manager)
    again = client_of(people.program).post(way(review.project), {"do": "hold"})
    assert again.status_code == 409
    assert Review.objects.count() == 1
    assert client_of(people.product).post(way(review.project), {"do": "hold"}).status_code == 403


@pytest.mark.req("SEED-07")
def test_answers_are_kept_all_or_none_and_what_was_typed_comes_back(people, review):
    client, first = client_of(people.product), next(iter(answers_of(review)))
    names = [name.removesuffix("-words") for name in answers_of(review) if name.endswith("-words")]
    given = answers_of(review, **{f"{names[-1]}-words": " "})

    refused = client.post(way(review.project), given)

    assert (refused.status_code, first) == (422, "do")
    assert "Say what shows it." in text_of(refused)
    assert refused.content.decode().count("Seen on site.") == len(names) - 1
    assert not ItemAnswer.objects.exists()
    nothing = client.post(way(review.project), {"do": "answer"})
    assert "Choose an answer to at least one question." in text_of(nothing)
    stale = client.post(way(review.project), answers_of(review, **{f"{names[-1]}-seen": "3"}))
    assert stale.status_code == 422
    assert f"{names[-1].rpartition('-')[2]} was answered meanwhile" in text_of(stale)
    assert not ItemAnswer.objects.exists()
    assert client_of(people.auditor).post(way(review.project), given).status_code == 422  # nothing is asked of him


@pytest.mark.req("SEED-07", "EXT-10")
def test_signing_there_asks_for_the_password_and_binds_what_the_page_showed(people, review):
    review = asked_to_sign(people, review)
    signer = next(person.user for person in review.participants.all() if person.signs)
    client = client_of(signer)
    page = client.get(way(review.project)).content.decode()
    shown = dict(re.findall(r'name="(packet|key)" value="([^"]*)"', page))
    form = {"do": "sign", "position": "agree", "comment": "", "password": world.PASSWORD, **shown}

    wrong = client.post(way(review.project), {**form, "password": "wrong"})
    assert (wrong.status_code, SignOff.objects.count()) == (422, 0)
    assert 'id="error_1_id_password"' in wrong.content.decode()
    old = client.post(way(review.project), {**form, "packet": "0" * 64})
    assert "The content changed while you were reading" in text_of(old)
    assert shown["packet"] in old.content.decode()
    assert client.post(way(review.project), form).status_code == 302
    assert SignOff.objects.get().packet.digest == shown["packet"]
    assert client.post(way(review.project), form).status_code == 302  # the same form sent again
    assert SignOff.objects.count() == 1


@pytest.mark.req("SEED-07")
def test_the_page_costs_as_much_in_each_state_of_the_round(people, review, django_assert_num_queries):
    client = client_of(people.program)
    for state in ("convened", "signing"):
        client.get(way(review.project))
        with django_assert_num_queries(QUERIES[state]):
            client.get(way(review.project))
        if state == "convened":
            asked_to_sign(people, review)
