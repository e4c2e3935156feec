"""The go/no-go board through HTTP: two polarities, what is not answered blocks, waivers lift (Table 4)."""

import re
from datetime import timedelta

import pytest

from reviews import signing
from reviews.catalog.indicators import INDICATORS
from reviews.models import ItemAnswer, Review, ReviewKind, Waiver
from tests import world
from tests.kept import kept
from tests.pages import address, answer_form, client_of, text_of, waiver_form

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=2)


def release() -> tuple[world.People, Review]:
    """A convened round of a minor project's release, nothing answered."""
    people = world.People()
    project = world.to_stabilize(world.register(people), people)
    world.supply_artifacts(world.fresh(project), "release", people)
    world.confirm_outcomes(project, people)
    world.confirm_outcomes(project, people)
    return people, world.convene(world.open_review(project, ReviewKind.RR, people), people)


_release_once, _release = kept(release)


@pytest.fixture
def people(release):
    return release[0]


@pytest.fixture
def release_review(release) -> Review:
    return signing.load(release[1].pk)


@pytest.mark.req("SEED-93")
def test_each_indicator_offers_the_answers_of_its_own_polarity_only(people, release_review):
    client = client_of(people.sponsor)
    go, no_go = (client.get(address("item", release_review, code)).content.decode() for code in ("G-REL-1", "N-REL-1"))
    assert 'value="confirmed"' in go
    assert 'value="clear"' not in go
    assert 'value="present"' in no_go
    assert 'value="confirmed"' not in no_go
    wrong = answer_form(client, release_review, "N-REL-1", "confirmed", evidence="Looked.")
    assert client.post(address("item", release_review, "N-REL-1"), wrong).status_code == 422
    assert not ItemAnswer.objects.filter(item__review=release_review).exists()


@pytest.mark.req("SEED-92")
def test_the_board_holds_all_18_indicators_under_three_elements(people, release_review):
    page = client_of(people.sponsor).get(address("review", release_review))
    board = page.content.decode().split('id="board"')[1].split('id="decision"')[0]
    assert len(INDICATORS) == 18
    for indicator in INDICATORS:
        assert re.search(rf'<article class="item is-open"\s+id="{indicator.code}"', board), indicator.code
    for element in {indicator.element for indicator in INDICATORS}:
        assert f"<h3>{element} " in board
    assert board.count("Must be confirmed") == board.count("Must be clear") == 3
    assert board.count("Not answered: blocks") == 18


@pytest.mark.req("EXT-02", "SEED-63", "SEED-74")
@pytest.mark.parametrize("code", ["D1", "ASP3", "N-ENV-3", "A6"])
def test_one_unanswered_question_keeps_the_packet_from_going_out(people, release_review, code):
    world.answer_all(release_review, people, except_for=(code,))
    client = client_of(people.program)
    room = client.get(address("review", release_review))
    assert f"{code} is not answered" in text_of(room)
    assert f'href="{release_review.get_absolute_url()}#{code}"' in room.content.decode()

    refused = client.post(address("request_sign_offs", release_review), {"due_at": "2099-01-01T12:00"})

    assert refused.status_code == 409
    assert f"{code} is not answered" in text_of(refused)
    world.answer_all(release_review, people)
    sent = client.post(address("request_sign_offs", release_review), {"due_at": "2099-01-01T12:00"})
    assert sent.status_code == 302


@pytest.mark.req("EXT-07", "SEED-94")
def test_a_waiver_is_asked_for_by_one_approved_by_another_and_lifts_the_block(people, release_review):
    world.answer_all(release_review, people, except_for=("G-STR-2",))
    client = client_of(people.sponsor)
    code = "G-STR-2"
    client.post(
        address("item", release_review, code),
        answer_form(client, release_review, code, "not_confirmed", reason="One letter is out."),
    )
    room = address("review", release_review)
    assert f"{code} is not confirmed" in text_of(client.get(room))
    assert client.post(address("waiver_new", release_review, code), waiver_form()).status_code == 302
    waiver = Waiver.objects.get()
    answer_url = address("waiver", release_review, waiver.pk)
    assert f"{code} is not confirmed" in text_of(client.get(room)), "asked for is not approved"

    assert client.post(answer_url, {"approve": "yes"}).status_code == 403, "the requester"
    assert client_of(people.program).post(answer_url, {"approve": "yes"}).status_code == 403, "the program manager"
    assert client_of(people.manager).post(answer_url, {"approve": "yes"}).status_code == 302

    told = text_of(client.get(room))
    assert f"{code} is not confirmed" not in told
    assert "Waived" in told


@pytest.mark.req("EXT-07")
def test_a_refused_waiver_needs_a_reason_and_lifts_nothing(people, release_review):
    client = client_of(people.sponsor)
    client.post(address("waiver_new", release_review, "G-STR-2"), waiver_form())
    url = address("waiver", release_review, Waiver.objects.get().pk)
    chair = client_of(people.manager)
    assert chair.post(url, {"approve": "no"}).status_code == 422
    assert chair.post(url, {"approve": "no", "reason": "Tell them."}).status_code == 302
    assert "G-STR-2 is not answered" in text_of(client.get(address("review", release_review)))


def test_what_protects_people_is_never_waived(people, release_review):
    protected = next(item for item in release_review.items.all() if item.protected and item.section in ("go", "no_go"))
    posted = client_of(people.sponsor).post(address("waiver_new", release_review, protected.code), waiver_form())
    assert posted.status_code == 422
    assert not Waiver.objects.exists()
