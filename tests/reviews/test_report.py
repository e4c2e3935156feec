"""The report across projects: outcomes, rounds, conditions, time in stage, holds and cancellations."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from projects.actions import projects
from projects.models import StageRun
from reviews.actions import conditions, decisions
from reviews.models import Condition, Review
from reviews.models import ReviewKind as Kind
from reviews.report import Debts, Scope, report
from tests import rows, world
from tests.pages import text_of

pytestmark = pytest.mark.django_db
NOW = world.NOW
DAY = timedelta(days=1)


@pytest.fixture
def people():
    return world.People()


def at() -> str:
    return reverse("phase_report")


def run(project, stage: str, days: float, *, ended: datetime = NOW, iteration: int = 1) -> StageRun:
    return StageRun.objects.create(
        project=project, stage=stage, iteration=iteration, started_at=ended - days * DAY, ended_at=ended
    )


def decided(decision: str, *, project, round: int = 1, **columns) -> Review:
    """A decided round of Project Plan Approved, written past the actions."""
    held = rows.review(project, "ppa", round, **columns)
    [signer] = rows.asked_to_sign(held, rows.person())
    signed = rows.packet(held)
    rows.sign_off(signer, signed)
    return rows.decide(held, signed.digest, decision)


# --- Through the actions ----------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-16", "EXT-22")
def test_what_reviews_came_to_is_seen_across_projects(client, people):
    first = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(first, Kind.PPA, people)
    world.sign_all(review)
    world.decide(review, "no_go_cancelled", reason="The depots are sold.")
    second = world.to_planning(world.register(people), people)
    world.pass_gate(second, Kind.PPA, people)
    third = world.register(people)
    projects.hold(project_id=third.pk, by=people.program, reason="No budget yet.", now=NOW)

    found = report(Scope(), NOW)

    assert found.outcomes["ppa"].decisions == {"no_go_cancelled": 1, "go": 1}
    assert found.outcomes["ppa"].share("go") == 0.5
    assert found.outcomes["rr"].decided == 0
    assert found.standing[("planning", "cancelled")] == 1
    assert found.standing[("registered", "on_hold")] == 1
    client.force_login(people.process_owner)
    shown = text_of(client.get(at()))
    assert "Project Plan Approved 2 1 (50%) 0 (0%) 0 (0%) 1 (50%) 0 (0%)" in shown
    assert "Registered 0 1 0 0" in shown


@pytest.mark.req("SEED-16")
def test_conditions_that_are_overdue_are_counted_until_they_are_met(people):
    project = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(project, Kind.PPA, people)
    for text in ("Label the tablets.", "Print the badges."):
        conditions.add(
            review_id=review.pk,
            by=people.program,
            text=text,
            consequence="They walk off.",
            owner=people.user,
            due_on=date(2026, 11, 30),
            now=NOW,
        )
    world.sign_all(review)
    world.decide(review, "go_conditions")
    assert report(Scope(), NOW).debts["ppa"] == Debts(given=2, met=0, overdue=0)
    later = NOW + 10 * DAY
    assert report(Scope(), later).debts["ppa"] == Debts(given=2, met=0, overdue=2)
    condition = Condition.objects.get(number=1)
    decisions.close_condition(condition_id=condition.pk, by=people.program, evidence="Seen.", now=later)
    assert report(Scope(), later).debts["ppa"] == Debts(given=2, met=1, overdue=1)


# --- Rounds -----------------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-16")
def test_rounds_per_review_tell_how_often_the_first_one_was_enough():
    at_once, at_last = rows.project(), rows.project()
    decided("go", project=at_once)
    decided("no_go_postponed", project=at_last)
    decided("no_go_postponed", project=at_last, round=2)
    decided("go_conditions", project=at_last, round=3)
    found = report(Scope(), NOW).outcomes["ppa"]
    assert (found.projects, found.decided, found.rounds_per_project) == (2, 4, 2.0)
    assert (found.go_in_round[1], found.go_in_round[2], found.later_goes) == (1, 0, 1)


# --- Time in stage ----------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-16")
@pytest.mark.parametrize(("days", "median"), [([9], 9), ([2, 30, 4], 4), ([1, 3, 90, 5], 4)])
def test_the_median_is_the_middle_passage_or_between_the_two_middle_ones(days, median):
    for took in days:
        run(rows.project(), "build", took)
    run(rows.project(), "planning", 50)
    StageRun.objects.create(project=rows.project(), stage="build", started_at=NOW)  # not ended
    found = report(Scope(), NOW).times
    assert found["build"].median == pytest.approx(median)
    assert (found["build"].passages, found["build"].longest) == (len(days), pytest.approx(max(days)))
    assert found["planning"].median == pytest.approx(50)
    assert "deploy" not in found


@pytest.mark.req("SEED-16")
def test_passages_after_rework_are_counted(people):
    project = rows.project()
    run(project, "build", 9)
    run(project, "build", 1, iteration=2)
    assert report(Scope(), NOW).times["build"].again == 1


# --- Filters ----------------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-16")
def test_category_and_period_narrow_the_report(client, people):
    world.to_build(world.register(people), people)
    world.to_build(world.register_large(people, category="significant"), people)
    assert report(Scope(category="minor"), NOW).outcomes["ppa"].decided == 1
    assert report(Scope(category="minor"), NOW).standing == {("build", "active"): 1}
    assert report(Scope(before=NOW), NOW).outcomes["ppa"].decided == 0
    assert report(Scope(before=NOW), NOW).times == {}
    assert report(Scope(since=NOW, before=NOW + DAY), NOW).outcomes["ppa"].decided == 2
    client.force_login(people.auditor)
    both = text_of(client.get(at()))
    assert "Minor: Project Plan Approved 1 1 (100%)" in both
    assert "Significant: Project Plan Approved 1 1 (100%)" in both
    narrow = text_of(client.get(at(), {"category": "minor", "starts_on": "2026-11-23", "ends_on": "2026-11-23"}))
    assert "Project Plan Approved 1 1 (100%)" in narrow
    assert "Significant: Project Plan Approved" not in narrow
    assert "Minor: Project Plan Approved" not in text_of(client.get(at(), {"ends_on": "2026-11-22"}))


def test_a_period_that_ends_before_it_begins_is_said_and_everything_is_shown(client, people):
    client.force_login(people.manager)
    shown = text_of(client.get(at(), {"starts_on": "2026-11-23", "ends_on": "2026-11-01"}))
    assert "The period ends before it begins" in shown
    assert "Everything is shown" in shown


# --- Who, and at what cost --------------------------------------------------------------------------------------------
def test_who_sees_every_project_finds_the_report_on_the_portfolio(client, people):
    for who, sees in ((people.manager, True), (people.auditor, True), (people.process_owner, True)):
        client.force_login(who)
        assert (at() in client.get(reverse("portfolio")).content.decode()) is sees
    for who in (people.program, people.outsider, people.operator):
        client.force_login(who)
        assert at() not in client.get(reverse("portfolio")).content.decode()
        assert client.get(at()).status_code == 404


@pytest.mark.req("SEED-16")
def test_the_report_costs_the_same_with_three_projects_and_with_three_hundred(
    client, people, django_assert_num_queries
):
    def some(count: int) -> None:
        author = rows.person()
        for n in range(count):
            project = rows.project(author)
            decided("go" if n % 2 else "no_go_postponed", project=project, chair=author)
            run(project, "envision", n + 1)

    client.force_login(people.manager)
    some(3)
    client.get(at())
    with django_assert_num_queries(8):
        client.get(at())
    some(297)
    client.get(at())
    with django_assert_num_queries(8):
        shown = text_of(client.get(at()))
    assert "Project Plan Approved 300" in shown
