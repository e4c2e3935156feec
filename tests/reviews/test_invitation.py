"""The meeting of a round in people's calendars: called, changed, called off; read from the mail as it left."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from icalendar import Calendar

from projects import ledger_check, notices
from projects.models import Notice
from reviews import agenda, signing
from reviews.actions import rounds
from reviews.actions.decisions import AreaToAddress
from reviews.models import Decision, MeetingCall, Mode, Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.mail_sink import sink
from tests.pages import address, client_of, text_of

__all__ = ["sink"]

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PLACE = "Room 4; https://meet.example.test/x?a=1,2"


def planned() -> tuple[world.People, Review]:
    """A plan review that can be convened, with a meeting at START."""
    people = world.People()
    people.sponsor.time_zone = "Asia/Tokyo"
    people.sponsor.save()
    project = world.to_planning(world.register(people), people)
    world.supply_artifacts(project, "plan", people)
    world.confirm_outcomes(project, people)
    review = world.open_review(project, ReviewKind.PPA, people)
    set_facts(review, people, now=world.NOW)
    return people, signing.load(review.pk)


_planned_once, _planned = kept(planned)


def set_facts(review, people, *, now=LATER, **changes):
    facts = {"chair": people.manager, "mode": Mode.MEETING, "scheduled_for": START, "place": PLACE, "candidate": ""}
    rounds.set_facts(review_id=review.pk, by=people.program, now=now, **{**facts, **changes})


@pytest.fixture
def people(planned):
    return planned[0]


@pytest.fixture
def review(planned):
    return signing.load(planned[1].pk)


def sent(sink, now=LATER) -> dict[str, Calendar]:
    """What left since the last look: by address, the calendar in the mail; one mail with one calendar for each."""
    sink.mails.clear()
    notices.deliver_pending(now, limit=200)
    found: dict[str, Calendar] = {}
    for to, mail in sink.mails:
        for part in mail.iter_attachments():
            assert part.get_content_type() == "text/calendar"
            assert part.get_filename() == "invite.ics"
            assert to not in found
            found[to] = Calendar.from_ical(part.get_content())
            assert part["Content-Type"].params["method"] == found[to]["method"]
    return found


def event(calendar: Calendar):
    [one] = calendar.walk("VEVENT")
    return one


def called(calendars: dict[str, Calendar]) -> dict[str, tuple[str, int]]:
    return {to: (str(each["method"]), event(each)["sequence"]) for to, each in calendars.items()}


def everybody(review) -> set[str]:
    return {person.user.email for person in review.participants.all()} | {review.chair.email}


@pytest.mark.req("EXT-26")
def test_convening_calls_everybody_to_the_meeting(sink, people, review):
    assert sent(sink) == {}, "before the convening nobody is called"

    review = world.convene(review, people)
    mailed = sent(sink)

    assert set(mailed) == everybody(review)
    assert set(called(mailed).values()) == {("REQUEST", 0)}
    one = event(mailed[people.sponsor.email])
    assert one.decoded("dtstart") == START
    assert str(one["dtstart"].to_ical().decode()) == "20261201T090000Z"
    assert one.decoded("dtend") > START
    assert one["location"] == PLACE
    assert one["organizer"] == f"mailto:{people.manager.email}"
    attendees = {str(each).removeprefix("mailto:"): each.params["ROLE"] for each in one["attendee"]}
    assert set(attendees) == everybody(review)
    assert attendees[people.manager.email] == "CHAIR"
    assert attendees[people.sponsor.email] == "REQ-PARTICIPANT"
    assert review.get_absolute_url() in one["url"]
    told = Notice.objects.get(kind="meeting.called", recipient=people.sponsor).body
    assert "1 December 2026, 18:00" in told, "on the reader's clock"
    assert PLACE in told
    assert "replaces an earlier one" not in told


@pytest.mark.req("EXT-26")
def test_each_change_replaces_the_invitation_with_a_higher_sequence(sink, people, review):
    review = world.convene(review, people)
    first = sent(sink)
    uid = event(first[people.sponsor.email])["uid"]

    set_facts(review, people, scheduled_for=START + timedelta(days=1))
    moved = sent(sink)
    set_facts(review, people, scheduled_for=START + timedelta(days=1), place="Room 5")
    elsewhere = sent(sink)
    set_facts(review, people, scheduled_for=START + timedelta(days=1), place="Room 5")

    assert set(called(moved).values()) == {("REQUEST", 1)}
    again = Notice.objects.filter(kind="meeting.called", recipient=people.sponsor).latest("id")
    assert "Meeting as it is now: " in again.subject
    assert "it replaces an earlier one of this meeting" in again.body
    assert set(called(elsewhere).values()) == {("REQUEST", 2)}
    assert set(moved) == set(elsewhere) == set(first)
    assert {event(each)["uid"] for each in (*moved.values(), *elsewhere.values())} == {uid}
    assert event(moved[people.sponsor.email]).decoded("dtstart") == START + timedelta(days=1)
    assert event(elsewhere[people.sponsor.email])["location"] == "Room 5"
    assert sent(sink) == {}, "nothing changed"


@pytest.mark.req("EXT-26")
def test_who_is_named_is_invited_and_who_leaves_is_let_go_and_nobody_else_hears_of_it(sink, people, review):
    review = world.convene(review, people)
    sent(sink)

    rounds.name_participant(
        review_id=review.pk, by=people.program, group="PPA-P3", person=people.outsider, signs=False, now=LATER
    )
    named = sent(sink)
    leaving = next(each for each in signing.load(review.pk).participants.all() if each.user == people.outsider)
    rounds.remove_participant(review_id=review.pk, participant_id=leaving.pk, by=people.program, now=LATER)
    removed = sent(sink)

    assert called(named) == {people.outsider.email: ("REQUEST", 1)}
    told = Notice.objects.get(kind="meeting.called", recipient=people.outsider)
    assert "Meeting: " in told.subject
    assert "replaces an earlier one" not in told.body
    roles = {str(each): each.params["ROLE"] for each in event(named[people.outsider.email])["attendee"]}
    assert roles[f"mailto:{people.outsider.email}"] == "OPT-PARTICIPANT"
    assert called(removed) == {people.outsider.email: ("CANCEL", 2)}
    gone = event(removed[people.outsider.email])
    assert gone["status"] == "CANCELLED"
    assert str(gone["attendee"]) == f"mailto:{people.outsider.email}"


@pytest.mark.req("EXT-26")
@pytest.mark.parametrize("how", ["withdrawn", "undated", "asynchronous"])
def test_a_meeting_that_does_not_take_place_is_called_off(sink, people, review, how):
    review = world.convene(review, people)
    sent(sink)
    if how == "withdrawn":
        rounds.withdraw(review_id=review.pk, by=people.program, reason="Bought elsewhere.", now=LATER)
    else:
        change = {"scheduled_for": None} if how == "undated" else {"mode": Mode.ASYNC}
        set_facts(review, people, **change)

    off = sent(sink)

    assert set(off) == everybody(review)
    assert set(called(off).values()) == {("CANCEL", 1)}
    assert event(off[people.sponsor.email]).decoded("dtstart") == START
    assert client_of(people.sponsor).get(address("meeting_calendar", review)).status_code == 404
    if how == "undated":
        set_facts(review, people)
        again = sent(sink)
        assert set(called(again).values()) == {("REQUEST", 2)}
        assert event(again[people.sponsor.email])["uid"] == event(off[people.sponsor.email])["uid"]


@pytest.mark.req("EXT-26")
@pytest.mark.parametrize(("when", "off"), [(START - timedelta(minutes=1), True), (START, False)])
def test_a_decision_before_its_meeting_calls_it_off(sink, people, review, when, off):
    """Once it has begun, deciding is what it was called for."""
    review = world.convene(review, people)
    world.attend(review)
    sent(sink)
    areas = (AreaToAddress(area="The rollback.", effort_days=Decimal(2), owner=people.product, due_on=START.date()),)
    world.decide(review, Decision.NO_GO_POSTPONED, now=when, reason="Too early.", areas=areas)

    told = sent(sink, when)

    assert called(told) == (dict.fromkeys(everybody(review), ("CANCEL", 1)) if off else {})
    words = Notice.objects.filter(kind="meeting.called_off").values_list("body", flat=True)
    assert all("It was decided before: No-go, postponed." in body for body in words)
    assert ledger_check.verify(review.project).holds


@pytest.mark.req("EXT-26")
def test_what_still_waits_to_be_sent_is_replaced(sink, people, review):
    """A mail server that was away does not tell of times that hold no more."""
    review = world.convene(review, people)
    set_facts(review, people, scheduled_for=START + timedelta(days=1))

    assert set(called(sent(sink)).values()) == {("REQUEST", 1)}


def test_a_meeting_in_the_past_tells_nobody(sink, people, review):
    review = world.convene(review, people)
    sent(sink)
    after = START + timedelta(days=2)
    person = review.participants.all()[0]
    rounds.remove_participant(review_id=review.pk, participant_id=person.pk, by=people.program, now=after)
    assert sent(sink, after) == {}


@pytest.mark.req("EXT-26")
def test_the_room_offers_the_meeting_as_a_file(people, review):
    client = client_of(people.sponsor)
    assert client.get(address("meeting_calendar", review)).status_code == 404
    world.convene(review, people)
    assert address("meeting_calendar", review) in client.get(address("review", review)).content.decode()

    got = client.get(address("meeting_calendar", review))

    assert got["Content-Type"] == "text/calendar; charset=utf-8"
    assert got["Content-Disposition"] == f'attachment; filename="{review.project.code}-PPA-1.ics"'
    calendar = Calendar.from_ical(got.content)
    assert calendar["method"] == "PUBLISH"
    assert event(calendar).decoded("dtstart") == START
    assert "attendee" not in event(calendar)


# --- The agenda ---
def minutes_of(page: str) -> list[tuple[str, str]]:
    """Begin and minutes of each point as the room shows them."""
    return re.findall(r"(\d\d:\d\d) UTC\s*</time>.*?<td[^>]*>(\d+)</td>", page, re.S)


@pytest.mark.req("EXT-15")
def test_the_agenda_follows_from_the_questions_and_its_times_add_up(people, review):
    points = agenda.points(review)
    assert [point.code for point in points] == [
        "entrance", "input", "analysis", "affirmed", "findings", "conditions", "positions", "decision",
    ]  # fmt: skip
    at = START
    for point in points:
        assert point.starts_at == at
        assert point.minutes % agenda.STEP == 0
        at += timedelta(minutes=point.minutes)
    asked = {point.code: point.questions for point in points}
    assert asked["analysis"] == sum(item.section == "analysis" for item in review.items.all())

    shown = minutes_of(client_of(people.manager).get(address("review", review)).content.decode())

    assert shown == [(f"{point.starts_at:%H:%M}", str(point.minutes)) for point in points]


@pytest.mark.req("EXT-15")
def test_the_chair_sets_the_minutes_and_the_invitation_follows(sink, still_clock, people, review):
    review = world.convene(review, people)
    one = event(sent(sink)[people.sponsor.email])
    assert one.decoded("dtend") == START + agenda.length(agenda.planned(review))
    client, url = client_of(people.manager), address("agenda", review)
    form = {**agenda.planned(review), "entrance": 15, "positions": 0}
    assert client_of(people.program).post(url, form).status_code == 403
    assert client.post(url, {**form, "entrance": 500}).status_code == 422
    assert client.post(url, dict.fromkeys(form, 0)).status_code == 422

    assert client.post(url, form).status_code == 302
    assert client.post(url, form).status_code == 302, "the same again changes nothing"

    again = sent(sink)
    assert set(called(again).values()) == {("REQUEST", 1)}
    one = event(again[people.sponsor.email])
    assert one.decoded("dtend") == START + timedelta(minutes=sum(form.values()))
    assert "09:00-09:15 Entrance check (15 minutes)" in one["description"]
    assert "Positions" not in one["description"]
    told = Notice.objects.filter(kind="meeting.called", recipient=people.sponsor).first().body
    assert "18:00-18:15 Entrance check (15 minutes)" in told, "on the reader's clock"
    minutes = text_of(client.get(address("minutes", review)))
    assert "Planned for 2026-12-01 09:00 UTC" in minutes
    assert "Entrance check 09:00 UTC, 15 minutes" in minutes
    assert ledger_check.verify(project=review.project).findings == []


def test_place_is_kept_on_the_facts_page(people, review):
    client = client_of(people.program)
    form = {"chair": people.manager.pk, "mode": "meeting", "scheduled_for": "2026-12-01T09:00", "place": "Room 9"}
    assert client.post(address("review_facts", review), form).status_code == 302
    assert "Place Room 9" in text_of(client.get(address("review", review)))


@pytest.mark.req("AUD-07")
def test_calls_are_only_added_and_told_in_the_ledger(people, review):
    review = world.convene(review, people)
    assert MeetingCall.objects.get().people == sorted(
        {each.user_id for each in review.participants.all()} | {review.chair_id}
    )
    for write in (lambda: MeetingCall.objects.update(place="Elsewhere"), lambda: MeetingCall.objects.all().delete()):
        with transaction.atomic(), pytest.raises(DatabaseError, match="A call to a meeting"):
            write()
    assert ledger_check.verify(project=review.project).findings == []
    assert "called the meeting of PPA-1 for 2026-12-01 09:00 UTC" in text_of(
        client_of(people.manager).get(f"{review.project.get_absolute_url()}history/")
    )
