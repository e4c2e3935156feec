"""Whom a change asks again where a signature was given by a delegate: the signer and who signs for him, or nobody."""

from datetime import timedelta

import pytest
import time_machine

from projects.models import Notice
from reviews import awaiting, signing
from reviews.actions import answers, delegations
from reviews.models import Review, ReviewKind, SignOff
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, sign_form, text_of

pytestmark = pytest.mark.django_db


def at(hours: int):
    return world.NOW + timedelta(hours=hours)


def signed_for() -> tuple[world.People, Review]:
    """The release of a minor project, signed by all; for the team (RR-P2) by Nina, to whom the signature is lent."""
    people = world.People()
    people.nina = world.person("nina", "Nina Roth")
    project = world.to_stabilize(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.RR, people)
    owner = next(each.user for each in review.participants.all() if each.group == "RR-P2" and each.signs)
    delegations.delegate(
        review_id=review.pk, by=owner, to=people.nina, ends_at=at(240), reason="At sea.", now=world.NOW
    )
    world.sign(review, people.nina, now=world.NOW)
    return people, world.sign_all(review)


_signed_for_once, _signed_for = kept(signed_for)


@pytest.fixture(autouse=True)
def _at_two():
    with time_machine.travel(at(2), tick=False):
        yield


@pytest.fixture
def people(signed_for):
    return signed_for[0]


@pytest.fixture
def review(signed_for) -> Review:
    return signing.load(signed_for[1].pk)


@pytest.fixture
def team(review):
    return next(each for each in review.participants.all() if each.group == "RR-P2" and each.signs)


def answer(review: Review, people, code: str, said: str) -> None:
    value = "clear" if code.startswith("N-") else "confirmed"
    answers.answer(review_id=review.pk, code=code, by=people.sponsor, value=value, evidence=said, now=at(1))


def asked(person) -> list[str]:
    """What of the signing the person's inbox shows."""
    entries = [entry.text for entry in awaiting.inbox(person, at(2)) if entry.kind == "sign_off"]
    assert awaiting.count(person, at(2)) >= len(entries)
    return entries


def waiting(review: Review) -> set[str]:
    return {person.group for person in signing.standing(signing.load(review.pk)).waiting}


@pytest.mark.req("EXT-09", "EXT-10")
def test_a_delegates_signature_stands_when_a_question_of_another_group_changes(people, review, team):
    given = SignOff.objects.get(participant=team)
    assert (given.user, given.on_behalf_of) == (people.nina, str(team.user))

    answer(review, people, "G-ENV-2", "Walked through again by support.")

    assert waiting(review) == {"RR-P1"}
    assert asked(people.nina) == asked(team.user) == []
    assert not Notice.objects.filter(kind="sign_off.superseded", object_id=str(team.pk)).exists()
    for person in (people.nina, team.user):
        page = text_of(client_of(person).get(address("sign", review)))
        assert f"The signature of Nina Roth for {team.user} stands" in page
        assert "Walked through again by support." in page.split("1 change that does not touch what")[1]
    assert f"{team.user} Must sign again" not in text_of(client_of(people.manager).get(address("review", review)))


@pytest.mark.req("EXT-09", "EXT-10")
@pytest.mark.parametrize("hand", ["delegate", "owner"])
def test_one_superseded_asks_both_again_and_either_of_them_signs(people, review, team, hand):
    answer(review, people, "N-REL-1", "Built again at both sites.")

    assert waiting(review) == {"RR-P2"}
    assert asked(people.nina) == [f"Sign RR-1 for {team.user}: {review.get_kind_display()}"]
    assert asked(team.user) == [f"Sign RR-1: {review.get_kind_display()}"]
    for person in (people.nina, team.user):
        page = text_of(client_of(person).get(address("sign", review)))
        assert "What changed since you signed" in page
        assert "Built again at both sites." in page

    client = client_of(people.nina if hand == "delegate" else team.user)
    assert client.post(address("sign", review), sign_form(client, review)).status_code == 302

    assert waiting(review) == set()
    first, second = SignOff.objects.filter(participant=team).order_by("id")
    assert first.user == people.nina
    assert (second.user, bool(second.delegation)) == ((people.nina, True) if hand == "delegate" else (team.user, False))
    assert asked(people.nina) == asked(team.user) == []
    assert "Superseded" in text_of(client.get(address("receipt", review, first.pk)))


@pytest.mark.req("EXT-09", "EXT-10")
def test_who_no_longer_signs_for_him_is_not_asked_again(people, review, team):
    lent = team.delegations.get()
    delegations.revoke(review_id=review.pk, delegation_id=lent.pk, by=team.user, now=at(1))
    assert waiting(review) == set()

    answer(review, people, "N-REL-1", "Built again at both sites.")

    assert asked(people.nina) == []
    assert len(asked(team.user)) == 1
    assert "You are asked to sign" not in text_of(client_of(people.nina).get(address("sign", review)))
