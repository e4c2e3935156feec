"""What the pages and mails about a lent signature tell those whom it concerns."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from projects.models import Notice
from reviews import delegating, signing
from reviews.models import Delegation, Review
from tests.kept import kept
from tests.pages import address, client_of, text_of
from tests.reviews.test_delegations import asked, lend, stand

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
_asked_once, _asked = kept(asked)


@pytest.fixture
def people(asked):
    return asked[0]


@pytest.fixture
def review(asked) -> Review:
    return signing.load(asked[1].pk)


@pytest.mark.req("EXT-09", "EXT-24")
def test_times_of_a_delegation_are_told_on_the_clock_of_whoever_reads_them(people, review):
    for person, zone in ((people.sponsor, "Europe/Berlin"), (people.nina, "Asia/Kolkata")):
        person.time_zone = zone
        person.save()
    until = timezone.now().astimezone(ZoneInfo("Europe/Berlin")).replace(hour=18, minute=0) + 3 * DAY
    form = {"to": "nina", "ends_at": f"{until:%Y-%m-%dT%H:%M}", "reason": "At sea."}

    assert client_of(people.sponsor).post(address("delegations", review), form).status_code == 302

    for person, zone in ((people.nina, "Asia/Kolkata"), (people.manager, "UTC")):
        there = until.astimezone(ZoneInfo(zone))
        told = Notice.objects.get(recipient=person, kind__startswith="delegation.").body
        assert f"until {there.day} {there:%B %Y, %H:%M (%Z)}." in told


@pytest.mark.req("EXT-24")
def test_only_who_can_sign_is_offered_as_a_delegate(people, review):
    project = review.project
    page = client_of(people.sponsor).get(address("delegations", review)).content.decode()
    offered = re.findall(r'<option value="([^"]+)"', page)
    assert offered
    for name in (people.program, people.manager, people.sponsor, people.auditor):
        assert not [each for each in offered if str(name) in each], name
    mine, now = stand(review, people.sponsor), timezone.now()
    for person in (each.user for each in project.roles.all() if f"{each.user} ({each.user.username})" in offered):
        assert delegating.obstacle(mine, person, now) == ""


@pytest.mark.req("EXT-24")
def test_who_has_delegated_reads_to_whom_and_what_remains(people, review):
    lend(review, people.sponsor, people.nina, now=timezone.now(), ends_at=timezone.now() + DAY)
    owner = client_of(people.sponsor)
    page = text_of(owner.get(address("sign", review)))
    assert "Your signature is delegated to Nina Roth: whoever signs first has signed." in page
    assert "Away when it is due?" not in page
    assert "To name somebody else, revoke it first." in text_of(owner.get(address("delegations", review)))
    revoke = address("delegation_revoke", review, Delegation.objects.get().pk)
    told = text_of(owner.post(revoke, follow=True))
    assert "Nina Roth no longer signs for Lucía Benítez, and is told so." in told
