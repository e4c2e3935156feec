"""Who has signed, told from dates for many rounds at once, is what the packet says of each."""

from datetime import timedelta

import pytest

from projects.actions import artifacts, projects
from projects.actions.artifacts import Content
from projects.models import Project
from reviews import signing, tally
from reviews.actions import answers, conditions, rounds
from reviews.models import Participant, Review, ReviewKind
from tests import world
from tests.kept import kept

pytestmark = pytest.mark.django_db


class Clock:
    """Moves on by a minute each time somebody looks."""

    def __init__(self):
        self.at = world.NOW

    @property
    def now(self):
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def clock():
    return Clock()


def scene():
    people = world.People()
    project = world.register(people)
    world.to_planning(project, people)
    return people, world.ready_to_sign(project, ReviewKind.PPA, people, now=Clock().now)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def review(scene):
    return scene[1]


def told(review):
    return tally.of_signing(Participant.objects.filter(review=review))[review.pk]


def by_packet(review):
    return signing.standing(signing.load(review.pk))


def assert_same(review):
    lists, packet = told(review), by_packet(review)
    assert {each.user_id for each in lists.waiting} == {each.user_id for each in packet.waiting}
    assert (lists.signed, lists.signers) == (len(packet.signed), len(packet.signed) + len(packet.waiting))
    return lists


def change_an_answer(review, people, clock):
    answers.answer(
        review_id=review.pk, code="A1", by=people.sponsor, value="confirmed", evidence="Seen again.", now=clock.now
    )


def test_asked_and_signed(review, people, clock):
    assert assert_same(review).signed == 0
    world.sign(review, people.sponsor, now=clock.now)
    assert assert_same(review).signed == 1


def changed_answer(review, people, clock):
    change_an_answer(review, people, clock)


def new_version(review, people, clock):
    pin = next(pin for item in signing.load(review.pk).items.all() for pin in item.pins.all())
    artifacts.add_version(
        project_id=review.project_id,
        kind=pin.version.artifact.kind,
        by=people.developer,
        content=Content(text="Newer."),
        now=clock.now,
    )


def another_title(review, people, clock):
    project = Project.objects.get(pk=review.project_id)
    facts = world.facts(title="Visitor sign-in at four depots")
    projects.edit(project_id=project.pk, by=people.program, facts=facts, version=project.version, now=clock.now)


def another_person(review, people, clock):
    rounds.name_participant(
        review_id=review.pk,
        by=people.program,
        group="PPA-P1",
        person=world.person("newcomer"),
        signs=True,
        now=clock.now,
    )


def a_condition(review, people, clock):
    conditions.add(
        review_id=review.pk,
        by=people.program,
        text="Label the tablets.",
        consequence="They walk off.",
        owner=people.developer,
        due_on=(clock.at + timedelta(days=9)).date(),
        now=clock.now,
    )


@pytest.mark.parametrize("change", [changed_answer, new_version, another_title, another_person, a_condition])
def test_a_change_makes_signatures_stale_in_lists_too(review, people, clock, change):
    world.sign(review, people.sponsor, now=clock.now)
    change(review, people, clock)

    assert assert_same(review).signed == 0
    if change is not new_version:  # a newer version must be pinned before the packet can be signed on
        world.sign(review, people.sponsor, now=clock.now)
        assert assert_same(review).signed == 1


def test_a_signature_that_counts_again_is_counted_again(review, people, clock):
    """A person is named and taken out again: the packet is what it was, and so is the signature."""
    world.sign(review, people.sponsor, now=clock.now)
    another_person(review, people, clock)
    newcomer = Participant.objects.get(review=review, user__username="newcomer")
    rounds.remove_participant(review_id=review.pk, participant_id=newcomer.pk, by=people.program, now=clock.now)

    assert assert_same(review).signed == 1


def test_in_doubt_the_packet_decides(review, people, clock):
    """Signed in the same instant as the asking: dates alone would not tell."""
    world.sign(review, people.sponsor, now=signing.load(review.pk).sign_offs_requested_at)
    assert assert_same(review).signed == 1

    change_an_answer(review, people, clock)
    assert assert_same(review).signed == 0


def test_the_longest_waiting_comes_first(review, people, clock):
    first, second = by_packet(review).waiting
    world.sign(review, first.user, now=clock.now)
    change_an_answer(review, people, clock)

    assert [each.user_id for each in told(review).waiting] == [second.user_id, first.user_id]


def test_whoever_was_taken_out_is_not_counted(review, people, clock):
    out = by_packet(review).waiting[0]
    rounds.remove_participant(review_id=review.pk, participant_id=out.pk, by=people.program, now=clock.now)

    assert assert_same(review).signers == 1


def test_a_decided_round_counts_the_packet_that_was_decided_on(review, people, clock):
    world.sign(review, people.sponsor, now=clock.now)
    change_an_answer(review, people, clock)
    for participant in by_packet(review).waiting:
        world.sign(review, participant.user, now=clock.now)
    world.decide(review, now=clock.now)

    decided = tally.of_decided(Review.objects.filter(pk=review.pk))[review.pk]

    assert (decided.signed, decided.signers) == (2, 2)


@pytest.mark.parametrize("rounds_open", [1, 4])
def test_one_query_for_any_number_of_rounds(people, clock, rounds_open, django_assert_num_queries):
    made = []
    for _each in range(rounds_open):
        project = world.register(people)
        world.to_planning(project, people)
        one = world.ready_to_sign(project, ReviewKind.PPA, people, now=clock.now)
        world.sign(one, people.sponsor, now=clock.now)
        made.append(one.pk)

    with django_assert_num_queries(1):
        tallies = tally.of_signing(Participant.objects.filter(review__in=made))

    assert [each.signed for each in tallies.values()] == [1] * rounds_open
