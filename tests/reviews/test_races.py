"""Signing, answering and deciding at the same moment; each with a control that shows that the race can be lost."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from projects.blocker import Refused
from projects.models import GatePass, LedgerEntry, Notice
from reviews import signing
from reviews.actions import answers, delegations, rounds, sign_offs
from reviews.models import (
    Decision,
    Delegation,
    Packet,
    Participant,
    Review,
    ReviewKind,
    ReviewState,
    SignOff,
    Waiver,
)
from reviews.packet_check import packets_hold
from tests import world
from tests.pages import address, client_of, decide_form, sign_form
from tests.parts import needs_postgresql
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = world.NOW + timedelta(hours=1)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def review(people) -> Review:
    project = world.to_planning(world.register(people), people)
    return world.ready_to_sign(project, ReviewKind.PPA, people)


def statuses(told: list) -> list[int]:
    """The answers' status codes; an exception in a thread is the test's."""
    for each in told:
        if isinstance(each, Exception):
            raise each
    return [response.status_code for response in told]


# --- Thirty times the same form ---
@pytest.mark.req("AUD-04")
def test_thirty_identical_posts_give_one_signature(people, review):
    client = client_of(people.sponsor)
    form = sign_form(client, review)
    session = client.cookies

    def post():
        browser = type(client)()
        browser.cookies = session
        return browser.post(address("sign", review), form)

    told = at_once(*[post] * 30)

    given = SignOff.objects.get()
    assert statuses(told) == [302] * 30
    assert {response.url for response in told} == {address("receipt", review, given.pk)}
    assert LedgerEntry.objects.filter(event="sign_off.given").count() == 1


def test_control_without_the_lock_the_thirty_meet_and_the_database_holds(people, review):
    """All look before any writes: each finds no signature, and only the unique rows stop twenty-nine of them."""
    participant = Participant.objects.get(review=review, user=people.sponsor)
    packet = Packet.objects.get(review=review)
    looked = threading.Barrier(30)

    def sign():
        seen = SignOff.objects.filter(participant=participant).exists()
        looked.wait(timeout=60)
        assert not seen
        with transaction.atomic():
            SignOff.objects.create(
                participant=participant,
                packet=packet,
                part_digest=packet.parts[participant.group],
                user=people.sponsor,
                position="agree",
                meaning="approval",
                statement="Read.",
                printed_name="Lucía Benítez",
                role="Management",
                method="password",
                signed_at=world.NOW,
                time_zone="UTC",
                idempotency_key="the same",
            )
        return "signed"

    told = at_once(*[sign] * 30)

    assert told.count("signed") == 1
    assert sum(isinstance(each, IntegrityError) for each in told) == 29
    assert SignOff.objects.count() == 1


# --- Two deciders ---
def test_two_deciders_at_once_give_one_decision(people, review):
    """The chair in two windows, one going and one not: whoever is first decides, the other one is told."""
    review = world.sign_all(review)
    area = {
        "area": "Write chapter 7.",
        "effort_days": "2",
        "owner": people.product.pk,
        "due_on": "2099-01-01",
        "item_codes": "",
    }
    windows = [client_of(people.manager), client_of(people.manager)]
    go = decide_form(windows[0], review, "go")
    no_go = decide_form(windows[1], review, "no_go_postponed", area, reason="Too early.")

    told = at_once(
        lambda: windows[0].post(address("decide", review), go),
        lambda: windows[1].post(address("decide", review), no_go),
    )

    assert statuses(told) == [302, 302]
    decided = Review.objects.get(pk=review.pk)
    assert decided.state == ReviewState.DECIDED
    assert LedgerEntry.objects.filter(event="review.decided").count() == 1
    went = decided.decision == Decision.GO
    assert GatePass.objects.count() == went
    assert decided.remediation.count() == (not went)


def test_control_without_the_lock_both_deciders_find_the_round_open(people, review):
    """Both look before either writes: the round is open to both, and only the database refuses the second."""
    review = world.sign_all(review)
    digest = signing.packet_digest(review)
    looked = threading.Barrier(2)

    def decide(decision: str):
        mine = Review.objects.get(pk=review.pk)
        looked.wait(timeout=60)
        assert mine.is_open
        mine.decide()
        mine.decision, mine.decision_reason, mine.decision_digest = decision, "Mine.", digest
        mine.decision_method, mine.decided_at, mine.decided_by = "password", world.NOW, people.manager
        with transaction.atomic():
            mine.save()
        return decision

    told = at_once(lambda: decide("go"), lambda: decide("no_go_cancelled"))

    refused = [each for each in told if isinstance(each, Exception)]
    assert len(refused) == 1
    assert "never changed" in str(refused[0])


# --- A waiver approved while the chair decides ---
@pytest.fixture
def waived(people, review) -> Waiver:
    """One question is not fine, a waiver of it waits for its answer, and everybody has signed that."""
    answers.answer(
        review_id=review.pk, code="A1", by=people.sponsor, value="not_confirmed", reason="Not yet.", now=world.NOW
    )
    waiver = answers.request_waiver(
        review_id=review.pk,
        code="A1",
        by=people.operations,
        reason="Measured next month.",
        risk="A wrong estimate.",
        compensation="A weekly look.",
        expires_on=date(2099, 1, 1),
        now=world.NOW,
    )
    world.sign_all(review)
    return waiver


def untrue(review: Review) -> list[str]:
    """Of what was decided on, what the rows say differently now."""
    return [found.field for found in packets_hold(review.project_id)]


@pytest.mark.req("EXT-07", "EXT-10")
def test_a_waiver_is_approved_before_the_decision_or_not_at_all(people, review, waived):
    """Whoever is first: the round is decided without it, or its chair is told that the content has changed."""
    chair, authority = client_of(people.manager), client_of(people.sponsor)
    held = decide_form(chair, review, "hold", reason="Not yet.", next_review_on="2099-01-01")

    told = at_once(
        lambda: chair.post(address("decide", review), held),
        lambda: authority.post(address("waiver", review, waived.pk), {"approve": "yes", "reason": ""}),
    )

    assert sorted(statuses(told)) in ([302, 409], [302, 422])
    decided = Review.objects.get(pk=review.pk).state == ReviewState.DECIDED
    assert decided == (Waiver.objects.get().approved_at is None)
    assert untrue(review) == []


def test_control_without_the_lock_a_waiver_is_approved_behind_the_decision_and_seen(people, review, waived):
    """Both find the round open before either writes: what was decided on says something else than the rows do."""
    digest = signing.packet_digest(signing.load(review.pk))
    looked = threading.Barrier(2)

    def decide():
        mine = Review.objects.get(pk=review.pk)
        looked.wait(timeout=60)
        mine.decide()
        mine.decision, mine.decision_reason, mine.decision_digest = "hold", "Mine.", digest
        mine.decision_method, mine.decided_at, mine.decided_by = "password", world.NOW, people.manager
        mine.next_review_on = date(2099, 1, 1)
        mine.save()

    def approve():
        assert Review.objects.get(pk=review.pk).is_open
        looked.wait(timeout=60)
        Waiver.objects.filter(pk=waived.pk).update(approved_by=people.sponsor, approved_at=world.NOW)

    assert at_once(decide, approve) == [None, None]
    assert "items/A1/waiver/approved_at" in untrue(review)


# --- The chair is handed over while the chair decides ---
def handed_over(review: Review, people) -> None:
    rounds.set_facts(
        review_id=review.pk,
        by=people.program,
        chair=people.sponsor,
        mode=review.mode,
        scheduled_for=None,
        candidate="",
        now=world.NOW,
    )


@pytest.mark.req("EXT-11")
def test_of_two_chairs_the_one_in_the_chair_decides(people, review):
    """Whoever is first: the old chair has decided and stays the chair, or is refused, and the new one decides."""
    review = world.sign_all(review)
    old = client_of(people.manager)
    go = decide_form(old, review, "go")

    told = at_once(lambda: old.post(address("decide", review), go), lambda: handed_over(review, people))

    after = Review.objects.get(pk=review.pk)
    if isinstance(told[1], Refused):
        assert (told[0].status_code, after.decided_by, after.chair) == (302, people.manager, people.manager)
    else:
        assert told[1] is None
        assert told[0].status_code in (403, 409)
        assert (after.decided_by, after.chair) == (None, people.sponsor)


def test_control_without_the_lock_somebody_who_is_not_the_chair_has_decided(people, review):
    """The old chair looks, the chair is handed over, and what the old chair then writes stands: seen by comparing."""
    review = world.sign_all(review)
    digest = signing.packet_digest(review)
    looked, handed = threading.Event(), threading.Event()

    def decide():
        assert Review.objects.get(pk=review.pk).chair == people.manager
        looked.set()
        assert handed.wait(timeout=60)
        Review.objects.filter(pk=review.pk).update(
            state="decided",
            decision="no_go_cancelled",
            decision_digest=digest,
            decision_method="password",
            decided_at=world.NOW,
            decided_by=people.manager,
        )

    def hand_over():
        assert looked.wait(timeout=60)
        handed_over(review, people)
        handed.set()

    assert at_once(decide, hand_over) == [None, None]
    after = Review.objects.get(pk=review.pk)
    assert after.decided_by != after.chair


# --- A signature and an answer at the same moment ---
def answer(review: Review, people, number: int) -> None:
    answers.answer(
        review_id=review.pk,
        code="A1",
        by=people.operations,
        value="not_confirmed",
        reason=f"Meanwhile {number}.",
        now=LATER + timedelta(minutes=number),
    )


def unseen(review: Review, shown: str) -> list[SignOff]:
    """Signatures that count now although the page never showed what they stand under."""
    now = signing.content(signing.load(review.pk))
    given = SignOff.objects.filter(participant__review=review).select_related("participant", "packet")
    return [each for each in given if signing.is_current(each, now) and each.packet.digest != shown]


@pytest.mark.req("EXT-10", "AUD-03")
def test_a_signature_never_counts_for_what_its_signer_has_not_seen(people, review):
    """Whoever is first: the signature is on the old content and shows as stale, or it is refused as stale."""
    client = client_of(people.sponsor)
    for number in range(8):
        form = sign_form(client, review)

        told = at_once(
            lambda form=form: client.post(address("sign", review), form),
            lambda number=number: answer(review, people, number),
        )

        assert told[1] is None, told[1]
        assert told[0].status_code in (302, 409)
        assert unseen(review, form["packet"]) == []
        standing = signing.standing(signing.load(review.pk))
        assert people.sponsor in [person.user for person in standing.waiting]
        if told[0].status_code == 302:
            assert SignOff.objects.order_by("-pk").first().packet.digest == form["packet"]
            asked = Notice.objects.filter(kind="sign_off.superseded", recipient=people.sponsor)
            assert asked.filter(created_at=LATER + timedelta(minutes=number)).exists()


def test_control_without_the_comparison_such_a_signature_is_given_and_seen(people, review, monkeypatch):
    """The same, with the comparison under the lock taken out: the check above sees what it is there for."""
    looked = threading.Event()
    answered = threading.Event()
    monkeypatch.setattr(sign_offs, "require_current", lambda fresh, _digest: signing.content(signing.load(fresh.pk)))
    real = sign_offs.sign

    def slow(**given):
        looked.set()
        assert answered.wait(timeout=60)
        return real(**given)

    monkeypatch.setattr(sign_offs, "sign", slow)
    client = client_of(people.sponsor)
    form = sign_form(client, review)

    def meanwhile():
        assert looked.wait(timeout=60)
        answer(review, people, 0)
        answered.set()

    told = at_once(lambda: client.post(address("sign", review), form), meanwhile)

    assert statuses(told[:1]) == [302]
    assert [each.user for each in unseen(review, form["packet"])] == [people.sponsor]


# --- A delegate who signs while the signature is given, or taken back from him ---
def lend(review: Review, by, to) -> Delegation:
    """The signature is lent from now on, for a day."""
    now = timezone.now()
    return delegations.delegate(
        review_id=review.pk, by=by, to=to, ends_at=now + timedelta(days=1), reason="At sea.", now=now
    )


@pytest.fixture
def nina():
    return world.person("nina", "Nina Roth")


def raw_signature(lent: Delegation, by, **more) -> SignOff:
    """A signature past every action, as somebody would write it who looked before."""
    packet = Packet.objects.get(review=lent.participant.review)
    return SignOff.objects.create(
        participant=lent.participant,
        packet=packet,
        part_digest=packet.parts[lent.participant.group],
        user=by,
        position="agree",
        meaning="approval",
        statement="Read.",
        printed_name=str(by),
        role="Management",
        method="password",
        signed_at=timezone.now(),
        time_zone="UTC",
        idempotency_key=f"key of {by.pk}",
        **more,
    )


@pytest.mark.req("EXT-09", "AUD-04")
def test_owner_and_delegate_at_once_give_one_signature(people, review, nina):
    lend(review, people.sponsor, nina)
    browsers = [client_of(people.sponsor), client_of(nina)]
    forms = [sign_form(browser, review) for browser in browsers]

    told = at_once(
        lambda: browsers[0].post(address("sign", review), forms[0]),
        lambda: browsers[1].post(address("sign", review), forms[1]),
    )

    assert sorted(statuses(told)) == [302, 409]
    assert SignOff.objects.get().participant.user == people.sponsor
    assert LedgerEntry.objects.filter(event="sign_off.given").count() == 1


def test_control_without_the_lock_owner_and_delegate_meet_and_the_database_holds(people, review, nina):
    """Both look before either writes: neither finds a signature, and only the unique rows stop the second one."""
    lent = lend(review, people.sponsor, nina)
    looked = threading.Barrier(2)

    def sign(by, **more):
        seen = SignOff.objects.filter(participant=lent.participant).exists()
        looked.wait(timeout=60)
        assert not seen
        with transaction.atomic():
            return raw_signature(lent, by, **more)

    told = at_once(lambda: sign(people.sponsor), lambda: sign(nina, delegation=lent, on_behalf_of="Lucía Benítez"))

    assert sum(isinstance(each, IntegrityError) for each in told) == 1
    assert SignOff.objects.count() == 1


@pytest.mark.req("EXT-09", "EXT-24")
def test_a_delegate_signs_before_the_revocation_or_not_at_all(people, review, nina):
    client = client_of(nina)
    for _again in range(6):
        lent = lend(review, people.sponsor, nina)
        form = sign_form(client, review)

        told = at_once(
            lambda form=form: client.post(address("sign", review), form),
            lambda lent=lent: delegations.revoke(
                review_id=review.pk, delegation_id=lent.pk, by=people.sponsor, now=timezone.now()
            ),
        )

        assert isinstance(told[1], Delegation), told[1]
        assert told[0].status_code in (302, 403)
        if told[0].status_code == 302:
            both = LedgerEntry.objects.filter(event__in=["sign_off.given", "delegation.revoked"]).order_by("-seq")
            assert list(both.values_list("event", flat=True)[:2]) == ["delegation.revoked", "sign_off.given"]
            assert SignOff.objects.get().delegation == lent
            return  # signed once is signed
        assert not SignOff.objects.exists()


@needs_postgresql
@pytest.mark.database("postgresql")
def test_control_without_the_lock_a_revoked_delegate_signs_unseen(people, review, nina):
    """The revocation is written and not yet committed: only who waits for the project's row sees it in time."""
    lent = lend(review, people.sponsor, nina)
    signed, revoked = threading.Event(), threading.Event()

    def revoke():
        with transaction.atomic():
            Delegation.objects.filter(pk=lent.pk).update(revoked_at=timezone.now(), revoked_by=people.sponsor)
            revoked.set()
            assert signed.wait(timeout=60)

    def sign():
        assert revoked.wait(timeout=60)
        try:
            return raw_signature(lent, nina, delegation=lent, on_behalf_of="Lucía Benítez")
        finally:
            signed.set()

    told = at_once(sign, revoke)

    assert isinstance(told[0], SignOff), told[0]
    assert told[0].signed_at > Delegation.objects.get(pk=lent.pk).revoked_at


def test_control_without_looking_again_the_database_refuses_the_revoked(people, review, nina, monkeypatch):
    """The delegation that the page saw is used as it was: the table's guard sees that it is revoked."""
    lent = lend(review, people.sponsor, nina)
    client = client_of(nina)
    form = sign_form(client, review)
    delegations.revoke(review_id=review.pk, delegation_id=lent.pk, by=people.sponsor, now=timezone.now())
    monkeypatch.setattr(Delegation, "holds", lambda _self, _now: True)

    (told,) = at_once(lambda: client.post(address("sign", review), form))

    assert isinstance(told, IntegrityError)
    assert "by a delegation that holds" in str(told)
    assert not SignOff.objects.exists()
