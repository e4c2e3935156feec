"""Two people in one room at the same time, each in a browser window of the own."""

import pytest
from playwright.sync_api import expect

from reviews.models import ItemAnswer, ReviewKind
from tests import world
from tests.journeys import steps
from tests.parts import needs_chromium

NEWS = 30_000  # milliseconds: an open room asks every five seconds
pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def room(people) -> str:
    review = world.open_review(world.to_planning(world.register(people), people), ReviewKind.PPA, people)
    return review.get_absolute_url()


@pytest.mark.req("EXT-01", "AUD-08")
def test_two_people_answer_in_one_room(desk_of, people, room):
    lucia, hannah = desk_of(people.sponsor).open(room), desk_of(people.operations).open(room)

    # Each answers another question; both stand, and each sees the other's without doing anything.
    steps.begin_answer(lucia, "A1", "Confirmed", evidence="The depots were visited.")
    steps.begin_answer(hannah, "A2", "Confirmed", evidence="The desk was asked.")
    steps.save_answer(lucia, "A1")
    steps.save_answer(hannah, "A2")
    expect(lucia.within("#A2 .item-answer")).to_contain_text("The desk was asked.", timeout=NEWS)
    expect(hannah.within("#A1 .item-answer")).to_contain_text("The depots were visited.", timeout=NEWS)
    expect(hannah.within("#news")).to_contain_text("Lucía Benítez answered just now: Confirmed", timeout=NEWS)

    # Both write about the same one: the second is told while typing, keeps the text, and saves after having seen.
    steps.begin_answer(lucia, "A3", "Confirmed", evidence="Three suppliers were compared.")
    steps.begin_answer(hannah, "A3", "Confirmed", evidence="Only two suppliers were compared.")
    steps.save_answer(lucia, "A3")
    expect(hannah.within("#meanwhile-A3")).to_contain_text("Three suppliers were compared.", timeout=NEWS)
    typed = hannah.within("#A3").get_by_label("Evidence")
    expect(typed).to_have_value("Only two suppliers were compared.")
    steps.save_answer(hannah, "A3")
    expect(hannah.within("#A3")).to_contain_text("A3 was answered meanwhile: look at it, then answer again.")
    expect(hannah.within("#A3 .meanwhile").first).to_contain_text("Three suppliers were compared.")
    expect(typed).to_have_value("Only two suppliers were compared.")
    assert ItemAnswer.objects.filter(item__code="A3").count() == 1
    steps.save_answer(hannah, "A3")
    expect(hannah.within("#A3:not(.is-editing) .item-answer")).to_contain_text("Only two suppliers were compared.")
    lucias = lucia.within("#A3 .item-answer")
    expect(lucias).to_contain_text("Only two suppliers were compared.", timeout=NEWS)
    given = ItemAnswer.objects.filter(item__code="A3").order_by("number")
    assert [row.assessor for row in given] == [people.sponsor, people.operations]
