"""A signature, and at the same moment an answer that concerns its signer or does not; with a control."""

import threading
from datetime import timedelta
from itertools import count

import pytest

from reviews import signing
from reviews.actions import answers, sign_offs
from reviews.models import Review, ReviewKind, SignOff
from tests import world
from tests.pages import address, client_of, sign_form
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
OWN, OTHERS = "G-ENV-2", "ASP3"  # operations and support answer for the one, users and business for the other
_moments = count(1)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def review(people) -> Review:
    """A release that support signs (RR-P1)."""
    project = world.to_stabilize(world.register(people), people)
    return world.ready_to_sign(project, ReviewKind.RR, people)


def answer(review: Review, people, code: str) -> None:
    minutes = next(_moments)
    answers.answer(
        review_id=review.pk,
        code=code,
        by=people.sponsor,
        value="confirmed",
        evidence=f"Seen {minutes} times.",
        now=world.NOW + timedelta(minutes=minutes),
    )


def signed_groups(review: Review) -> set[str]:
    return {person.group for person in signing.standing(signing.load(review.pk)).signed}


def unseen(review: Review, shown: str) -> list[SignOff]:
    """Signatures that count now and were given on a part that is not that of the page shown."""
    now = signing.content(signing.load(review.pk))
    page = signing.Content.of(review.packets.get(digest=shown).body)
    given = SignOff.objects.filter(participant__review=review).select_related("participant")
    return [each for each in given if signing.is_current(each, now) and not signing.is_current(each, page)]


@pytest.mark.req("EXT-10", "AUD-03")
@pytest.mark.parametrize("code", [OWN, OTHERS])
def test_a_signature_counts_through_the_change_of_what_concerns_others_alone(people, review, code):
    """Whoever is first: given and then measured by what changed, or refused because the page is an old one."""
    client = client_of(people.support)
    for _time in range(4):
        answer(review, people, OWN)
        form = sign_form(client, review)

        told = at_once(
            lambda form=form: client.post(address("sign", review), form), lambda: answer(review, people, code)
        )

        assert told[1] is None, told[1]
        assert told[0].status_code in (302, 409)
        assert unseen(review, form["packet"]) == []
        counts = told[0].status_code == 302 and code == OTHERS
        assert signed_groups(review) == ({"RR-P1"} if counts else set())


def test_control_without_the_comparison_a_part_that_was_never_shown_is_signed_and_seen(people, review, monkeypatch):
    """The same, with the comparison under the lock taken out: the check above sees what it is there for."""
    looked, answered = threading.Event(), threading.Event()
    monkeypatch.setattr(sign_offs, "require_current", lambda fresh, _digest: signing.content(signing.load(fresh.pk)))
    real = sign_offs.sign

    def slow(**given):
        looked.set()
        assert answered.wait(timeout=60)
        return real(**given)

    monkeypatch.setattr(sign_offs, "sign", slow)
    client = client_of(people.support)
    form = sign_form(client, review)

    def meanwhile():
        assert looked.wait(timeout=60)
        answer(review, people, OWN)
        answered.set()

    told = at_once(lambda: client.post(address("sign", review), form), meanwhile)

    assert told[0].status_code == 302
    assert [each.user for each in unseen(review, form["packet"])] == [people.support]
