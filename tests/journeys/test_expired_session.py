"""What a person typed is there again after the session has ended in the middle of typing, and the login."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from projects.models import ArtifactVersion
from reviews.models import ItemAnswer, ReviewKind, SignOff
from tests import world
from tests.journeys import steps
from tests.journeys.browsing import Desk
from tests.parts import needs_chromium
from tests.world import PASSWORD

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

LONG = "Two depots have a gate keeper at night.\nThe third has none: visitors ring at the office.\n" * 12
KEPT = "What you typed before is here again"


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    project = world.register(people)
    world.to_planning(project, people)
    return project


@pytest.fixture
def review(people, project):
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    return world.convene(world.open_review(project, ReviewKind.PPA, people), people)


def session_ends() -> None:
    assert Session.objects.all().delete()[0]


def log_in_again(desk: Desk, at: str) -> None:
    """The site asks for the login and leads back to where the person was."""
    desk.page.wait_for_url("**/accounts/login/**")
    desk.log_in()
    desk.page.wait_for_url(f"**{at}")
    desk.sees(KEPT)


def test_the_text_of_an_artifact_survives(desk_of, people, project):
    address = f"{project.get_absolute_url()}artifacts/ART-11/"
    desk = desk_of(people.developer).open(address)
    desk.page.get_by_label("or a text").fill(LONG)
    desk.page.get_by_label("What changed").fill("Nights are in.")
    session_ends()
    desk.press("Add this version")
    log_in_again(desk, address)
    assert not ArtifactVersion.objects.filter(artifact__kind="ART-11").exists()
    expect(desk.page.get_by_label("or a text")).to_have_value(LONG)
    desk.press("Add this version")
    desk.told("Version 1.0 is added.")
    written = ArtifactVersion.objects.get(artifact__kind="ART-11")
    assert written.text.replace("\r\n", "\n") == LONG
    assert written.note == "Nights are in."
    expect(desk.page.get_by_label("or a text")).to_have_value("")
    expect(desk.page.get_by_text(KEPT)).to_have_count(0)


def write_answer(desk: Desk) -> None:
    desk.page.get_by_role("radio", name="Not confirmed").check()
    desk.page.get_by_role("textbox", name="Reason").fill(LONG)
    session_ends()
    desk.page.get_by_role("button", name="Save the answer").click()
    desk.page.wait_for_url("**/accounts/login/**")
    desk.log_in()
    assert not ItemAnswer.objects.filter(item__code="A3").exists()


def expect_answer_and_save_it(desk: Desk) -> None:
    desk.sees(KEPT)
    expect(desk.page.get_by_role("radio", name="Not confirmed")).to_be_checked()
    expect(desk.page.get_by_role("textbox", name="Reason")).to_have_value(LONG)
    desk.page.get_by_role("button", name="Save the answer").click()
    expect(desk.within("#A3:not(.is-editing) .item-pills").first).to_contain_text("Not confirmed")
    assert ItemAnswer.objects.get(item__code="A3").reason.replace("\r\n", "\n") == LONG.strip()


def test_an_answer_in_the_room_survives(desk_of, people, review):
    desk = desk_of(people.operations).open(review.get_absolute_url())
    desk.page.get_by_role("link", name="Answer A3").click()
    write_answer(desk)
    assert steps.path_of(desk.page) == review.get_absolute_url()
    desk.page.get_by_role("link", name="Answer A3").click()
    expect_answer_and_save_it(desk)


def test_an_answer_on_a_page_of_its_own_survives(desk_of, people, review):
    address = review.get_absolute_url() + "items/A3/"
    desk = desk_of(people.operations).open(address)
    write_answer(desk)
    assert steps.path_of(desk.page) == address
    expect_answer_and_save_it(desk)


def test_a_comment_at_a_signature_survives_and_the_password_does_not(desk_of, people, project):
    world.ready_to_sign(project, ReviewKind.PPA, people)
    desk = desk_of(people.sponsor)
    steps.open_sign_page(desk, project.get_absolute_url())
    address = steps.path_of(desk.page)
    session_ends()
    steps.sign(desk, "Disagree, but will support", PASSWORD, comment=LONG)
    log_in_again(desk, address)
    assert not SignOff.objects.exists()
    box = desk.within("form.sign-box")
    expect(box.get_by_role("radio", name="Disagree, but will support")).to_be_checked()
    expect(box.get_by_role("textbox", name="Comment")).to_have_value(LONG)
    expect(box.get_by_label("Your password")).to_have_value("")
    steps.sign(desk, "Disagree, but will support", PASSWORD)
    desk.told("You have signed.")
    assert SignOff.objects.get().comment.replace("\r\n", "\n") == LONG.strip()
