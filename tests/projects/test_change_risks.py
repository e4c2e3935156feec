"""Changes that raise risks or move them, seen from both sides (SEED-128)."""

import pytest
from django.urls import reverse

from projects.actions import change_risks, risks, strategy
from projects.blocker import NotAllowed, Refused
from projects.ledger_check import verify
from projects.models import ChangeRisk, Risk
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

RISK = {"text": "The tablets arrive late", "impacts": ["availability"], "likelihood": 2, "impact": 4}


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def change(project, people, ref="RFC-2214"):
    return strategy.add_change_record(
        project_id=project.pk,
        by=people.program,
        ref=ref,
        title="Tablets",
        scope_effect="Three more tablets.",
        resource_effect="None.",
        management_effect="None.",
        financial_effect="EUR 1,350.",
        now=NOW,
    )


def risk(project, people, **changes):
    return risks.add(project_id=project.pk, by=people.program, now=NOW, **{**RISK, **changes})


def do(client, row, verb, form):
    return client.post(reverse("register_row", args=[row.project.code, "change_records", row.pk, verb]), form)


def page(client, project, register):
    return client.get(reverse("register", args=[project.code, register])).content.decode()


@pytest.mark.req("SEED-128")
def test_a_change_raises_a_risk_and_both_registers_show_the_link(client, people, project):
    row = change(project, people)
    client.force_login(people.product)
    assert do(client, row, "raise_risk", RISK).status_code == 302
    made = project.risks.get()
    assert (made.ref, made.text, made.rating) == ("RISK-1", "The tablets arrive late", 8)
    assert "RISK-1 (raised)" in page(client, project, "change_records")
    assert "RFC-2214 (raised it)" in page(client, project, "risks")
    assert world.events(project)[-2:] == ["risk.added", "change_risk.raised"]
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-128")
def test_a_change_moves_a_known_risk_and_both_registers_show_the_link(client, people, project):
    row = change(project, people)
    known = risk(project, people, response="reduce", plan="Order early.", owner=people.product)
    client.force_login(people.product)
    form = {"risk": known.pk, "effect": "Three more must be ordered.", "likelihood": "4", "impact": ""}
    assert do(client, row, "link_risk", form).status_code == 302
    known.refresh_from_db()
    assert (known.likelihood, known.impact, known.plan, known.owner) == (4, 4, "Order early.", people.product)
    assert "RISK-1" in page(client, project, "change_records")
    assert "RFC-2214" in page(client, project, "risks")
    assert world.events(project)[-2:] == ["risk.changed", "change_risk.linked"]
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-128")
def test_a_judged_risk_is_linked_but_not_rated_anew(people, project):
    row, known = change(project, people), risk(project, people)
    risks.accept(known, by=people.sponsor, judgement="We live with it.", now=NOW)
    with pytest.raises(Refused, match="reopen it"):
        change_risks.link_risk(row, by=people.product, risk=known, effect="Worse.", impact=5, now=NOW)
    assert not ChangeRisk.objects.exists()
    change_risks.link_risk(row, by=people.product, risk=known, effect="No worse.", now=NOW)
    known.refresh_from_db()
    assert (known.state, known.impact) == (Risk.State.ACCEPTED, 4)


@pytest.mark.req("SEED-128")
def test_a_link_is_made_once_with_words_and_within_one_project(client, people, project):
    row, known = change(project, people), risk(project, people)
    other = world.register(people, title="Payroll")
    foreign = risk(other, people)
    with pytest.raises(Refused, match="another project"):
        change_risks.link_risk(row, by=people.product, risk=foreign, effect="Worse.", now=NOW)
    client.force_login(people.product)
    assert do(client, row, "link_risk", {"risk": foreign.pk, "effect": "Worse."}).status_code == 422
    with pytest.raises(Refused, match="what the change does"):
        change_risks.link_risk(row, by=people.product, risk=known, effect=" ", now=NOW)
    change_risks.link_risk(row, by=people.product, risk=known, effect="Worse.", now=NOW)
    with pytest.raises(Refused, match="linked already"):
        change_risks.link_risk(row, by=people.product, risk=known, effect="Worse.", now=NOW)


def test_risks_of_a_change_are_for_people_who_work_on_the_project(people, project):
    row, known = change(project, people), risk(project, people)
    with pytest.raises(NotAllowed):
        change_risks.raise_risk(row, by=people.auditor, **RISK, now=NOW)
    with pytest.raises(NotAllowed):
        change_risks.link_risk(row, by=people.auditor, risk=known, effect="Worse.", now=NOW)
    assert project.risks.count() == 1
    assert not ChangeRisk.objects.exists()


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize(("register", "queries"), [("change_records", 9), ("risks", 11)])
def test_links_cost_no_query_a_row(client, people, project, register, queries, count, django_assert_num_queries):
    for n in range(count):
        change_risks.raise_risk(change(project, people, f"RFC-{n}"), by=people.program, **RISK, now=NOW)
    client.force_login(people.program)
    page(client, project, register)
    with django_assert_num_queries(queries):
        page(client, project, register)
