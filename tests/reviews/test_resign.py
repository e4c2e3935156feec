"""Whom a change of a signed round asks again, what each is shown of it, and that nothing unsigned slips through."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from projects import guards, ledger
from projects.actions import people as people_actions
from projects.actions import projects
from projects.blocker import Blocked
from projects.ledger_check import verify
from projects.models import GatePass, Notice, Project
from reviews import packets, signing, tally
from reviews.actions import answers, conditions, findings, rounds
from reviews.catalog import REVIEW_TYPES
from reviews.catalog.owners import OWNERS
from reviews.models import Packet, Participant, Review, ReviewKind, SignOff
from tests import rows, world
from tests.kept import kept
from tests.pages import address, client_of, decide_form, sign_form, text_of

pytestmark = pytest.mark.django_db


def signed() -> tuple[world.People, Review]:
    """The release of a minor project, signed by support (RR-P1), the team (RR-P2) and users (RR-P4)."""
    people = world.People()
    project = world.to_stabilize(world.register(people), people)
    return people, world.sign_all(world.ready_to_sign(project, ReviewKind.RR, people))


_signed_once, _signed = kept(signed)


@pytest.fixture
def people(signed):
    return signed[0]


@pytest.fixture
def review(signed) -> Review:
    return signing.load(signed[1].pk)


def at(hours: int):
    return world.NOW + timedelta(hours=hours)


def answer(review: Review, people, code: str, said: str = "Seen again.", hours: int = 1) -> None:
    value = "clear" if code.startswith("N-") else "confirmed"
    answers.answer(review_id=review.pk, code=code, by=people.sponsor, value=value, evidence=said, now=at(hours))


def waiting(review: Review) -> set[str]:
    """Groups whose signer must sign, or sign again."""
    return {person.group for person in signing.standing(signing.load(review.pk)).waiting}


def asked_again() -> set[str]:
    told = Notice.objects.filter(kind="sign_off.superseded").values_list("object_id", flat=True)
    return set(Participant.objects.filter(pk__in=map(int, told)).values_list("group", flat=True))


def signer(review: Review, group: str):
    return next(each for each in review.participants.all() if each.group == group and each.signs)


# --- Who is asked ---
@pytest.mark.req("EXT-10", "EXT-11")
@pytest.mark.parametrize(
    ("code", "again"),
    [
        ("G-ENV-2", {"RR-P1"}),
        ("N-REL-1", {"RR-P2"}),
        ("ASP3", {"RR-P4"}),
        ("G-STR-2", {"RR-P2", "RR-P4"}),
        ("G-REL-3", {"RR-P1", "RR-P2", "RR-P4"}),
        ("D1", {"RR-P1", "RR-P2", "RR-P4"}),
    ],
)
def test_a_changed_answer_asks_those_again_who_answer_for_it(review, people, code, again):
    answer(review, people, code)

    assert waiting(review) == again
    assert asked_again() == again


def another_title(review, people):
    project = Project.objects.get(pk=review.project_id)
    facts = world.facts(title="Visitor sign-in at four depots")
    projects.edit(project_id=project.pk, by=people.program, facts=facts, version=project.version, now=at(1))


def another_person(review, people):
    newcomer = world.person("newcomer")
    rounds.name_participant(
        review_id=review.pk, by=people.program, group="RR-P7", person=newcomer, signs=False, now=at(1)
    )


def a_condition(review, people):
    given = {"text": "Label the tablets.", "consequence": "They walk off."}
    due = at(200).date()
    conditions.add(review_id=review.pk, by=people.program, owner=people.developer, due_on=due, now=at(1), **given)


def another_name(review, people):
    people_actions.change_own_profile(by=people.manager, name="Ingrid Solheim-Vik", time_zone="UTC", now=at(1))


@pytest.mark.req("EXT-10")
@pytest.mark.parametrize("change", [another_title, another_person, a_condition, another_name])
def test_what_stands_at_the_head_asks_everybody_again(review, people, change):
    change(review, people)
    assert waiting(review) == {"RR-P1", "RR-P2", "RR-P4"}


@pytest.mark.req("EXT-10")
def test_a_newer_document_asks_those_again_whose_question_stands_on_it(review, people):
    pins = {(item.code, pin.version.artifact.kind) for item in review.items.all() for pin in item.pins.all()}
    assert ("I1", "ART-35") in pins
    world.approved_artifact(review.project, "ART-35", people, text="Two procedures more.", now=at(1))
    assert waiting(review) == {"RR-P1"}


@pytest.mark.req("EXT-04", "EXT-10")
def test_a_finding_asks_those_again_who_answer_for_its_question(review, people):
    findings.raise_finding(
        review_id=review.pk,
        code="ASP3",
        by=people.operations,
        category="editorial",
        text="The leaflet has last year's number.",
        owner=None,
        due_on=None,
        now=at(1),
    )
    assert waiting(review) == {"RR-P4"}


@pytest.mark.req("EXT-10")
def test_what_nobody_who_signs_answers_for_concerns_everybody(review, people):
    """No line of a packet is left without a signature that hangs on it."""
    team = signer(review, "RR-P2")
    rounds.remove_participant(review_id=review.pk, participant_id=team.pk, by=people.program, now=at(1))
    for group in ("RR-P1", "RR-P4"):
        world.sign(review, signer(review, group).user, now=at(2))
    assert waiting(review) == set()

    answer(review, people, "N-REL-1", hours=3)

    assert waiting(review) == {"RR-P1", "RR-P4"}
    for line in packets.lines(signing.canonical_body(signing.load(review.pk))):
        assert {"all", "RR-P1", "RR-P4"}.intersection(line.groups)


def test_every_owner_is_of_the_review_and_what_all_affirm_concerns_all():
    for kind, owned in OWNERS.items():
        items = {item.code: item for item in REVIEW_TYPES[kind].items}
        groups = {group.code for group in REVIEW_TYPES[kind].groups}
        for code, owners in owned.items():
            assert groups.issuperset(owners), code
            assert len(set(owners)) == len(owners) > 0, code
            assert items[code].section not in ("decision", "output"), code
            assert not items[code].protected, code


# --- What each is shown ---
@pytest.mark.req("AUD-04", "EXT-10")
def test_who_is_asked_again_sees_what_changed_of_his_and_the_old_signature_stays(review, people):
    support = signer(review, "RR-P1")
    first = support.sign_offs.get()
    answer(review, people, "G-ENV-2", "Walked through at both sites.")
    answer(review, people, "ASP3", "The users were asked again.", hours=2)
    client = client_of(support.user)

    page = client.get(address("sign", review))

    told = text_of(page)
    own, others = told.split("1 change that does not touch what was signed")
    assert "What changed since you signed" in own
    assert "Walked through at both sites." in own
    assert "The users were asked again." not in own
    assert "The users were asked again." in others
    assert "Superseded" in text_of(client.get(address("receipt", review, first.pk)))
    room = text_of(client.get(address("review", review)))
    assert f"{support.user} Must sign again" in room
    assert "What was signed has changed." in room

    assert client.post(address("sign", review), sign_form(client, review)).status_code == 302

    assert [first] == list(SignOff.objects.filter(participant=support)[:1])
    assert SignOff.objects.filter(participant=support).count() == 2
    assert "Superseded signature" in text_of(client.get(address("participants", review)))


@pytest.mark.req("EXT-10")
def test_who_is_not_asked_again_is_told_of_the_changes_and_keeps_his_signature(review, people):
    team = signer(review, "RR-P2")
    answer(review, people, "G-ENV-2", "Walked through at both sites.")
    client = client_of(team.user)

    for page in (address("sign", review), address("receipt", review, team.sign_offs.get().pk)):
        told = text_of(client.get(page))
        assert "1 change that does not touch what" in told
        assert "Walked through at both sites." in told
    room = text_of(client.get(address("review", review)))
    assert "Something has changed since that does not touch what you signed" in room
    assert f"{team.user} Must sign again" not in room
    assert "Something has changed" not in text_of(client_of(people.auditor).get(address("review", review)))


@pytest.mark.req("EXT-10")
def test_the_page_says_on_what_a_signature_hangs(review, people):
    answer(review, people, "D1")
    told = text_of(client_of(signer(review, "RR-P4").user).get(address("sign", review)))
    assert "Answered for by Operations and support, Operations management. Your signature does not hang on it." in told
    assert "Answered for by Business users, Business management." in told


# --- Deciding ---
@pytest.mark.req("SEED-79", "EXT-10")
def test_a_go_stands_on_signatures_of_several_packets(review, people):
    answer(review, people, "G-ENV-2")
    world.sign(review, signer(review, "RR-P1").user, now=at(2))

    decided = world.decide(review, now=at(3))

    assert decided.decision == "go"
    assert GatePass.objects.filter(project=review.project, gate="release", revoked_at=None).exists()
    shown = set(SignOff.objects.filter(participant__review=review).values_list("packet__digest", flat=True))
    assert len(shown) == 2
    after = signing.standing(signing.load(review.pk))
    assert not after.waiting
    report = verify(world.fresh(review.project))
    assert report.holds, report.findings


@pytest.mark.req("SEED-70", "SEED-79", "EXT-10")
def test_a_superseded_signature_opens_no_gate_by_page_action_or_sql(review, people):
    answer(review, people, "G-ENV-2")
    client = client_of(people.manager)
    page = client.get(address("decide", review))
    assert f"{signer(review, 'RR-P1').user} has not signed the present content." in text_of(page)
    posted = client.post(address("decide", review), decide_form(client, review, "go"))
    assert posted.status_code in (409, 422)
    with pytest.raises(Blocked, match="has not signed the present content"):
        world.decide(review, now=at(2))
    digest = signing.packet_digest(signing.load(review.pk))
    with pytest.raises(IntegrityError, match="A go needs the signature"), transaction.atomic():
        rows.decide(review, digest)
    assert signing.load(review.pk).is_open


def test_control_the_same_sql_decides_once_the_part_is_signed(review, people):
    answer(review, people, "G-ENV-2")
    world.sign(review, signer(review, "RR-P1").user, now=at(2))
    digest = signing.packet_digest(signing.load(review.pk))
    assert rows.decide(review, digest).decision == "go"


# --- What the database and the ledger's check hold ---
@pytest.mark.req("AUD-03")
def test_the_database_knows_the_parts_as_we_do(review, people):
    """Of every group, signing or not; also with a name that is no ASCII and a text of quotes, brackets and newlines."""
    answer(review, people, "ASP3", 'He said "[no]": \\ and\nthen nothing \u2028 at all. {"for":["RR-P1"],')
    content = signing.content(signing.load(review.pk))
    groups = [group.code for group in REVIEW_TYPES["rr"].groups]
    parts = {group: ledger.digest(packets.part(content.body, group)) for group in groups}
    assert len(set(parts.values())) > 3
    Packet.objects.filter(review=review, digest=content.digest).get()
    other = content.body.replace('"RC-1"', '"RC-9"')
    assert other != content.body
    right = {group: ledger.digest(packets.part(other, group)) for group in groups}

    assert rows.packet(review, other, parts=right).parts == right
    for group in groups:
        wrong = {**right, group: parts[group]}
        with pytest.raises(IntegrityError, match="digest of a part"), transaction.atomic():
            rows.packet(review, other + "\n", parts=wrong)


@pytest.mark.req("AUD-03")
def test_a_sign_off_names_the_part_of_its_group(review):
    users, team = signer(review, "RR-P4"), signer(review, "RR-P2")
    packet = users.sign_offs.get().packet
    newer = rows.packet(review, packet.body.replace('"RC-1"', '"RC-9"'))
    part = ledger.digest(packets.part(newer.body, "RR-P2"))
    with pytest.raises(IntegrityError, match="what of the packet concerns"), transaction.atomic():
        rows.sign_off(users, newer, part_digest=part)
    with pytest.raises(IntegrityError, match="what of the packet concerns"), transaction.atomic():
        rows.sign_off(users, newer, part_digest=newer.digest)
    assert rows.sign_off(team, newer, part_digest=part).pk


@pytest.mark.req("AUD-03")
def test_a_part_altered_past_the_guards_is_found(review, people):
    world.decide(review, now=at(2))
    assert verify(world.fresh(review.project)).holds
    given = SignOff.objects.filter(participant__review=review).first()
    with guards.lifted():
        SignOff.objects.filter(pk=given.pk).update(part_digest="0" * 64)
        Packet.objects.filter(pk=given.packet_id).update(parts={"RR-P1": "0" * 64})
    found = {(each.object, each.field) for each in verify(world.fresh(review.project)).findings}
    assert (f"reviews.signoff/{given.pk}", "part_digest") in found
    assert (f"reviews.packet/{given.packet_id}", "parts") in found
    assert (f"reviews.review/{review.pk}", "decision_digest") in found


# --- Packets from before there were parts ---
def as_before(review: Review) -> None:
    """The round's packets and signatures as a release left them that asked everybody again."""
    body = ledger.canonical({**packets.build(signing.load(review.pk)), "type": "deliverops/packet/1"})
    with guards.lifted():
        Packet.objects.filter(review=review).update(body=body, digest=ledger.digest(body), parts={})
        SignOff.objects.filter(participant__review=review).update(part_digest=ledger.digest(body))


@pytest.mark.req("AUD-03")
def test_a_round_decided_on_a_packet_of_the_first_type_stays_as_it_was(review, people):
    decided = world.decide(review, now=at(2))
    as_before(review)
    with guards.lifted():
        Review.objects.filter(pk=decided.pk).update(decision_digest=Packet.objects.get(review=review).digest)
    review = signing.load(review.pk)

    assert {person.group for person in signing.standing(review).signed} == {"RR-P1", "RR-P2", "RR-P4"}
    given = signer(review, "RR-P1").sign_offs.get()
    told = text_of(client_of(people.auditor).get(address("receipt", review, given.pk)))
    assert "Counts" in told
    assert "gives this digest" in told
    assert "G-ENV-2" in told
    kinds = {each.kind for each in verify(world.fresh(review.project)).findings}
    assert not kinds & {"digest", "packet"}


def test_a_round_that_was_being_signed_then_is_signed_anew(review, people):
    as_before(review)
    assert waiting(review) == {"RR-P1", "RR-P2", "RR-P4"}
    told = text_of(client_of(signer(review, "RR-P1").user).get(address("sign", review)))
    assert "form of what is signed" in told


@pytest.mark.req("AUD-03")
def test_the_migration_gives_each_signature_the_whole_and_asks_who_had_signed_what_is_still_signed(review, people):
    """Rows as a release left them that knew no parts: of a round being signed, one superseded, and of a decided one."""
    support, team = signer(review, "RR-P1"), signer(review, "RR-P2")
    for given in team.sign_offs.all():
        with guards.lifted():
            given.delete()  # has never signed
    answer(review, people, "G-ENV-2")
    world.sign(review, support.user, now=at(2))
    decided = Review.objects.get(project=review.project, kind=ReviewKind.PPA)
    with guards.lifted():
        for packet in Packet.objects.all():
            body = packet.body.replace("deliverops/packet/2", "deliverops/packet/1")
            digest = ledger.digest(body)
            Review.objects.filter(decision_digest=packet.digest).update(decision_digest=digest)
            Packet.objects.filter(pk=packet.pk).update(body=body, digest=digest, parts={})
        for given in SignOff.objects.all():
            SignOff.objects.filter(pk=given.pk).update(part_digest=f"none {given.pk}")
        Participant.objects.update(asked_at=world.NOW)
        import_module("reviews.migrations.0017_parts").whole_packets(apps, SimpleNamespace(connection=connection))

    assert SignOff.objects.filter(participant=support).values("packet").distinct().count() == 2
    for given in SignOff.objects.select_related("packet"):
        assert given.part_digest == given.packet.digest
    anew = Participant.objects.exclude(asked_at=world.NOW)
    assert {(each.review_id, each.group) for each in anew} == {(review.pk, "RR-P1"), (review.pk, "RR-P4")}
    assert waiting(review) == {"RR-P1", "RR-P2", "RR-P4"}
    asked = tally.of_signing(Participant.objects.filter(review=review))[review.pk]
    assert (asked.signed, len(asked.waiting)) == (0, 3)
    stands = signing.standing(signing.load(decided.pk))
    assert len(stands.signed) > 1
    assert stands.waiting == []
    rounds_decided = tally.of_decided(Review.objects.filter(pk=decided.pk))[decided.pk]
    assert rounds_decided.signed == rounds_decided.signers == len(stands.signed)
