"""Conditions that bind: what a go is tied to keeps the next gate shut, and puts the go on hold once it is overdue.

All of it is worked out from the days at the moment of asking: no task has run in any of these tests.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from projects import ledger_check, lifecycle
from projects.blocker import Blocked, NotAllowed, Refused
from projects.models import Gate, GatePass, Notice, Project, Stage, StageRun
from projects.ports import ports
from reviews import gates, outlook, owed, signing
from reviews.actions import answers, conditions, decisions, rounds
from reviews.models import Condition, ConditionMove, Review, ReviewKind
from tests import rows, world
from tests.kept import kept
from tests.pages import address, client_of, text_of

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 8)
IN_TIME = datetime.combine(DUE, world.NOW.timetz())
OVERDUE = IN_TIME + timedelta(days=1)
WAIVED_UNTIL = date(2026, 12, 15)


def tied() -> tuple[world.People, Review]:
    """A plan that is a go on a condition, and with one question waived for longer."""
    people = world.People()
    project = world.to_planning(world.register(people), people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    conditions.add(
        review_id=review.pk,
        by=people.program,
        text="The night shift is trained.",
        consequence="Build stops.",
        owner=people.operations,
        due_on=DUE,
        now=world.NOW,
    )
    answers.answer(
        review_id=review.pk, code="A2", by=people.sponsor, value="not_confirmed", reason="Not yet.", now=world.NOW
    )
    waiver = answers.request_waiver(
        review_id=review.pk,
        code="A2",
        by=people.program,
        reason="Measured next month.",
        risk="A wrong estimate.",
        compensation="A weekly look.",
        expires_on=WAIVED_UNTIL,
        now=world.NOW,
    )
    answers.answer_waiver(review_id=review.pk, waiver_id=waiver.pk, by=people.manager, approve=True, now=world.NOW)
    world.sign_all(review)
    return people, world.decide(review)


_tied_once, _tied = kept(tied)


@pytest.fixture
def people(tied):
    return tied[0]


@pytest.fixture
def review(tied) -> Review:
    return signing.load(tied[1].pk)


def against(project: Project, move: str, now: datetime) -> list[str]:
    return [each.code for each in lifecycle.blockers(world.fresh(project), lifecycle.MOVES[move], now)]


def closed(review: Review, by, now=OVERDUE) -> Condition:
    return decisions.close_condition(
        condition_id=review.conditions.get().pk, by=by, evidence="Fourteen names, signed.", now=now
    )


@pytest.mark.req("EXT-06")
def test_an_overdue_condition_puts_the_go_on_hold_until_another_person_closes_it(people, review):
    project = review.project
    assert against(project, "start_build", IN_TIME) == []
    assert against(project, "start_build", OVERDUE) == ["condition.overdue"]

    with pytest.raises(Blocked) as refused:
        world.move(project, "start_build", people, now=OVERDUE)

    assert str(refused.value) == (
        "C-1 was due on 8 Dec 2026 and is not met, so the go of PPA-1 is on hold: The night shift is trained. "
        f"({people.operations}; closed with evidence by {people.program}, {people.manager})"
    )
    assert GatePass.objects.get().revoked_at is None  # nothing is written: the go counts again once it is met
    for nobody in (people.operations, people.sponsor, people.auditor):
        with pytest.raises(NotAllowed):
            closed(review, nobody)
    closed(review, people.manager)
    assert world.move(project, "start_build", people, now=OVERDUE).stage == Stage.BUILD
    assert ledger_check.verify(project).holds


@pytest.mark.req("EXT-06")
def test_pages_say_that_the_go_is_on_hold_and_who_closes_the_condition(people, review):
    project = review.project
    with time_machine.travel(OVERDUE, tick=False):
        client, owner = client_of(people.program), client_of(people.operations)
        posted = client.post(reverse("move", args=[project.code, "start_build"]))
        assert posted.status_code == 409
        assert "so the go of PPA-1 is on hold" in text_of(posted)
        room = text_of(client.get(address("review", review)))
        assert "On hold: a condition is overdue" in room
        assert "The go is on hold A condition is overdue." in room
        overview = text_of(client.get(project.get_absolute_url()))
        assert "On hold: 1 condition overdue" in overview
        assert "Gate on hold PPA-1, condition overdue" in overview
        for name in ("artifacts", "requirements", "registers", "statements", "governance", "roles", "history"):
            page = text_of(client.get(reverse(name, args=[project.code])))
            assert "Gate on hold PPA-1, condition overdue" in page, name
        assert "On hold: 1 condition overdue" in text_of(client_of(people.manager).get(reverse("portfolio")))
        close = address("condition_close", review, 1)
        assert f"{people.operations} meets it; somebody else closes it" in text_of(owner.get(close))
        told = owner.post(close, {"evidence": "I say so."})
        assert told.status_code == 403
        assert f"Ask {people.program}, {people.manager}." in text_of(told)
        assert client.post(close, {"evidence": "Fourteen names, signed."}).status_code == 302
        assert client.post(reverse("move", args=[project.code, "start_build"])).status_code == 302


@pytest.mark.req("EXT-06")
def test_the_next_gate_stays_shut_while_a_condition_is_open_although_it_is_not_due(people, review):
    project = world.move(review.project, "start_build", people)

    def codes() -> list[str]:
        return [each.code for each in gates.gate_blockers(world.fresh(project), Gate.RELEASE, world.NOW)]

    assert "condition.open" in codes()
    world.supply_artifacts(world.fresh(project), "scope", people)
    world.confirm_outcomes(project, people)
    world.move(project, "start_stabilize", people)
    release = world.open_review(project, ReviewKind.RR, people)
    assert "condition.open" in [each.code for each in gates.blockers(release, world.NOW)]
    closed(review, people.program, now=world.NOW)
    assert "condition.open" not in codes()
    assert "condition.open" not in [each.code for each in gates.blockers(release, world.NOW)]


@pytest.mark.req("EXT-06")
def test_what_the_release_was_tied_to_keeps_the_project_from_being_closed(people, review):
    release = rows.decided(review.project, "rr")
    condition = rows.condition(release, people.operations)

    def codes() -> list[str]:
        return [each.code for each in ports.condition_blockers(review.project, Gate.RELEASE)]

    assert "condition.open" in codes()
    decisions.close_condition(condition_id=condition.pk, by=people.program, evidence="Seen.", now=world.NOW)
    assert "condition.open" not in codes()


@pytest.mark.req("EXT-06")
def test_a_later_go_stands_in_the_place_of_the_one_before(review):
    assert owed.open_conditions(review.project, Gate.PLAN)
    assert outlook.outlooks([review.project_id], OVERDUE)[review.project_id].conditions_overdue == 1
    rows.decided(review.project, "ppa", 2)
    assert owed.open_conditions(review.project, Gate.PLAN) == []
    assert outlook.outlooks([review.project_id], OVERDUE)[review.project_id].conditions_overdue == 0
    assert [each.conditions_overdue for each in outlook.rounds(review.project, OVERDUE)] == [0, 0]


@pytest.mark.req("EXT-06")
def test_the_next_round_shows_what_the_go_before_still_owes(people, review):
    again = world.open_review(review.project, ReviewKind.PPA, people)
    room = text_of(client_of(people.program).get(address("review", again)))
    assert "Still open from the go before." in room
    assert "PPA-1 C-1 The night shift is trained." in room


@pytest.mark.req("EXT-07")
def test_a_waiver_that_ends_before_the_step_is_taken_puts_the_go_on_hold(people, review):
    closed(review, people.program, now=world.NOW)
    ended = datetime.combine(WAIVED_UNTIL, world.NOW.timetz()) + timedelta(days=1)
    assert against(review.project, "start_build", ended - timedelta(days=1)) == []
    with pytest.raises(Blocked, match="The waiver of A2 ended on 15 Dec 2026, so the go of PPA-1 is on hold"):
        world.move(review.project, "start_build", people, now=ended)


def moved(review: Review, by, to_on=DUE + timedelta(days=14), now=OVERDUE, reason="The trainer is ill."):
    return conditions.move_day(
        condition_id=review.conditions.get(number=1).pk, by=by, to_on=to_on, reason=reason, now=now
    )


@pytest.mark.req("EXT-06")
def test_the_chair_moves_the_day_with_a_reason_and_the_go_counts_again(people, review):
    project = review.project
    with pytest.raises(Blocked):
        world.move(project, "start_build", people, now=OVERDUE)
    move = moved(review, people.manager)
    assert (move.from_on, move.to_on, move.number) == (DUE, DUE + timedelta(days=14), 1)
    row = Condition.objects.get()
    assert (row.due_on, row.day) == (DUE, DUE + timedelta(days=14))
    assert against(project, "start_build", OVERDUE) == []
    assert outlook.outlooks([project.pk], OVERDUE)[project.pk].conditions_overdue == 0
    assert [each.conditions_overdue for each in outlook.rounds(project, OVERDUE)] == [0]
    assert "condition.overdue" in against(project, "start_build", OVERDUE + timedelta(days=14))
    assert signing.packet_digest(signing.load(review.pk)) == review.packets.order_by("id").last().digest
    signed = Notice.objects.filter(kind="condition.moved")
    told = {notice.recipient.username for notice in signed}
    assert people.operations.username in told
    assert people.manager.username not in told
    world.move(project, "start_build", people, now=OVERDUE)  # the guard of the passage reads the day that binds
    assert ledger_check.verify(project).holds


@pytest.mark.req("EXT-06")
@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "later than 8 Dec 2026"), (-1, "later than"), (31, "7 Jan 2027 at the latest"), (30, "")],
)
def test_the_day_is_moved_by_a_month_in_all_at_most_and_never_back(people, review, days, words):
    if not words:
        assert moved(review, people.manager, DUE + timedelta(days=days), now=IN_TIME).number == 1
        with pytest.raises(Refused, match="cannot be moved further"):
            moved(review, people.manager, DUE + timedelta(days=days + 1), now=IN_TIME)
        return
    with pytest.raises(Refused, match=words):
        moved(review, people.manager, DUE + timedelta(days=days), now=IN_TIME)
    with pytest.raises(Refused, match="not past"):
        moved(review, people.manager, DUE + timedelta(days=2), now=OVERDUE + timedelta(days=5))
    with pytest.raises(Refused, match="Why it is moved"):
        moved(review, people.manager, reason=" ")


@pytest.mark.req("EXT-06")
def test_not_beyond_the_day_for_which_the_next_gate_is_planned(people, review):
    world.move(review.project, "start_build", people)
    planned = datetime.combine(DUE + timedelta(days=10), world.NOW.timetz())
    rounds.open_round(
        project_id=review.project_id,
        kind=ReviewKind.RR,
        by=people.program,
        chair=people.manager,
        scheduled_for=planned,
        now=world.NOW,
    )
    with pytest.raises(Refused, match="18 Dec 2026 at the latest"):
        moved(review, people.manager)
    moved(review, people.manager, planned.date())


@pytest.mark.req("EXT-06", "EXT-24")
def test_only_the_chair_moves_the_day_and_never_the_owner(people, review):
    for nobody in (people.operations, people.program, people.sponsor, people.auditor):
        with pytest.raises(NotAllowed):
            moved(review, nobody)
    own = rows.condition(review, people.manager, number=2, due_on=DUE)
    other = world.person("bruno", "Bruno Silva", is_solution_manager=True)
    given = {"condition_id": own.pk, "to_on": own.due_on + timedelta(days=1), "reason": "Ill.", "now": world.NOW}
    with pytest.raises(NotAllowed, match="You own this condition"):
        conditions.move_day(by=people.manager, **given)
    with pytest.raises(NotAllowed):  # where the chair can, nobody else does
        moved(review, other, now=IN_TIME)
    assert conditions.move_day(by=other, **given).by == other


@pytest.mark.req("EXT-06")
def test_pages_show_the_day_that_was_signed_and_the_one_that_binds(people, review):
    with time_machine.travel(OVERDUE, tick=False):
        chair, page = client_of(people.manager), address("condition_move", review, 1)
        assert "until 7 Jan 2027 at the latest" in text_of(chair.get(page))
        late = chair.post(page, {"to_on": "2027-02-01", "reason": "The trainer is ill."})
        assert late.status_code == 422
        assert "The trainer is ill." in late.content.decode()
        assert chair.post(page, {"to_on": "2026-12-22", "reason": "The trainer is ill."}).status_code == 302
        room = text_of(chair.get(address("review", review)))
        assert "Signed with the day 8 Dec 2026" in room
        assert "Moved from 8 Dec 2026 to 22 Dec 2026 by Ingrid Solheim" in room
        assert "The go is on hold" not in room
        assert "never by its owner" in text_of(client_of(people.operations).get(page))


@pytest.mark.req("EXT-06")
def test_a_day_at_its_last_is_not_offered_to_be_moved_and_the_page_says_what_remains(people, review):
    moved(review, people.manager, DUE + timedelta(days=30), now=IN_TIME)
    with pytest.raises(Refused, match="cannot be moved further"):
        moved(review, people.manager, DUE + timedelta(days=20), now=IN_TIME)
    page = client_of(people.manager).get(address("condition_move", review, 1))
    assert "cannot be moved further" in text_of(page)
    assert 'name="to_on"' not in page.content.decode()


@pytest.mark.req("EXT-06")
def test_a_day_whose_month_is_over_is_not_offered_to_be_moved_either(people, review):
    over = OVERDUE + timedelta(days=30)
    with time_machine.travel(over, tick=False):
        with pytest.raises(Refused, match="cannot be moved further"):
            moved(review, people.manager, over.date(), now=over)
        page = client_of(people.manager).get(address("condition_move", review, 1))
    assert "cannot be moved further" in text_of(page)
    assert "at the latest" not in text_of(page)


@pytest.mark.req("EXT-06")
def test_a_condition_is_overdue_on_the_projects_page_on_the_day_that_binds_whatever_the_readers_clock(people, review):
    evening = datetime.combine(DUE, time(20), UTC)
    with timezone.override("Pacific/Auckland"):  # where the next day has begun
        assert [each.conditions_overdue for each in outlook.rounds(review.project, evening)] == [0]
        assert [each.conditions_overdue for each in outlook.rounds(review.project, evening + timedelta(hours=4))] == [1]


@pytest.mark.req("EXT-06")
def test_pages_of_a_condition_say_what_remains_to_be_done_with_it(people, review):
    owner, chair = client_of(people.operations), client_of(people.manager)
    close, move = (address(name, review, 1) for name in ("condition_close", "condition_move"))
    told = text_of(owner.get(close))
    assert f"Once it is, tell {people.program}, {people.manager}." in told
    assert "once the review has decided go" not in told
    closed(review, people.manager)

    for page in (text_of(chair.get(close)), text_of(chair.get(move))):
        assert "due " not in page
        assert "overdue" not in page
    assert f"Closed by {people.manager}" in text_of(chair.get(close))
    assert "It is closed, so its day is not moved any more." in text_of(chair.get(move))
    again = chair.post(move, {"to_on": "2026-12-22", "reason": "The trainer is ill."})
    assert (again.status_code, "It is closed already." in text_of(again)) == (422, True)


@pytest.mark.req("EXT-06")
def test_a_day_that_nobody_can_move_is_said_to_be_so(people, review):
    own = rows.condition(review, people.manager, number=2, due_on=DUE)
    page = address("condition_move", review, 2)
    for person in (people.manager, people.program):
        assert "nobody else is there to move it" in text_of(client_of(person).get(page))
    with pytest.raises(NotAllowed, match=r"Nobody else is there to move it\.$"):
        conditions.move_day(
            condition_id=own.pk, by=people.manager, to_on=DUE + timedelta(days=1), reason="Ill.", now=world.NOW
        )


# --- Past every action ---
def refused(match: str):
    return pytest.raises(DatabaseError, match=match)


@pytest.mark.req("EXT-06")
def test_the_database_keeps_a_condition_as_it_was_signed_and_its_owner_from_closing_it(review, people):
    row = Condition.objects.filter(review=review)
    for columns in ({"due_on": WAIVED_UNTIL}, {"text": "Nothing."}, {"owner": people.user}):
        with refused("stays as it was signed"), transaction.atomic():
            row.update(**columns)
    later = DUE + timedelta(days=3)
    with refused("moved by a move on record"), transaction.atomic():
        row.update(moved_to=later)
    facts = {"condition": row.get(), "number": 1, "to_on": later, "reason": "Ill.", "at": OVERDUE}
    with refused("somebody else than its owner"), transaction.atomic():
        ConditionMove.objects.create(from_on=DUE, by=people.operations, **facts)
    with refused("from the day that binds"), transaction.atomic():
        ConditionMove.objects.create(from_on=DUE - timedelta(days=1), by=people.manager, **facts)
    move = ConditionMove.objects.create(from_on=DUE, by=people.manager, **facts)
    row.update(moved_to=later)
    with refused("never changed"), transaction.atomic():
        ConditionMove.objects.filter(pk=move.pk).update(reason="Another.")
    with refused("begins with the day"), transaction.atomic():
        rows.condition(review, people.operations, number=2, moved_to=later)
    closing = {"closed_at": OVERDUE, "closing_evidence": "Seen."}
    with refused("somebody else than its owner"), transaction.atomic():
        row.update(closed_by=people.operations, **closing)
    row.update(closed_by=people.program, **closing)
    with refused("stays so"), transaction.atomic():
        row.update(closing_evidence="Seen twice.")


@pytest.mark.req("EXT-06", "SEED-09")
def test_the_database_begins_no_passage_by_a_go_that_is_on_hold(review):
    review.project.stage_runs.filter(ended_at=None).update(ended_at=IN_TIME)
    run = {"project": review.project, "stage": "build", "iteration": 1}
    with refused("go of the plan is on hold"), transaction.atomic():
        StageRun.objects.create(started_at=OVERDUE, **run)
    StageRun.objects.create(started_at=IN_TIME, **run)


@pytest.mark.req("EXT-06", "SEED-09")
def test_the_database_lets_no_release_through_while_the_plan_is_tied():
    project = rows.at_stage("stabilize")
    plan = Review.objects.get(project=project, kind="ppa")
    condition = rows.condition(plan, owner := rows.person("Owner"))
    release = rows.decided(project, "rr")
    with refused("once the conditions are met that the go of the plan"), transaction.atomic():
        rows.gate_pass(release)
    Condition.objects.filter(pk=condition.pk).update(closed_at=rows.NOW, closed_by=plan.chair, closing_evidence="Seen.")
    rows.gate_pass(release)
    late = rows.condition(plan, owner, number=2)
    with refused("Deploy waits for the conditions"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(stage="deploy")
    assert late.closed_at is None
