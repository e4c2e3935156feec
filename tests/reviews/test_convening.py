"""Opening a round, the entrance check, and naming people, through HTTP."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects.actions import candidates
from reviews import signing
from reviews.actions import answers
from reviews.models import Review, ReviewKind, ReviewState, Waiver
from tests import world
from tests.pages import address, client_of, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=2)


@pytest.fixture
def people():
    return world.People()


@pytest.mark.req("EXT-11")
def test_a_round_is_opened_and_never_chaired_by_the_program_manager(people):
    project = world.to_planning(world.register(people), people)
    client, url = client_of(people.program), reverse("review_new", args=[project.code, "ppa"])
    offered = client.get(url).content.decode()
    assert f'value="{people.manager.pk}" selected' in offered
    assert f'<option value="{people.program.pk}"' not in offered

    refused = client.post(url, {"chair": people.program.pk, "mode": "async"})

    assert refused.status_code == 422
    assert not Review.objects.exists()
    made = client.post(url, {"chair": people.manager.pk, "mode": "async", "scheduled_for": "2026-12-01T10:00"})
    assert made.url == Review.objects.get().get_absolute_url()


def test_what_keeps_a_round_from_being_opened_is_listed_with_its_reasons(people):
    project = world.register(people)
    url = reverse("review_new", args=[project.code, "rr"])
    client = client_of(people.program)
    assert "No round can be prepared now" in text_of(client.get(url))
    candidates.add(project_id=project.pk, by=people.program, ref="RC-1", built_on=date(2026, 11, 2), now=world.NOW)
    posted = client.post(url, {"chair": people.manager.pk, "mode": "async", "candidate": "RC-1"})
    assert posted.status_code == 409
    assert "Release Readiness is held in Stabilize" in text_of(posted)


def test_a_moment_is_typed_and_shown_on_the_readers_clock(people):
    people.program.time_zone = "Asia/Tokyo"
    people.program.save()
    project = world.to_planning(world.register(people), people)
    client = client_of(people.program)
    client.post(
        reverse("review_new", args=[project.code, "ppa"]),
        {"chair": people.manager.pk, "mode": "meeting", "scheduled_for": "2026-12-01T18:00"},
    )

    review = Review.objects.get()

    assert review.scheduled_for.isoformat() == "2026-12-01T09:00:00+00:00"
    assert 'value="2026-12-01T18:00"' in client.get(address("review_facts", review)).content.decode()
    assert "1 Dec 2026, 18:00 JST" in text_of(client.get(address("review", review)))


@pytest.mark.req("EXT-01", "SEED-57")
def test_the_entrance_check_names_what_is_missing_and_convene_refuses(people):
    project = world.to_planning(world.register(people), people)
    review = world.open_review(project, ReviewKind.PPA, people)
    client = client_of(people.program)
    room = client.get(address("review", review))
    assert "Entrance check" in text_of(room)
    assert "Input I2 is missing or not approved" in text_of(room)
    assert f'action="{address("convene", review)}"' not in room.content.decode()

    refused = client.post(address("convene", review))

    assert refused.status_code == 409
    assert "Input I2 is missing or not approved" in text_of(refused)
    assert signing.load(review.pk).state == ReviewState.PREPARING
    world.supply_artifacts(project, "plan", people)
    assert client.post(address("convene", review)).status_code == 302
    assert signing.load(review.pk).state == ReviewState.CONVENED


@pytest.mark.req("EXT-01", "EXT-07")
def test_a_missing_input_may_be_waived_before_the_round_is_convened(people):
    project = world.to_planning(world.register(people), people)
    review = world.open_review(project, ReviewKind.PPA, people)
    missing = [item.code for item in review.items.all() if item.section == "input"]
    for code in missing:
        answers.request_waiver(
            review_id=review.pk,
            code=code,
            by=people.program,
            reason="It comes next week.",
            risk="We plan on sand.",
            compensation="A draft is at hand.",
            expires_on=(world.NOW + timedelta(days=300)).date(),
            now=world.NOW,
        )
        asked = Waiver.objects.get(item__code=code)
        client_of(people.manager).post(address("waiver", review, asked.pk), {"approve": "yes"})

    convened = client_of(people.program).post(address("convene", review))

    assert convened.status_code == 302


@pytest.mark.req("SEED-39")
def test_a_group_without_anybody_is_told_and_keeps_the_round_from_being_convened(people):
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    review = world.open_review(project, ReviewKind.PPA, people)
    client, page = client_of(people.program), address("participants", review)
    for person in review.participants.filter(group="PPA-P7"):
        assert client.post(address("participant_remove", review, person.pk)).status_code == 302
    told = client.get(page)
    assert "Nobody is named for Operations and support." in text_of(told)
    assert client.post(address("convene", review)).status_code == 409

    named = client.post(page, {"group": "PPA-P7", "person": "hannah", "signs": "on"})

    assert named.status_code == 302
    assert "Nobody is named" not in text_of(client.get(page))
    assert client.post(address("convene", review)).status_code == 302


def test_a_person_is_named_by_username_address_or_name_and_nobody_by_a_guess(people):
    review = world.open_review(world.to_planning(world.register(people), people), ReviewKind.PPA, people)
    world.person("anna1", "Anna Ek")
    world.person("anna2", "Anna Berg")
    client, page = client_of(people.program), address("participants", review)
    for typed in ("Anna", "nobody at all", ""):
        refused = client.post(page, {"group": "PPA-P9", "person": typed})
        assert refused.status_code == 422, typed
    assert "More than one person" in text_of(client.post(page, {"group": "PPA-P9", "person": "Anna"}))
    assert client.post(page, {"group": "PPA-P9", "person": "Anna Ek"}).status_code == 302
    assert client.post(page, {"group": "PPA-P9", "person": "anna2@example.test"}).status_code == 302
    named = {person.user.username for person in signing.load(review.pk).participants.all()}
    assert {"anna1", "anna2"} <= named
