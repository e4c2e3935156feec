"""What the review of a release promises, seen through its pages: who confirms, what is asked, what keeps a go back."""

import pytest
from django.db import IntegrityError, transaction

from projects.models import GatePass, LedgerEntry
from reviews import signing
from reviews.actions import decisions
from reviews.models import ItemAnswer, Review, ReviewKind, SignOff
from tests import rows, world
from tests.kept import kept
from tests.pages import address, answer_form, client_of, decide_form, text_of

pytestmark = pytest.mark.django_db


def asked() -> tuple[world.People, Review]:
    """The release of a significant change, everything answered, sign-offs asked for, nobody has signed."""
    people = world.People()
    project = world.to_stabilize(world.register_large(people, category="significant"), people)
    return people, world.ready_to_sign(project, ReviewKind.RR, people)


_asked_once, _asked = kept(asked)


@pytest.fixture
def people(asked):
    return asked[0]


@pytest.fixture
def review(asked) -> Review:
    return signing.load(asked[1].pk)


def decided_go(review: Review, people):
    """What the chair's browser gets for a go."""
    client = client_of(people.manager)
    return client.post(address("decide", review), decide_form(client, review, "go"))


def refuses_go(review: Review, people, *says: str) -> None:
    """A go posted by the chair is refused, for these reasons among others."""
    posted = decided_go(review, people)
    assert posted.status_code == 409
    for said in says:
        assert said in text_of(posted)
    assert signing.load(review.pk).is_open
    assert not GatePass.objects.filter(review_ref=review.ref).exists()


@pytest.mark.req("SEED-78")
def test_each_stakeholder_confirms_and_who_has_not_is_listed_and_keeps_the_go_back(review, people):
    *first, security, sponsor = [person.user for person in signing.standing(review).waiting]
    for user in first:
        world.sign(review, user)

    room = text_of(client_of(people.manager).get(address("review", review)))
    assert f"{len(first)} of {len(first) + 2} signed, waiting for {security}, {sponsor}" in room
    refuses_go(
        review,
        people,
        f"{security} has not signed the present content.",
        f"{sponsor} has not signed the present content.",
    )

    world.sign_all(review)
    assert decided_go(review, people).status_code == 302


@pytest.mark.req("SEED-84")
def test_the_sponsor_and_each_stakeholder_say_go_or_no_go_in_an_entry_of_their_own_before_the_decision(review, people):
    """Each signature stands for itself in the record, whichever way it goes, and nobody's is given by another."""
    groups = {person.group: person.user for person in review.participants.all() if person.signs}
    assert people.sponsor in groups.values()
    assert len(groups) == 7
    world.sign(review, people.sponsor, position="dissent", comment="The season has begun.")
    refuses_go(review, people, f"{groups['RR-P3']} has not signed")
    before = text_of(client_of(people.manager).get(address("decide", review)))
    said = before[before.index("Go or no-go, as each has said it") :]
    assert "A go is not available while one is missing." in said
    assert f"{people.sponsor} Business management ·" in said
    assert "The season has begun. Dissent" in said
    assert f"{groups['RR-P3']} Security team Has not said it yet" in said

    world.sign_all(review)

    signed = SignOff.objects.filter(participant__review=review)
    given = {sign.user: sign.position for sign in signed}
    assert set(given) >= set(groups.values())
    assert given[people.sponsor] == "dissent"
    told = LedgerEntry.objects.filter(event="sign_off.given", stream__project=review.project)
    assert {str(sign.pk) for sign in signed} <= set(told.values_list("object_id", flat=True))
    page = text_of(client_of(people.manager).get(address("decide", review)))
    assert "The season has begun." in page
    assert "Has not said it yet" not in page


@pytest.mark.req("SEED-77")
def test_a_release_goes_ahead_with_the_statement_that_its_remaining_risks_are_acceptable(review, people):
    world.sign_all(review)
    client = client_of(people.manager)
    form = decide_form(client, review, "go")
    silent = {name: value for name, value in form.items() if name != "risks_acceptable"}

    refused = client.post(address("decide", review), silent)

    assert refused.status_code == 422
    assert "The risks that remain are dealt with or acceptable." in text_of(refused)
    with pytest.raises(decisions.RisksNotStated):
        world.decide(review, risks_acceptable=False)
    with pytest.raises(IntegrityError, match="remaining risks"), transaction.atomic():
        rows.decide(review, signing.packet_digest(review), risks_acceptable=False)
    assert signing.load(review.pk).is_open

    told = text_of(client.post(address("decide", review), form, follow=True))

    assert "The risks that remain were stated to be dealt with or acceptable." in told
    entry = LedgerEntry.objects.filter(event="review.decided", stream__project=review.project).latest("seq")
    assert '"risks_acceptable":true' in entry.line


@pytest.mark.req("SEED-86")
def test_the_effect_of_going_ahead_and_of_staying_is_stated_for_business_and_for_it(review, people):
    client, url = client_of(people.sponsor), address("item", review, "A6")
    business = "Business, going ahead: a quiet night.\nBusiness, staying: lost calls.\n"
    three = business + "IT, going ahead: one night.\nIT, staying: "

    refused = client.post(url, answer_form(client, review, "A6", "confirmed", evidence=three))

    assert refused.status_code == 422
    assert "Missing: IT, staying: …" in text_of(refused)
    whole = three + "no spare parts."
    assert client.post(url, answer_form(client, review, "A6", "confirmed", evidence=whole)).status_code == 302
    room = text_of(client.get(address("review", review)))
    for line in whole.splitlines():
        assert line in room


@pytest.mark.req("SEED-96")
def test_the_way_back_is_a_question_of_its_own_and_never_confirmed_on_somebodys_word(review, people):
    client, url = client_of(people.sponsor), address("item", review, "G-REL-3")
    told = text_of(client.get(address("review", review)))
    assert "G-REL-3 There is a way back that will work." in told
    assert "Rehearsed, quicker than the window allows, with a point of no return." in told
    before = ItemAnswer.objects.filter(item__review=review, item__code="G-REL-3").count()

    silent = client.post(url, answer_form(client, review, "G-REL-3", "confirmed"))

    assert silent.status_code == 422
    assert ItemAnswer.objects.filter(item__review=review, item__code="G-REL-3").count() == before
    assert (
        client.post(url, answer_form(client, review, "G-REL-3", "not_confirmed", reason="Never rehearsed.")).status_code
        == 302
    )
    world.sign_all(review)
    refuses_go(review, people, "G-REL-3 is not confirmed: There is a way back that will work.")


@pytest.mark.req("SEED-101")
def test_without_a_backup_plan_the_indicator_is_up_and_there_is_no_go(review, people):
    assert review.project.artifacts.get(kind="ART-37").status == "approved"
    client = client_of(people.sponsor)
    form = answer_form(client, review, "N-ENV-3", "present", reason="Nobody has written one.")

    assert client.post(address("item", review, "N-ENV-3"), form).status_code == 302

    world.sign_all(review)
    refuses_go(review, people, "N-ENV-3 is present: A backup plan is missing.")


@pytest.mark.req("SEED-103")
@pytest.mark.parametrize(
    ("code", "other", "text"),
    [
        ("G-STR-2", "G-STR-3", "Every key stakeholder has been told of the release."),
        ("G-STR-3", "G-STR-2", "People and means for the implementation are confirmed."),
    ],
)
def test_stakeholders_told_and_resources_confirmed_are_two_questions(review, people, code, other, text):
    client = client_of(people.sponsor)
    form = answer_form(client, review, code, "not_confirmed", reason="Not for the night shift.")
    assert client.post(address("item", review, code), form).status_code == 302

    world.sign_all(review)

    refuses_go(review, people, f"{code} is not confirmed: {text}")
    assert f"{other} is" not in text_of(client.get(address("review", review)))


@pytest.mark.req("SEED-104")
def test_single_points_of_failure_are_asked_for_and_one_keeps_the_go_back(review, people):
    client = client_of(people.sponsor)
    asked = text_of(client.get(address("review", review)))
    assert (
        "N-STR-1 Success hangs on a single point or the plan has a fatal flaw: "
        "one technician, an unproven technology." in asked
    )
    form = answer_form(client, review, "N-STR-1", "present", reason="Only Ravi can move the trunk.")
    assert client.post(address("item", review, "N-STR-1"), form).status_code == 302

    world.sign_all(review)

    refuses_go(review, people, "N-STR-1 is present", "Only Ravi can move the trunk.")
