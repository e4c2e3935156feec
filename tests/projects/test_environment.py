"""Training, agreements and procedures: what is recorded about each, and what it has against a release."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects.actions import dropping, environment
from projects.blocker import Blocked, NotAllowed, Refused
from projects.checks import check_blockers
from reviews.models import ReviewKind
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


@pytest.fixture
def full(people):
    """A project whose profile asks for every document."""
    return world.register(people, category="significant", title="Voice for eighty desks")


def found(project, now=NOW) -> dict[str, str]:
    return {blocker.code: blocker.text for blocker in check_blockers(project, "release", now)}


def trained(project, people, name="Kirsten Aalto", **changes):
    given = {"name": name, "course": "Desk runbook", "planned_on": date(2026, 11, 20), **changes}
    return environment.plan_training(project_id=project.pk, by=people.program, now=NOW, **given)


def agreed(project, people, party="Tablet maker"):
    return environment.add_agreement(
        project_id=project.pk,
        by=people.program,
        kind="contract",
        party=party,
        service_level="A new tablet within a day.",
        now=NOW,
    )


def judged(row, by, sufficient):
    return environment.judge_agreement(row, by=by, sufficient=sufficient, evidence="Read it.", now=NOW)


def procedure(project, people, site="North Quay"):
    return environment.add_procedure(
        project_id=project.pk, by=people.program, site=site, text="Badges are counted at night.", now=NOW
    )


def do(client, project, register, row, verb, **form):
    return client.post(reverse("register_row", args=[project.code, register, row.pk, verb]), form)


def page(client, project, register):
    return client.get(reverse("register", args=[project.code, register])).content.decode()


# --- Training (SEED-97) ----------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-97")
def test_that_each_person_is_trained_is_recorded_apart_from_the_plan(client, people, project):
    first, second = trained(project, people), trained(project, people, "Petr Holub")
    world.approved_artifact(project, "ART-16", people)
    assert found(project)["training.open"] == "Not trained yet: Kirsten Aalto, Petr Holub."
    client.force_login(people.program)
    done = do(client, project, "training", first, "done", done_on="2026-11-20", evidence="Worked alone with it.")
    assert done.status_code == 302
    shown = page(client, project, "training")
    assert "Worked alone with it." in shown
    assert found(project)["training.open"] == "Not trained yet: Petr Holub."
    environment.training_done(second, by=people.program, done_on=date(2026, 11, 20), now=NOW)
    assert "training.open" not in found(project)


@pytest.mark.req("SEED-97")
def test_a_release_waits_for_whoever_is_not_trained_yet(people, project):
    world.to_stabilize(project, people)
    row = trained(project, people)
    with pytest.raises(Blocked, match="Not trained yet: Kirsten Aalto"):
        world.pass_gate(project, ReviewKind.RR, people)
    environment.training_done(row, by=people.program, done_on=NOW.date(), now=NOW)
    review = project.reviews.get(kind="rr")
    world.decide(review)
    assert world.fresh(project).release_ready_at == NOW


@pytest.mark.req("SEED-97")
def test_a_training_plan_without_anybody_in_the_register_is_not_enough(people, project, full):
    assert found(full)["training.none"] == "Nobody's training is recorded."
    assert "training.none" not in found(project)  # a minor change is not asked for a training plan


def test_nobody_confirms_their_own_training(people, project):
    row = trained(project, people, name="", person=people.support)
    with pytest.raises(NotAllowed, match="your own training"):
        environment.training_done(row, by=people.support, done_on=NOW.date(), now=NOW)
    environment.training_done(row, by=people.operations, done_on=NOW.date(), now=NOW)
    with pytest.raises(Refused, match="is done already"):
        environment.training_done(row, by=people.program, done_on=NOW.date(), now=NOW)


def test_training_is_not_done_before_it_was_held(people, project):
    with pytest.raises(Refused, match="lies ahead"):
        environment.training_done(
            trained(project, people), by=people.program, done_on=NOW.date() + timedelta(days=1), now=NOW
        )


@pytest.mark.parametrize("who", ["neither", "both"])
def test_training_is_of_one_person(people, project, who):
    with pytest.raises(Refused, match="choose a person or write a name, not both"):
        trained(project, people, "" if who == "neither" else "Joy", person=people.support if who == "both" else None)


# --- Agreements (SEED-99) --------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-99")
def test_an_agreement_shows_its_service_level_and_whether_it_suffices(client, people, project):
    row = agreed(project, people)
    client.force_login(people.program)
    assert "Not judged" in page(client, project, "agreements")
    assert "Tablet maker" in found(project)["agreement.not_judged"]

    assert do(client, project, "agreements", row, "judge", sufficient="no", evidence="A week.").status_code == 302
    shown = page(client, project, "agreements")
    assert "A new tablet within a day." in shown
    assert "Not sufficient" in shown
    assert found(project) == {"agreement.not_sufficient": "Agreements that do not suffice: Tablet maker."}

    do(client, project, "agreements", row, "judge", sufficient="yes", evidence="A spare lies at each depot.")
    assert found(project) == {}


@pytest.mark.req("SEED-99")
def test_one_agreement_at_least_is_there_where_the_profile_asks_for_them(people, full):
    assert "agreement.none" in found(full)
    judged(agreed(full, people), people.program, True)
    assert "agreement.none" not in found(full)


def test_a_judgement_says_what_shows_it_and_is_no_deployers(client, people, project):
    row = agreed(project, people)
    with pytest.raises(Refused, match="what shows it"):
        environment.judge_agreement(row, by=people.program, sufficient=True, evidence=" ", now=NOW)
    client.force_login(people.program)
    assert do(client, project, "agreements", row, "judge", evidence="Neither yes nor no.").status_code == 422
    world.roles.assign(project_id=project.pk, by=people.program, role="P-DEPLOY", person=people.outsider, now=NOW)
    with pytest.raises(NotAllowed, match="may approve"):
        judged(row, people.outsider, True)


# --- Procedures (SEED-98) --------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-98")
@pytest.mark.parametrize(("clear", "aligned"), [("yes", "no"), ("no", "yes")])
def test_a_procedure_is_confirmed_for_its_site_when_it_is_clear_and_in_line(client, people, project, clear, aligned):
    there = procedure(project, people)
    elsewhere = procedure(project, people, "Ember Lane")
    client.force_login(people.operations)
    seen = {"evidence": "Walked through at night."}
    do(client, project, "procedures", elsewhere, "confirm", clear="yes", aligned="yes", **seen)
    do(client, project, "procedures", there, "confirm", clear=clear, aligned=aligned, **seen)
    assert "Not in order" in page(client, project, "procedures")
    assert found(project)["procedure.open"].endswith("standards: North Quay: Badges are counted at night.")
    do(client, project, "procedures", there, "confirm", clear="yes", aligned="yes", **seen)
    assert found(project) == {}


@pytest.mark.req("SEED-98")
def test_one_procedure_at_least_is_there_where_the_profile_asks_for_them(people, full):
    assert "procedure.none" in found(full)
    procedure(full, people)
    assert "procedure.none" not in found(full)
    assert "procedure.open" in found(full)


# --- Dropping --------------------------------------------------------------------------------------------------------


def test_a_row_that_is_not_needed_is_dropped_with_a_reason_and_blocks_no_more(client, people, project):
    row = trained(project, people)
    client.force_login(people.program)
    assert do(client, project, "training", row, "drop", reason="Left the desk.").status_code == 302
    shown = page(client, project, "training")
    assert "Left the desk." in shown
    assert "Dropped" in shown
    assert found(project) == {}
    with pytest.raises(Refused, match="was dropped"):
        environment.training_done(row, by=people.program, done_on=NOW.date(), now=NOW)


def test_only_who_manages_drops_and_says_why(people, project):
    row = trained(project, people)
    with pytest.raises(NotAllowed):
        dropping.drop(row, by=people.developer, reason="No.", now=NOW)
    with pytest.raises(Refused, match="Give the reason"):
        dropping.drop(row, by=people.program, reason=" ", now=NOW)
    environment.training_done(row, by=people.program, done_on=NOW.date(), now=NOW)
    with pytest.raises(Refused, match="has happened"):
        dropping.drop(row, by=people.program, reason="Wrong person.", now=NOW)


def test_a_long_list_names_three_and_counts_the_others(people, project):
    for n in range(1, 6):
        trained(project, people, f"Person {n}")
    assert found(project)["training.open"] == "Not trained yet: Person 1, Person 2, Person 3 and 2 more."


def test_the_check_costs_the_same_with_many_rows(people, full, django_assert_num_queries):
    for n in range(1, 4):
        trained(full, people, f"Person {n}", person=None)
        agreed(full, people, f"Maker {n}")
        procedure(full, people, f"Depot {n}")
    with django_assert_num_queries(21):
        assert check_blockers(full, "release", NOW)
