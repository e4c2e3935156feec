"""The readiness poll: answered blind, shown once it is closed, read by no gate."""

import ast
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from projects import checks, ledger_check
from projects.blocker import NotAllowed, Refused
from projects.models import LedgerEntry, Notice
from reviews import gates, signing
from reviews.actions import polls
from reviews.evidence import pack
from reviews.models import Poll, PollAnswer, Readiness, Review, ReviewKind
from tests import world
from tests.kept import kept
from tests.pages import address, client_of, text_of
from tests.projects.test_guards import refused as refused

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)
SECRET = "The bank file fails for casual staff."


def asked() -> tuple[world.People, Review]:
    """A minor project's plan, being signed."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    return people, world.ready_to_sign(project, ReviewKind.PPA, people)


_asked_once, _asked = kept(asked)


@pytest.fixture
def people(asked):
    return asked[0]


@pytest.fixture
def review(asked) -> Review:
    return signing.load(asked[1].pk)


@pytest.fixture
def poll(people, review) -> Poll:
    return polls.open_poll(review_id=review.pk, by=people.manager, now=LATER)


def signers(review: Review) -> list:
    return [person.user for person in review.participants.all() if person.signs]


def say(review: Review, by, value: str = "not_ready", text: str = SECRET) -> PollAnswer:
    return polls.answer(review_id=review.pk, by=by, value=value, text=text, now=LATER)


@pytest.mark.req("EXT-09")
def test_nobody_sees_an_answer_before_all_have_answered(people, review, poll):
    say(review, people.sponsor)
    looked_at = [
        address("poll", review),
        address("review", review),
        address("minutes", review),
        f"{review.project.get_absolute_url()}history/",
    ]
    for reader in (people.manager, people.operations, people.auditor):
        client = client_of(reader)
        for page in looked_at:
            told = client.get(page).content.decode()
            assert SECRET not in told, page
            assert page == looked_at[0] or "Not ready" not in told, page  # a choice of the poll's own form
    assert "Lucía Benítez has answered" in text_of(client_of(people.operations).get(address("poll", review)))
    window = client_of(people.operator).get(
        reverse("admin:reviews_pollanswer_change", args=[PollAnswer.objects.get().pk])
    )
    assert window.status_code == 200
    assert SECRET not in window.content.decode()
    assert not any(SECRET in line or "not_ready" in line for line in LedgerEntry.objects.values_list("line", flat=True))
    out = io.BytesIO()
    pack.build(review.project, out)
    with zipfile.ZipFile(out) as archive:
        assert not [name for name in archive.namelist() if SECRET.encode() in archive.read(name)]

    say(review, people.sponsor, "concerns", "Only a little.")  # may be changed
    for other in signers(review):
        if other != people.sponsor:
            say(review, other, "ready", "")

    poll.refresh_from_db()
    assert poll.closed_at == LATER
    page = text_of(client_of(people.auditor).get(address("poll", review)))
    assert "Lucía Benítez Only a little. Ready, with concerns" in page
    closing = json.loads(LedgerEntry.objects.get(event="poll.closed").line)["after"]["answers"]
    assert {"person": "Lucía Benítez", "value": "concerns", "text": "Only a little."} in closing
    assert "Readiness poll" in text_of(client_of(people.auditor).get(address("minutes", review)))
    assert ledger_check.verify().findings == []


@pytest.mark.req("EXT-09")
def test_the_chair_closes_it_and_the_decision_closes_it(people, review, poll):
    say(review, people.sponsor)
    for other in (people.program, people.sponsor):
        with pytest.raises(NotAllowed):
            polls.close(review_id=review.pk, by=other, now=LATER)
    assert client_of(people.manager).post(address("poll_close", review)).status_code == 302
    assert SECRET in text_of(client_of(people.operations).get(address("poll", review)))
    with pytest.raises(Refused, match="no open readiness poll"):
        say(review, people.operations)
    assert client_of(people.program).post(address("poll_open", review)).status_code == 302
    say(review, people.operations, "ready", "")
    world.sign_all(review, now=LATER)
    world.decide(review, now=LATER)
    assert not Poll.objects.filter(closed_at__isnull=True).exists()
    assert f"{SECRET} Not ready" in text_of(client_of(people.auditor).get(address("minutes", review)))


@pytest.mark.req("EXT-12")
@pytest.mark.parametrize("value", Readiness.values)
def test_no_answer_changes_what_is_decided(people, review, poll, value):
    before = gates.blockers(review, LATER)
    for signer in signers(review):
        say(review, signer, value, "Because.")
    polled = signing.load(review.pk)
    assert gates.blockers(polled, LATER) == before
    assert signing.packet_digest(polled) == signing.packet_digest(review)
    assert world.decide(world.sign_all(polled, now=LATER), now=LATER).is_go


@pytest.mark.req("EXT-12")
def test_no_gate_reads_the_poll():
    root = Path(gates.__file__).parent
    asked = [root / f"{name}.py" for name in ("gates", "gate_content", "gate_people", "signing", "meeting")]
    for file in [*asked, *Path(checks.__file__).parent.glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            for name in ("id", "attr", "name"):
                assert "poll" not in str(getattr(node, name, "")).lower(), file.name


def test_who_asks_who_answers_and_how(people, review):
    for other in (people.sponsor, people.auditor, people.outsider):
        with pytest.raises(NotAllowed):
            polls.open_poll(review_id=review.pk, by=other, now=LATER)
    with pytest.raises(Refused, match="no open readiness poll"):
        say(review, people.sponsor)
    polls.open_poll(review_id=review.pk, by=people.program, now=LATER)
    assert Notice.objects.filter(kind="poll.opened", recipient=people.sponsor).exists()
    with pytest.raises(Refused, match="open already"):
        polls.open_poll(review_id=review.pk, by=people.manager, now=LATER)
    for value, text in (("not_ready", " "), ("perhaps", "Why.")):
        with pytest.raises(Refused):
            say(review, people.sponsor, value, text)
    with pytest.raises(NotAllowed):
        say(review, people.manager)
    client = client_of(people.sponsor)
    assert client.post(address("poll", review), {"value": "not_ready", "text": ""}).status_code == 422
    assert client.post(address("poll", review), {"value": "ready", "text": ""}).status_code == 302


def test_the_database_keeps_a_closed_poll(refused, people, review, poll):
    row = say(review, people.sponsor)
    with refused("stays its person's"):
        PollAnswer.objects.filter(pk=row.pk).update(user=people.operations)
    polls.close(review_id=review.pk, by=people.manager, now=LATER)
    with refused("takes no more answers"):
        PollAnswer.objects.create(poll=poll, user=people.operations, value="ready", at=LATER)
    with refused("takes no more answers"):
        PollAnswer.objects.filter(pk=row.pk).update(value="ready")
    with refused("closed once"):
        Poll.objects.update(closed_at=None, closed_by=None)
