"""A go of the release review sets the rollout's tasks for Release Management; nothing closes over one that is open."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from projects import ledger_check
from projects.actions import roles, rollout
from projects.blocker import NotAllowed, Refused
from projects.checks import check_blockers
from projects.models import Notice, RolloutTask
from reviews.actions.decisions import AreaToAddress
from reviews.models import Decision, ReviewKind
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEED-107")]

NOW = world.NOW


@pytest.fixture
def people():
    return world.People()


def open_tasks(project) -> list[str]:
    return [
        f"{blocker.owner}: {blocker.text}"
        for blocker in check_blockers(world.fresh(project), "close", NOW)
        if blocker.code == "rollout_task.open"
    ]


def with_release_manager(people, **facts):
    project = world.register(people, **facts)
    samira = world.person("samira", "Samira Okafor")
    roles.assign(project_id=project.pk, by=people.manager, role="R-REL", person=samira, now=NOW)
    return project, samira


def assigned(people):
    """The tasks as a go for RC-1 sets them."""
    project, samira = with_release_manager(people)
    rollout.assign_after_go(project, review_ref="RR-1", candidate="RC-1", by=people.manager, now=NOW)
    return project, samira


def test_a_go_sets_the_tasks_for_release_management(client, people):
    """A significant change: its release review is a meeting."""
    project, samira = with_release_manager(people, category="significant")
    for role in ("R-TST", "P-SUP2", "P-CUST", "P-SEC", "P-FIN", "P-ARCH", "R-OPX"):
        who = world.person(role.lower())
        roles.assign(project_id=project.pk, by=people.manager, role=role, person=who, now=NOW)
    world.to_stabilize(project, people)
    world.pass_gate(project, ReviewKind.RR, people)

    tasks = list(project.rollouttasks.all())
    assert [(task.owner, task.set_by_review) for task in tasks] == [(samira, "RR-1")] * 3
    assert tasks[0].text == "Write the rollout schedule for RC-1: site by site, with times and people."
    assert [task.due_on for task in tasks] == [date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 27)]
    notice = Notice.objects.get(kind="rollout.assigned")
    assert (notice.recipient, notice.body.count("Due")) == (samira, 3)
    client.force_login(samira)
    assert client.get(notice.path).status_code == 200
    assert list(ledger_check.verify(project=project).findings) == []


def test_without_release_management_they_are_the_program_managers(people):
    project = world.register(people)
    made = rollout.assign_after_go(project, review_ref="RR-1", candidate="", by=people.manager, now=NOW)
    assert [task.owner for task in made] == [people.program] * 3
    assert "for the release:" in made[0].text


def test_each_round_sets_its_own_tasks_once(people):
    project, _samira = assigned(people)
    again = rollout.assign_after_go(project, review_ref="RR-1", candidate="RC-1", by=people.manager, now=NOW)
    assert (again, project.rollouttasks.count()) == ([], 3)
    later = rollout.assign_after_go(project, review_ref="RR-2", candidate="RC-2", by=people.manager, now=NOW)
    assert [task.set_by_review for task in later] == ["RR-2"] * 3


def test_neither_a_no_go_nor_a_minor_change_sets_tasks(people):
    project = world.register(people)
    world.to_stabilize(project, people)
    first = world.ready_to_sign(project, ReviewKind.RR, people)
    area = AreaToAddress(area="Guide.", effort_days=Decimal("2.5"), owner=people.program, due_on=date(2026, 12, 1))
    world.decide(first, Decision.NO_GO_POSTPONED, reason="No guide.", areas=(area,))
    world.pass_gate(project, ReviewKind.RR, people)
    assert RolloutTask.objects.count() == 0


def test_an_open_task_keeps_the_project_open(client, people):
    project, samira = assigned(people)
    assert [text.partition(":")[0] for text in open_tasks(project)] == ["Samira Okafor"] * 3
    client.force_login(samira)
    for task in project.rollouttasks.all():
        there = reverse("register_row", args=[project.code, "rollout_tasks", task.pk, "done"])
        assert client.post(there, {"done_note": ""}).status_code == 422
        assert client.post(there, {"done_note": "As planned."}).status_code == 302
    assert open_tasks(project) == []
    assert {task.done_by for task in project.rollouttasks.all()} == {samira}


def test_a_task_is_handed_over_by_its_owner_who_then_no_longer_reports_it(people):
    project, samira = assigned(people)
    task = project.rollouttasks.first()
    with pytest.raises(NotAllowed):
        rollout.finish(task, by=people.support, done_note="Mine?", now=NOW)
    rollout.hand_over(task, by=samira, owner=people.support, due_on=date(2026, 12, 1), now=NOW)
    assert Notice.objects.filter(kind="rollout.assigned", recipient=people.support).count() == 1
    with pytest.raises(NotAllowed, match="by its owner or whoever manages"):
        rollout.finish(task, by=samira, done_note="Done.", now=NOW)
    done = rollout.finish(task, by=people.support, done_note="Done.", now=NOW)
    assert done.done_by == people.support
    with pytest.raises(Refused, match="done already"):
        rollout.hand_over(task, by=people.program, owner=samira, due_on=date(2026, 12, 2), now=NOW)


def test_a_task_set_by_hand_counts_too(people):
    project = world.register(people)
    rollout.add(
        project_id=project.pk,
        by=people.program,
        text="Order the badges.",
        owner=people.support,
        due_on=date(2026, 12, 1),
        now=NOW,
    )
    assert open_tasks(project) == ["Joy Mbeki: Rollout task not done: Order the badges."]
