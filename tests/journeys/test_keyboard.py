"""A question of the room answered by the keyboard alone: where the focus is after each part that was swapped."""

import pytest
from playwright.sync_api import expect

from reviews.models import ReviewKind
from tests import world
from tests.parts import needs_chromium

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


def test_the_focus_goes_on_where_the_part_was_swapped(desk_of):
    people = world.People()
    review = world.open_review(world.to_planning(world.register(people), people), ReviewKind.PPA, people)
    desk = desk_of(people.sponsor).open(review.get_absolute_url())
    page, item = desk.page, desk.within("#A1")

    item.get_by_role("link", name="Answer A1").press("Enter")
    expect(item.get_by_role("radio", name="Confirmed", exact=True)).to_be_focused()

    item.get_by_role("button", name="Save the answer").press("Enter")
    expect(item.locator(".error-summary")).to_be_focused()

    item.get_by_role("radio", name="Confirmed", exact=True).press("Space")
    item.get_by_label("Evidence").fill("The depots were visited.")
    item.get_by_role("button", name="Save the answer").press("Enter")
    expect(desk.within("#A1:not(.is-editing)")).to_be_focused()
    page.keyboard.press("Tab")
    assert item.evaluate("item => item.contains(document.activeElement)")

    item.get_by_role("link", name="Answer again").press("Enter")
    expect(item.get_by_role("radio", name="Confirmed", exact=True)).to_be_focused()
    item.get_by_role("link", name="Cancel").press("Enter")
    expect(desk.within("#A1:not(.is-editing)")).to_be_focused()
