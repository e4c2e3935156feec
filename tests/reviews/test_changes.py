"""Whom a change asks to sign again, and how often."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from projects.actions import people as people_actions
from projects.models import Notice
from reviews import signing
from reviews.actions import answers, conditions
from reviews.models import Packet, Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import client_of, text_of

pytestmark = pytest.mark.django_db


def signed() -> tuple[world.People, Review]:
    """A round of a minor project's plan, signed by everybody who was asked."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, world.sign_all(world.ready_to_sign(project, ReviewKind.PPA, people))


_signed_once, _signed = kept(signed)


@pytest.fixture
def people(signed):
    return signed[0]


@pytest.fixture
def review(signed) -> Review:
    return signing.load(signed[1].pk)


def at(hours: int):
    return world.NOW + timedelta(hours=hours)


def answer(review: Review, people, evidence: str, hours: int) -> None:
    answers.answer(
        review_id=review.pk, code="A1", by=people.product, value="confirmed", evidence=evidence, now=at(hours)
    )


def asked_again(user) -> int:
    return Notice.objects.filter(kind="sign_off.superseded", recipient=user).count()


@pytest.mark.req("EXT-10")
def test_a_signature_that_went_stale_is_asked_for_again_once_however_much_changes(people, review):
    for hours in (1, 2, 3):
        answer(review, people, f"Looked at it {hours} times.", hours)
    assert asked_again(people.sponsor) == 1

    world.sign(review, people.sponsor, now=at(4))
    answer(review, people, "Looked at it for the last time.", 5)

    assert asked_again(people.sponsor) == 2
    assert asked_again(people.operations) == 1, "who has not signed again is still asked by the first notice"


@pytest.mark.req("EXT-10")
def test_each_content_that_was_on_the_sign_page_is_kept(people, review):
    """So that whoever had it on the screen can be told what changed."""
    before = Packet.objects.filter(review=review).count()
    for hours in (1, 2):
        answer(review, people, f"Looked at it {hours} times.", hours)
        assert Packet.objects.filter(digest=signing.packet_digest(signing.load(review.pk))).exists()
    assert Packet.objects.filter(review=review).count() == before + 2


@pytest.mark.req("EXT-10")
def test_a_condition_is_named_and_read_out_as_the_page_shows_it(people, review):
    given = {"text": "Label the tablets.", "consequence": "They walk off.", "owner": people.developer}
    conditions.add(review_id=review.pk, by=people.program, due_on=at(24).date(), now=at(1), **given)

    page = text_of(client_of(people.operations).get(reverse("sign", args=[review.project.code, review.ref])))

    due = date_format(at(24).date(), "j M Y")
    assert f"C-1 before: nothing now: Label the tablets. ({people.developer}, due {due}; if it is missed: They" in page


@pytest.mark.parametrize("who", ["manager", "sponsor", "operations"])
def test_a_new_name_of_somebody_in_the_packet_is_a_change_of_what_is_signed(people, review, who):
    """The chair, an assessor, a signer: people read the name and sign it."""
    person = getattr(people, who)

    people_actions.change_own_profile(by=person, name="Somebody Else", time_zone="UTC", now=at(1))

    assert asked_again(people.operations) == 1
    assert len(signing.standing(signing.load(review.pk)).waiting) == 2


def test_a_new_name_of_somebody_outside_the_packet_asks_nobody(people, review):
    people_actions.change_own_profile(by=people.outsider, name="Somebody Else", time_zone="UTC", now=at(1))
    people_actions.change_own_profile(by=people.sponsor, name=people.sponsor.name, time_zone="Asia/Tokyo", now=at(1))
    assert not Notice.objects.filter(kind="sign_off.superseded").exists()
    assert not signing.standing(signing.load(review.pk)).waiting
