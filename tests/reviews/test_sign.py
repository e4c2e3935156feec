"""The sign page and the receipt, through HTTP with real passwords."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from reviews import signing
from reviews.models import ReviewKind, SignOff
from tests import world

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client()
    assert client.login(username=user.username, password=world.PASSWORD)
    return client


def address(name: str, review, *more: object) -> str:
    return reverse(name, args=[review.project.code, review.ref, *more])


def hidden(response, name: str) -> str:
    """The value of a hidden field of the page's form."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden field {name}"
    return found.group(1)


def sign_form(client: Client, review, **typed: object) -> dict[str, object]:
    """What the browser posts from a sign page just opened."""
    page = client.get(address("sign", review))
    assert page.status_code == 200
    given = {"position": "agree", "comment": "", "password": world.PASSWORD, **typed}
    return {"packet": hidden(page, "packet"), "key": hidden(page, "key"), **given}


@pytest.fixture
def round_being_signed():
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, world.ready_to_sign(project, ReviewKind.PPA, people)


@pytest.mark.req("AUD-01")
def test_a_signature_has_a_receipt_with_name_time_zone_and_meaning(round_being_signed):
    _people, review = round_being_signed
    signer = signing.standing(review).waiting[0].user
    client = client_of(signer)

    posted = client.post(address("sign", review), sign_form(client, review), follow=True)

    given = SignOff.objects.get(user=signer)
    assert posted.redirect_chain == [(address("receipt", review, given.pk), 302)]
    text = posted.content.decode()
    for told in (given.printed_name, given.packet.digest, "Approval", given.time_zone, "Counts"):
        assert told in text


@pytest.mark.req("AUD-02")
def test_a_wrong_password_signs_nothing(round_being_signed):
    _people, review = round_being_signed
    signer = signing.standing(review).waiting[0].user
    client = client_of(signer)

    posted = client.post(address("sign", review), sign_form(client, review, password="wrong", comment="Typed."))

    assert posted.status_code == 422
    assert not SignOff.objects.exists()
    assert "Typed." in posted.content.decode()
    assert "wrong" not in posted.content.decode().split("<form")[1]
