"""A condition that was added by mistake is taken back while its round is open: it binds nobody, and stays on record."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from projects import ledger_check
from projects.blocker import NotAllowed, Refused
from projects.models import LedgerEntry
from reviews import outlook, owed, packets, signing
from reviews.actions import conditions
from reviews.evidence import round_tables
from reviews.models import Condition, Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, text_of

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)
WHY = "It was meant for another project."


def add(review: Review, people: world.People, now=world.NOW) -> Condition:
    return conditions.add(
        review_id=review.pk,
        by=people.program,
        text="The night shift is trained.",
        consequence="Build stops.",
        owner=people.operations,
        due_on=date(2026, 12, 8),
        now=now,
    )


def scene() -> tuple[world.People, Review]:
    """A plan that everybody has signed, with a condition that nobody wants."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    add(review, people)
    world.sign_all(review)
    return people, review


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def review(scene) -> Review:
    return signing.load(scene[1].pk)


def take_back(review: Review, by, reason: str = WHY) -> Condition:
    row = Condition.ever.get(review=review, number=1)
    return conditions.take_back(condition_id=row.pk, by=by, reason=reason, now=LATER)


@pytest.mark.req("EXT-06")
def test_who_signed_it_is_asked_again_and_a_go_does_not_carry_it(people, review):
    take_back(review, people.manager)

    standing = signing.standing(signing.load(review.pk))
    assert standing.signed == []
    assert packets.read(standing.content.body)["conditions"] == []
    done = world.decide(world.sign_all(review, now=LATER), now=LATER)
    assert done.decision == "go"
    assert not owed.binding().exists()
    (summary,) = outlook.rounds(review.project, LATER)
    assert summary.conditions_open == 0
    assert ledger_check.verify(review.project).holds


def test_its_number_stays_taken_and_the_record_tells_of_it(people, review):
    take_back(review, people.program)

    assert str(add(review, people, now=LATER)) == "C-2"
    told = LedgerEntry.objects.get(event="condition.taken_back")
    assert told.actor == people.program
    assert WHY in told.line
    header, rows = round_tables.conditions(review)
    first, second = (dict(zip(header, row, strict=True)) for row in rows)
    assert (first["number"], first["taken_back_by"], first["taken_back_why"]) == ("C-1", people.program, WHY)
    assert (second["number"], second["taken_back_at"]) == ("C-2", None)


def test_only_who_sets_conditions_takes_them_back_once_and_says_why(people, review):
    for person in (people.operations, people.sponsor, people.auditor):
        with pytest.raises(NotAllowed, match=r"chair or the program manager"):
            take_back(review, person)
    with pytest.raises(Refused, match=r"Why it is taken back"):
        take_back(review, people.program, reason=" ")
    take_back(review, people.program)
    with pytest.raises(Refused, match=r"C-1 has been taken back already"):
        take_back(review, people.program)


@pytest.mark.req("EXT-06")
def test_what_was_decided_on_stays(people, review):
    world.decide(review)

    with pytest.raises(Refused, match=r"PPA-1 is over: its conditions stay as they were signed"):
        take_back(review, people.manager)
    assert "Take back" not in text_of(client_of(people.manager).get(address("review", review)))


def test_it_is_taken_back_on_the_pages_and_signers_see_what_changed(people, review):
    client, there = client_of(people.program), address("condition_take_back", review, 1)
    assert there in client.get(address("review", review)).content.decode()
    assert "The night shift is trained." in text_of(client.get(there))

    refused = client.post(there, {"reason": ""})
    assert refused.status_code == 422
    told = text_of(client.post(there, {"reason": WHY}, follow=True))

    assert "C-1 is taken back. Who had signed is asked again." in told
    assert "The night shift is trained." not in told
    assert WHY in text_of(client.get(there))
    assert text_of(client.post(there, {"reason": WHY})).count("C-1 has been taken back already.") == 1
    signer = signing.standing(signing.load(review.pk)).waiting[0]
    sign_page = text_of(client_of(signer.user).get(address("sign", review)))
    assert "C-1" in sign_page
    assert "The night shift is trained." in sign_page, "as what was signed before"


def test_the_database_takes_nothing_back_that_was_decided_on_and_nothing_twice(people, review):
    taken = {"taken_back_at": LATER, "taken_back_by": people.manager, "taken_back_why": WHY}
    with pytest.raises(DatabaseError, match=r"stands before it is taken back"), transaction.atomic():
        Condition.ever.create(
            review=review,
            number=2,
            text="x",
            consequence="x",
            owner=people.operations,
            due_on=date(2026, 12, 8),
            created_at=LATER,
            created_by=people.program,
            **taken,
        )
    take_back(review, people.manager)
    with pytest.raises(DatabaseError, match=r"was taken back stays so"), transaction.atomic():
        Condition.ever.filter(review=review).update(taken_back_at=None, taken_back_by=None, taken_back_why="")
    kept_one = add(review, people, now=LATER)
    world.decide(world.sign_all(review, now=LATER), now=LATER)
    with pytest.raises(DatabaseError, match=r"taken back while its round is open"), transaction.atomic():
        Condition.ever.filter(pk=kept_one.pk).update(**taken)
