"""An emergency: two people in authority before the fix, then a clock for the rest of its record (EXT-18)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from projects import portfolio, retrospective
from projects.blocker import Blocked
from projects.lifecycle import MOVES, blockers
from projects.models import Notice, Project
from reviews import reminders, signing
from reviews.attention import REASONS
from reviews.models import ReviewKind
from tests import world
from tests.kept import kept

pytestmark = pytest.mark.django_db
FIXED = world.NOW  # a Monday


def fixed() -> tuple[world.People, Project]:
    """An emergency, fixed on Monday 23 November 2026; nothing of the record is there yet."""
    people = world.People()
    project = world.register_large(people, category="emergency")
    return people, world.fresh(world.to_deploy(project, people))


_fixed_once, _fixed = kept(fixed)


@pytest.fixture
def people(fixed):
    return fixed[0]


@pytest.fixture
def emergency(fixed):
    return fixed[1]


def later(days, hours=1):
    return FIXED + timedelta(days=days, hours=hours)


@pytest.mark.req("EXT-18")
@pytest.mark.parametrize("kind", [ReviewKind.PPA, ReviewKind.RR])
def test_two_people_sign_before_the_fix_and_one_does_not_do(people, kind):
    project = world.register_large(people, category="emergency")
    world.to_planning(project, people)
    if kind == ReviewKind.RR:
        world.pass_gate(project, ReviewKind.PPA, people)
        world.move(project, "start_build", people)
        world.confirm_outcomes(project, people)
        world.move(project, "start_stabilize", people)
    review = world.ready_to_sign(project, kind, people)
    first, *others = signing.standing(signing.load(review.pk)).waiting
    assert others
    world.sign(review, first.user)
    with pytest.raises(Blocked):
        world.decide(review)


@pytest.mark.req("EXT-18")
def test_the_record_is_due_five_working_days_after_the_fix(emergency):
    assert retrospective.record_due(emergency) == date(2026, 11, 30)
    open_now = blockers(emergency, MOVES["close"], FIXED)
    assert any(b.code == "artifact.not_approved" for b in open_now)
    assert [b.text[:9] for b in open_now if b.code == "output.open"] == ["PPA-1, O7", "RR-1, O1 ", "RR-1, O3 "]


@pytest.mark.req("EXT-18")
def test_an_overdue_record_is_counted_in_the_portfolio_from_the_day_after(emergency, people):
    narrow = REASONS["records"].narrow
    assert list(narrow(Project.objects.all(), later(7))) == []
    assert list(narrow(Project.objects.all(), later(8))) == [emergency]
    assert portfolio.summary(people.manager, later(8)).attention["records"] == 1


@pytest.mark.req("EXT-18")
@pytest.mark.parametrize(("ago", "words"), [(1, "is due on"), (14, "is overdue since")])
def test_the_project_says_by_when_its_record_is_due(client, people, ago, words):
    now = timezone.now() - timedelta(days=ago)
    project = world.register(people, category="emergency", now=now)
    world.to_deploy(project, people, now=now)
    client.force_login(people.program)
    assert f"The record of this emergency {words}" in client.get(project.get_absolute_url()).content.decode()


@pytest.mark.req("EXT-18")
def test_its_managers_are_told_before_on_the_day_and_while_it_is_overdue(emergency, people):
    for days in range(1, 16):
        reminders.queue_due(later(days))
    for person in (people.program, people.manager):
        told = [
            (notice.kind, notice.created_at.date().isoformat())
            for notice in Notice.objects.filter(recipient=person, kind__startswith="record.").order_by("id")
        ]
        assert told == [
            ("record.due_soon", "2026-11-26"),
            ("record.due", "2026-11-30"),
            ("record.overdue", "2026-12-01"),
            ("record.overdue", "2026-12-08"),
        ]


@pytest.mark.req("EXT-18")
def test_a_complete_record_stops_the_clock(people, emergency):
    world.close(emergency, people)
    assert retrospective.record_due(world.fresh(emergency)) is None
    assert reminders.queue_due(later(20)) == 0
