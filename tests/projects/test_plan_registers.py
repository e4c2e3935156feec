"""Milestones, metrics, gaps and opportunities: what they refuse, and what keeps the plan from being approved."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.actions import planning
from projects.actions.projects import ReasonMissing
from projects.blocker import Blocked, NotAllowed, Refused
from projects.catalog.statements import STATEMENTS
from projects.checks import check_blockers
from reviews.models import ReviewKind
from tests import world
from tests.supplies.statements import sign_side

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def codes(project, gate="plan") -> list[str]:
    return [blocker.code for blocker in check_blockers(project, gate, world.NOW)]


def milestone(project, people, stage="planning", name="Costs agreed", planned_on=date(2026, 12, 18)):
    return planning.add_milestone(
        project_id=project.pk, by=people.product, stage=stage, name=name, planned_on=planned_on, now=world.NOW
    )


@pytest.mark.req("SEED-23")
def test_the_plan_is_not_approved_while_a_milestone_is_neither_met_nor_explained(people):
    project = world.to_planning(world.register(people), people)
    met, unmet = milestone(project, people), milestone(project, people, name="Lease signed")
    milestone(project, people, stage="build", name="First tablet works")  # says nothing about the plan
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    world.sign_all(review)
    with pytest.raises(Blocked, match="neither met nor given a reason: Costs agreed, Lease signed"):
        world.decide(review)
    planning.meet(met, by=people.product, actual_on=date(2026, 11, 20), now=world.NOW)
    with pytest.raises(Blocked, match="neither met nor given a reason: Lease signed"):
        world.decide(review)
    planning.explain(unmet, by=people.program, unmet_reason="The landlord is away until January.", now=world.NOW)
    world.decide(review)


@pytest.mark.req("SEED-23")
def test_the_page_lists_planned_and_actual_dates_and_the_reason(client, people, project):
    met, unmet = milestone(project, people, planned_on=date(2026, 11, 18)), milestone(project, people, name="Lease")
    client.force_login(people.program)

    def verb(row, name):
        return reverse("register_row", args=[project.code, "milestones", row.pk, name])

    assert client.post(verb(met, "met"), {"actual_on": "2026-11-20"}).status_code == 302
    assert client.post(verb(unmet, "not-met"), {"unmet_reason": ""}).status_code == 422
    assert client.post(verb(unmet, "not-met"), {"unmet_reason": "The landlord is away."}).status_code == 302
    page = client.get(reverse("register", args=[project.code, "milestones"])).content.decode()
    for words in ("18 Nov 2026", "20 Nov 2026", "18 Dec 2026", "Not met, with a reason", "The landlord is away."):
        assert words in page


@pytest.mark.req("SEED-23")
def test_a_milestone_is_reached_once_and_not_tomorrow(people, project):
    row = milestone(project, people)
    with pytest.raises(Refused, match="lies ahead"):
        planning.meet(row, by=people.product, actual_on=date(2026, 11, 24), now=world.NOW)
    with pytest.raises(NotAllowed):
        planning.explain(row, by=people.product, unmet_reason="No time.", now=world.NOW)
    with pytest.raises(ReasonMissing):
        planning.explain(row, by=people.program, unmet_reason=" ", now=world.NOW)
    planning.meet(row, by=people.product, actual_on=date(2026, 11, 23), now=world.NOW)
    with pytest.raises(Refused, match="reached already"):
        planning.meet(row, by=people.product, actual_on=date(2026, 11, 22), now=world.NOW)
    with pytest.raises(Refused, match="reached already"):
        planning.explain(row, by=people.program, unmet_reason="No time.", now=world.NOW)


def metric(project, people, name="Waiting time"):
    return planning.add_metric(
        project_id=project.pk,
        by=people.program,
        name=name,
        unit="minutes",
        target="below 2",
        source="The reception's log",
        cadence="every week",
        now=world.NOW,
    )


@pytest.mark.req("SEED-60")
def test_a_significant_plan_without_a_metric_is_not_approved(people, project):
    large = world.register(people, category="significant", code="PRJ-0900")
    assert "metric.none" in codes(large)
    assert "metric.none" not in codes(project)
    row = metric(large, people)
    assert (row.unit, row.target, row.source, row.cadence) == (
        "minutes",
        "below 2",
        "The reception's log",
        "every week",
    )
    assert "metric.none" not in codes(large)


@pytest.mark.req("SEED-60")
def test_a_metric_lacks_nothing(client, people, project):
    client.force_login(people.program)
    whole = {"name": "Waiting", "unit": "minutes", "target": "below 2", "source": "Log", "cadence": "every week"}
    for lacking in whole:
        given = {name: value for name, value in whole.items() if name != lacking}
        answer = client.post(reverse("register", args=[project.code, "metrics"]), given)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [lacking]


@pytest.mark.req("SEED-60")
def test_a_measurement_is_recorded_beside_its_metric_and_shown(client, people, project):
    row = metric(project, people)
    client.force_login(people.program)
    there = reverse("register_row", args=[project.code, "metrics", row.pk, "measure"])
    assert client.post(there, {"measured_on": "2026-11-20", "value": "1.5"}).status_code == 302
    page = client.get(reverse("register", args=[project.code, "measurements"])).content.decode()
    assert "1.5 minutes" in page


@pytest.mark.req("SEED-60")
def test_a_measurement_is_of_the_same_project_and_of_a_day_that_has_been(people, project):
    row = metric(project, people)
    given = {"by": people.program, "metric": row, "value": Decimal(1), "now": world.NOW}
    other = world.register(people, code="PRJ-0900")
    with pytest.raises(Refused, match="another project"):
        planning.add_measurement(project_id=other.pk, measured_on=date(2026, 11, 20), **given)
    with pytest.raises(Refused, match="lies ahead"):
        planning.add_measurement(project_id=project.pk, measured_on=date(2026, 11, 24), **given)
    with pytest.raises(Refused, match="already a metric"):
        metric(project, people, " Waiting time ")


@pytest.mark.req("SEED-62")
def test_a_gap_has_an_owner_and_a_plan_until_it_is_closed(client, people, project):
    client.force_login(people.program)
    there = reverse("register", args=[project.code, "gaps"])
    whole = {
        "kind": "resource",
        "text": "Nobody at Halden Road on Fridays.",
        "owner": people.support.pk,
        "plan": "Ask the neighbouring depot.",
    }
    for lacking in ("owner", "plan"):
        assert client.post(there, {**whole, lacking: ""}).status_code == 422
    assert client.post(there, {**whole, "owner": people.outsider.pk}).status_code == 422
    assert client.post(there, whole).status_code == 302
    page = client.get(there).content.decode()
    for words in ("Resource shortfall", "Nobody at Halden Road on Fridays.", "Joy", "Ask the neighbouring depot."):
        assert words in page
    row = project.capabilitygaps.get()
    close = reverse("register_row", args=[project.code, "gaps", row.pk, "close"])
    assert client.post(close, {"outcome": "Two people come over."}).status_code == 302
    row.refresh_from_db()
    assert (row.closed_by, row.outcome) == (people.program, "Two people come over.")
    assert client.post(close, {"outcome": "Again."}).status_code == 422


def opportunity(project, people, kind="decommission", by="product", **values):
    return planning.add_opportunity(
        project_id=project.pk, by=getattr(people, by), kind=kind, text="The paper book.", now=world.NOW, **values
    )


@pytest.mark.req("SEED-59")
@pytest.mark.parametrize("kind", ["consolidate", "simplify", "decommission", "none_found"])
def test_a_significant_plan_says_what_could_be_retired_or_that_nothing_was_found(people, kind):
    project = world.register(people, category="significant")
    assert "opportunity.none" in codes(project)
    opportunity(project, people, kind)
    assert "opportunity.none" not in codes(project)


@pytest.mark.req("SEED-59")
def test_that_nothing_was_found_is_signed_and_on_what_was_looked_at(client, people):
    project = world.register(people, category="significant")
    row = opportunity(project, people, "none_found")

    def unsigned():
        return [b.owner for b in check_blockers(project, "plan", world.NOW) if "No opportunity to merge" in b.text]

    assert unsigned() == [str(people.program)]
    client.force_login(people.program)
    page = client.get(reverse("statement", args=[project.code, "none-found", "architect"])).content.decode()
    assert row.text in page
    topic = STATEMENTS["none-found"]
    sign_side(project, people, topic, topic.sides[0], world.NOW)
    assert unsigned() == []
    opportunity(project, people, "none_found")
    assert unsigned() == [str(people.program)]  # another place was looked at: the signature was on less
    opportunity(project, people, "simplify")
    assert unsigned() == []


@pytest.mark.req("SEED-59")
def test_an_opportunity_is_decided_once_and_nothing_found_is_not_decided(people, project):
    row = planning.decide_opportunity(
        opportunity(project, people), by=people.sponsor, decision="Retired in May.", now=world.NOW
    )
    assert row.decision == "Retired in May."
    with pytest.raises(Refused, match="decided already"):
        planning.decide_opportunity(row, by=people.sponsor, decision="Kept.", now=world.NOW)
    none = opportunity(project, people, "none_found")
    with pytest.raises(Refused, match="nothing to decide"):
        planning.decide_opportunity(none, by=people.sponsor, decision="Kept.", now=world.NOW)
    with pytest.raises(Refused, match="nothing to decide"):
        opportunity(project, people, "none_found", decision="Kept.")


def test_a_minor_plan_stays_light(people, project):
    assert codes(project) == []
