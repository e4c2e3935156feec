"""Funding and deliverables: who approves money, how far it reaches, what each deliverable must show."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.actions import funding
from projects.blocker import Blocked, NotAllowed, Refused
from projects.checks import check_blockers
from projects.models import FundingApproval, Stage
from reviews.models import ReviewKind
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def approved(project, people, **changes) -> FundingApproval:
    given = {
        "by": people.program,
        "amount": Decimal(18400),
        "currency": "eur",
        "approver": people.sponsor,
        "approved_on": date(2026, 11, 20),
        "now": world.NOW,
    }
    return funding.add(project_id=project.pk, **{**given, **changes})


def codes(blockers) -> list[str]:
    return [blocker.code for blocker in blockers]


@pytest.mark.req("SEED-66")
def test_an_approval_keeps_amount_and_approver_and_its_limit(project, people):
    row = approved(project, people, limit_stage="stabilize", until_gate="release")
    assert (row.amount, row.currency, row.approver) == (Decimal(18400), "EUR", people.sponsor)
    assert (row.get_limit_stage_display(), row.milestone) == ("Stabilize", "Release Readiness")


@pytest.mark.req("SEED-66")
def test_money_is_approved_by_finance_a_sponsor_or_a_solution_manager(project, people):
    with pytest.raises(Refused, match="does not approve money here"):
        approved(project, people, approver=people.developer)
    assert approved(project, people, approver=people.manager).pk
    world.roles.assign(project_id=project.pk, by=people.manager, role="P-FIN", person=people.user, now=world.NOW)
    assert approved(project, people, approver=people.user).pk


@pytest.mark.req("SEED-66")
def test_nobody_records_an_approval_of_their_own(project, people):
    with pytest.raises(Refused, match="of their own"):
        approved(project, people, by=people.manager, approver=people.manager)
    with pytest.raises(NotAllowed):
        approved(project, people, by=people.developer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal(0)}, "above zero"),
        ({"currency": "E1"}, "three letters"),
        ({"currency": ""}, "three letters"),  # the project has none of its own
        ({"approved_on": date(2026, 11, 24)}, "lies ahead"),
        ({"until_gate": "release"}, "up to which stage"),
        ({"limit_stage": "build"}, "what ends the limit"),
        ({"limit_stage": "stabilize", "until_gate": "release", "until_text": "The audit"}, "one of them"),
        ({"limit_stage": "build", "until_gate": "release"}, "held in Stabilize"),
        ({"limit_stage": "envision", "until_gate": "plan"}, "held in Project Planning"),
    ],
)
def test_an_approval_that_makes_no_sense_is_refused(project, people, changes, words):
    with pytest.raises(Refused, match=words):
        approved(project, people, **changes)
    assert not project.fundingapprovals.exists()


@pytest.mark.req("SEED-66")
def test_a_stage_beyond_the_limit_is_not_started(people):
    """The gate of the plan is open; the money ends before Build."""
    project = world.to_planning(world.register(people), people)
    approved(project, people, limit_stage="planning", until_text="The lease of the depot is signed")
    world.pass_gate(project, ReviewKind.PPA, people)
    with pytest.raises(Blocked, match="until this has been passed: The lease of the depot is signed") as refusal:
        world.move(project, "start_build", people)
    assert codes(refusal.value.blockers) == ["funding.limit"]
    assert world.fresh(project).stage == Stage.PLANNING

    approved(project, people, now=world.NOW + timedelta(minutes=1))
    assert world.move(project, "start_build", people).stage == Stage.BUILD


@pytest.mark.req("SEED-66")
def test_a_limit_until_release_readiness_ends_with_that_review(people):
    project = world.to_planning(world.register(people), people)
    approved(project, people, limit_stage="stabilize", until_gate="release")
    world.pass_gate(project, ReviewKind.PPA, people)
    world.move(project, "start_build", people)
    world.supply_artifacts(world.fresh(project), "scope", people)
    world.confirm_outcomes(project, people)
    world.move(project, "start_stabilize", people)  # within the limit
    with pytest.raises(Blocked) as refusal:
        world.move(project, "start_deploy", people)
    assert "funding.limit" in codes(refusal.value.blockers)

    world.pass_gate(project, ReviewKind.RR, people, now=world.NOW + timedelta(hours=1))
    assert world.move(project, "start_deploy", people, now=world.NOW + timedelta(hours=2)).stage == Stage.DEPLOY


@pytest.mark.req("SEED-66")
def test_a_review_held_before_the_limit_was_set_does_not_end_it(people):
    project = world.to_planning(world.register(people), people)
    world.pass_gate(project, ReviewKind.PPA, people)
    approved(project, people, limit_stage="planning", until_gate="plan", now=world.NOW + timedelta(hours=1))
    with pytest.raises(Blocked) as refusal:
        world.move(project, "start_build", people, now=world.NOW + timedelta(hours=2))
    assert codes(refusal.value.blockers) == ["funding.limit"]


@pytest.mark.req("SEED-66")
def test_the_page_of_the_step_refuses_it_and_says_who_has_the_money(client, people):
    project = world.to_planning(world.register(people), people)
    approved(project, people, limit_stage="planning", until_text="The lease is signed")
    world.pass_gate(project, ReviewKind.PPA, people)
    client.force_login(people.program)
    there = reverse("move", args=[project.code, "start_build"])
    assert "until this has been passed: The lease is signed" in client.get(there).content.decode()
    answer = client.post(there)
    assert answer.status_code == 409
    assert "until this has been passed: The lease is signed" in answer.content.decode()
    assert world.fresh(project).stage == Stage.PLANNING


@pytest.mark.req("SEED-66")
def test_a_limit_does_not_keep_a_project_from_going_back(people):
    project = world.to_build(world.register(people), people)
    approved(project, people, limit_stage="envision", until_text="A second quote")
    assert world.move(project, "return_to_planning", people, reason="The plan has changed.").stage == Stage.PLANNING


@pytest.mark.req("SEED-66")
def test_a_significant_plan_needs_an_approval_of_funding_and_a_minor_one_does_not(people, project):
    large = world.register(people, category="significant", code="PRJ-0900")
    assert "funding.none" in codes(check_blockers(large, "plan", world.NOW))
    assert "funding.none" not in codes(check_blockers(project, "plan", world.NOW))
    approved(large, people)
    assert "funding.none" not in codes(check_blockers(large, "plan", world.NOW))


COMPLETE = {
    "work_plan": "Two people, a week.",
    "cost": Decimal(1200),
    "currency": "EUR",
    "planned_start": date(2026, 11, 2),
    "planned_end": date(2026, 11, 27),
}


def listed(project, people, name="Guide", **values):
    return funding.add_package(project_id=project.pk, by=people.product, name=name, now=world.NOW, **values)


@pytest.mark.req("SEED-36")
@pytest.mark.parametrize("lacking", [("work_plan",), ("cost", "currency"), ("planned_start", "planned_end")])
def test_a_deliverable_without_work_plan_cost_or_schedule_keeps_the_plan_from_being_approved(people, lacking):
    project = world.register(people, category="significant")
    assert "deliverable.none" in codes(check_blockers(project, "plan", world.NOW))
    listed(project, people, "Tablets", **COMPLETE)
    assert not [code for code in codes(check_blockers(project, "plan", world.NOW)) if code.startswith("deliverable")]

    row = listed(project, people, **{name: value for name, value in COMPLETE.items() if name not in lacking})
    found = [each for each in check_blockers(project, "plan", world.NOW) if each.code == "deliverable.incomplete"]
    assert [each.text for each in found] == ["Without work plan, cost estimate or schedule: Guide."]

    funding.revise_package(row, by=people.program, now=world.NOW, **COMPLETE)
    assert "deliverable.incomplete" not in codes(check_blockers(project, "plan", world.NOW))


@pytest.mark.req("SEED-36")
def test_the_page_counts_what_is_missing_and_mends_it(client, people, project):
    listed(project, people, "Tablets", **COMPLETE)
    row = listed(project, people)
    client.force_login(people.program)
    there = reverse("register", args=[project.code, "deliverables"])
    assert "1 of 2 lack a work plan, a cost estimate or a schedule." in client.get(there).content.decode()
    verb = reverse("register_row", args=[project.code, "deliverables", row.pk, "plan"])
    assert client.post(verb, {**COMPLETE, "currency": ""}).status_code == 422  # the project has no currency either
    assert client.post(verb, COMPLETE).status_code == 302
    assert "lack a work plan" not in client.get(there).content.decode()


@pytest.mark.req("SEED-36")
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"planned_start": date(2026, 11, 2)}, "both days"),
        ({"planned_start": date(2026, 11, 2), "planned_end": date(2026, 11, 1)}, "before the planned start"),
        ({"cost": Decimal(-1), "currency": "EUR"}, "below zero"),
        ({"cost": Decimal(1)}, "three letters"),
    ],
)
def test_half_a_schedule_or_a_cost_without_currency_is_refused(project, people, values, words):
    with pytest.raises(Refused, match=words):
        listed(project, people, **values)
    assert not project.workpackages.exists()


def test_a_deliverable_is_listed_once(project, people):
    listed(project, people)
    with pytest.raises(Refused, match="already a deliverable Guide"):
        listed(project, people, " Guide ")
