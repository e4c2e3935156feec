"""Risks: what their actions refuse, who may accept one, and what they have against a plan and a release."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.actions import risks, roles
from projects.blocker import Blocked, NotAllowed, Refused
from projects.checks import check_blockers
from projects.ledger_check import verify
from projects.models import Risk
from reviews import gates, signing
from reviews.models import Decision, ReviewKind
from tests import world

pytestmark = pytest.mark.django_db

GIVEN = {
    "text": "Names of visitors are read by somebody who should not.",
    "impacts": ["compliance", "security"],
    "likelihood": 2,
    "impact": 4,
}


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def risk(project, people, *, by=None, **given):
    return risks.add(project_id=project.pk, by=by or people.program, now=world.NOW, **{**GIVEN, **given})


def answered(project, people, **given):
    return risk(project, people, response="reduce", plan="Delete after 30 days.", owner=people.product, **given)


def found(project, gate="release") -> list[str]:
    return [blocker.code for blocker in check_blockers(world.fresh(project), gate, world.NOW)]


@pytest.mark.req("SEED-52")
def test_a_plan_waits_for_a_risk_with_owner_and_response_and_a_minor_one_does_not(people, project):
    big = world.register(people, category="significant")
    assert "risk.none" not in found(project, "plan")
    risk(big, people, owner=people.product)
    assert "risk.none" in found(big, "plan")
    answered(big, people)
    assert "risk.none" not in found(big, "plan")


@pytest.mark.req("SEED-52")
def test_the_plan_review_of_a_significant_change_is_refused_without_a_risk(people):
    project = world.to_planning(world.register(people, category="significant"), people)
    before = {blocker.code for blocker in gates.gate_blockers(project, "plan", world.NOW)}
    assert "risk.none" in before
    answered(project, people)
    assert "risk.none" not in {blocker.code for blocker in gates.gate_blockers(project, "plan", world.NOW)}


@pytest.mark.req("SEED-52")
def test_likelihood_impact_response_and_owner_are_kept_and_shown(client, people, project):
    client.force_login(people.program)
    there = reverse("register", args=[project.code, "risks"])
    posted = {**GIVEN, "response": "reduce", "plan": "Delete after 30 days.", "owner": people.product.pk}
    assert client.post(there, posted).status_code == 302
    kept = project.risks.get()
    assert (kept.ref, kept.impacts, kept.rating) == ("RISK-1", "security, compliance", 8)
    page = client.get(there).content.decode()
    for words in ("RISK-1", "Security, Compliance", "Reduce", "Delete after 30 days.", str(people.product)):
        assert words in page


def test_what_is_off_the_scale_or_half_said_is_refused(people, project):
    for given, words in (
        ({"likelihood": 0}, "from 1, very low"),
        ({"impact": 6}, "from 1, very low"),
        ({"impacts": ["weather"]}, "what the risk touches"),
        ({"response": "avoid"}, "belong together"),
        ({"plan": "Something."}, "belong together"),
    ):
        with pytest.raises(Refused, match=words):
            risk(project, people, **given)
    assert not project.risks.exists()


@pytest.mark.req("SEED-76")
def test_every_open_risk_keeps_the_release_review_waiting(people):
    project = world.to_stabilize(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.RR, people)
    first, second = answered(project, people), answered(project, people)
    world.sign_all(review)
    with pytest.raises(Blocked, match=r"RISK-1 is neither addressed nor accepted.*RISK-2 is neither"):
        world.decide(review)
    risks.address(first, by=people.product, judgement="They are deleted nightly.", now=world.NOW)
    risks.accept(second, by=people.operations, judgement="We live with it.", now=world.NOW)
    assert gates.blockers(signing.load(review.pk), world.NOW) == []


@pytest.mark.req("SEED-76")
def test_an_unacceptable_risk_leaves_a_no_go_only(people):
    project = world.to_stabilize(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.RR, people)
    standing = risk(project, people)
    risks.call_unacceptable(standing, by=people.sponsor, judgement="Names are names.", now=world.NOW)
    world.sign_all(review)
    with pytest.raises(Blocked, match="RISK-1 is unacceptable, which means no-go"):
        world.decide(review)
    world.decide(review, Decision.NO_GO_CANCELLED, reason="We cannot answer for it.")
    assert signing.load(review.pk).decision == Decision.NO_GO_CANCELLED


@pytest.mark.req("SEED-76")
@pytest.mark.parametrize(("who", "role"), [("operations", ""), ("sponsor", ""), ("manager", ""), ("support", "P-SEC")])
def test_a_named_authority_accepts_a_risk(people, project, who, role):
    person = getattr(people, who)
    if role:
        roles.assign(project_id=project.pk, by=people.manager, role=role, person=person, now=world.NOW)
    accepted = risks.accept(risk(project, people), by=person, judgement="We live with it.", now=world.NOW)
    assert (accepted.state, accepted.judged_by) == ("accepted", person)
    assert found(project) == []


@pytest.mark.req("SEED-76", "EXT-24")
def test_nobody_else_accepts_a_risk_and_nobody_the_risk_that_they_recorded(people, project):
    for person in (people.program, people.developer, people.support, people.auditor):
        with pytest.raises(NotAllowed):
            risks.accept(risk(project, people), by=person, judgement="Fine.", now=world.NOW)
    own = risk(project, people, by=people.operations)
    with pytest.raises(NotAllowed, match="somebody else must accept it"):
        risks.accept(own, by=people.operations, judgement="Fine.", now=world.NOW)
    own.refresh_from_db()
    assert own.state == "open"


def test_the_page_of_accepting_answers_403_to_who_may_not(client, people, project):
    standing = risk(project, people)
    client.force_login(people.developer)
    there = reverse("register_row", args=[project.code, "risks", standing.pk, "accept"])
    assert client.post(there, {"judgement": "Fine."}).status_code == 403
    assert there not in client.get(reverse("register", args=[project.code, "risks"])).content.decode()
    client.force_login(people.sponsor)
    assert there in client.get(reverse("register", args=[project.code, "risks"])).content.decode()
    assert client.post(there, {"judgement": "Fine."}).status_code == 302


@pytest.mark.req("SEED-76")
def test_addressed_needs_an_owner_a_response_and_words(people, project):
    for given in ({}, {"owner": people.product}, {"response": "avoid", "plan": "No names."}):
        with pytest.raises(Refused, match="no owner or no response"):
            risks.address(risk(project, people, **given), by=people.product, judgement="Done.", now=world.NOW)
    with pytest.raises(Refused, match="Say how or why"):
        risks.address(answered(project, people), by=people.product, judgement=" ", now=world.NOW)


@pytest.mark.req("SEED-76")
def test_a_judged_risk_is_reopened_with_a_reason_before_it_is_changed(people, project):
    standing = answered(project, people)
    risks.address(standing, by=people.product, judgement="Deleted nightly.", now=world.NOW)
    changed = {**GIVEN, "likelihood": 5, "response": "avoid", "plan": "No names.", "owner": people.developer}
    with pytest.raises(Refused, match="reopen it before"):
        risks.change(standing, by=people.product, now=world.NOW, **changed)
    with pytest.raises(Refused, match="judged already"):
        risks.accept(standing, by=people.sponsor, judgement="Fine.", now=world.NOW)
    with pytest.raises(Refused, match="Give a reason"):
        risks.reopen(standing, by=people.product, reason="", now=world.NOW)

    risks.reopen(standing, by=people.product, reason="The night job failed.", now=world.NOW)
    risks.change(standing, by=people.product, now=world.NOW, **changed)

    standing.refresh_from_db()
    assert (standing.state, standing.likelihood, standing.owner) == ("open", 5, people.developer)
    assert "risk.open" in found(project)
    assert world.events(project)[-4:] == ["risk.added", "risk.addressed", "risk.reopened", "risk.changed"]
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-76")
def test_only_an_authority_takes_unacceptable_back(people, project):
    standing = answered(project, people)
    with pytest.raises(NotAllowed):
        risks.call_unacceptable(standing, by=people.developer, judgement="No.", now=world.NOW)
    risks.call_unacceptable(standing, by=people.sponsor, judgement="No.", now=world.NOW)
    with pytest.raises(NotAllowed):
        risks.reopen(standing, by=people.program, reason="It is fine.", now=world.NOW)
    risks.reopen(standing, by=people.operations, reason="It is fine.", now=world.NOW)
    assert found(project) == ["risk.open"]


@pytest.mark.req("SEED-76")
def test_the_register_counts_risks_by_kind_of_impact(client, people, project):
    answered(project, people)
    risks.address(answered(project, people), by=people.product, judgement="Deleted nightly.", now=world.NOW)
    client.force_login(people.auditor)
    page = client.get(reverse("register", args=[project.code, "risks"])).content.decode()
    counts = "Availability 0, Reliability 0, Security 2 (not settled 1), Compliance 2 (not settled 1), Reputation 0."
    assert counts in page


def test_risks_are_pasted_with_words(client, people, project):
    client.force_login(people.program)
    text = "The Wi-Fi is weak\tavailability, Reputation\t3\t4 high\treduce\tRepeaters.\tAnneke de Wit\n"
    there = reverse("register_paste", args=[project.code, "risks"])
    assert client.post(there, {"pasted": text.replace("Reputation", "weather")}).status_code == 422
    assert client.post(there, {"pasted": text}).status_code == 302
    kept = project.risks.get()
    assert (kept.impacts, kept.impact, kept.owner) == ("availability, reputation", 4, people.product)


def test_the_database_keeps_no_judgement_without_a_person(people, project):
    standing = risk(project, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=standing.pk).update(state="accepted", judgement="Fine.")
