"""Issues, pilots and test results: what their actions refuse, and what they have against a release."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from projects import lifecycle
from projects.actions import candidates, issues, pilots, test_runs
from projects.blocker import Blocked, NotAllowed, Refused
from projects.checks import check_blockers
from projects.ledger_check import verify
from projects.registers import REGISTERS
from reviews import gates, signing
from reviews.models import ReviewKind
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def issue(project, people, **given):
    values = {"title": "The badge is blank", "origin": "testing", "severity": 2, "found_on": date(2026, 11, 10)}
    return issues.add(project_id=project.pk, by=people.developer, now=world.NOW, **{**values, **given})


def candidate(project, people, ref="RC-1", built_on=date(2026, 10, 5)):
    return candidates.add(project_id=project.pk, by=people.program, ref=ref, built_on=built_on, now=world.NOW)


def pilot(project, people, of, **given):
    values = {
        "group": "North Quay",
        "starts_on": date(2026, 11, 9),
        "ends_on": date(2026, 11, 20),
        "criteria": "95 % sign in without help.",
    }
    return pilots.add(project_id=project.pk, by=people.program, candidate=of, now=world.NOW, **{**values, **given})


def codes(project, gate="release") -> set[str]:
    return {blocker.code for blocker in check_blockers(world.fresh(project), gate, world.NOW)}


# --- Issues ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-29")
def test_the_release_review_is_refused_while_an_issue_is_open_and_the_counts_are_told(people):
    project = world.to_stabilize(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.RR, people)
    issue(project, people, severity=1)
    found = issue(project, people, origin="pilot")
    world.sign_all(review)

    with pytest.raises(Blocked, match=r"Open: 2 \(1 of severity 1, 1 of severity 2; testing 1, pilot 1\)"):
        world.decide(review)

    for each in project.issues.all():
        issues.settle(each, by=people.developer, disposition="fixed", now=world.NOW)
    found.refresh_from_db()
    assert (found.state, found.settled_by) == ("fixed", people.developer)
    assert gates.blockers(signing.load(review.pk), world.NOW) == []


@pytest.mark.req("SEED-29")
def test_an_issue_found_after_the_go_keeps_the_project_in_stabilize(people):
    project = world.to_stabilize(world.register(people), people)
    world.pass_gate(project, ReviewKind.RR, people)
    found = issue(project, people)

    with pytest.raises(Blocked, match="Issues are not settled"):
        world.move(project, "start_deploy", people)

    issues.settle(found, by=people.developer, disposition="fixed", now=world.NOW)
    assert world.move(project, "start_deploy", people).stage == "deploy"


@pytest.mark.req("SEED-29")
@pytest.mark.parametrize("disposition", ["deferred", "wont_fix"])
def test_what_is_lived_with_needs_an_owner_and_a_workaround(people, project, disposition):
    found = issue(project, people)
    for given in ({}, {"owner": people.product}, {"workaround": "Print it again."}):
        with pytest.raises(Refused, match="needs an owner and a workaround"):
            issues.settle(found, by=people.product, disposition=disposition, now=world.NOW, **given)
    assert "issue.open" in codes(project)

    issues.settle(
        found,
        by=people.product,
        disposition=disposition,
        owner=people.product,
        workaround="Print it again.",
        now=world.NOW,
    )

    assert "issue.open" not in codes(project)


@pytest.mark.req("SEED-29")
def test_what_is_no_defect_needs_a_reason_and_open_is_no_disposition(people, project):
    found = issue(project, people)
    with pytest.raises(Refused, match="why it is not a defect"):
        issues.settle(found, by=people.product, disposition="not_a_defect", note=" ", now=world.NOW)
    for disposition in ("open", "forgotten"):
        with pytest.raises(Refused, match="An issue is fixed, deferred"):
            issues.settle(found, by=people.product, disposition=disposition, now=world.NOW)
    issues.settle(found, by=people.product, disposition="not_a_defect", note="As specified.", now=world.NOW)
    with pytest.raises(Refused, match="settled already"):
        issues.settle(found, by=people.product, disposition="fixed", now=world.NOW)


@pytest.mark.req("SEED-29")
def test_a_reopened_issue_blocks_again_and_its_history_verifies(people, project):
    found = issue(project, people)
    issues.settle(found, by=people.developer, disposition="fixed", note="Ribbon changed.", now=world.NOW)
    with pytest.raises(Refused, match="Give a reason"):
        issues.reopen(found, by=people.user, reason=" ", now=world.NOW)

    issues.reopen(found, by=people.user, reason="Blank again at Ember Lane.", now=world.NOW)

    assert "issue.open" in codes(project)
    assert world.events(project)[-3:] == ["issue.added", "issue.settled", "issue.reopened"]
    assert list(verify(project=project).findings) == []
    with pytest.raises(Refused, match="is open"):
        issues.reopen(found, by=people.user, reason="Again.", now=world.NOW)


@pytest.mark.req("SEED-29")
def test_the_register_tells_the_counts_by_origin_and_disposition(client, people, project):
    for given in ({}, {"severity": 4}, {"origin": "pilot"}):
        issue(project, people, **given)
    first = project.issues.first()
    issues.settle(first, by=people.developer, disposition="fixed", now=world.NOW)
    client.force_login(people.auditor)

    page = client.get(reverse("register", args=[project.code, "issues"])).content.decode()

    assert "3 found (testing 2, pilot 1): open 2, fixed 1." in page
    assert "Open: 2 (1 of severity 2, 1 of severity 4; testing 1, pilot 1)." in page


def test_issues_are_pasted_with_words_or_numbers(client, people, project):
    candidate(project, people)
    client.force_login(people.program)
    text = "Blank badge\ttesting\t1\t2026-11-10\tRC-1\tRavi Menon\tI-13\nNo Wi-Fi\tPilot\t2 major\t2026-11-12"
    there = reverse("register_paste", args=[project.code, "issues"])
    assert client.post(there, {"pasted": text}).status_code == 302
    first, second = project.issues.all()
    assert (first.ref, first.severity, first.candidate.ref, first.owner) == ("I-13", 1, "RC-1", people.developer)
    assert (second.ref, second.origin, second.severity) == ("ISS-2", "pilot", 2)


def test_an_issue_is_not_found_tomorrow_and_not_by_an_auditor(people, project):
    with pytest.raises(Refused, match="Found on lies ahead"):
        issue(project, people, found_on=timezone.localdate(world.NOW) + timedelta(days=1))
    found = issue(project, people)
    with pytest.raises(NotAllowed):
        issues.settle(found, by=people.auditor, disposition="fixed", now=world.NOW)


# --- Pilots ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-30", "SEED-31")
def test_a_pilot_points_to_a_candidate_and_its_result_is_recorded_on_its_page(client, people, project):
    held = pilot(project, people, candidate(project, people))
    client.force_login(people.program)
    there = reverse("register_row", args=[project.code, "pilots", held.pk, "result"])
    assert client.post(there, {"result": "met", "feedback": ""}).status_code == 422

    assert client.post(there, {"result": "partly", "feedback": "Two of nine needed help."}).status_code == 302

    held.refresh_from_db()
    assert (held.result, held.feedback, held.result_by) == ("partly", "Two of nine needed help.", people.program)
    page = client.get(reverse("register", args=[project.code, "pilots"])).content.decode()
    for words in ("North Quay", "RC-1", "Partly met", "95 % sign in without help.", "Two of nine needed help."):
        assert words in page


@pytest.mark.req("SEED-30")
def test_a_corrected_result_keeps_both_in_the_record(people, project):
    held = pilot(project, people, candidate(project, people))
    for result in ("met", "missed"):
        pilots.record_result(held, by=people.program, result=result, feedback="Counted.", now=world.NOW)
    assert world.events(project).count("pilot.result") == 2
    assert list(verify(project=project).findings) == []


def test_a_pilot_ends_after_it_starts_and_has_no_result_before(people, project):
    rc = candidate(project, people)
    with pytest.raises(Refused, match="ends before it starts"):
        pilot(project, people, rc, ends_on=date(2026, 11, 1))
    ahead = pilot(project, people, rc, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 5))
    with pytest.raises(Refused, match="has not started"):
        pilots.record_result(ahead, by=people.program, result="met", feedback="Fine.", now=world.NOW)
    with pytest.raises(Refused, match="met, partly met or missed"):
        pilots.record_result(ahead, by=people.program, result="", feedback="Fine.", now=world.NOW)


@pytest.mark.req("SEED-30")
def test_a_significant_release_waits_for_a_pilot_that_met_its_criteria_and_a_minor_one_does_not(people, project):
    big = world.register(people, category="significant")
    assert "pilot.none_met" in codes(big)
    assert "pilot.none_met" not in codes(project)
    held = pilot(big, people, candidate(big, people))
    pilots.record_result(held, by=people.program, result="missed", feedback="91 %.", now=world.NOW)
    assert "pilot.none_met" in codes(big)
    pilots.record_result(held, by=people.program, result="met", feedback="97 %.", now=world.NOW)
    assert "pilot.none_met" not in codes(big)


# --- Test results ----------------------------------------------------------------------------------------------------


def results(project, people, of, **given):
    values = {"name": "System tests", "level": "system", "run": 66, "passed": 64, "failed": 2}
    values |= {"run_on": date(2026, 11, 10)}
    return test_runs.add(project_id=project.pk, by=people.user, candidate=of, now=world.NOW, **{**values, **given})


@pytest.mark.req("SEED-31")
def test_test_results_stand_with_the_candidate_they_were_got_on(client, people, project):
    results(project, people, candidate(project, people, "RC-1"))
    later = results(project, people, candidate(project, people, "RC-2"), passed=66, failed=0)
    client.force_login(people.auditor)
    page = client.get(reverse("register", args=[project.code, "tests"])).content.decode()
    assert page.index("RC-2") < page.index("RC-1")
    assert page.index("All passed") < page.index("Failures")
    assert (later.run_by, later.created_by) == (people.user, people.user)


@pytest.mark.req("SEED-31")
def test_results_name_a_candidate_of_the_same_project(people, project):
    foreign = candidate(world.register(people), people)
    form = REGISTERS["tests"].form(
        {
            "name": "System tests",
            "candidate": foreign.pk,
            "level": "system",
            "run": 1,
            "passed": 1,
            "failed": 0,
            "run_on": "2026-11-10",
        },
        project=project,
    )
    assert not form.is_valid()
    assert set(form.errors) == {"candidate"}
    for add in (results, pilot):
        with pytest.raises(Refused, match="of another project"):
            add(project, people, foreign)
    with pytest.raises(Refused, match="of another project"):
        issue(project, people, candidate=foreign)


def test_no_more_results_than_tests_and_none_from_tomorrow(people, project):
    rc = candidate(project, people)
    for counts in ({"passed": 65}, {"run": 0, "passed": 0, "failed": 0}):
        with pytest.raises(Refused, match="more than were run"):
            results(project, people, rc, **counts)
    with pytest.raises(Refused, match="Run on lies ahead"):
        results(project, people, rc, run_on=timezone.localdate(world.NOW) + timedelta(days=1))


# --- Both gates ------------------------------------------------------------------------------------------------------


def test_leaving_stabilize_asks_the_registers_once(people):
    project = world.to_stabilize(world.register(people), people)
    issue(project, people)
    found = lifecycle.blockers(world.fresh(project), lifecycle.MOVES["start_deploy"], world.NOW)
    assert [blocker.code for blocker in found].count("issue.open") == 1
