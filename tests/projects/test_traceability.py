"""The matrix of requirements and features: its gaps, its page, its files, what it has against a plan."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.actions import features, requirements, roles
from projects.actions import traceability as taking
from projects.blocker import Blocked, NotAllowed
from projects.checks.traceability import plan_check
from projects.importing.matrix import MatrixLine
from projects.ledger_check import verify
from projects.models import Feature
from projects.traceability import COLUMNS, gaps
from reviews import gates, signing
from reviews.models import ReviewKind
from tests import world
from tests.pages import address, client_of, text_of

pytestmark = pytest.mark.django_db
HEAD = ",".join(COLUMNS)


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def at(project, query=""):
    return reverse("traceability", args=[project.code]) + query


def need(project, people, kind="business", text="It runs at night."):
    return requirements.add(project_id=project.pk, by=people.product, kind=kind, text=text, now=world.NOW)


def feature(project, people, name="Night run", **more):
    given = {"owner": people.developer, **more}
    return features.add(project_id=project.pk, by=people.product, name=name, now=world.NOW, **given)


def three(project, people):
    """One requirement that is met, one that is not, one feature that meets none."""
    met, _loose = need(project, people), need(project, people, "user", "It is quick.")
    feature(project, people, requirements=[met], test="T-1")
    feature(project, people, "Gold plating")


def codes(blockers):
    return sorted(blocker.code for blocker in blockers)


# --- Page ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-25")
def test_the_page_shows_what_meets_what_and_both_gaps_with_their_counts(client, people, project):
    three(project, people)
    client.force_login(people.auditor)
    page = text_of(client.get(at(project)))
    assert "1 feature without a requirement, 1 requirement without a feature" in page
    for words in ("R-001", "F-001 Night run", "Ravi Menon", "T-1", "R-002", "No feature", "F-002 Gold plating"):
        assert words in page
    only_gaps = text_of(client.get(at(project, "?gaps=1")))
    assert "R-002" in only_gaps
    assert "F-002 Gold plating" in only_gaps
    assert "R-001" not in only_gaps


@pytest.mark.req("SEED-25")
def test_a_link_that_has_ended_leaves_a_gap(people, project):
    row = feature(project, people, requirements=[need(project, people)])
    assert (gaps(project).features, gaps(project).requirements) == (0, 0)
    features.change(row, by=people.product, name=row.name, owner=row.owner, requirements=[], now=world.NOW)
    assert (gaps(project).features, gaps(project).requirements) == (1, 1)


def test_it_is_found_from_requirements_and_registers(client, people, project):
    client.force_login(people.auditor)
    for name in ("requirements", "registers"):
        assert at(project) in client.get(reverse(name, args=[project.code])).content.decode()


@pytest.mark.database("sqlite")  # the other one is sent the same queries
@pytest.mark.parametrize("query", ["", "?gaps=1", "?page=2"])
def test_a_page_costs_the_same_with_three_rows_and_with_three_hundred(
    client, people, project, query, django_assert_num_queries
):
    client.force_login(people.program)
    three(project, people)
    client.get(at(project))
    with django_assert_num_queries(11):
        client.get(at(project, query))
    many = [MatrixLine(n, f"R-{n}", "system", "Text.", f"F-{n}", "Name", "Ravi Menon") for n in range(10, 160)]
    many += [MatrixLine(n, f"R-{n}", "operational", "Text.") for n in range(160, 310)]
    taking.take_over(project_id=project.pk, by=people.program, lines=many, now=world.NOW)
    client.get(at(project))  # on a slow machine the inbox badge has expired meanwhile
    with django_assert_num_queries(11):
        assert client.get(at(project, query)).status_code == 200


# --- Files -----------------------------------------------------------------------------------------------------------
def upload(client, project, text, name="matrix.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(at(project), {"file": SimpleUploadedFile(name, content)})


def test_the_matrix_is_downloaded_as_csv_and_as_a_workbook(client, people, project):
    three(project, people)
    need(project, people, "system", "=1+1")
    client.force_login(people.auditor)
    there = [reverse("traceability_file", args=[project.code, ending]) for ending in ("csv", "xlsx", "pdf")]
    text = client.get(there[0]).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == list(COLUMNS)
    assert rows[1] == [
        "R-001",
        "business",
        "It runs at night.",
        "F-001",
        "Night run",
        "Ravi Menon",
        "planned",
        "T-1",
        "",
    ]
    assert rows[2][:4] == ["R-002", "user", "It is quick.", ""]
    assert rows[3][2] == "'=1+1"  # no cell becomes a formula
    assert rows[4][3:5] == ["F-002", "Gold plating"]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(there[1]).content)).active
    assert [cell.value for cell in sheet[2]][:5] == rows[1][:5]
    assert (sheet["C4"].value, sheet["C4"].data_type) == ("=1+1", "s")
    assert client.get(there[2]).status_code == 404


@pytest.mark.req("SEED-25")
def test_a_file_brings_requirements_features_and_links(client, people, project):
    need(project, people)
    client.force_login(people.program)
    text = (
        f"{HEAD}\n"
        "R-001,,,F-001,Night run,Ravi Menon,complete,T-1,passed\n"
        "R-050,Operational,It can be restarted.,F-001,,,,,\n"
        "R-051,user,It is quick.,,,,,,\n"
        ",,,F-002,Gold plating,anneke@example.test,,,\n"
    )
    answer = upload(client, project, text)
    assert answer.status_code == 302
    assert "New: 2 requirements, 2 features, 2 links." in text_of(client.get(at(project)))
    row = project.features.get(ref="F-001")
    assert (row.status, row.test, row.result, row.owner) == ("complete", "T-1", "passed", people.developer)
    assert row.links.count() == 2
    assert project.requirements.get(ref="R-050").kind == "operational"
    assert (gaps(project).features, gaps(project).requirements) == (1, 1)
    assert list(verify(project=project).findings) == []


def test_a_download_sent_back_changes_nothing(client, people, project):
    three(project, people)
    need(project, people, "system", "-5 degrees are endured.")
    features.defer(Feature.objects.get(ref="F-002"), by=people.product, reason="Later.", now=world.NOW)
    client.force_login(people.program)
    before = len(world.events(project))
    for ending in ("csv", "xlsx"):
        file = client.get(reverse("traceability_file", args=[project.code, ending])).content
        assert upload(client, project, file, f"matrix.{ending}").status_code == 302
    assert len(world.events(project)) == before


def test_a_file_adds_a_link_to_a_feature_that_is_there_and_ends_none(client, people, project):
    three(project, people)
    client.force_login(people.program)
    assert upload(client, project, "requirement,feature\nR-002,F-001\n").status_code == 302
    assert project.features.get(ref="F-001").links.filter(ended_at__isnull=True).count() == 2


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("R-9,business,,,,,,,", "A new requirement has a text."),
        ("R-9,wish,Text.,,,,,,", "The kind of a new requirement"),
        ("R-001,user,It runs at night.,,,,,,", "R-001 is another requirement already."),
        (",,,F-9,Name,Nobody Known,,,", "Nobody with a role on the project is called Nobody Known."),
        (",,,F-9,Name,Mallory Outside,,,", "Nobody with a role on the project is called Mallory Outside."),
        (",,,F-9,,Ravi Menon,,,", "A new feature has a name."),
        (",,,F-9,Name,Ravi Menon,deferred,,", "A new feature is planned, in build or complete."),
        (",,,F-9,Name,Ravi Menon,,,passed", "Name the test that has this result."),
        (",,,F-9,Name,Ravi Menon,complete,T-1,failed", "A feature whose test failed is not complete."),
        (",,,F-001,Another name,,,,", "F-001 is already told otherwise: name."),
        (",,,F-001,,Anneke de Wit,,,", "F-001 is already told otherwise: owner."),
        (",user,,,,,,,", "It names neither a requirement nor a feature."),
    ],
)
def test_a_line_that_is_not_fit_is_named_and_nothing_is_taken_over(client, people, project, line, fault):
    three(project, people)
    client.force_login(people.program)
    before = world.events(project)
    answer = upload(client, project, f"{HEAD}\nR-070,user,It is green.,,,,,,\n\n{line}\n")
    assert answer.status_code == 422
    assert f"Line 4: {fault}" in text_of(answer)
    assert world.events(project) == before


def test_the_same_name_twice_is_told_apart_by_username(client, people, project):
    twin = world.person("ravi2", "Ravi Menon")
    roles.assign(project_id=project.pk, by=people.manager, role="R-TST", person=twin, now=world.NOW)
    client.force_login(people.program)
    answer = upload(client, project, "feature,name,owner\nF-1,One,Ravi Menon\n")
    assert "Several people are called Ravi Menon" in text_of(answer)
    assert upload(client, project, "feature,name,owner\nF-1,One,ravi2\n").status_code == 302
    assert project.features.get().owner == twin


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("requirement,colour\nR-1,red\n", "The columns colour are not known."),
        ("name,owner\nOne,Two\n", "needs a column named requirement or feature"),
        (b"PK\x03\x04 broken", "no Excel workbook"),
        ("requirement\n" + "R-1\n" * 2001, "more than 2000 rows"),
    ],
)
def test_a_file_that_is_no_matrix_is_refused_in_words(client, people, project, content, words):
    client.force_login(people.program)
    answer = upload(client, project, content)
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_who_records_nothing_takes_nothing_over(people, project):
    with pytest.raises(NotAllowed):
        taking.take_over(project_id=project.pk, by=people.auditor, lines=[], now=world.NOW)


# --- The plan --------------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-25")
def test_gaps_of_either_kind_keep_a_plan_from_being_approved(people):
    project = world.register(people, category="significant")
    world.to_planning(project, people)
    assert codes(plan_check(project, world.NOW)) == ["feature.none", "requirement.loose"]
    three(project, people)
    found = plan_check(project, world.NOW)
    assert codes(found) == ["feature.loose", "requirement.loose"]
    assert [blocker.text for blocker in found] == [
        "1 feature meets no requirement: F-002.",
        "2 requirements are met by no feature: R-001, R-003.",
    ]
    review = world.open_review(project, ReviewKind.PPA, people)
    assert {"feature.loose", "requirement.loose"} <= set(codes(gates.blockers(signing.load(review.pk), world.NOW)))


@pytest.mark.req("SEED-25")
def test_a_plan_with_a_gap_that_came_last_is_not_approved_by_its_signatures(people):
    project = world.to_planning(world.register_large(people, category="significant"), people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    world.sign_all(review)
    need(project, people, text="One more thing.")
    with pytest.raises(Blocked, match="1 requirement is met by no feature: R-002"):
        world.decide(review)


@pytest.mark.req("SEED-65")
def test_a_feature_whose_owner_has_left_the_project_wants_another_before_the_plan(people):
    project = world.register(people, category="significant")
    row = feature(project, people, owner=people.user, requirements=[need(project, people)])
    assert plan_check(project, world.NOW) == []
    held = world.holder(project, "P-USER")
    roles.end(assignment_id=held.pk, by=people.manager, now=world.NOW)
    assert codes(plan_check(project, world.NOW)) == ["feature.owner_gone"]
    features.change(
        row,
        by=people.product,
        name=row.name,
        owner=people.product,
        requirements=project.requirements.all(),
        now=world.NOW,
    )
    assert plan_check(project, world.NOW) == []


def test_a_minor_change_need_not_trace(people, project):
    three(project, people)
    assert plan_check(project, world.NOW) == []


@pytest.mark.req("SEED-25")
def test_the_room_of_a_plan_shows_both_counts_and_the_room_of_a_release_does_not(people):
    project = world.to_build(world.register(people), people)
    three(project, people)
    plan = project.reviews.get()
    client = client_of(people.auditor)
    page = client.get(address("review", plan))
    assert "1 feature without a requirement, 2 requirements without a feature" in text_of(page)
    assert at(project, "?gaps=1") in page.content.decode()
    world.supply_artifacts(world.fresh(project), "scope", people)
    world.confirm_outcomes(project, people)
    world.move(project, "start_stabilize", people)
    release = world.open_review(project, ReviewKind.RR, people)
    assert "without a requirement" not in text_of(client.get(address("review", release)))
