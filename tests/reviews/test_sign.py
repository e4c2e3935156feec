"""The sign page and the receipt, through HTTP with real passwords."""

import uuid
from datetime import timedelta

import pytest

from projects import guards
from projects.actions import projects as project_actions
from projects.credentials import LOCK_AFTER
from projects.models import Notice
from reviews import signing
from reviews.actions import answers
from reviews.models import ItemAnswer, Packet, Review, ReviewKind, SignOff
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, hidden, sign_form, text_of

pytestmark = pytest.mark.django_db


def asked() -> tuple[world.People, Review]:
    """A round of a minor project's plan whose signatures are asked for: of the sponsor and of operations."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, world.ready_to_sign(project, ReviewKind.PPA, people)


_asked_once, _asked = kept(asked)


@pytest.fixture
def people(asked):
    return asked[0]


@pytest.fixture
def review(asked) -> Review:
    return signing.load(asked[1].pk)


@pytest.fixture
def signer(people, review):
    assert people.sponsor in [person.user for person in signing.standing(review).waiting]
    return people.sponsor


LATER = world.NOW + timedelta(hours=2)


def newer_plan(review, people):
    """The first document that the round stands on has a newer, approved version."""
    pin = next(pin for item in review.items.all() for pin in item.pins.all())
    return world.approved_artifact(
        review.project, pin.version.artifact.kind, people, text="Changed after all.", now=LATER
    )


@pytest.mark.req("AUD-01")
def test_a_signature_has_a_receipt_with_name_role_meaning_time_and_zone(review, signer):
    signer.time_zone = "Asia/Kolkata"
    signer.save()
    client = client_of(signer)

    posted = client.post(address("sign", review), sign_form(client, review), follow=True)

    given = SignOff.objects.get()
    assert posted.redirect_chain == [(address("receipt", review, given.pk), 302)]
    told = text_of(posted)
    for words in (signer.name, given.role, "Approval", "Agree", given.statement, "password", given.packet.digest):
        assert words in told
    assert "Asia/Kolkata" in told
    assert "IST" in told
    assert "Counts" in told


@pytest.mark.req("EXT-22")
def test_a_project_on_hold_is_not_signed_until_it_goes_on(review, people, signer):
    """As with answers: the reason stands on the page, nothing typed is lost, and afterwards it is signed as it was."""
    client = client_of(signer)
    form = sign_form(client, review, position="support", comment="Not before Easter.")
    project_actions.hold(project_id=review.project_id, by=people.manager, reason="The vendor is sold.", now=LATER)

    posted = client.post(address("sign", review), form)
    opened = client.get(address("sign", review))

    assert posted.status_code == 409
    assert "The project is on hold: The vendor is sold." in text_of(posted)
    assert "Not before Easter." in posted.content.decode()
    assert "The project is on hold: The vendor is sold. Nothing is signed until it goes on." in text_of(opened)
    assert "Your password" not in text_of(opened)
    assert not SignOff.objects.exists()
    project_actions.resume(project_id=review.project_id, by=people.manager, reason="Sold to us.", now=LATER)
    assert client.post(address("sign", review), form).status_code == 302
    assert SignOff.objects.get().comment == "Not before Easter."


@pytest.mark.req("AUD-03")
def test_the_page_shows_what_the_digest_covers(review, signer):
    """Every question, answer, evidence, pinned version and statement of the packet stands on the page."""
    client = client_of(signer)
    page = client.get(address("sign", review))

    packet = signing.build(signing.load(review.pk))

    told = text_of(page)
    assert hidden(page, "packet") == signing.packet_digest(signing.load(review.pk))
    assert packet["review"]["statement"] in told
    assert packet["review"]["question"] in told
    for item in packet["items"]:
        assert f"{item['code']} {item['text']}" in told
        if item["answer"]:
            assert item["answer"]["evidence"] in told
        for pin in item["pins"]:
            assert f"version {pin['version']} {pin['digest'][:12]}" in told
    for person in packet["participants"]:
        assert person["person"]["name"] in told


def test_the_page_says_nothing_that_is_not_signed(review, signer, people):
    """The output questions come after the decision and stand outside the packet, so outside the page."""
    page = client_of(signer).get(address("sign", review))

    outputs = [item.text for item in review.items.all() if item.section == "output"]

    assert outputs
    assert not [text for text in outputs if text in text_of(page)]


@pytest.mark.req("AUD-02")
def test_a_wrong_password_signs_nothing_and_keeps_what_was_typed(review, signer):
    client = client_of(signer)

    posted = client.post(
        address("sign", review),
        sign_form(client, review, position="dissent", comment="The rota is empty.", password="not the password"),
    )

    assert posted.status_code == 422
    assert not SignOff.objects.exists()
    body = posted.content.decode()
    assert "The rota is empty." in body
    assert "Nothing was signed" in text_of(posted)
    assert "not the password" not in body
    assert world.PASSWORD not in body


@pytest.mark.req("AUD-02")
def test_being_logged_in_is_not_enough(review, signer):
    client = client_of(signer)
    posted = client.post(address("sign", review), sign_form(client, review, password=""))
    assert posted.status_code == 422
    assert not SignOff.objects.exists()


@pytest.mark.req("AUD-05")
def test_too_many_wrong_passwords_lock_signing_for_the_right_one_too(review, signer):
    client = client_of(signer)
    for _attempt in range(LOCK_AFTER):
        client.post(address("sign", review), sign_form(client, review, password="wrong"))

    posted = client.post(address("sign", review), sign_form(client, review))

    assert posted.status_code == 429
    assert not SignOff.objects.exists()


@pytest.mark.req("EXT-08")
@pytest.mark.parametrize("position", ["support", "dissent", "comment"])
def test_a_disagreement_says_why(review, signer, position):
    client = client_of(signer)

    silent = client.post(address("sign", review), sign_form(client, review, position=position))

    assert silent.status_code == 422
    assert not SignOff.objects.exists()
    client.post(address("sign", review), sign_form(client, review, position=position, comment="Too early."))
    given = SignOff.objects.get()
    assert (given.position, given.comment) == ("agree" if position == "comment" else position, "Too early.")


@pytest.mark.req("EXT-10", "AUD-04")
def test_a_new_version_makes_a_signature_stale_and_asks_again(review, signer, people):
    client = client_of(signer)
    client.post(address("sign", review), sign_form(client, review))
    first = SignOff.objects.get()

    newer_plan(review, people)

    notice = Notice.objects.filter(recipient=signer, kind="sign_off.superseded").first()
    assert notice is not None
    assert notice.path == address("sign", review)
    room = text_of(client.get(address("review", review)))
    assert f"{signer} Must sign again" in room
    receipt = text_of(client.get(address("receipt", review, first.pk)))
    assert "Superseded" in receipt
    assert "What changed since this signature" in receipt
    page = client.get(address("sign", review))
    assert "What changed since you signed" in text_of(page)
    assert "(newest: 2.0)" in text_of(page)

    client.post(address("sign", review), sign_form(client, review))

    assert SignOff.objects.count() == 2
    assert SignOff.objects.first() == first
    assert "Superseded" in text_of(client.get(address("receipt", review, first.pk)))
    assert "Must sign again" not in text_of(client.get(address("review", review)))


@pytest.mark.req("EXT-10")
def test_a_change_that_touches_nothing_signed_asks_nobody_again(review, signer, people):
    """Negative control: an artifact outside the round leaves every signature current."""
    client = client_of(signer)
    client.post(address("sign", review), sign_form(client, review))

    world.approved_artifact(review.project, "ART-47", people, now=LATER)

    assert not Notice.objects.filter(kind="sign_off.superseded").exists()
    assert "Must sign again" not in text_of(client.get(address("review", review)))


@pytest.mark.req("AUD-03", "EXT-10")
def test_what_changed_while_one_was_reading_is_shown_and_nothing_typed_is_lost(review, signer, people):
    client = client_of(signer)
    form = sign_form(client, review, position="support", comment="I would wait for January.")
    answers.answer(
        review_id=review.pk,
        code="A1",
        by=people.operations,
        value="not_confirmed",
        reason="Two visions are told in the house.",
        now=world.NOW,
    )

    posted = client.post(address("sign", review), form)

    assert posted.status_code == 409
    assert not SignOff.objects.exists()
    told = text_of(posted)
    assert "What changed while you were reading" in told
    assert "Two visions are told in the house." in told
    body = posted.content.decode()
    assert "I would wait for January." in body
    assert 'value="support" required checked' in " ".join(body.split())
    assert world.PASSWORD not in body
    again = {**form, "packet": hidden(posted, "packet"), "key": hidden(posted, "key")}
    assert client.post(address("sign", review), again).status_code == 302
    assert SignOff.objects.get().packet.digest == signing.packet_digest(signing.load(review.pk))


def test_the_same_form_sent_again_gives_the_same_signature(review, signer):
    client = client_of(signer)
    form = sign_form(client, review)
    first = client.post(address("sign", review), form)

    second = client.post(address("sign", review), form)

    assert first.url == second.url
    assert SignOff.objects.count() == 1


@pytest.mark.req("AUD-06")
def test_nobody_signs_with_another_persons_key_or_seat(review, signer, people):
    """A looker-on, a manager and an administrator may read the page and sign nothing, whatever they post."""
    people.operator.is_superuser = people.operator.is_solution_manager = True
    people.operator.save()
    taken = sign_form(client_of(signer), review)
    for user in (people.program, people.manager, people.operator, people.developer):
        client = client_of(user)
        assert client.get(address("sign", review)).status_code == 200
        posted = client.post(address("sign", review), taken)
        assert posted.status_code == 403, user
    assert not SignOff.objects.exists()


@pytest.mark.req("AUD-06")
def test_a_key_that_somebody_else_used_gives_nobody_his_receipt(review, signer, people):
    client_of(signer).post(address("sign", review), form := sign_form(client_of(signer), review))
    other = client_of(people.operations)

    posted = other.post(address("sign", review), {**sign_form(other, review), "key": form["key"]})

    assert posted.status_code == 422
    assert not SignOff.objects.filter(user=people.operations).exists()


def test_the_outsider_finds_no_sign_page(review, people):
    client = client_of(people.outsider)
    page, posted = client.get(address("sign", review)), client.post(address("sign", review), {"key": uuid.uuid4()})
    missing = client.get(address("sign", review).replace(review.ref, "PPA-9"))
    assert page.status_code == posted.status_code == missing.status_code == 404


@pytest.mark.req("AUD-03")
def test_a_kept_packet_that_was_altered_is_told_on_the_receipt(review, signer):
    client = client_of(signer)
    client.post(address("sign", review), sign_form(client, review))
    given = SignOff.objects.get()
    receipt = address("receipt", review, given.pk)
    assert "gives this digest" in text_of(client.get(receipt))

    with guards.lifted():
        Packet.objects.filter(pk=given.packet_id).update(body=given.packet.body.replace("confirmed", "present"))

    told = text_of(client.get(receipt))
    assert "The record has been altered" in told
    assert "does not give this digest" in told


@pytest.mark.req("AUD-03")
def test_an_answer_altered_behind_the_signature_makes_it_count_no_more(review, signer):
    client = client_of(signer)
    client.post(address("sign", review), sign_form(client, review))

    with guards.lifted():
        ItemAnswer.objects.filter(item__review=review, item__code="A1").update(evidence="Seen elsewhere.")

    assert f"{signer} Must sign again" in text_of(client.get(address("review", review)))
    told = text_of(client.get(address("receipt", review, SignOff.objects.get().pk)))
    assert "Superseded" in told
    assert "Seen elsewhere." in told


def test_before_the_request_nobody_signs(people):
    project = world.to_planning(world.register(people, code="NEXT-1"), people)
    world.supply_artifacts(project, "plan", people)
    review = world.convene(world.open_review(project, ReviewKind.PPA, people), people)
    client = client_of(people.sponsor)
    page = client.get(address("sign", review))
    assert "not asked for yet" in text_of(page)
    assert 'name="password"' not in page.content.decode()
    form = {"position": "agree", "password": world.PASSWORD, "key": uuid.uuid4()}

    posted = client.post(address("sign", review), {**form, "packet": signing.packet_digest(review)})

    assert posted.status_code == 409
    assert not SignOff.objects.exists()
