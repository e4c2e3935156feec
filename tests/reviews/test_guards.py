"""What the database refuses about reviews, answers, signatures and the gates they open, past every action."""

import pytest

from projects.models import GatePass
from reviews.guard_rules import REVIEW_EDGES
from reviews.models import (
    Condition,
    ItemAnswer,
    Packet,
    Participant,
    PinnedInput,
    RemediationItem,
    Review,
    ReviewItem,
    SignOff,
    Waiver,
)
from tests import rows
from tests.projects.test_guards import refused as refused
from tests.rows import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def signing():
    """A plan review out for signing, with two signers."""
    held = rows.review(rows.at_stage("planning"))
    rows.asked_to_sign(held, rows.person("Signer One"), rows.person("Signer Two"))
    return held


def test_the_edges_are_those_of_the_state_machine():
    machine = {
        f"{transition.source}>{transition.target}"
        for transition in Review._meta.get_field("state").get_all_transitions(Review)
    }
    assert set(REVIEW_EDGES) == machine
    assert len(REVIEW_EDGES) == len(machine)


@pytest.mark.parametrize("state", ["convened", "withdrawn"])
def test_a_review_begins_by_being_prepared(refused, state):
    with refused("begins by being prepared"):
        rows.review(rows.project(), state=state)


@pytest.mark.req("SEED-09")
def test_a_review_is_not_born_decided(refused):
    with refused("begins by being prepared"):
        rows.review(
            rows.project(),
            state="decided",
            decision="go",
            decision_digest="f" * 64,
            decision_method="password",
            decided_at=NOW,
            decided_by=rows.person(),
        )


# --- The go --------------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-09")
@pytest.mark.parametrize("decision", ["go", "go_conditions"])
def test_a_go_needs_every_signature(refused, signing, decision):
    first, second = signing.participants.all()
    signed = rows.packet(signing)
    for signer in (first, second):
        with refused("A go needs the signature of everyone"):
            rows.decide(signing, signed.digest, decision)
        rows.sign_off(signer, signed)
    assert rows.decide(signing, signed.digest, decision).state == "decided"


@pytest.mark.req("SEED-09", "AUD-03")
def test_a_signature_under_another_packet_does_not_count(refused, signing):
    first, second = signing.participants.all()
    old, new = rows.packet(signing, "{}"), rows.packet(signing, "[]")
    rows.sign_off(first, old)
    rows.sign_off(second, new)
    for digest in (old.digest, new.digest, "f" * 64):
        with refused("A go needs the signature of everyone"):
            rows.decide(signing, digest)


def test_who_was_removed_or_does_not_sign_is_not_waited_for(signing):
    first, second = signing.participants.all()
    Participant.objects.create(review=signing, group="PPA-G9", user=rows.person(), signs=False)
    signed = rows.packet(signing)
    rows.sign_off(first, signed)
    Participant.objects.filter(pk=second.pk).update(removed_at=NOW)
    assert rows.decide(signing, signed.digest).state == "decided"


@pytest.mark.req("SEED-09")
def test_a_go_nobody_had_to_sign_is_refused(refused, signing):
    signing.participants.update(removed_at=NOW)
    with refused("A go needs the signature of everyone"):
        rows.decide(signing, rows.packet(signing).digest)


@pytest.mark.req("SEED-87")
def test_a_no_go_needs_no_signature(signing):
    assert rows.decide(signing, rows.packet(signing).digest, "no_go_postponed").state == "decided"


def test_a_review_does_not_skip_a_state(refused):
    held = rows.review(rows.at_stage("planning"))
    with refused("moves step by step"):
        rows.decide(held, "f" * 64, "no_go_postponed")


@pytest.mark.req("SEED-79", "SEED-108")
def test_a_round_that_has_ended_is_never_changed(refused):
    held = rows.decided(rows.at_stage("planning"))
    row = Review.objects.filter(pk=held.pk)
    for columns in (
        {"decision": "no_go_postponed"},
        {"decision_reason": "other"},
        {"decided_by": rows.person()},
        {"decided_at": NOW.replace(year=2020)},
        {"decision_digest": "f" * 64},
        {"chair": rows.person()},
        {"candidate": "RC9"},
        {"state": "withdrawn", "decision": "", "decision_digest": "", "decision_method": "", "decided_at": None}
        | {"decided_by": None},
    ):
        with refused("has ended is never changed"):
            row.update(**columns)
    for columns in ({"round": 9}, {"kind": "rr"}, {"project": rows.project()}):
        with refused("stays what it is"):
            row.update(**columns)
    with refused("never deleted"):
        row._raw_delete(row.db)


# --- Signatures and answers ----------------------------------------------------------------------------------------


@pytest.mark.req("AUD-04", "SEED-79")
def test_a_sign_off_is_never_changed_or_deleted(refused, signing):
    signed = rows.sign_off(signing.participants.first(), rows.packet(signing))
    row = SignOff.objects.filter(pk=signed.pk)
    for columns in ({"position": "support", "comment": "x"}, {"signed_at": NOW.replace(year=2020)}, {"comment": "x"}):
        with refused("A sign-off is never changed"):
            row.update(**columns)
    with refused("A sign-off is never deleted"):
        row._raw_delete(row.db)


@pytest.mark.req("AUD-06")
def test_nobody_signs_for_another(refused, signing):
    first = signing.participants.first()
    with refused("in person"):
        rows.sign_off(first, rows.packet(signing), user=rows.person("Somebody else"))


def test_a_sign_off_stays_within_its_review(refused, signing):
    other = rows.packet(rows.review(rows.project()))
    with refused("under a packet of the same review"):
        rows.sign_off(signing.participants.first(), other)


def test_who_was_removed_does_not_sign(refused, signing):
    first = signing.participants.first()
    Participant.objects.filter(pk=first.pk).update(removed_at=NOW)
    with refused("in person"):
        rows.sign_off(first, rows.packet(signing))


def test_a_round_that_has_ended_takes_no_signature(refused):
    held = rows.decided(rows.at_stage("planning"))
    late = Participant.objects.create(review=held, group="PPA-G2", user=rows.person())
    with refused("takes no more signatures"):
        rows.sign_off(late, held.packets.get())


@pytest.mark.req("AUD-03")
def test_a_packet_is_its_bytes_and_stays(refused, signing):
    with refused("SHA-256 of its bytes"):
        Packet.objects.create(review=signing, digest="f" * 64, body="{}", created_at=NOW)
    row = Packet.objects.filter(pk=rows.packet(signing, '{"question":"Is it ready — naïve?"}').pk)
    with refused("A packet is never changed"):
        row.update(body="{}")
    with refused("A packet is never deleted"):
        row._raw_delete(row.db)


@pytest.mark.req("AUD-08")
def test_an_answer_and_its_evidence_are_only_added(refused, signing):
    item = ReviewItem.objects.create(
        review=signing, code="PPA-I1", section="input", text="Is it there?", position=1, source="Table 2"
    )
    answer = ItemAnswer.objects.create(item=item, number=1, value="confirmed", assessor=rows.person(), at=NOW)
    version = rows.version(signing.project)
    answer.evidence_versions.add(version)
    row = ItemAnswer.objects.filter(pk=answer.pk)
    with refused("An answer is never changed"):
        row.update(value="not_confirmed", reason="x")
    with refused("An answer is never deleted"):
        row._raw_delete(row.db)
    with refused("The evidence of an answer is never deleted"):
        answer.evidence_versions.remove(version)
    with refused("The evidence of an answer is never changed"):
        ItemAnswer.evidence_versions.through.objects.update(artifactversion=rows.version(signing.project, number=2))


@pytest.mark.req("SEED-79", "AUD-14")
def test_the_questions_of_a_round_stay_as_they_were_asked(refused, signing):
    ReviewItem.objects.create(
        review=signing, code="PPA-I1", section="input", text="Is it there?", position=1, source="Table 2"
    )
    with refused("A question of a round is never changed"):
        ReviewItem.objects.update(must=False)
    with refused("A question of a round is never deleted"):
        ReviewItem.objects.all()._raw_delete("default")


def test_what_a_round_was_held_with_is_never_deleted(refused, signing):
    item = ReviewItem.objects.create(
        review=signing, code="PPA-I1", section="input", text="Is it there?", position=1, source="Table 2"
    )
    someone = rows.person()
    by = {"owner": someone, "due_on": NOW.date()}
    PinnedInput.objects.create(item=item, version=rows.version(signing.project), pinned_at=NOW, pinned_by=someone)
    Waiver.objects.create(item=item, reason="x", expires_on=NOW.date(), requested_by=someone, requested_at=NOW)
    Condition.objects.create(review=signing, number=1, text="x", created_at=NOW, created_by=someone, **by)
    RemediationItem.objects.create(review=signing, number=1, area="x", effort_days=1, **by)
    for model in (Participant, PinnedInput, Waiver, Condition, RemediationItem):
        with refused("is never deleted"):
            model.objects.all().delete()


# --- The gate ------------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-09")
@pytest.mark.parametrize(
    "columns",
    [
        {"gate": "release"},
        {"review_ref": "PPA-2"},
        {"review_ref": "RR-1"},
        {"packet_digest": "f" * 64},
        {"gate": "other"},
    ],
)
def test_a_pass_must_be_that_of_the_decided_round(refused, columns):
    held = rows.decided(rows.at_stage("planning"))
    with refused("A gate opens by the go"):
        rows.gate_pass(held, **columns)
    with refused("A gate opens by the go"):
        rows.gate_pass(held, project=rows.project())
    with refused("begins in force"):
        rows.gate_pass(held, revoked_at=NOW, revoked_by=held.chair, revoked_reason="x")
    assert rows.gate_pass(held).gate == "plan"


@pytest.mark.req("SEED-09", "SEED-87")
def test_no_pass_without_a_go(refused, signing):
    with refused("A gate opens by the go"):
        rows.gate_pass(signing)
    rows.decide(signing, rows.packet(signing).digest, "no_go_postponed")
    with refused("A gate opens by the go"):
        rows.gate_pass(signing)
    assert GatePass.objects.count() == 0
