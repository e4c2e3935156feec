"""The portfolio: who sees what, filters, order, leafing, download."""

import base64
import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from projects import portfolio
from projects.actions import projects
from projects.models import Project
from reviews.actions import conditions, rounds
from reviews.models import ReviewKind
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


def codes(response):
    return [row.project.code for row in response.context["leaf"].rows]


def listed(client, **query):
    return codes(client.get("/projects/", query))


def test_each_sees_own_projects_and_who_answers_for_all_sees_all(client, people):
    project = world.register(people)
    for who, sees in (
        (people.manager, True),
        (people.developer, True),
        (people.auditor, True),
        (people.process_owner, True),
        (people.operator, False),
        (people.outsider, False),
    ):
        client.force_login(who)
        assert listed(client) == ([project.code] if sees else []), who


@pytest.mark.req("SEED-115", "EXT-06")
def test_a_row_shows_stage_next_gate_signatures_and_who_is_waited_for(client, people):
    project = world.register(people)
    world.to_planning(project, people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    world.sign(review, people.sponsor)
    client.force_login(people.manager)

    page = client.get("/projects/").content.decode()

    for words in (
        "Project Planning",
        "Project Plan Approved",
        "PPA-1",
        "Sign-offs requested",
        "1 of 2 signed",
        "Hannah Vogel",
    ):
        assert words in page


@pytest.mark.req("SEED-01")
def test_filters(client, people):
    one = world.register(people, title="Payroll migration", unit="Finance", external_ref="CHG-77")
    two = world.register(people, title="Visitor sign-in", category="major", project_type="it_service")
    world.move(two, "start_envision", people)
    projects.hold(project_id=one.pk, by=people.manager, reason="Supplier late.", now=world.NOW)
    client.force_login(people.manager)

    assert listed(client, type="it_service") == [two.code]
    assert listed(client, category="minor") == [one.code]
    assert listed(client, stage="envision") == [two.code]
    assert listed(client, status="on_hold") == [one.code]
    assert listed(client, unit="finance") == listed(client, unit="inanc") == [one.code]
    assert listed(client, q="payroll MIGR") == [one.code]
    assert listed(client, q="chg-77") == [one.code]
    assert listed(client, q=two.code.lower()) == [two.code]
    assert listed(client, q="payroll visitor") == []
    assert listed(client, mine="on") == [two.code, one.code]
    assert listed(client, stage="nonsense") == [two.code, one.code]  # an address that makes no sense narrows nothing


@pytest.mark.req("SEED-115", "EXT-06")
def test_projects_that_need_attention_are_counted_and_listed(client, people):
    now = timezone.now()
    late = world.register(people, title="Signatures late")
    world.to_planning(late, people, now=now - timedelta(days=20))
    world.ready_to_sign(late, ReviewKind.PPA, people, now=now - timedelta(days=20))  # due five days later
    planned, missed = world.register(people), world.register(people)
    for project, days in ((planned, 12), (missed, -3)):
        world.to_planning(project, people)
        review = world.open_review(project, ReviewKind.PPA, people)
        when = now + timedelta(days=days)
        plan(review, people, when)
    owing, then = world.register(people), now - timedelta(days=20)
    world.to_planning(owing, people, now=then)
    owe(world.ready_to_sign(owing, ReviewKind.PPA, people, now=then), people, then)
    client.force_login(people.manager)

    listed_for = {why: listed(client, attention=why) for why in ("unsigned", "gate_soon", "gate_missed", "conditions")}

    expected = {"unsigned": [late], "gate_soon": [planned], "gate_missed": [missed], "conditions": [owing]}
    assert listed_for == {why: [project.code for project in projects] for why, projects in expected.items()}
    none = {"records": 0, "findings": 0}
    assert portfolio.summary(people.manager, now).attention == {**dict.fromkeys(expected, 1), **none}
    assert portfolio.summary(people.outsider, now).attention == dict.fromkeys([*expected, *none], 0)
    assert listed(client, attention="nonsense") != []


def plan(review, people, when):
    rounds.set_facts(
        review_id=review.pk,
        by=people.program,
        chair=people.manager,
        mode="async",
        scheduled_for=when,
        candidate="",
        now=world.NOW,
    )


def owe(review, people, then):
    """A go with one condition that is due on that day."""
    conditions.add(
        review_id=review.pk,
        by=people.program,
        text="Label the tablets.",
        consequence="They walk off.",
        owner=people.user,
        due_on=then.date(),
        now=then,
    )
    world.sign_all(review, now=then)
    world.decide(review, now=then)


def test_an_active_filter_can_be_taken_away(client, people):
    world.register(people)
    client.force_login(people.manager)
    page = client.get("/projects/", {"q": "depots", "category": "minor", "sort": "code"}).content.decode()
    assert 'href="?category=minor&amp;sort=code">Code, title or reference: depots' in page
    assert 'href="?q=depots&amp;sort=code">Change category: Minor' in page
    assert 'value="depots"' in page


def register_many(people, count):
    """Titles repeat, planned ends repeat and are partly missing: where keys of pages go wrong."""
    ends = [None, date(2027, 1, 1), date(2027, 2, 1)]
    return [
        world.register(people, code=f"P-{number:03}", title=f"Title {number % 4}", planned_end=ends[number % 3])
        for number in range(count)
    ]


EXPECTED = {
    "new": lambda made: sorted(made, key=lambda p: -p.pk),
    "code": lambda made: sorted(made, key=lambda p: p.code),
    "title": lambda made: sorted(made, key=lambda p: (p.title, p.pk)),
    "ends": lambda made: sorted(made, key=lambda p: (p.planned_end or date.min, p.pk), reverse=True),
}


@pytest.mark.parametrize("sort", EXPECTED)
def test_leafing_forth_and_back_meets_every_project_once_in_order(client, people, sort, monkeypatch):
    monkeypatch.setattr(portfolio, "PAGE", 4)
    want = [project.code for project in EXPECTED[sort](register_many(people, 14))]
    client.force_login(people.manager)

    pages, address = [], f"/projects/?sort={sort}"
    while address:
        response = client.get(address)
        pages.append(codes(response))
        last, address = response, response.context["next_url"] and "/projects/" + response.context["next_url"]
    assert [len(page) for page in pages] == [4, 4, 4, 2]
    assert [code for page in pages for code in page] == want

    back = [codes(last)]
    while last.context["previous_url"]:
        last = client.get("/projects/" + last.context["previous_url"])
        back.append(codes(last))
    assert back == pages[::-1]
    assert last.context["previous_url"] == ""


@pytest.mark.parametrize(
    "key", ["", "nonsense", "[]", '[1, "x"]', '["abc", 1]', "[null, 1e999]", f"[null, {2**70}]", '[{"a": 1}, null]']
)
def test_a_mangled_key_begins_at_the_start(client, people, key):
    project = world.register(people)
    client.force_login(people.manager)
    for mangled in (key, base64.urlsafe_b64encode(key.encode()).decode()):
        assert listed(client, after=mangled) == [project.code]
        assert listed(client, before=mangled, sort="ends") == [project.code]


def test_totals_are_counted_up_to_a_bound(client, people, monkeypatch):
    register_many(people, 5)
    client.force_login(people.manager)
    assert "5 projects" in client.get("/projects/").content.decode()
    monkeypatch.setattr(portfolio, "COUNTED", 3)
    monkeypatch.setattr(portfolio, "PAGE", 2)
    assert "More than 3 projects" in client.get("/projects/").content.decode()


def test_the_summary_counts_what_the_reader_may_see_and_is_kept_for_a_minute(people, django_assert_num_queries):
    one, two = world.register(people), world.register(people)
    world.move(one, "start_envision", people)
    projects.hold(project_id=two.pk, by=people.manager, reason="Supplier late.", now=world.NOW)

    with django_assert_num_queries(7):
        found = portfolio.summary(people.manager, timezone.now())
    with django_assert_num_queries(0):
        portfolio.summary(people.auditor, timezone.now())

    assert (found.stages, found.on_hold) == ({"envision": 1}, 1)
    assert portfolio.summary(people.outsider, timezone.now()).stages == {}
    assert portfolio.summary(people.developer, timezone.now()).stages == {"envision": 1}


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_download_holds_the_filtered_list_with_its_reviews(client, people):
    world.register(people, title="Not this one", category="major")
    project = world.register(people, unit="Finance")
    world.to_planning(project, people)
    world.ready_to_sign(project, ReviewKind.PPA, people)
    client.force_login(people.manager)

    response = client.get("/projects/", {"as": "csv", "category": "minor"})
    (row,) = rows_of(response)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (row["code"], row["unit"], row["review"], row["signers"]) == (project.code, "Finance", "PPA-1", "2")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\r="])
def test_no_cell_of_the_download_is_a_formula(client, people, start):
    world.register(people, unit=f"{start}HYPERLINK(1)")
    client.force_login(people.manager)
    (row,) = rows_of(client.get("/projects/", {"as": "csv"}))
    assert row["unit"].startswith("'")


def test_an_outsider_downloads_nothing(client, people):
    world.register(people)
    client.force_login(people.outsider)
    assert rows_of(client.get("/projects/", {"as": "csv"})) == []


@pytest.mark.parametrize("count", [3, 30])
def test_query_count(client, people, count, django_assert_num_queries):
    for project in register_many(people, count)[: count // 3]:
        world.to_planning(project, people)
        world.ready_to_sign(project, ReviewKind.PPA, people)
    client.force_login(people.manager)
    client.get("/projects/")

    with django_assert_num_queries(
        6 if count == 3 else 7
    ):  # session, person, page, three of the reviews'; a total if it leafs
        page = client.get("/projects/?sort=code")

    assert len(page.context["leaf"].rows) == min(count, portfolio.PAGE)
    assert Project.objects.count() == count
