"""The gate calendar: which reviews come, in which week, and what speaks against their time."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.blocker import NotAllowed, Refused
from projects.models import LedgerEntry
from reviews.actions import blackouts
from reviews.gate_calendar import calendar_for
from reviews.models import Mode, Review, ReviewKind
from tests import rows, world
from tests.pages import address, client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
IN_A_WEEK = world.NOW + timedelta(days=8)  # a Tuesday, 9:00


@pytest.fixture
def people():
    return world.People()


def planned(project, kind=ReviewKind.PPA, at=IN_A_WEEK, mode=Mode.MEETING, **more):
    return rows.review(project, kind, scheduled_for=at, mode=mode, **more)


def weeks_of(calendar):
    return {week.starts_on: [str(each.review) for each in week.reviews] for week in calendar.weeks if week.reviews}


@pytest.mark.req("EXT-26")
def test_coming_reviews_stand_in_their_week_and_the_late_and_the_undated_are_told(people):
    planned(rows.project())
    planned(rows.project(), ReviewKind.RR, at=world.NOW + timedelta(weeks=11))
    planned(rows.project(), at=world.NOW + timedelta(weeks=12))
    planned(rows.project(), at=world.NOW - timedelta(days=5))
    planned(rows.project(), at=None)

    calendar = calendar_for(people.manager, world.NOW)

    assert weeks_of(calendar) == {date(2026, 11, 30): ["PPA-1"], date(2027, 2, 8): ["RR-1"]}
    assert (len(calendar.late), calendar.undated) == (1, 1)


def test_quiet_weeks_one_after_the_other_are_one(people):
    planned(rows.project())
    planned(rows.project(), ReviewKind.RR, at=world.NOW + timedelta(weeks=11))

    weeks = calendar_for(people.manager, world.NOW).weeks

    assert [(week.number, week.last_number, week.quiet) for week in weeks] == [
        (48, 48, True),
        (49, 49, False),
        (50, 5, True),
        (6, 6, False),
    ]
    told = text_of(client_of(people.manager).get("/calendar/"))
    assert told.count("No review is planned.") < 12


@pytest.mark.req("EXT-26")
def test_only_reviews_of_visible_projects_are_shown(people):
    mine = world.register(people)
    planned(mine)
    planned(rows.project())

    page = client_of(people.developer).get("/calendar/")

    assert mine.code in text_of(page)
    assert "ROW-" not in text_of(page)


@pytest.mark.req("EXT-26")
def test_what_is_decided_or_withdrawn_is_not_coming(people):
    gone = planned(rows.project())
    Review.objects.filter(pk=gone.pk).update(state="withdrawn")
    assert weeks_of(calendar_for(people.manager, world.NOW)) == {}


@pytest.mark.req("EXT-26")
def test_a_review_in_a_blackout_is_marked_until_the_period_is_lifted(people):
    planned(rows.project())
    planned(rows.project(), at=IN_A_WEEK + timedelta(days=1))
    client = client_of(people.process_owner)
    day = IN_A_WEEK.date().isoformat()

    said = client.post("/calendar/", {"starts_on": day, "ends_on": day, "reason": "Stocktaking."}, follow=True)

    assert text_of(said).count("In the blackout: Stocktaking.") == 1
    told = LedgerEntry.objects.get(event="blackout.announced")
    assert (told.stream.key, told.actor) == ("system", people.process_owner)
    [week] = [week for week in calendar_for(people.manager, world.NOW).weeks if week.blackouts]
    assert week.starts_on == date(2026, 11, 30)

    said = client.post(f"/calendar/blackouts/{week.blackouts[0].pk}/lift/", follow=True)

    assert "Stocktaking." not in text_of(said)
    assert LedgerEntry.objects.filter(event="blackout.lifted", stream__key="system").exists()


@pytest.mark.req("EXT-26")
@pytest.mark.parametrize("who", ["program", "auditor", "operator", "developer"])
def test_only_who_keeps_the_rules_announces_and_lifts(people, who):
    given = {"starts_on": date(2026, 12, 20), "ends_on": date(2027, 1, 4), "reason": "Year-end.", "now": world.NOW}
    period = blackouts.announce(by=people.manager, **given)
    with pytest.raises(NotAllowed):
        blackouts.announce(by=getattr(people, who), **given)
    with pytest.raises(NotAllowed):
        blackouts.lift(blackout_id=period.pk, by=getattr(people, who), now=world.NOW)


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [
        (date(2026, 12, 2), date(2026, 12, 1), "Year-end."),
        (date(2026, 11, 2), date(2026, 11, 3), "Year-end."),
        (date(2026, 12, 2), date(2026, 12, 3), "  "),
    ],
)
def test_a_period_is_in_order_ahead_and_explained(people, starts, ends, reason):
    with pytest.raises(Refused):
        blackouts.announce(by=people.manager, starts_on=starts, ends_on=ends, reason=reason, now=world.NOW)


def test_a_lifted_period_is_not_lifted_again(people):
    day = date(2026, 12, 24)
    period = blackouts.announce(by=people.manager, starts_on=day, ends_on=day, reason="Eve.", now=world.NOW)
    blackouts.lift(blackout_id=period.pk, by=people.manager, now=world.NOW)
    with pytest.raises(Refused):
        blackouts.lift(blackout_id=period.pk, by=people.manager, now=world.NOW)


@pytest.mark.req("EXT-26")
@pytest.mark.parametrize(
    ("minutes", "mode", "twice"),
    [(0, Mode.MEETING, True), (119, Mode.MEETING, True), (120, Mode.MEETING, False), (30, Mode.ASYNC, False)],
)
def test_a_person_in_two_meetings_within_two_hours_is_booked_twice(people, minutes, mode, twice):
    one, other = planned(rows.project()), planned(rows.project(), at=IN_A_WEEK + timedelta(minutes=minutes), mode=mode)
    for review in (one, other):
        review.participants.create(group="PPA-P1", user=people.sponsor)
    other.participants.create(group="PPA-P1", user=people.user)

    page = text_of(client_of(people.manager).get("/calendar/"))

    assert page.count("Lucía Benítez is booked twice") == (2 if twice else 0)
    assert "Chloe Martin" not in page


@pytest.mark.req("EXT-26")
def test_people_whom_the_same_meeting_takes_are_told_together(people):
    for review in (planned(rows.project()), planned(rows.project(), at=IN_A_WEEK + timedelta(minutes=30))):
        for person in (people.sponsor, people.user):
            review.participants.create(group="PPA-P1", user=person)
    page = text_of(client_of(people.manager).get("/calendar/"))
    names = ", ".join(sorted(map(str, (people.sponsor, people.user))))
    assert page.count(f"{names} are booked twice: PPA-1, ") == 2


@pytest.mark.req("EXT-26")
def test_a_meeting_that_the_reader_may_not_see_still_takes_the_person(people):
    """A program manager sees the own projects alone; that the sponsor is taken is told, by what is not."""
    mine, foreign = planned(world.register(people)), planned(rows.project(), at=IN_A_WEEK + timedelta(minutes=30))
    for review in (mine, foreign):
        review.participants.create(group="PPA-P6", user=people.sponsor)
    client = client_of(people.program)

    page = text_of(client.get("/calendar/"))

    assert "Lucía Benítez is booked twice: another meeting at 09:30" in page
    assert foreign.project.code not in page
    foreign.participants.update(removed_at=world.NOW)
    assert "booked twice" not in text_of(client.get("/calendar/"))


@pytest.mark.req("EXT-26")
@pytest.mark.parametrize(("minutes", "twice"), [(150, True), (180, False)])
def test_a_long_meeting_takes_its_people_until_it_ends(people, minutes, twice):
    one, other = planned(rows.project()), planned(rows.project(), at=IN_A_WEEK + timedelta(minutes=minutes))
    for review in (one, other):
        review.participants.create(group="PPA-P1", user=people.sponsor)
    one.calls.create(
        sequence=0,
        uid="one",
        starts_at=IN_A_WEEK,
        ends_at=IN_A_WEEK + timedelta(hours=3),
        chair=one.chair,
        people=[],
        by=one.chair,
        at=world.NOW,
    )

    page = text_of(client_of(people.manager).get("/calendar/"))

    assert ("Lucía Benítez is booked twice" in page) == twice


@pytest.mark.req("EXT-26")
def test_whoever_plans_a_round_is_told_what_speaks_against_its_time(people):
    project = world.to_planning(world.register(people), people)
    day = IN_A_WEEK.date()
    blackouts.announce(by=people.process_owner, starts_on=day, ends_on=day, reason="Stocktaking.", now=world.NOW)
    foreign = planned(rows.project(), at=IN_A_WEEK + timedelta(minutes=30))
    foreign.participants.create(group="PPA-P1", user=people.sponsor)
    client, meets = client_of(people.program), {"mode": "meeting", "chair": people.manager.pk}
    at = f"{IN_A_WEEK:%Y-%m-%dT%H:%M}"

    new = f"{project.get_absolute_url()}reviews/new/ppa/"
    told = text_of(client.post(new, {**meets, "scheduled_for": at}, follow=True))

    assert "It is planned in the blackout: Stocktaking." in told
    assert "Lucía Benítez is booked twice: another meeting at 09:30." in told
    assert foreign.project.code not in told
    facts = address("review_facts", project.reviews.get())
    later = f"{IN_A_WEEK + timedelta(days=1):%Y-%m-%dT%H:%M}"
    moved = text_of(client.post(facts, {**meets, "scheduled_for": later}, follow=True))
    assert "Saved." in moved
    assert "blackout" not in moved
    assert "is past" not in moved
    gone = f"{world.NOW - timedelta(days=400):%Y-%m-%dT%H:%M}"
    told = text_of(client.post(facts, {**meets, "scheduled_for": gone}, follow=True))
    assert "The time that it is planned for is past." in told
    assert "booked twice" not in moved
    seen = planned(world.register(people), at=IN_A_WEEK + timedelta(days=1, minutes=15))
    seen.participants.create(group="PPA-P1", user=people.sponsor)
    again = text_of(client.post(facts, {**meets, "scheduled_for": later, "place": "Room 2"}, follow=True))
    assert f"Lucía Benítez is booked twice: PPA-1, {seen.project.code} at 09:15." in again


def test_a_chair_is_booked_too_and_who_was_taken_out_is_not(people):
    one = planned(rows.project(), chair=people.manager)
    planned(rows.project(), chair=people.manager).participants.create(
        group="PPA-P1", user=people.user, removed_at=world.NOW
    )
    one.participants.create(group="PPA-P1", user=people.user)

    [week] = [week for week in calendar_for(people.manager, world.NOW).weeks if week.reviews]

    assert [[clash.person for clash in each.clashes] for each in week.reviews] == [[people.manager], [people.manager]]


@pytest.mark.req("EXT-26")
def test_the_calendar_costs_the_same_with_three_rounds_and_with_three_hundred(people):
    def fill(number):
        for at in range(number):
            review = planned(rows.project(), at=world.NOW + timedelta(days=at % 80), chair=people.manager)
            review.participants.create(group="PPA-P1", user=people.sponsor)

    client = client_of(people.manager)
    costs = []
    for number in (3, 297):
        fill(number)
        client.get("/calendar/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/calendar/").status_code == 200
        costs.append(len(seen))
    assert costs == [8, 8]


def test_the_portfolio_leads_to_the_calendar(people):
    assert 'href="/calendar/"' in client_of(people.manager).get("/projects/").content.decode()
