"""Opening, answering, asking for signatures and deciding at the same moment, each with a control without the lock."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from projects import ledger_check
from projects.blocker import Refused
from projects.models import GatePass, LedgerEntry
from reviews import gate_content, gates, signing
from reviews.access import room_seat
from reviews.actions import answers, decisions, rounds, sign_offs
from reviews.catalog import VERSION
from reviews.models import Packet, Review, ReviewKind, ReviewState
from tests import world
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = world.NOW + timedelta(hours=1)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.to_planning(world.register(people, category="emergency"), people)


def outcome(told):
    """A refusal is an answer; whatever else a thread raised is the test's."""
    for each in told:
        if isinstance(each, Exception) and not isinstance(each, Refused):
            raise each
    return [isinstance(each, Refused) for each in told]


# --- Two people open a round ---
def open_round(project, by, people):
    return rounds.open_round(project_id=project.pk, kind=ReviewKind.PPA, by=by, chair=people.manager, now=LATER)


@pytest.mark.req("SEED-56")
def test_two_people_open_a_round_at_once_and_one_is_told_that_it_is_open(people, project):
    told = at_once(
        lambda: open_round(project, people.program, people), lambda: open_round(project, people.manager, people)
    )

    assert sorted(outcome(told)) == [False, True]
    refused = next(each for each in told if isinstance(each, Refused))
    assert [each.code for each in refused.blockers] == ["review.already_open"]
    opened = Review.objects.get(project=project)
    assert (opened.ref, opened.items.count() > 0) == ("PPA-1", True)
    assert LedgerEntry.objects.filter(event="review.opened").count() == 1


def test_control_without_the_lock_both_find_none_open_and_the_database_holds(people, project):
    looked = threading.Barrier(2)

    def blind(by):
        found = gates.opening_blockers(type(project).objects.get(pk=project.pk), ReviewKind.PPA)
        looked.wait(timeout=60)
        assert not found
        with transaction.atomic():
            return Review.objects.create(
                project=project,
                kind=ReviewKind.PPA,
                round=1,
                catalog_version=VERSION,
                category=project.category,
                chair=people.manager,
                created_at=LATER,
                created_by=by,
            )

    told = at_once(lambda: blind(people.program), lambda: blind(people.manager))

    assert sum(isinstance(each, IntegrityError) for each in told) == 1
    assert Review.objects.filter(project=project).count() == 1


# --- Signatures are asked for while somebody answers ---
@pytest.fixture
def convened(people, project):
    """Everything answered, nobody asked to sign."""
    world.supply_artifacts(world.fresh(project), "plan", people)
    world.confirm_outcomes(project, people)
    return world.answer_all(world.convene(world.open_review(project, ReviewKind.PPA, people), people), people)


def ask(review, people):
    return sign_offs.request_sign_offs(
        review_id=review.pk, by=people.program, due_at=LATER + timedelta(days=5), now=LATER
    )


def answer(review, people, *, value="not_confirmed"):
    return answers.answer(
        review_id=review.pk, code="D1", by=people.operations, value=value, reason="Meanwhile.", now=LATER
    )


def shown_to_signers(review):
    """The digest of what the newest stored packet says, and of what is on record."""
    newest = Packet.objects.filter(review=review).order_by("pk").last()
    return newest.digest, signing.packet_digest(signing.load(review.pk))


@pytest.mark.req("EXT-10")
def test_the_packet_that_goes_out_is_the_content_whoever_is_first(people, convened):
    told = at_once(lambda: ask(convened, people), lambda: answer(convened, people))

    assert outcome(told) == [False, False]
    assert signing.load(convened.pk).state == ReviewState.SIGNING
    sent, present = shown_to_signers(convened)
    assert sent == present
    assert "item.not_fine" in {each.code for each in gates.blockers(signing.load(convened.pk), LATER)}


def test_control_what_was_read_before_the_lock_goes_out_without_the_answer(people, convened, monkeypatch):
    """The round is read, somebody answers, the packet is made of what was read: the check above sees it."""
    read = signing.load(convened.pk)
    monkeypatch.setattr(sign_offs, "locked_review", lambda *_given, **_how: (read.project, read))
    answer(convened, people)

    ask(convened, people)

    sent, present = shown_to_signers(convened)
    assert sent != present


# --- Somebody answers while the round is being decided ---
def go(review, people):
    digest = signing.packet_digest(review)
    return decisions.decide(
        review_id=review.pk,
        by=people.manager,
        decision="go",
        packet_digest=digest,
        proof=world.proof(people.manager, digest, LATER),
        now=LATER,
    )


def went_against_an_answer(review):
    """A go stands although what was decided on, or what is on record now, is answered the wrong way."""
    now = signing.load(review.pk)
    return now.is_go and bool(gate_content.failing_items(now, LATER.date()))


@pytest.fixture
def signed(people, convened):
    return world.sign_all(world.request_sign_offs(convened, people))


@pytest.mark.req("SEED-94", "SEED-70")
def test_an_answer_during_the_decision_stops_it_or_comes_too_late(people, signed):
    told = at_once(lambda: go(signed, people), lambda: answer(signed, people))

    decided_refused, answer_refused = outcome(told)
    assert decided_refused != answer_refused
    assert not went_against_an_answer(signed)
    assert GatePass.objects.filter(revoked_at__isnull=True).count() == answer_refused
    assert ledger_check.verify(signed.project).holds


def test_control_a_round_read_before_the_decision_takes_the_answer_and_it_is_seen(people, signed, monkeypatch):
    """The round is read as open, decided, then answered as it was read."""
    read = signing.load_people(signed.pk)
    room = room_seat(people.operations, read)
    monkeypatch.setattr(answers, "live_room", lambda *_given, **_how: (read, room))
    go(signed, people)

    answer(signed, people)

    assert went_against_an_answer(signed)
    assert not ledger_check.verify(signed.project).holds


# --- Two chairs decide ---
def cancel(review, by, digest):
    return decisions.decide(
        review_id=review.pk,
        by=by,
        decision="no_go_cancelled",
        packet_digest=digest,
        proof=world.proof(by, digest, LATER),
        reason="The vendor is gone.",
        now=LATER,
    )


@pytest.mark.req("SEED-70")
def test_the_old_and_the_new_chair_decide_at_once_and_one_decision_stands(people, signed):
    """The chair is handed on while the one before decides: whoever is chair when the lock is taken decides, once."""
    digest = signing.packet_digest(signed)

    def hand_on_and_decide():
        rounds.set_facts(
            review_id=signed.pk,
            by=people.program,
            chair=people.sponsor,
            mode=signed.mode,
            scheduled_for=None,
            candidate="",
            now=LATER,
        )
        return cancel(
            signed, people.sponsor, digest
        )  # the chair is part of the content: what he was shown is overtaken

    told = at_once(lambda: cancel(signed, people.manager, digest), hand_on_and_decide)

    first, second = outcome(told)
    assert second
    decided = Review.objects.get(pk=signed.pk)
    assert decided.is_open == first
    assert LedgerEntry.objects.filter(event="review.decided").count() == (not first)
    assert decided.decided_by in (None, people.manager)
    assert ledger_check.verify(signed.project).holds  # the new chair is not written over


def test_control_without_the_lock_both_chairs_find_it_undecided(people, signed, monkeypatch):
    """Both read the round as theirs and open; only the database refuses the second decision."""
    digest = signing.packet_digest(signed)
    mine, theirs = signing.load(signed.pk), signing.load(signed.pk)
    told = []
    for read in (mine, theirs):
        monkeypatch.setattr(decisions, "locked_review", lambda *_given, read=read, **_how: (read.project, read))
        try:
            told.append(go(signed, people) if read is mine else cancel(signed, people.manager, digest))
        except DatabaseError as error:
            told.append(error)

    assert told[0].is_go
    assert isinstance(told[1], DatabaseError)
