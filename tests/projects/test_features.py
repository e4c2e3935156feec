"""Features: who owns them, what they meet, how they are finished or left for later; operational requirements."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.actions import features, operational, requirements
from projects.blocker import Blocked, NotAllowed, Refused
from projects.checks.traceability import build_check, release_check
from projects.ledger_check import verify
from projects.models import Feature
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return world.People()


@pytest.fixture
def project(people):
    return world.register(people)


def need(project, people, kind="business", text="It runs at night."):
    return requirements.add(project_id=project.pk, by=people.product, kind=kind, text=text, now=world.NOW)


def feature(project, people, name="Night run", **more):
    given = {"owner": people.developer, "by": people.product, **more}
    return features.add(project_id=project.pk, name=name, now=world.NOW, **given)


def refs(row) -> list[str]:
    return [link.requirement.ref for link in row.links.filter(ended_at__isnull=True).order_by("requirement")]


# --- Owner and links -------------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-65")
def test_a_feature_has_an_owner_who_is_on_the_project(people, project):
    with pytest.raises(Refused, match="holds no role on the project"):
        feature(project, people, owner=people.outsider)
    assert feature(project, people).owner == people.developer
    with pytest.raises(IntegrityError), transaction.atomic():
        Feature.objects.update(owner=None)


def test_features_are_numbered_like_requirements(people, project):
    assert [feature(project, people).ref, feature(project, people, ref="F-003").ref] == ["F-001", "F-003"]
    assert feature(project, people).ref == "F-004"
    with pytest.raises(Refused, match="already a row F-003"):
        feature(project, people, ref="F-003")


@pytest.mark.req("SEED-25")
def test_a_feature_meets_several_requirements_and_a_wrong_link_ends_without_being_lost(people, project):
    first, second = need(project, people), need(project, people)
    row = feature(project, people, requirements=[first, second])
    assert refs(row) == ["R-001", "R-002"]
    features.change(row, by=people.product, name="Day run", owner=people.user, requirements=[second], now=world.NOW)
    row.refresh_from_db()
    assert (row.name, row.owner, refs(row)) == ("Day run", people.user, ["R-002"])
    ended = row.links.get(ended_at__isnull=False)
    assert (ended.requirement, ended.ended_by) == (first, people.product)
    features.change(
        row, by=people.product, name="Day run", owner=people.user, requirements=[first, second], now=world.NOW
    )
    assert refs(row) == ["R-001", "R-002"]
    assert list(verify(project=project).findings) == []


def test_a_requirement_of_another_project_is_not_met(people, project):
    foreign = need(world.register(people), people)
    with pytest.raises(Refused, match="its own project"):
        feature(project, people, requirements=[foreign])
    assert not project.features.exists()


def test_unknown_references_are_named_by_the_form(client, people, project):
    need(project, people)
    client.force_login(people.program)
    form = {"name": "Night run", "owner": people.developer.pk, "requirements": "R-001, R-007 R-009"}
    answer = client.post(reverse("register", args=[project.code, "features"]), form)
    assert answer.status_code == 422
    assert "There is no requirement R-007, R-009." in answer.content.decode()


def test_features_are_pasted_with_their_requirements(client, people, project):
    need(project, people)
    need(project, people)
    client.force_login(people.program)
    line = "F-001\tNight run\tRavi Menon\tR-001 R-002\tT-1\n"
    answer = client.post(reverse("register_paste", args=[project.code, "features"]), {"pasted": line})
    assert answer.status_code == 302
    row = project.features.get()
    assert (row.owner, refs(row), row.test) == (people.developer, ["R-001", "R-002"], "T-1")


def test_a_feature_is_changed_on_a_page_that_starts_with_what_is_there(client, people, project):
    row = feature(project, people, requirements=[need(project, people)])
    client.force_login(people.program)
    there = reverse("register_row", args=[project.code, "features", row.pk, "change"])
    page = client.get(there).content.decode()
    assert 'value="R-001"' in page
    form = {"name": "Day run", "owner": people.developer.pk, "requirements": ""}
    assert client.post(there, form).status_code == 302
    row.refresh_from_db()
    assert (row.name, refs(row)) == ("Day run", [])


# --- Status, test, deferral ------------------------------------------------------------------------------------------
@pytest.mark.req("SEED-27")
def test_a_feature_whose_test_failed_is_not_complete(people, project):
    row = feature(project, people)
    with pytest.raises(Refused, match="Name the test"):
        features.record_test(row, by=people.developer, test=" ", result="failed", now=world.NOW)
    features.record_test(row, by=people.developer, test="T-1", result="failed", now=world.NOW)
    with pytest.raises(Refused, match="failed: it is not complete"):
        features.set_status(row, by=people.developer, status="complete", now=world.NOW)
    features.record_test(row, by=people.developer, test="T-1", result="passed", now=world.NOW)
    assert features.set_status(row, by=people.developer, status="complete", now=world.NOW).is_settled
    features.record_test(row, by=people.developer, test="T-1", result="failed", now=world.NOW)
    assert [blocker.code for blocker in build_check(project, world.NOW)] == ["feature.unsettled"]
    assert "its test failed" in build_check(project, world.NOW)[0].text


@pytest.mark.req("SEED-27")
def test_what_is_left_for_later_is_approved_by_another_person(people, project):
    row = feature(project, people)
    with pytest.raises(Refused, match="Give a reason"):
        features.defer(row, by=people.product, reason=" ", now=world.NOW)
    with pytest.raises(Refused, match="asks for a reason"):
        features.set_status(row, by=people.product, status="deferred", now=world.NOW)
    features.defer(row, by=people.product, reason="Not before spring.", now=world.NOW)
    with pytest.raises(NotAllowed, match="somebody else approves"):
        features.approve_deferral(row, by=people.product, now=world.NOW)
    with pytest.raises(NotAllowed):
        features.approve_deferral(row, by=people.auditor, now=world.NOW)
    assert "not approved by another person" in build_check(project, world.NOW)[0].text
    with pytest.raises(Refused, match="is deferred: what is planned"):
        features.defer(row, by=people.user, reason="Again.", now=world.NOW)
    row = features.approve_deferral(row, by=people.sponsor, now=world.NOW)
    assert (row.deferral_approved_by, row.deferral_approved_at) == (people.sponsor, world.NOW)
    assert build_check(project, world.NOW) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Feature.objects.update(deferral_approved_by=people.product)


def test_a_deferred_feature_is_taken_up_again_and_loses_the_approval(people, project):
    row = feature(project, people)
    features.defer(row, by=people.product, reason="Not before spring.", now=world.NOW)
    features.approve_deferral(row, by=people.sponsor, now=world.NOW)
    row = features.set_status(row, by=people.product, status="in_build", now=world.NOW)
    assert (row.deferral_reason, row.deferred_by, row.deferral_approved_by) == ("", None, None)
    assert len(build_check(project, world.NOW)) == 1
    features.defer(row, by=people.product, reason="Not before summer.", now=world.NOW)
    assert len(build_check(project, world.NOW)) == 1  # the earlier approval was for another reason
    assert list(verify(project=project).findings) == []


@pytest.mark.req("SEED-27")
@pytest.mark.parametrize("category", ["minor", "significant"])
def test_build_does_not_end_while_a_feature_is_in_build_and_its_page_says_how_far_they_are(client, people, category):
    project = world.register_large(people, category=category)
    world.to_build(project, people)
    row = feature(project, people)
    world.supply_artifacts(world.fresh(project), "scope", people)
    world.confirm_outcomes(project, people)
    features.set_status(row, by=people.developer, status="in_build", now=world.NOW)
    client.force_login(people.auditor)
    page = client.get(reverse("stage", args=[project.code, "build"])).content.decode()
    assert "1 in build" in page
    with pytest.raises(Blocked, match=f"{row.ref} Night run is not finished: in build"):
        world.move(project, "start_stabilize", people)
    features.set_status(row, by=people.developer, status="complete", now=world.NOW)
    assert world.move(project, "start_stabilize", people).stage == "stabilize"


def test_many_unfinished_features_are_counted_and_not_all_listed(people, project):
    for _number in range(11):
        feature(project, people)
    found = build_check(project, world.NOW)
    assert len(found) == 9
    assert found[-1].text == "3 more features are not finished."


# --- Operational requirements ----------------------------------------------------------------------------------------
def evaluated(project, requirement, by, *, in_design=True, addressed=True):
    return operational.evaluate(
        project_id=project.pk, by=by, requirement=requirement, in_design=in_design, addressed=addressed, now=world.NOW
    )


@pytest.mark.req("SEED-118")
def test_release_management_evaluates_the_design_and_others_do_not(people, project):
    requirement = need(project, people, "operational")
    with pytest.raises(NotAllowed, match="Release Management"):
        evaluated(project, requirement, people.developer)
    world.roles.assign(project_id=project.pk, by=people.manager, role="R-REL", person=people.support, now=world.NOW)
    assert evaluated(project, requirement, people.support).created_by == people.support
    assert evaluated(project, requirement, people.program)
    with pytest.raises(NotAllowed):
        evaluated(project, requirement, people.auditor)


@pytest.mark.req("SEED-118")
def test_whoever_may_not_evaluate_is_not_shown_the_form(client, people, project):
    need(project, people, "operational")
    there = reverse("register", args=[project.code, "operational_requirements"])
    for who, shown in ((people.developer, False), (people.program, True)):
        client.force_login(who)
        assert ("Record an evaluation" in client.get(there).content.decode()) is shown


@pytest.mark.req("SEED-119")
def test_only_operational_requirements_are_evaluated(people, project):
    with pytest.raises(Refused, match="Only operational requirements"):
        evaluated(project, need(project, people, "system"), people.program)


@pytest.mark.req("SEED-119")
@pytest.mark.parametrize(("in_design", "addressed"), [(True, False), (False, True), (False, False)])
def test_an_operational_requirement_left_open_shows_at_the_release_until_the_newest_answer_is_yes(
    people, project, in_design, addressed
):
    requirement = need(project, people, "operational")
    assert release_check(project, world.NOW) == []  # a minor change need not evaluate anything ...
    evaluated(project, requirement, people.program)
    assert release_check(project, world.NOW) == []
    evaluated(project, requirement, people.program, in_design=in_design, addressed=addressed)
    found = release_check(project, world.NOW)
    assert [blocker.code for blocker in found] == ["operational.open"]  # ... but what it found open counts
    assert "R-001" in found[0].text
    evaluated(project, requirement, people.program)
    assert release_check(project, world.NOW) == []


@pytest.mark.req("SEED-119")
def test_where_traceability_is_asked_for_an_unanswered_operational_requirement_blocks(people):
    project = world.register(people, category="significant")
    need(project, people, "operational")
    assert "Nobody has said" in release_check(project, world.NOW)[0].text


def test_the_page_names_what_is_still_open_and_which_answer_counts(client, people, project):
    first, second = need(project, people, "operational"), need(project, people, "operational")
    evaluated(project, first, people.program, addressed=False)
    evaluated(project, first, people.program)
    evaluated(project, second, people.program, addressed=False)
    client.force_login(people.auditor)
    page = client.get(reverse("register", args=[project.code, "operational_requirements"])).content.decode()
    assert "Still open: R-002." in page
    assert page.count("replaced by a newer one") == 1
