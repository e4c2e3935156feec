"""How a round is held: attendance and quorum, delivery confidence, minutes frozen with the decision."""

import ast
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from projects import checks, ledger, ledger_check
from projects.blocker import Blocked, Refused
from projects.models import GatePass
from reviews import gate_people, gates, signing, terms
from reviews.actions import answers, conditions, findings, meeting, recusal, rounds
from reviews.actions.meeting import Attended
from reviews.evidence import pack
from reviews.models import Attendance, Confidence, DeliveryConfidence, Minutes, Mode, Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, decide_form, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)


def signed() -> tuple[world.People, Review]:
    """A meeting about a minor project's plan, everybody there, signed by everybody who was asked."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    rounds.set_facts(
        review_id=review.pk,
        by=people.manager,
        chair=people.manager,
        mode=Mode.MEETING,
        scheduled_for=None,
        candidate="",
        now=world.NOW,
    )
    world.attend(review)
    return people, world.sign_all(review)


_signed_once, _signed = kept(signed)


@pytest.fixture
def people(signed):
    return signed[0]


@pytest.fixture
def review(signed) -> Review:
    return signing.load(signed[1].pk)


def took_part(review: Review, people, person, how: str, **more: str) -> None:
    meeting.record_attendance(
        review_id=review.pk, by=people.manager, attended=[Attended(person=person, how=how, **more)], now=LATER
    )


# --- Attendance and quorum -------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-09")
def test_attendance_is_recorded_on_its_page_with_delegates(people, review):
    client, sponsor = client_of(people.program), people.sponsor.pk
    form = {f"how_{sponsor}": "delegate", f"delegate_{sponsor}": "Nina Roth"}
    half = client.post(address("attendance", review), {**form, f"how_{sponsor}": ""})
    assert half.status_code == 422, "what was typed is not dropped"
    assert "A delegate is named: choose how Lucía Benítez took part." in text_of(half)
    here = client.post(address("attendance", review), {**form, f"how_{sponsor}": "present"})
    assert here.status_code == 422
    assert "choose “By a delegate” for Lucía Benítez, or leave the name empty." in text_of(here)
    assert client.post(address("attendance", review), form).status_code == 302

    told = text_of(client.get(address("minutes", review)))
    assert "delegate: Nina Roth" in told
    assert [row.how for row in Attendance.objects.filter(user=sponsor)] == ["present", "delegate"]


@pytest.mark.req("EXT-09")
@pytest.mark.parametrize(("how", "delegate"), [("delegate", ""), ("present", "Nina Roth"), ("asleep", "")])
def test_an_attendance_that_says_nothing_is_refused(people, review, how, delegate):
    before = Attendance.objects.count()
    with pytest.raises(Refused):
        took_part(review, people, people.sponsor, how, delegate=delegate)
    assert Attendance.objects.count() == before


@pytest.mark.req("EXT-09")
@pytest.mark.parametrize("decision", ["go", "no_go_postponed", "no_go_cancelled"])
def test_no_decision_without_the_chair_being_there(people, review, decision):
    took_part(review, people, people.manager, "delegate", delegate="Nina Roth")
    client = client_of(people.manager)
    area = {"area": "Write it.", "effort_days": "2", "owner": people.product.pk, "due_on": "2099-01-01"}

    refused = client.post(
        address("decide", review), decide_form(client, review, decision, area, reason="Because it is so.")
    )

    assert refused.status_code == 409
    assert "No quorum: it is not recorded that these took part: the chair." in text_of(refused)
    assert signing.load(review.pk).is_open
    assert not GatePass.objects.exists()
    took_part(review, people, people.manager, "remote")
    assert world.decide(review, now=LATER).is_go


@pytest.mark.req("EXT-09")
def test_each_group_that_must_sign_has_somebody_there_or_a_signature(people, review):
    """A no-go needs no signatures, and yet a quorum."""
    world.acknowledged(review, people, now=LATER)
    answers.answer(
        review_id=review.pk, code="A1", by=people.program, value="confirmed", evidence="Seen anew.", now=LATER
    )
    stale = signing.load(review.pk)
    group = next(person.group for person in stale.participants.all() if person.user == people.operations)
    for person in stale.participants.all():
        if person.group == group:
            took_part(review, people, person.user, "absent")
    stale = signing.load(review.pk)
    assert [blocker.code for blocker in gate_people.quorum_blockers(stale)] == ["quorum.missing"]
    with pytest.raises(Blocked):
        world.decide(stale, "no_go_cancelled", now=LATER, reason="Too dear.")

    world.sign(stale, people.operations, now=LATER)

    assert gate_people.quorum_blockers(signing.load(review.pk)) == []


@pytest.mark.req("EXT-09", "EXT-25")
def test_the_page_of_the_attendance_says_who_counts_and_for_whom_the_quorum_waits(people, review):
    world.sign_all(review, now=LATER)
    took_part(review, people, people.manager, "absent")
    page = client_of(people.program).get(address("attendance", review))
    told, parts = text_of(page), page.context["form"].parts
    assert "The quorum still waits for: the chair." in told
    assert "the chair, present or remote and never by a delegate" in told
    operations = next(person.group for person in review.participants.all() if person.user == people.operations)
    assert parts[people.operations.pk].groups == [terms.group_names("ppa")[operations]]
    assert f"{terms.group_names('ppa')[operations]}. Counts for the quorum." in told
    onlookers = [each for each in review.participants.all() if each.group not in terms.of(review).quorum]
    assert told.count("The quorum does not ask for this group.") == len(onlookers)

    recusal.declare(review_id=review.pk, by=people.operations, conflict="Owns shares.", now=LATER)
    took_part(review, people, people.manager, "present")
    for person in review.participants.all():
        if person.group == operations:
            took_part(review, people, person.user, "present" if person.user == people.operations else "absent")

    told = text_of(client_of(people.program).get(address("attendance", review)))
    assert f"{terms.group_names('ppa')[operations]}. Recused: does not count for the quorum." in told
    assert f"The quorum still waits for: {terms.group_names('ppa')[operations]}." in told


@pytest.mark.req("EXT-09")
def test_an_asynchronous_round_counts_signatures(people, review):
    rounds.set_facts(
        review_id=review.pk,
        by=people.manager,
        chair=people.manager,
        mode=Mode.ASYNC,
        scheduled_for=None,
        candidate="",
        now=LATER,
    )
    for person in (people.manager, people.sponsor, people.operations):
        took_part(review, people, person, "absent")
    assert world.decide(world.sign_all(review, now=LATER), now=LATER).is_go
    assert Minutes.objects.get().quorum


def test_attendance_ends_with_the_decision(people, review):
    world.decide(review, now=LATER)
    with pytest.raises(Refused):
        took_part(review, people, people.sponsor, "absent")
    with transaction.atomic(), pytest.raises(DatabaseError):
        Attendance.objects.create(review=review, user=people.sponsor, how="absent", by=people.manager, at=LATER)
    with transaction.atomic(), pytest.raises(DatabaseError):
        Attendance.objects.update(how="absent")


# --- Delivery confidence ---------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-12")
@pytest.mark.parametrize("level", Confidence.values)
def test_no_level_of_confidence_changes_what_is_decided(people, review, level):
    before = gates.blockers(review, LATER)
    client = client_of(people.sponsor)
    posted = client.post(address("confidence", review), {"level": level, "reasons": "Two testers have left."})
    assert posted.status_code == 302
    assert "Two testers have left." in text_of(client.get(address("review", review)))

    judged = signing.load(review.pk)

    assert gates.blockers(judged, LATER) == before
    assert not signing.standing(judged).waiting, "nor is it part of what is signed"
    assert world.decide(judged, now=LATER).is_go


@pytest.mark.req("EXT-12")
def test_no_gate_reads_the_confidence():
    """Neither the gates nor what they ask names it anywhere."""
    root = Path(gates.__file__).parent
    asked = [root / f"{name}.py" for name in ("gates", "gate_content", "gate_people", "signing", "meeting")]
    asked.append(root / "actions" / "decisions.py")
    asked += sorted(Path(checks.__file__).parent.glob("*.py"))
    for file in asked:
        for node in ast.walk(ast.parse(file.read_text())):
            for name in ("id", "attr", "name", "value"):
                word = getattr(node, name, "")
                assert not (isinstance(word, str) and word.lower().endswith("confidence")), f"{file.name}: {word}"


@pytest.mark.parametrize("form", [{"level": "high", "reasons": " "}, {"level": "sure", "reasons": "It is."}])
def test_a_level_is_one_of_five_and_has_reasons(people, review, form):
    assert len(Confidence.values) == 5
    assert client_of(people.sponsor).post(address("confidence", review), form).status_code == 422
    assert not DeliveryConfidence.objects.exists()


# --- Minutes ---------------------------------------------------------------------------------------------------------


def told_of(review: Review, people) -> Review:
    """The round decided go, with a finding, a condition, a dissenting voice and an absentee."""
    findings.raise_finding(
        review_id=review.pk,
        by=people.sponsor,
        code="A1",
        category="after_go",
        text="No baseline of the error rate.",
        owner=people.product,
        due_on=LATER.date(),
        now=LATER,
    )
    conditions.add(
        review_id=review.pk,
        by=people.program,
        text="Label the tablets.",
        consequence="They walk off.",
        owner=people.user,
        due_on=LATER.date(),
        now=LATER,
    )
    took_part(review, people, people.operations, "absent")
    world.sign(review, people.sponsor, position="dissent", comment="Too early.", now=LATER)
    world.sign_all(review, now=LATER)
    return world.decide(review, now=LATER, reason="We go all the same.")


@pytest.mark.req("EXT-15")
def test_minutes_are_a_draft_before_the_decision_and_frozen_with_it(people, review):
    client = client_of(people.operations)
    draft = text_of(client.get(address("minutes", review)))
    assert "A draft from what is recorded so far." in draft
    assert "Not decided yet." in draft

    told_of(review, people)

    frozen = text_of(client.get(address("minutes", review)))
    assert "Frozen with the decision" in frozen
    for said in (
        "Go with conditions",
        "We go all the same.",
        "F-01 No baseline of the error rate.",
        "C-1 Label the tablets.",
        "Too early. Dissent",
        "Quorum met",
        "Absent",
    ):
        assert said in frozen
    assert ledger_check.verify().findings == []


@pytest.mark.req("EXT-15")
def test_what_happens_later_leaves_the_minutes_as_they_were(people, review):
    told_of(review, people)
    client = client_of(people.operations)
    before, kept_body = text_of(client.get(address("minutes", review))), Minutes.objects.get().body

    findings.settle(
        review_id=review.pk,
        number=1,
        by=people.sponsor,
        disposition="done",
        text="Measured.",
        now=LATER + timedelta(days=1),
    )

    assert text_of(client.get(address("minutes", review))) == before
    row = Minutes.objects.get()
    assert (row.body, row.digest) == (kept_body, ledger.digest(kept_body))
    for change in ({"quorum": False}, {"body": "{}"}):
        with transaction.atomic(), pytest.raises(DatabaseError):
            Minutes.objects.update(**change)


@pytest.mark.req("EXT-15")
def test_a_no_go_has_minutes_with_its_areas(people, review):
    area = {"area": "Write chapter 7.", "effort_days": "6.5", "owner": people.product.pk, "due_on": "2099-01-01"}
    client = client_of(people.manager)
    form = decide_form(client, review, "no_go_postponed", area, reason="Too dear.")
    assert client.post(address("decide", review), form).status_code == 302
    told = text_of(client.get(address("minutes", review)))
    assert "No-go, postponed" in told
    assert "REM-01 Write chapter 7." in told


@pytest.mark.req("EXT-15")
def test_the_pack_holds_the_very_minutes(people, review):
    told_of(review, people)
    out = io.BytesIO()
    pack.build(review.project, out)
    with zipfile.ZipFile(out) as archive:
        body = archive.read("06_reviews/PPA-1/minutes.json").decode()
        text = archive.read("06_reviews/PPA-1/minutes.txt").decode()
    assert ledger.digest(body) == Minutes.objects.get().digest
    assert json.loads(body)["quorum"]["met"] is True
    assert "F-01 No baseline of the error rate." in text
