"""Reading, answering and signing in a browser that runs no script."""

import pytest
from playwright.sync_api import expect

from reviews.models import Answer, ReviewKind, SignOff
from tests import world
from tests.journeys import steps
from tests.parts import needs_chromium
from tests.world import PASSWORD

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


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
    """Convened, one question open."""
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    return world.answer_all(review, people, except_for=("A3",))


def test_a_question_is_read_and_answered_without_scripts(desk_of, people, project, review):
    desk = desk_of(people.operations, java_script_enabled=False)
    desk.page.get_by_role("link", name="Portfolio").click()
    desk.page.get_by_role("link", name=project.title).click()
    desk.follow("PPA-1 Project Plan Approved")
    question = desk.within("#A3")
    expect(question).to_contain_text("Missing capabilities and shortages of resources are known.")
    desk.follow("Answer A3", question)
    desk.page.get_by_role("radio", name="Not confirmed").check()
    desk.press("Save the answer")
    assert desk.status == 422
    desk.sees("Give the reason for this answer.")
    expect(desk.page.get_by_role("radio", name="Not confirmed")).to_be_checked()
    desk.page.get_by_role("textbox", name="Reason").fill("Nobody can tend the second depot.")
    desk.press("Save the answer")
    desk.told("A3 is answered.")
    expect(desk.within("#A3")).to_contain_text("Nobody can tend the second depot.")
    given = review.items.get(code="A3").answers.get()
    assert (given.value, given.assessor) == (Answer.NOT_CONFIRMED, people.operations)


def test_a_person_signs_without_scripts(desk_of, people, project, review):
    world.answer_all(review, people, except_for=tuple(i.code for i in review.items.all() if i.code != "A3"))
    world.request_sign_offs(review, people)
    desk = desk_of(people.sponsor, java_script_enabled=False)
    steps.open_sign_page(desk, project.get_absolute_url())
    steps.sign(desk, "Dissent", PASSWORD)
    desk.sees("Say it in a sentence")
    steps.sign(desk, "Dissent", "wrong", comment="It is too early.")
    desk.sees("not right")
    expect(desk.page.get_by_role("textbox", name="Comment")).to_have_value("It is too early.")
    assert not SignOff.objects.exists()
    steps.sign(desk, "Dissent", PASSWORD)
    desk.told("You have signed.")
    given = SignOff.objects.get()
    assert (given.user, given.position, given.comment) == (people.sponsor, "dissent", "It is too early.")
