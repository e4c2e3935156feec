"""Findings of a round: raised, signed with the rest, settled by another person, merged into a systemic one."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from projects import ledger_check
from projects.blocker import Refused
from projects.models import Notice
from reviews import attention, awaiting, signing
from reviews.actions import findings
from reviews.actions.findings import OwnFinding
from reviews.evidence import pack
from reviews.models import Finding, Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, decide_form, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)


def signed() -> tuple[world.People, Review]:
    """A round of a minor project's plan, signed by everybody who was asked."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, world.sign_all(world.ready_to_sign(project, ReviewKind.PPA, people))


_signed_once, _signed = kept(signed)


@pytest.fixture
def people(signed):
    return signed[0]


@pytest.fixture
def review(signed) -> Review:
    return signing.load(signed[1].pk)


def found(review: Review, people, **more: object) -> Finding:
    given = {
        "by": people.sponsor,
        "code": "A1",
        "category": "before_go",
        "text": "Nobody has measured today's error rate.",
        "owner": people.product,
        "due_on": date(2099, 5, 15),
        "now": LATER,
    }
    return findings.raise_finding(review_id=review.pk, **{**given, **more})


def settle(review: Review, finding: Finding, by, *, disposition: str = "done", text: str = "Measured.", now=LATER):
    return findings.settle(
        review_id=review.pk, number=finding.number, by=by, disposition=disposition, text=text, now=now
    )


@pytest.mark.req("EXT-04")
def test_a_finding_names_its_question_document_place_class_owner_and_day(people, review):
    version = next(pin.version for item in review.items.all() for pin in item.pins.all())
    client = client_of(people.sponsor)
    form = {
        "category": "after_go",
        "code": "A1",
        "version_id": version.pk,
        "location": "Chapter 7, table 2",
        "text": "No baseline of the error rate.",
        "requested_change": "Measure two runs.",
        "owner": people.product.pk,
        "due_on": "2099-05-15",
    }
    assert client.post(address("finding_new", review), form).url.endswith("#findings")

    told = text_of(client.get(address("review", review)))
    for said in ("F-01 No baseline of the error rate.", "Chapter 7, table 2", "Measure two runs.", "After the go"):
        assert said in told
    row = Finding.objects.get()
    assert (row.item.code, row.version, row.owner, row.due_on) == ("A1", version, people.product, date(2099, 5, 15))
    assert Notice.objects.filter(kind="finding.raised", recipient=people.product).exists()
    assert [entry.kind for entry in awaiting.inbox(people.product, LATER)] == ["finding"]
    assert awaiting.count(people.product, LATER) == 1


@pytest.mark.req("EXT-04")
@pytest.mark.parametrize(
    ("lacks", "says"),
    [
        ({"category": "before_go", "owner": ""}, "Name who settles it"),
        ({"category": "after_go", "due_on": ""}, "has a day until which"),
        ({"category": "after_go", "due_on": "2020-01-01"}, "due today or later"),
        ({"category": "later"}, "Select a valid choice"),
    ],
)
def test_a_finding_is_complete_for_its_class(people, review, lacks, says):
    form = {"code": "A1", "text": "Late.", "owner": people.product.pk, "due_on": "2099-05-15", **lacks}
    posted = client_of(people.sponsor).post(address("finding_new", review), form)
    assert posted.status_code == 422
    assert says in text_of(posted)
    assert not Finding.objects.exists()


@pytest.mark.req("EXT-05")
def test_a_go_is_refused_while_a_finding_to_settle_before_it_is_open(people, review):
    finding = found(review, people)
    world.sign_all(review, now=LATER)
    client = client_of(people.manager)

    refused = client.post(address("decide", review), decide_form(client, review, "go"))

    assert refused.status_code == 409
    assert "F-01 must be settled before the go" in text_of(refused)
    assert signing.load(review.pk).is_open
    settle(review, finding, people.sponsor)
    world.sign_all(review, now=LATER)
    assert client.post(address("decide", review), decide_form(client, review, "go")).status_code == 302


@pytest.mark.req("EXT-05")
@pytest.mark.parametrize("category", ["after_go", "editorial"])
def test_other_findings_do_not_hold_a_go_up(people, review, category):
    found(review, people, category=category)
    assert world.decide(world.sign_all(review, now=LATER), now=LATER).is_go


@pytest.mark.req("EXT-10")
@pytest.mark.parametrize("change", ["raised", "settled", "merged"])
def test_every_change_of_a_finding_supersedes_the_signatures(people, review, change):
    if change != "raised":
        first, second = found(review, people), found(review, people, code="A2")
        world.sign_all(review, now=LATER)
    asked = Notice.objects.filter(kind="sign_off.superseded", recipient=people.operations).count()
    assert not signing.standing(signing.load(review.pk)).waiting

    after = LATER + timedelta(minutes=1)
    if change == "raised":
        found(review, people, now=after)
    elif change == "settled":
        settle(review, first, people.sponsor, now=after)
    else:
        findings.merge(review_id=review.pk, number=2, into=1, by=people.program, now=after)
        assert second.number == 2

    assert signing.standing(signing.load(review.pk)).waiting
    assert Notice.objects.filter(kind="sign_off.superseded", recipient=people.operations).count() == asked + 1
    page = text_of(client_of(people.operations).get(address("sign", review)))
    assert "F-01 Nobody has measured today's error rate." in page


@pytest.mark.req("EXT-24", "EXT-25")
@pytest.mark.parametrize("disposition", ["done", "rejected"])
def test_nobody_closes_the_own_finding(people, review, disposition):
    """Not as its owner, whatever else he is: here the chair, who may close any other."""
    finding = found(review, people, owner=people.manager)
    client = client_of(people.manager)
    ask = f"F-01 is yours to settle: somebody else closes it. Ask {people.sponsor}, {people.program}."
    assert ask in text_of(client.get(address("finding_close", review, 1)))
    refused = client.post(address("finding_close", review, 1), {"disposition": disposition, "text": "Fine by me."})
    assert refused.status_code == 403
    assert ask in text_of(refused)
    with pytest.raises(OwnFinding):
        settle(review, finding, people.manager, disposition=disposition)
    with transaction.atomic(), pytest.raises(DatabaseError):
        Finding.objects.filter(pk=finding.pk).update(
            disposition="done", disposition_text="x", closed_by=people.manager, closed_at=LATER
        )
    assert Finding.objects.get().is_open


@pytest.mark.req("EXT-24")
def test_a_finding_that_is_merged_is_not_closed_through_the_systemic_one_by_its_owner(people, review):
    found(review, people, owner=people.manager)
    systemic = found(review, people, code="A2")
    with pytest.raises(OwnFinding):
        findings.merge(review_id=review.pk, number=1, into=2, by=people.manager, now=LATER)
    findings.merge(review_id=review.pk, number=1, into=2, by=people.program, now=LATER)
    page = text_of(client_of(people.manager).get(address("finding_close", review, 2)))
    assert "F-01 is yours to settle: somebody else closes it." in page
    with pytest.raises(OwnFinding):
        settle(review, systemic, people.manager)


def test_the_program_manager_closes_but_does_not_reject(people, review):
    found(review, people)
    client = client_of(people.program)
    rejected = client.post(address("finding_close", review, 1), {"disposition": "rejected", "text": "Not needed."})
    assert rejected.status_code == 403
    done = client.post(address("finding_close", review, 1), {"disposition": "done", "text": "Measured twice."})
    assert done.status_code == 302
    told = text_of(client.get(address("review", review)))
    assert "Accepted and done" in told
    assert "Measured twice." in told


def test_only_an_editorial_finding_is_done_without_a_word(people, review):
    found(review, people)
    found(review, people, category="editorial", owner=None, due_on=None)
    client = client_of(people.program)
    assert client.post(address("finding_close", review, 1), {"disposition": "done"}).status_code == 422
    assert client.post(address("finding_close", review, 2), {"disposition": "done"}).status_code == 302
    assert client.post(address("finding_close", review, 2), {"disposition": "done"}).status_code == 422


@pytest.mark.req("EXT-21")
def test_findings_merged_into_a_systemic_one_stay_linked_and_close_with_it(people, review):
    found(review, people)
    found(review, people, code="A2", text="The second depot has no figures either.")
    systemic = found(review, people, code="A3", text="No depot measures.")
    client = client_of(people.program)
    for number in (1, 2):
        assert client.post(address("finding_merge", review, number), {"into": 3}).status_code == 302

    told = text_of(client.get(address("review", review)))
    assert told.count("One case of F-03") == 2
    assert [row.number for row in systemic.merged.all()] == [1, 2]
    world.sign_all(review, now=LATER)
    missing = text_of(client.get(address("review", review)))
    assert "F-03 must be settled before the go" in missing
    assert "F-01 must be settled before the go" not in missing

    settle(review, systemic, people.sponsor)

    assert world.decide(world.sign_all(review, now=LATER), now=LATER).is_go
    assert "One case of F-03" in text_of(client.get(address("review", review)))


@pytest.mark.req("EXT-21")
def test_merging_never_makes_a_finding_weaker(people, review):
    found(review, people)
    found(review, people, category="after_go")
    found(review, people, category="after_go", due_on=date(2099, 6, 1))
    for number, into, says in ((1, 2, "settled later"), (2, 3, "due later")):
        with pytest.raises(Refused, match=says):
            findings.merge(review_id=review.pk, number=number, into=into, by=people.program, now=LATER)
    assert not Finding.objects.filter(merged_into__isnull=False).exists()
    findings.merge(review_id=review.pk, number=2, into=1, by=people.program, now=LATER)
    with pytest.raises(Refused, match="Others are merged"):
        findings.merge(review_id=review.pk, number=1, into=3, by=people.program, now=LATER)


@pytest.mark.req("EXT-21", "EXT-25")
def test_only_findings_that_are_as_strict_are_offered_to_merge_into(people, review):
    found(review, people)
    found(review, people, category="after_go")
    found(review, people, category="after_go", due_on=date(2099, 6, 1))
    client = client_of(people.program)

    def offered(number):
        page = client.get(address("finding_merge", review, number))
        return [value for value, _label in page.context["form"].fields["into"].choices if value], text_of(page)

    assert "No other open finding of this review is as strict as this one." in offered(1)[1]
    assert (offered(2)[0], offered(3)[0]) == ([1], [1, 2])
    assert client.post(address("finding_merge", review, 1), {"into": 2}).status_code == 422
    findings.merge(review_id=review.pk, number=2, into=1, by=people.program, now=LATER)
    assert "Others are merged into F-01: merge into it." in offered(1)[1]


def test_what_is_settled_after_the_go_leaves_the_decided_packet_true(people, review):
    finding = found(review, people, category="after_go", due_on=LATER.date())
    project = world.decide(world.sign_all(review, now=LATER), now=LATER).project
    overdue = attention.REASONS["findings"].narrow
    everything = type(project).objects.all()
    assert not overdue(everything, LATER).exists()
    assert overdue(everything, LATER + timedelta(days=2)).exists()

    settle(review, finding, people.sponsor, now=LATER + timedelta(days=2))

    assert not overdue(everything, LATER + timedelta(days=2)).exists()
    assert ledger_check.verify().findings == []
    with pytest.raises(findings.Refused):
        found(review, people)


def test_a_finding_is_told_in_the_pack(people, review):
    found(review, people)
    settle(review, Finding.objects.get(), people.sponsor)
    out = io.BytesIO()
    pack.build(review.project, out)
    with zipfile.ZipFile(out) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("06_reviews/PPA-1/findings.csv").decode())))
    assert [(row["number"], row["class"], row["disposition"], row["closed_by"]) for row in rows] == [
        ("F-01", "before_go", "done", people.sponsor.name)
    ]


def test_what_was_found_is_never_rewritten(people, review):
    finding = found(review, people)
    for change in ({"text": "Fine."}, {"category": "editorial"}, {"owner": people.support}):
        with transaction.atomic(), pytest.raises(DatabaseError):
            Finding.objects.filter(pk=finding.pk).update(**change)
    settle(review, finding, people.sponsor)
    with transaction.atomic(), pytest.raises(DatabaseError):
        Finding.objects.filter(pk=finding.pk).update(
            disposition="open", disposition_text="", closed_by=None, closed_at=None
        )
