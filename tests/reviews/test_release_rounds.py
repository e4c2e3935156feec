"""A release round of a minor change from its preparation on: its team, its stage, the exit of Stabilize before it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.actions import artifacts, risks, stages
from projects.actions.artifacts import Content
from projects.blocker import Blocked
from projects.catalog.artifacts import artifact_name
from projects.models import ArtifactVersion, GatePass, LedgerEntry
from reviews import signing
from reviews.models import ItemAnswer, Review, ReviewKind, ReviewState
from tests import world
from tests.kept import kept
from tests.pages import address, answer_form, areas_form, client_of, decide_form, text_of

pytestmark = pytest.mark.django_db


def stabilized() -> tuple[world.People, Review]:
    """A minor change in Stabilize, its release round prepared, no outcome of Stabilize confirmed."""
    people = world.People()
    project = world.to_stabilize(world.register(people), people)
    world.supply_artifacts(world.fresh(project), "release", people)
    return people, world.open_review(project, ReviewKind.RR, people)


_stabilized_once, _stabilized = kept(stabilized)


@pytest.fixture
def people(stabilized):
    return stabilized[0]


@pytest.fixture
def review(stabilized) -> Review:
    return signing.load(stabilized[1].pk)


def convened(review, people) -> Review:
    """The exit of Stabilize is confirmed, the round begins."""
    world.confirm_outcomes(review.project, people)
    return world.convene(review, people)


@pytest.mark.req("SEED-10")
def test_a_release_is_not_opened_for_decision_before_the_exit_of_stabilize_is_confirmed(people, review):
    client = client_of(people.program)
    refused = client.post(address("convene", review))
    assert refused.status_code == 409
    assert "Outcome of Stabilize not confirmed" in text_of(refused)
    assert signing.load(review.pk).state == ReviewState.PREPARING

    world.confirm_outcomes(review.project, people)

    assert client.post(address("convene", review)).status_code == 302
    assert signing.load(review.pk).state == ReviewState.CONVENED


@pytest.mark.req("SEED-10")
def test_an_exit_that_is_doubted_again_stops_signatures_and_go(people, review):
    world.answer_all(convened(review, people), people)
    doubt = {"outcome": "STB-O2", "confirmed": False, "evidence": "Run 2 misses its criterion.", "now": world.NOW}
    stages.confirm_outcome(project_id=review.project_id, by=people.program, **doubt)
    with pytest.raises(Blocked, match="Outcome of Stabilize not confirmed"):
        world.request_sign_offs(review, people)
    world.confirm_outcomes(review.project, people)
    world.sign_all(world.request_sign_offs(review, people))
    stages.confirm_outcome(project_id=review.project_id, by=people.program, **doubt)
    chair = client_of(people.manager)

    refused = chair.post(address("decide", review), decide_form(chair, review, "go"))

    assert refused.status_code == 409
    assert "Outcome of Stabilize not confirmed" in text_of(refused)
    assert not GatePass.objects.filter(review_ref="RR-1").exists()
    world.confirm_outcomes(review.project, people)
    assert chair.post(address("decide", review), decide_form(chair, review, "go")).status_code == 302
    assert GatePass.objects.filter(review_ref="RR-1").exists()


@pytest.mark.req("SEED-41")
def test_a_round_planned_ahead_decides_nothing_once_the_project_has_left_its_stage(people, review):
    chair = client_of(people.manager)
    facts = {"chair": people.manager.pk, "mode": "async", "scheduled_for": "2027-01-20T10:00", "candidate": "RC-1"}
    assert chair.post(address("review_facts", review), facts).status_code == 302
    world.answer_all(convened(review, people), people)
    form = decide_form(chair, review, "go")
    world.move(review.project, "return_to_build", people, reason="The core is wrong.")

    posted = chair.post(address("decide", review), form, follow=True)

    assert "RR-1 is over: Withdrawn." in text_of(posted)
    assert signing.load(review.pk).state == ReviewState.WITHDRAWN
    assert not GatePass.objects.filter(review_ref="RR-1").exists()


@pytest.mark.req("SEED-41")
def test_a_release_review_is_planned_while_the_project_still_builds_and_begins_in_stabilize(people, review):
    """Without a candidate: there is none yet. Its day stands in the calendar, and nothing opens it early."""
    project = review.project
    world.move(project, "return_to_build", people, reason="The core is wrong.")
    client = client_of(people.program)
    new = reverse("review_new", args=[project.code, "rr"])
    assert new in client.get(project.get_absolute_url()).content.decode()
    assert "the round is prepared ahead" in text_of(client.get(new))
    facts = {"chair": people.manager.pk, "mode": "async", "scheduled_for": "2027-01-20T10:00", "candidate": ""}
    assert client.post(new, facts).status_code == 302
    ahead = signing.load(project.reviews.get(state=ReviewState.PREPARING).pk)
    early = text_of(client.post(address("convene", ahead)))
    assert f"{ahead.ref} is held in Stabilize / Deploy; the project is in Build." in early
    chair = client_of(people.manager)
    packet = signing.packet_digest(ahead)
    no_go = {"decision": "no_go_cancelled", "reason": "No.", "password": world.PASSWORD, "next_review_on": ""}
    assert chair.post(address("decide", ahead), {**no_go, "packet": packet, **areas_form()}).status_code == 409
    assert signing.load(ahead.pk).state == ReviewState.PREPARING

    world.confirm_outcomes(project, people)
    world.move(project, "start_stabilize", people)
    world.confirm_outcomes(project, people)

    assert "The release candidate that is being reviewed is not named." in text_of(
        client.post(address("convene", ahead))
    )
    assert client.post(address("review_facts", ahead), facts).status_code == 422
    assert client.post(address("review_facts", ahead), {**facts, "candidate": "RC-1"}).status_code == 302
    assert client.post(address("convene", ahead)).status_code == 302
    assert signing.load(ahead.pk).state == ReviewState.CONVENED


@pytest.mark.req("SEED-81")
def test_the_release_team_is_named_before_answering_begins_and_each_change_is_on_record(people, review):
    team = {str(person.pk) for person in review.participants.all()}
    told = LedgerEntry.objects.filter(event="participant.named", stream__project=review.project)
    assert len(team) > 2
    assert team <= set(told.values_list("object_id", flat=True))
    client = client_of(people.program)
    form = {"group": "RR-P3", "person": "olaf", "signs": "on"}
    world.answer_all(convened(review, people), people)

    assert client.post(address("participants", review), form).status_code == 302

    history = text_of(client_of(people.auditor).get(review.project.get_absolute_url() + "history/"))
    assert "Yusuf Karaca named Olaf Berg for Security team" in history


@pytest.mark.req("SEED-73")
def test_every_deliverable_stands_on_the_releases_page_with_its_newest_version_and_status(people, review):
    artifacts.add_version(
        project_id=review.project_id,
        kind="ART-36",
        by=people.developer,
        content=Content(text="Another evening."),
        now=world.NOW,
    )
    there = ArtifactVersion.objects.filter(artifact__project=review.project).order_by("number")
    newest = {version.artifact.kind: version for version in there.select_related("artifact")}
    assert len(newest) > 4

    told = text_of(client_of(people.operations).get(address("review", review)))

    for kind, version in newest.items():
        shown = f"{kind} {artifact_name(kind)}, {version.label} {version.get_status_display()}"
        assert shown in told, shown
    assert newest["ART-36"].label != "1.0"
    assert newest["ART-36"].status == "draft"


@pytest.mark.req("SEED-76")
def test_the_release_shows_its_risks_by_what_they_touch_and_who_answered_for_each(people, review):
    given = {"project_id": review.project_id, "by": people.program, "likelihood": 3, "impact": 3, "now": world.NOW}
    kept = risks.add(text="Names lie open.", impacts=["security", "reputation"], **given)
    risks.add(text="The gate stays shut.", impacts=["availability"], owner=people.developer, **given)
    risks.accept(kept, by=people.operations, judgement="For one season.", now=world.NOW)

    told = text_of(client_of(people.auditor).get(address("review", review)))

    part = told[told.index("Operational risks The register of risks") :]
    accepted = "RISK-1 Accepted Names lie open. Hannah Vogel,"
    assert f"Availability RISK-2 Open The gate stays shut. Owner: {people.developer}. Neither addressed" in part
    assert "Reliability No risk recorded. Security " + accepted in part
    assert "Compliance No risk recorded. Reputation " + accepted in part
    assert part.count("For one season.") == 2


@pytest.mark.req("SEED-91")
def test_nobody_answers_before_having_acknowledged_the_questions_in_their_version(people, review):
    """In a round without a meeting whoever answers has; the room has the button, the record the version."""
    convened(review, people)
    client, url = client_of(people.support), address("item", review, "G-REL-1")
    form = answer_form(client, review, "G-REL-1", "confirmed", evidence="Read through the list.")
    refused = client.post(url, form)
    assert refused.status_code == 409
    there = f'<a href="{address("acknowledge", review)}">Acknowledge the questions of this review first.</a>'
    assert there in refused.content.decode()
    assert not ItemAnswer.objects.filter(item__review=review).exists()

    told = text_of(client.post(address("acknowledge", review), follow=True))

    assert f"Acknowledged by {people.support}" in told
    assert f"Catalogue {review.catalog_version}, fixed since the round began" in told
    assert "I know the questions" not in told
    assert review.acknowledgements.get().catalog_version == review.catalog_version
    assert client.post(url, form).status_code == 302
    assert client_of(people.auditor).post(address("acknowledge", review)).status_code == 403
    with pytest.raises(IntegrityError, match="An acknowledgement"), transaction.atomic():
        review.acknowledgements.update(catalog_version="1999.1")


@pytest.mark.req("SEED-91")
def test_before_the_first_answer_of_a_meeting_everybody_who_signs_has_acknowledged_the_questions(people, review):
    facts = {"chair": people.manager.pk, "mode": "meeting", "scheduled_for": "", "candidate": "RC-1"}
    assert client_of(people.manager).post(address("review_facts", review), facts).status_code == 302
    convened(review, people)
    client, url = client_of(people.support), address("item", review, "G-REL-1")
    form = answer_form(client, review, "G-REL-1", "confirmed", evidence="Read through the list.")
    client.post(address("acknowledge", review))

    refused = client.post(url, form)

    others = [person.user for person in review.participants.all() if person.signs and person.user != people.support]
    assert refused.status_code == 409
    assert f"Waiting for: {', '.join(map(str, others))}." in text_of(refused)
    listed = text_of(client.get(address("acknowledge", review)))
    assert f"Catalogue {review.catalog_version}: these questions are fixed" in listed
    assert f"{people.support} Acknowledged" in listed
    for other in others:
        assert f"{other} Not yet" in listed
    for item in review.items.all():
        assert f"{item.code} {item.text}" in listed
    for other in others:
        client_of(other).post(address("acknowledge", review))
    assert client.post(url, form).status_code == 302
