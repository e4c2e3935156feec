"""A conflict of interest is declared by whoever has it, and recuses for the round."""

import io
import zipfile
from datetime import timedelta

import pytest

from projects import ledger_check
from projects.blocker import Blocked, NotAllowed, Refused
from projects.models import Notice, User
from reviews import gate_people, meeting, signing
from reviews.actions import answers, delegations, recusal, rounds, sign_offs
from reviews.catalog import REVIEW_TYPES
from reviews.evidence import pack
from reviews.models import Declaration, Delegation, ItemAnswer, Participant, Review, ReviewKind, SignOff
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, text_of
from tests.projects.test_guards import refused as refused

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)
OWNS = "Owns shares of the supplier."


def asked() -> tuple[world.People, Review]:
    """A minor project's plan, being signed; Nina is not named in it."""
    people = world.People()
    people.nina = world.person("nina", "Nina Roth")
    project = world.to_planning(world.register(people), people)
    return people, world.ready_to_sign(project, ReviewKind.PPA, people)


_asked_once, _asked = kept(asked)


@pytest.fixture
def people(asked):
    return asked[0]


@pytest.fixture
def review(asked) -> Review:
    return signing.load(asked[1].pk)


def declare(review: Review, by: User, conflict: str = OWNS) -> Declaration:
    return recusal.declare(review_id=review.pk, by=by, conflict=conflict, now=LATER)


def codes(review: Review) -> list[str]:
    return [blocker.code for blocker in gate_people.people_blockers(signing.load(review.pk))]


def group_of(review: Review, person: User) -> str:
    return next(each.group for each in review.participants.all() if each.user == person)


@pytest.mark.req("EXT-09")
def test_whoever_is_recused_judges_nothing_and_somebody_else_is_named(people, review):
    world.sign_all(review, now=world.NOW)
    group = group_of(review, people.sponsor)

    declare(review, people.sponsor)

    for forbidden in (
        lambda: world.sign(review, people.sponsor, now=LATER),
        lambda: answers.answer(
            review_id=review.pk, code="A1", by=people.sponsor, value="confirmed", evidence="Seen.", now=LATER
        ),
        lambda: delegations.delegate(
            review_id=review.pk,
            by=people.sponsor,
            to=people.nina,
            ends_at=LATER + timedelta(days=1),
            reason="At sea.",
            now=LATER,
        ),
        lambda: rounds.name_participant(
            review_id=review.pk, by=people.program, group=group, person=people.sponsor, signs=True, now=LATER
        ),
    ):
        with pytest.raises(Refused):
            forbidden()
    (blocker,) = gate_people.people_blockers(signing.load(review.pk))
    assert "Recused by a conflict of interest: Lucía Benítez. Name somebody else." in blocker.text
    assert (blocker.code, blocker.owner) == ("group.missing", "Ingrid Solheim")
    assert len(signing.standing(signing.load(review.pk)).signed) == 0, "who signs is part of what is signed"
    with pytest.raises(Blocked):
        world.decide(review, now=LATER)

    rounds.name_participant(
        review_id=review.pk, by=people.manager, group=group, person=people.nina, signs=True, now=LATER
    )

    assert codes(review) == []
    assert world.decide(world.sign_all(review, now=LATER), now=LATER).is_go
    told = text_of(client_of(people.operations).get(address("minutes", review)))
    assert "Declared about conflicts of interest Lucía Benítez," in told
    assert f"{OWNS} Recused" in told
    out = io.BytesIO()
    pack.build(review.project, out)
    with zipfile.ZipFile(out) as archive:
        assert f"Lucía Benítez,{OWNS}," in archive.read("06_reviews/PPA-1/conflicts_of_interest.csv").decode()
    assert ledger_check.verify().findings == []


@pytest.mark.req("EXT-09", "EXT-07")
def test_whoever_is_recused_approves_no_waiver(people, review):
    waiver = answers.request_waiver(
        review_id=review.pk,
        code="A2",
        by=people.program,
        reason="Late.",
        risk="Small.",
        compensation="A look.",
        expires_on=(world.NOW + timedelta(days=9)).date(),
        now=LATER,
    )
    declare(review, people.sponsor)  # the sponsor is an authority for waivers
    with pytest.raises(NotAllowed, match="somebody else does this"):
        answers.answer_waiver(review_id=review.pk, waiver_id=waiver.pk, by=people.sponsor, approve=True, now=LATER)


@pytest.mark.req("EXT-09", "EXT-11")
def test_a_recused_chair_neither_chairs_nor_decides_until_another_is_named(people, review):
    world.sign_all(review, now=world.NOW)
    declare(review, people.manager)

    (blocker,) = gate_people.people_blockers(signing.load(review.pk))
    assert (blocker.code, blocker.owner) == ("chair.recused", "Ingrid Solheim")
    assert not meeting.quorum(signing.load(review.pk)).chair
    for decision in ("go", "no_go_cancelled"):
        with pytest.raises(NotAllowed, match="somebody else does this"):
            world.decide(review, decision, now=LATER, reason="Because.")

    facts = {"mode": review.mode, "scheduled_for": None, "candidate": "", "now": LATER}
    rounds.set_facts(review_id=review.pk, by=people.program, chair=people.nina, **facts)
    with pytest.raises(rounds.UnfitChair):
        rounds.set_facts(review_id=review.pk, by=people.program, chair=people.manager, **facts)
    assert codes(review) == []
    assert Notice.objects.filter(kind="conflict.declared", recipient=people.program).exists()


@pytest.mark.req("EXT-09")
def test_a_conflict_ends_what_was_delegated_to_or_by_the_person(people, review):
    lend = {"review_id": review.pk, "ends_at": LATER + timedelta(days=1), "reason": "At sea.", "now": LATER}
    delegations.delegate(by=people.sponsor, to=people.nina, **lend)
    declare(review, people.nina)
    assert Delegation.objects.get().revoked_by == people.nina
    with pytest.raises(sign_offs.NotAsked):
        world.sign(review, people.nina, now=LATER)
    with pytest.raises(delegations.UnfitDelegate, match="has declared a conflict"):
        delegations.delegate(by=people.sponsor, to=people.nina, **lend)


@pytest.mark.req("EXT-09")
def test_each_declares_for_himself_and_a_conflict_stands(people, review):
    for nobody in (people.nina, people.auditor, people.outsider):
        with pytest.raises(NotAllowed):
            declare(review, nobody)
    declare(review, people.sponsor, "")
    declare(review, people.sponsor)  # comes up later
    with pytest.raises(Refused, match="stands for this round"):
        declare(review, people.sponsor, " ")
    assert [row.text for row in Declaration.objects.all()] == ["", OWNS]


@pytest.mark.req("EXT-09")
def test_on_its_page_it_is_declared_and_everybody_sees_it(people, review):
    client = client_of(people.sponsor)
    assert client.post(address("declare", review), {"declared": "conflict", "text": " "}).status_code == 422
    assert client.post(address("declare", review), {"declared": "none", "text": ""}).status_code == 302
    assert client.post(address("declare", review), {"declared": "conflict", "text": OWNS}).status_code == 302
    seen = client_of(people.operations)
    room = text_of(seen.get(address("review", review)))
    assert f"Lucía Benítez: {OWNS}" in room
    assert "Lucía Benítez Recused" in room
    group = REVIEW_TYPES["ppa"].groups
    name = next(each.name for each in group if each.code == group_of(review, people.sponsor))
    assert f"Lucía Benítez {name} recused" in text_of(seen.get(address("sign", review)))
    assert "on record: you do not sign PPA-1." in text_of(client.get(address("sign", review)))
    assert "Your conflict of interest is on record" in text_of(client.get(address("declare", review)))


@pytest.mark.req("EXT-25")
def test_the_page_of_a_question_says_why_it_has_no_form(people, review):
    page = address("item", review, "A1")
    client = client_of(people.sponsor)
    assert 'name="evidence"' in client.get(page).content.decode()

    declare(review, people.sponsor)

    told = client.get(page)
    assert 'name="evidence"' not in told.content.decode()
    assert "You have declared a conflict of interest in this round: somebody else does this." in text_of(told)
    assert "Items are answered by people named in the review." in text_of(client_of(people.auditor).get(page))


@pytest.mark.req("EXT-09")
def test_the_database_holds_a_recusal(refused, people, review):
    given = world.sign(review, people.sponsor, now=world.NOW)
    declare(review, people.sponsor)
    participant = Participant.objects.get(review=review, user=people.sponsor)
    with refused("not asked to sign"):
        Participant.objects.filter(pk=participant.pk).update(signs=True, recused_at=None)
    item = review.items.get(code="A1")
    with refused("answers nothing"):
        ItemAnswer.objects.create(item=item, number=9, value="confirmed", assessor=people.sponsor, at=LATER)
    packet = review.packets.order_by("id").last()
    copy = {each.attname: getattr(given, each.attname) for each in SignOff._meta.concrete_fields if each.name != "id"}
    with refused("does not sign"):
        SignOff.objects.create(**{**copy, "packet_id": packet.pk, "idempotency_key": "k"})
    with refused("stands for the round"):
        Declaration.objects.create(review=review, user=people.sponsor, text="", at=LATER)
    with refused("never changed"):
        Declaration.objects.update(text="")
    Participant.objects.filter(pk=participant.pk).update(removed_at=LATER)
    with refused("not asked to sign"):
        Participant.objects.create(review=review, group=participant.group, user=people.sponsor)
