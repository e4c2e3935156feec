"""A signature lent to another person: who may be lent one, what it prints, how it ends."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from projects import ledger_check
from projects.blocker import NotAllowed, Refused
from projects.models import Notice, Project, RoleAssignment
from reviews import awaiting, delegating, minutes, signing
from reviews.actions import answers, delegations, findings, meeting, rounds, sign_offs
from reviews.evidence import pack
from reviews.models import Attendance, Delegation, Review, ReviewKind, SignOff
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, sign_form, text_of
from tests.projects.test_guards import refused as refused

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)
DAY = timedelta(days=1)


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


def lend(review, by, to, *, starts_at=None, ends_at=world.NOW + 3 * DAY, now=world.NOW, reason="At sea.") -> Delegation:
    return delegations.delegate(
        review_id=review.pk, by=by, to=to, starts_at=starts_at, ends_at=ends_at, reason=reason, now=now
    )


def stand(review, person):
    return next(each for each in signing.load(review.pk).participants.all() if each.user == person)


# --- What a delegate does --------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-09", "AUD-01")
def test_a_delegate_signs_and_every_record_names_both(people, review):
    lent = lend(review, people.sponsor, people.nina)

    given = world.sign(review, people.nina, position="support", comment="As agreed by telephone.", now=LATER)

    assert (given.user, given.participant.user, given.delegation) == (people.nina, people.sponsor, lent)
    both = "Nina Roth for Lucía Benítez"
    assert given.signed_as == both
    assert people.sponsor not in [each.user for each in signing.standing(signing.load(review.pk)).waiting]
    client = client_of(people.manager)
    assert both in text_of(client.get(address("receipt", review, given.pk)))
    assert "by Nina Roth" in text_of(client.get(address("review", review)))
    assert both in text_of(client.get(address("decide", review)))
    assert "signed PPA-1 for Lucía Benítez" in text_of(client.get(f"{review.project.get_absolute_url()}history/"))

    world.sign_all(review, now=LATER)
    decided = world.decide(review, now=LATER)

    assert decided.is_go
    told = text_of(client.get(address("minutes", review)))
    assert f"{both} (" in told
    assert "Delegated signatures Nina Roth for Lucía Benítez" in told
    out = io.BytesIO()
    pack.build(review.project, out)
    with zipfile.ZipFile(out) as archive:
        signatures = archive.read("06_reviews/PPA-1/signatures.csv").decode()
        assert f"{both},{people.nina.pk},Lucía Benítez,{lent.pk}," in signatures
        assert "Nina Roth" in archive.read("06_reviews/PPA-1/delegations.csv").decode()
        assert "Nina Roth" in archive.read("17_people.csv").decode()
        assert both in archive.read("06_reviews/PPA-1/minutes.txt").decode()
    assert ledger_check.verify().findings == []


@pytest.mark.req("EXT-09")
def test_on_the_pages_a_signer_delegates_and_the_delegate_finds_it_and_signs(people, review):
    owner, delegate = client_of(people.sponsor), client_of(people.nina)
    assert "Delegate your signature" in text_of(owner.get(address("sign", review)))
    until = timezone.now() + 3 * DAY
    form = {"to": "nina", "ends_at": until.strftime("%Y-%m-%dT%H:%M"), "reason": "At sea."}
    assert owner.post(address("delegations", review), form).status_code == 302
    asked = Notice.objects.get(recipient=people.nina)
    assert (asked.kind, asked.path) == ("delegation.granted", address("sign", review))

    inbox = text_of(delegate.get("/"))
    assert "Sign PPA-1 for Lucía Benítez" in inbox
    assert "is delegated to you" in text_of(delegate.get(address("review", review)))
    page = text_of(delegate.get(address("sign", review)))
    assert "You are asked to sign as Nina Roth for Lucía Benítez" in page
    assert delegate.post(address("sign", review), sign_form(delegate, review)).status_code == 302

    given = SignOff.objects.get()
    assert (given.user, given.on_behalf_of) == (people.nina, "Lucía Benítez")
    assert Notice.objects.filter(recipient=people.sponsor, kind="delegation.used").exists()
    assert "Sign PPA-1" not in text_of(delegate.get("/"))
    assert "The signature of Nina Roth for Lucía Benítez stands" in text_of(owner.get(address("sign", review)))


@pytest.mark.req("EXT-09")
def test_the_inbox_of_a_delegate_counts_what_it_lists(people, review):
    assert awaiting.count(people.nina, LATER) == 0
    lend(review, people.sponsor, people.nina)
    (entry,) = awaiting.inbox(people.nina, LATER)
    assert (entry.kind, entry.url) == ("sign_off", address("sign", review))
    assert awaiting.count(people.nina, LATER) == 1
    assert awaiting.count(people.sponsor, LATER) == 1
    assert awaiting.count(people.nina, world.NOW + 3 * DAY) == 0, "it is over"


@pytest.mark.req("EXT-10")
def test_a_stale_signature_is_asked_for_again_from_both(people, review):
    lend(review, people.sponsor, people.nina)
    world.sign(review, people.nina, now=LATER)
    answers.answer(
        review_id=review.pk,
        code="A1",
        by=people.operations,
        value="not_confirmed",
        reason="Not so.",
        now=LATER + timedelta(minutes=1),
    )
    assert Notice.objects.filter(recipient=people.sponsor, kind="sign_off.superseded").exists()
    assert Notice.objects.filter(recipient=people.nina, kind="delegation.asked").exists()
    world.sign(review, people.nina, now=LATER + timedelta(minutes=2))
    assert SignOff.objects.count() == 2


@pytest.mark.req("EXT-09")
def test_of_the_two_one_signs(people, review):
    lend(review, people.sponsor, people.nina)
    world.sign(review, people.sponsor, now=LATER)
    with pytest.raises(sign_offs.SignedAlready, match="Lucía Benítez has signed this already"):
        world.sign(review, people.nina, now=LATER)
    assert SignOff.objects.count() == 1


# --- Its time box ----------------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-09")
def test_before_and_after_its_time_and_once_revoked_nobody_signs_by_it(people, review):
    lent = lend(review, people.sponsor, people.nina, starts_at=world.NOW + DAY)
    for at, why in ((LATER, "begins 2026-11-24"), (world.NOW + 3 * DAY, "ended 2026-11-26")):
        with pytest.raises(sign_offs.NotAsked, match=why):
            world.sign(review, people.nina, now=at)
    delegations.revoke(review_id=review.pk, delegation_id=lent.pk, by=people.sponsor, now=LATER)
    with pytest.raises(sign_offs.NotAsked, match="was revoked"):
        world.sign(review, people.nina, now=world.NOW + DAY)
    assert not SignOff.objects.exists()
    assert Notice.objects.filter(recipient=people.nina, kind="delegation.revoked").exists()
    assert Notice.objects.get(recipient=people.nina, kind="delegation.granted").state == Notice.State.CANCELLED
    lend(review, people.sponsor, people.nina, now=LATER)  # and again
    assert world.sign(review, people.nina, now=world.NOW + DAY).delegation != lent


@pytest.mark.req("EXT-09")
@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": world.NOW},
        {"starts_at": world.NOW - DAY},
        {"ends_at": world.NOW + delegating.LONGEST + timedelta(minutes=1)},
        {"reason": "  "},
    ],
)
def test_a_delegation_has_a_beginning_an_end_and_a_reason(people, review, wrong):
    with pytest.raises(Refused):
        lend(review, people.sponsor, people.nina, **wrong)
    assert not Delegation.objects.exists()


@pytest.mark.req("EXT-09")
def test_a_signature_is_lent_by_its_owner_to_one_person_until_the_decision(people, review):
    for other in (people.manager, people.program, people.nina, people.auditor):
        with pytest.raises(NotAllowed):
            lend(review, other, people.process_owner)
    lent = lend(review, people.sponsor, people.nina)
    with pytest.raises(Refused, match="revoke that first"):
        lend(review, people.sponsor, people.process_owner)
    for other in (people.nina, people.program, people.operations):
        with pytest.raises(NotAllowed):
            delegations.revoke(review_id=review.pk, delegation_id=lent.pk, by=other, now=LATER)
    delegations.revoke(review_id=review.pk, delegation_id=lent.pk, by=people.manager, now=LATER)  # chairs
    assert Notice.objects.filter(recipient=people.sponsor, kind="delegation.revoked").exists()
    world.sign_all(review, now=LATER)
    world.decide(review, now=LATER)
    with pytest.raises(Refused):
        lend(review, people.sponsor, people.nina, now=LATER)


# --- Who cannot sign for another -------------------------------------------------------------------------------------


@pytest.mark.req("EXT-11", "EXT-24")
def test_who_must_not_sign_is_refused_as_a_delegate(people, review):
    gone = world.person("gone", "Gone Away", is_active=False)
    for to, why in (
        (people.sponsor, "signs anyway"),
        (people.manager, "the chair signs for nobody else"),
        (people.program, "is the program manager"),
        (people.operations, "signs for .* already"),
        (people.developer, "wrote .* which is judged here"),
        (people.auditor, "is an auditor"),
        (gone, "has left"),
    ):
        with pytest.raises(delegations.UnfitDelegate, match=why):
            lend(review, people.sponsor, to)
    lend(review, people.sponsor, people.nina)
    with pytest.raises(delegations.UnfitDelegate, match="signs for Lucía Benítez already"):
        lend(review, people.operations, people.nina)
    assert Delegation.objects.count() == 1


@pytest.mark.req("SEED-51")
def test_roles_that_the_project_keeps_apart_do_not_sign_for_each_other(people, review):
    RoleAssignment.objects.create(
        project=review.project, user=people.nina, role="R-DEV", starts_on=world.NOW, assigned_by=people.manager
    )
    assert delegating.obstacle(stand(review, people.operations), people.nina, LATER) == ""
    Project.objects.filter(pk=review.project_id).update(role_segregation=True)
    why = delegating.obstacle(stand(review, people.operations), people.nina, LATER)
    assert why.startswith("Nina Roth is Developer: this project separates that from")


def becomes_chair(people, review):
    rounds.set_facts(
        review_id=review.pk,
        by=people.program,
        chair=people.nina,
        mode=review.mode,
        scheduled_for=None,
        candidate="",
        now=LATER,
    )


def signs_himself(people, review):
    rounds.name_participant(
        review_id=review.pk, by=people.program, group="PPA-P3", person=people.nina, signs=True, now=LATER
    )


@pytest.mark.req("EXT-11", "EXT-24")
def test_fitness_is_asked_again_when_the_delegate_signs(people, review):
    today = timezone.now()
    lend(review, people.sponsor, people.nina, now=today, ends_at=today + DAY)
    becomes_chair(people, review)
    client = client_of(people.nina)
    assert "the chair signs for nobody else" in text_of(client.get(address("sign", review)))
    with pytest.raises(sign_offs.NotAsked, match="the chair signs for nobody else"):
        world.sign(review, people.nina, now=today)
    assert not SignOff.objects.exists()


@pytest.mark.req("EXT-11", "EXT-24")
def test_who_wrote_the_evidence_meanwhile_does_not_sign_for_another(people, review):
    lend(review, people.sponsor, people.nina)
    world.roles.assign(project_id=review.project_id, by=people.manager, role="R-UX", person=people.nina, now=LATER)
    people.developer = people.nina  # who writes what comes now
    version = world.approved_artifact(review.project, "ART-16", people)
    answers.answer(
        review_id=review.pk,
        code="A1",
        by=people.operations,
        value="confirmed",
        version_ids=(version.pk,),
        now=LATER,
    )
    with pytest.raises(sign_offs.NotAsked, match="Nina Roth wrote"):
        world.sign(review, people.nina, now=LATER)


@pytest.mark.req("EXT-11")
def test_who_signs_for_himself_meanwhile_signs_for_nobody_else(people, review):
    lend(review, people.sponsor, people.nina)
    signs_himself(people, review)
    given = world.sign(review, people.nina, now=LATER)
    assert (given.participant.user, given.delegation) == (people.nina, None)
    assert people.sponsor in [each.user for each in signing.standing(signing.load(review.pk)).waiting]


@pytest.mark.req("EXT-24")
def test_who_signs_for_another_neither_approves_the_others_waiver_nor_closes_the_others_finding(people, review):
    lend(review, people.sponsor, people.nina)
    waiver = answers.request_waiver(
        review_id=review.pk,
        code="A2",
        by=people.sponsor,
        reason="Late.",
        risk="Small.",
        compensation="A look.",
        expires_on=(world.NOW + 9 * DAY).date(),
        now=LATER,
    )
    found = findings.raise_finding(
        review_id=review.pk,
        by=people.program,
        code="A1",
        category="after_go",
        text="No baseline.",
        owner=people.sponsor,
        due_on=(world.NOW + 9 * DAY).date(),
        now=LATER,
    )
    type(people.nina).objects.filter(pk=people.nina.pk).update(is_solution_manager=True)
    people.nina.refresh_from_db()
    world.roles.assign(project_id=review.project_id, by=people.manager, role="P-OWN", person=people.nina, now=LATER)
    with pytest.raises(NotAllowed, match="one of you signs for the other"):
        answers.answer_waiver(review_id=review.pk, waiver_id=waiver.pk, by=people.nina, approve=True, now=LATER)
    day = date_format(waiver.expires_on, "j M Y")
    signs = text_of(client_of(people.sponsor).get(address("sign", review)))
    assert f"asks for a waiver until {day}; nobody has approved it." in signs
    with pytest.raises(NotAllowed, match="one of you signs for the other"):
        findings.settle(
            review_id=review.pk, number=found.number, by=people.nina, disposition="rejected", text="No.", now=LATER
        )
    over = world.NOW + 4 * DAY
    answers.answer_waiver(review_id=review.pk, waiver_id=waiver.pk, by=people.nina, approve=True, now=over)


@pytest.mark.req("EXT-09")
def test_acceptance_by_operations_and_users_is_never_delegated():
    groups = {group.code for group in delegating.REVIEW_TYPES["rr"].groups if group.in_person}
    assert groups == {"RR-P1", "RR-P4", "RR-P5"}


@pytest.mark.req("EXT-09")
def test_who_accepts_in_person_cannot_delegate(people, review, monkeypatch):
    group = delegating.group_of(stand(review, people.sponsor))
    monkeypatch.setattr(delegating, "group_of", lambda _participant: replace(group, in_person=True))
    with pytest.raises(delegations.UnfitDelegate, match="a person accepts for himself"):
        lend(review, people.sponsor, people.nina)
    assert "Delegate your signature" not in text_of(client_of(people.sponsor).get(address("sign", review)))


# --- Attendance ------------------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-09")
def test_attendance_by_a_delegate_names_the_delegation(people, review):
    lent = lend(review, people.sponsor, people.nina)
    for name in ("", "Nina Roth", "Somebody Else"):
        meeting.record_attendance(
            review_id=review.pk,
            by=people.program,
            attended=[meeting.Attended(person=people.sponsor, how="delegate", delegate=name)],
            now=LATER,
        )
    told = Attendance.objects.filter(user=people.sponsor, how="delegate").order_by("id")
    assert [(row.delegate, row.delegation) for row in told] == [("Nina Roth", lent), ("Somebody Else", None)]
    lines = minutes.as_text(minutes.build(signing.load(review.pk)))
    assert "delegate: Somebody Else" in lines


# --- The database ----------------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-09", "EXT-24")
def test_the_database_refuses_what_no_action_does(refused, people, review):
    lent = lend(review, people.sponsor, people.nina)
    given = world.sign(review, people.nina, now=LATER)
    copy = {
        each.attname: getattr(given, each.attname) for each in SignOff._meta.concrete_fields if each.attname != "id"
    }
    waits = stand(review, people.operations)
    for change, why in (
        ({"delegation_id": None, "on_behalf_of": ""}, "in person"),  # Nina in Hannah's place, with nothing to show
        ({}, "by a delegation that holds"),  # by a delegation of another's signature
    ):
        with refused(why):
            SignOff.objects.create(**{**copy, "participant_id": waits.pk, "idempotency_key": "k", **change})
    own = {"delegate": people.nina, "reason": "x", "granted_at": LATER, "starts_at": LATER, "ends_at": LATER + DAY}
    for change, why in (
        ({}, "one person at a time"),
        ({"participant": waits, "delegate": people.operations}, "for himself"),
        ({"participant": waits, "delegate": people.manager}, "the chair for nobody else"),
        ({"participant": waits, "revoked_at": LATER, "revoked_by": people.nina}, "begins in force"),
    ):
        with refused(why):
            Delegation.objects.create(**{"participant": lent.participant, **own, **change})
    row = Delegation.objects.filter(pk=lent.pk)
    with refused("stays as it was given"):
        row.update(ends_at=LATER + 90 * DAY)
    with refused("never deleted"):
        row._raw_delete(row.db)
