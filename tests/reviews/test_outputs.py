"""What a release review leaves behind: tracked until it is confirmed, responsibility accepted by those who take it."""

import pytest

from projects.blocker import Blocked
from reviews import signing
from reviews.models import Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, answer_form, client_of, text_of
from tests.supplies import supply

pytestmark = pytest.mark.django_db


def released() -> tuple[world.People, Review]:
    """A minor project in Deploy, everything there to close it but the outputs of its release review."""
    people = world.People()
    project = world.to_deploy(world.register(people), people)
    for kind in ("ART-49", "ART-51"):
        world.approved_artifact(project, kind, people)
    supply(project, "close", people, world.NOW)
    world.confirm_outcomes(project, people)
    return people, project.reviews.get(kind=ReviewKind.RR)


_released_once, _released = kept(released)


@pytest.fixture
def people(released):
    return released[0]


@pytest.fixture
def review(released) -> Review:
    return signing.load(released[1].pk)


def confirm(user, review, code, evidence="Seen."):
    client = client_of(user)
    return client.post(address("item", review, code), answer_form(client, review, code, "confirmed", evidence=evidence))


@pytest.mark.req("SEED-88")
def test_a_project_is_closed_when_every_output_of_its_release_review_is_confirmed(people, review):
    project = review.project
    with pytest.raises(Blocked) as refusal:
        world.move(project, "close", people)
    assert [blocker.text[:26] for blocker in refusal.value.blockers] == [
        f"RR-1, O{number} is not confirmed:" for number in (1, 2, 3)
    ]
    assert "O2" in refusal.value.blockers[1].url

    assert confirm(people.program, review, "O1").status_code == 302
    assert confirm(people.support, review, "O2").status_code == 302
    with pytest.raises(Blocked, match="O3 is not confirmed"):
        world.move(project, "close", people)
    assert confirm(people.program, review, "O3").status_code == 302
    assert world.move(project, "close", people).status == "closed"


@pytest.mark.req("SEED-88")
def test_responsibility_is_accepted_by_name_by_operations_or_support_and_not_for_them(people, review):
    words = "Joy Mbeki for support, Hannah Vogel for operations."
    for who in (people.program, people.manager):
        refused = confirm(who, review, "O2", words)
        assert refused.status_code == 403
        assert "Operations Management" in text_of(refused) or "Primary Support" in text_of(refused)
    assert confirm(people.support, review, "O2", words).status_code == 302
    shown = text_of(client_of(people.auditor).get(address("review", review)))
    assert words in shown
    answer = signing.current_answer(next(i for i in signing.load(review.pk).items.all() if i.code == "O2"))
    assert (answer.assessor, answer.value) == (people.support, "confirmed")


def test_an_output_answered_in_place_brings_only_parts_that_the_decided_room_shows(people, review):
    """A decided room has no list of what stands between it and a go."""
    client = client_of(people.program)
    form = {"seen": 0, "value": "confirmed", "evidence": "All signed.", "reason": ""}
    saved = client.post(address("item", review, "O1"), form, HTTP_HX_REQUEST="true").content.decode()
    assert 'id="O1"' in saved
    assert 'id="readiness"' not in saved
    assert saved.count('hx-swap-oob="true"') == 2


@pytest.mark.req("SEED-88")
def test_an_output_that_is_not_confirmed_is_shown_as_open_on_the_projects_page(people, review):
    project = review.project
    page = text_of(client_of(people.program).get(project.get_absolute_url()))
    assert "RR-1, O2 is not confirmed: Operations and support accept responsibility for the solution." in page
    client = client_of(people.program)
    client.post(address("item", review, "O3"), answer_form(client, review, "O3", "not_confirmed", reason="No mail."))
    page = text_of(client.get(project.get_absolute_url()))
    assert "O3 is not confirmed" in page
