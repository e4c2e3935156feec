"""Who is reminded of what: every state is reached by the actions that people use. 23 November 2026 is a Monday."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import notices
from projects.actions import projects as project_actions
from projects.models import Notice, User
from reviews import reminders
from reviews.actions import answers, conditions, decisions, delegations, rounds
from reviews.models import Decision, ReviewKind
from reviews.tasks import queue_reminders
from tests import world
from tests.kept import kept
from tests.world import NOW

pytestmark = pytest.mark.django_db

LATER = ("sign_off.due_soon", "sign_off.due_today", "sign_off.overdue")
MORNINGS = [NOW + timedelta(days=n, hours=1) for n in range(40)]  # ten o'clock, day after day


def scene():
    """A round being signed, due on Saturday 28 November at 09:00."""
    people = world.People()
    project = world.register(people)
    world.to_planning(project, people)
    return people, world.ready_to_sign(project, ReviewKind.PPA, people)


_scene_once, _scene = kept(scene)


@pytest.fixture
def people(scene):
    return scene[0]


@pytest.fixture
def signing(scene):
    return scene[1]


def told(kind="", to=None):
    found = Notice.objects.order_by("id")
    if kind:
        found = found.filter(kind=kind)
    if to:
        found = found.filter(recipient=to)
    return found


def signers(review):
    return {p.user for p in review.participants.filter(signs=True, removed_at__isnull=True)}


def signer(review, people):
    """One signer who is not the chair."""
    return next(user for user in sorted(signers(review), key=lambda user: user.pk) if user != people.manager)


def sweep(now):
    return reminders.queue_due(now)


def test_the_request_itself_tells_each_signer_in_his_own_time_zone(people):
    User.objects.filter(pk=people.sponsor.pk).update(time_zone="Asia/Kolkata")
    project = world.register(people)
    world.to_planning(project, people)
    review = world.ready_to_sign(project, ReviewKind.PPA, people)
    assert {notice.recipient for notice in told("sign_off.requested")} == signers(review)
    notice = told("sign_off.requested", people.sponsor).get(project=project)
    assert notice.subject == f"[{project.code}] Please sign Project Plan Approved, round 1"
    assert "Saturday 28 November 2026, 14:30 (IST)" in notice.body
    assert notice.path == f"/projects/{project.code}/reviews/PPA-1/sign/"
    assert sweep(NOW + timedelta(minutes=5)) == 0


def test_the_sweep_asks_whom_the_action_could_not_tell(signing, people):
    lost = told("sign_off.requested", people.sponsor).get()
    Notice.objects.filter(pk=lost.pk).update(object_id="0", dedupe_key="lost")
    assert sweep(NOW + timedelta(minutes=5)) == 1
    again = told("sign_off.requested", people.sponsor).order_by("-id").first()
    assert (again.body, again.dedupe_key.startswith("sign_off.requested:")) == (lost.body, True)


def test_a_whole_fortnight_of_one_who_does_not_sign(signing, people):
    late = signer(signing, people)
    world.sign_all(signing)
    Notice.objects.all().delete()
    # Everybody signed; the plan's new answer makes it stale, and only who had signed is asked again.
    assert [sweep(at) for at in MORNINGS[:3]] == [0, 0, 0]
    change_an_answer(signing, people, now=NOW + timedelta(hours=2))
    for participant in signing.participants.filter(signs=True).exclude(user=late):
        world.sign(signing, participant.user, now=NOW + timedelta(hours=3))
    for at in MORNINGS[:15]:
        sweep(at)
        sweep(at)  # as often as it likes

    mine = [(n.kind, n.created_at.date().isoformat()) for n in told(to=late)]
    assert mine == [
        ("sign_off.superseded", "2026-11-23"),
        ("sign_off.due_soon", "2026-11-25"),  # Wednesday: due on Saturday before work, so Friday is the last day
        ("sign_off.due_today", "2026-11-27"),
        ("sign_off.overdue", "2026-11-30"),
        ("sign_off.overdue", "2026-12-01"),
        ("sign_off.overdue", "2026-12-02"),
        ("sign_off.overdue", "2026-12-03"),
        ("sign_off.overdue", "2026-12-04"),
    ]
    escalated = told("sign_off.escalated")
    assert [(n.recipient, n.created_at.date().isoformat()) for n in escalated] == [(people.manager, "2026-12-07")]
    assert str(late) in escalated.get().subject
    others = told().exclude(recipient=late).exclude(kind="sign_off.escalated")
    assert not others.filter(kind__in=["sign_off.due_soon", "sign_off.due_today", "sign_off.overdue"]).exists()


def change_an_answer(review, people, now):
    item = review.items.filter(section="analysis").first()
    answers.answer(
        review_id=review.pk, code=item.code, by=people.operations, value="confirmed", evidence="Seen again.", now=now
    )


def test_a_delegate_is_reminded_beside_the_owner_while_the_signature_is_lent(signing, people):
    """From its beginning to its end, and of nothing once either of the two has signed (EXT-24)."""
    owner, nina = signer(signing, people), world.person("nina", "Nina Roth")
    delegations.delegate(
        review_id=signing.pk,
        by=owner,
        to=nina,
        starts_at=MORNINGS[1],
        ends_at=MORNINGS[8],
        reason="At sea.",
        now=NOW,
    )
    for at in MORNINGS[:8]:
        sweep(at)

    def reminded(whom):
        return [(n.kind.removeprefix("sign_off."), n.created_at.day) for n in told(to=whom) if n.kind in LATER]

    expected = [("due_soon", 25), ("due_today", 27), ("overdue", 30)]
    assert reminded(owner) == expected
    assert reminded(nina) == expected
    words = told("sign_off.overdue", to=nina).get()
    assert f"The signature of {owner} is overdue" in words.subject
    assert "delegated to you" in words.body

    world.sign(signing, nina, now=MORNINGS[8] - timedelta(hours=1))
    for at in MORNINGS[8:12]:
        sweep(at)
    assert reminded(owner) == reminded(nina) == expected


def test_who_has_signed_is_not_reminded(signing, people):
    who = signer(signing, people)
    world.sign(signing, who, now=NOW + timedelta(hours=1))
    for at in MORNINGS[:10]:
        sweep(at)
    assert set(told(to=who).values_list("kind", flat=True)) <= {"review.convened", "sign_off.requested", "stage.moved"}
    assert told("sign_off.overdue").exists()  # the others were


def test_a_reminder_that_waits_is_not_sent_once_he_has_signed(signing, people, settings):
    settings.MAIL_TO_MAILBOX = True
    who = signer(signing, people)
    sweep(MORNINGS[3])
    assert told("sign_off.due_soon", who).get().state == Notice.State.PENDING
    world.sign(signing, who, now=MORNINGS[3] + timedelta(seconds=1))
    notices.deliver_pending(MORNINGS[3] + timedelta(seconds=2), limit=1000)
    assert told("sign_off.due_soon", who).get().state == Notice.State.CANCELLED


def test_who_was_taken_out_or_has_left_is_not_reminded(signing):
    out, left = signers(signing)
    sweep(MORNINGS[2])
    assert {notice.recipient for notice in told("sign_off.due_soon")} == {out, left}
    signing.participants.filter(user=out).update(removed_at=MORNINGS[2])
    assert {reminder.to for reminder in reminders.due(MORNINGS[4])} == {left}
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert [sweep(at) for at in MORNINGS[4:14]] == [0] * 10


def test_a_round_that_was_withdrawn_or_a_project_on_hold_reminds_nobody(signing, people):
    project_actions.hold(project_id=signing.project_id, by=people.manager, reason="Budget freeze.", now=NOW)
    assert [sweep(at) for at in MORNINGS[:10]] == [0] * 10
    project_actions.resume(project_id=signing.project_id, by=people.manager, reason="Budget is back.", now=NOW)
    assert sweep(MORNINGS[4]) > 0
    rounds.withdraw(review_id=signing.pk, by=people.manager, reason="The vendor is gone.", now=MORNINGS[4])
    assert [sweep(at) for at in MORNINGS[5:10]] == [0] * 5


def test_a_worker_that_slept_a_week_sends_the_newest_reminder_alone(signing, people):
    who = signer(signing, people)
    before = told(to=who).count()
    sweep(MORNINGS[10])
    assert told(to=who).count() == before + 1
    assert told(to=who).last().kind == "sign_off.overdue"


def test_the_decision_is_told_to_everybody_but_who_took_it(signing, people):
    world.sign_all(signing)
    review = world.decide(signing)
    who = {notice.recipient for notice in told("review.decided")}
    assert signers(signing) - {people.manager} <= who
    assert people.program in who
    assert review.decided_by not in who
    assert told("review.decided").first().subject.endswith("Go: Project Plan Approved, round 1")
    assert not told("sign_off.requested").filter(state=Notice.State.PENDING).exists()


def test_who_signs_between_the_look_and_the_reminder_gets_none(signing, people, monkeypatch):
    """The sweep looks, somebody signs, the sweep writes: the second look under the row lock sees the signature."""
    who = signer(signing, people)
    look, looks = reminders.due, []

    def look_and_then_he_signs(now, project=None):
        found = look(now, project)
        if not looks:
            world.sign(signing, who, now=now)
        looks.append(found)
        return found

    monkeypatch.setattr(reminders, "due", look_and_then_he_signs)
    sweep(MORNINGS[3])
    assert who in {reminder.to for reminder in looks[0]}
    assert not told("sign_off.due_soon", who).exists()
    assert told("sign_off.due_soon").exists()


def test_a_condition_is_told_to_its_owner_and_the_solution_manager(signing, people):
    conditions.add(
        review_id=signing.pk,
        by=people.program,
        text="The rollback is rehearsed.",
        consequence="Build stops.",
        owner=people.operations,
        due_on=date(2026, 12, 8),
        now=NOW,
    )
    world.sign_all(signing)
    review = world.decide(signing, Decision.GO_WITH_CONDITIONS)
    for at in MORNINGS[:25]:
        sweep(at)
    for person in (people.operations, people.manager):
        found = [(n.kind, n.created_at.date().isoformat()) for n in told(to=person) if n.kind.startswith("condition")]
        assert found == [
            ("condition.due_soon", "2026-12-04"),
            ("condition.due", "2026-12-08"),
            ("condition.overdue", "2026-12-09"),
            ("condition.overdue", "2026-12-16"),
        ]
    assert "The rollback is rehearsed." in told("condition.due").first().body
    condition = review.conditions.get()
    decisions.close_condition(
        condition_id=condition.pk, by=people.program, evidence="Rehearsed on the 17th.", now=MORNINGS[25]
    )
    assert [sweep(at) for at in MORNINGS[26:40]] == [0] * 14


def test_an_area_to_address_is_told_to_its_owner_until_it_is_done(signing, people):
    world.sign_all(signing)
    area = decisions.AreaToAddress(
        area="Interface tests", effort_days=Decimal(5), owner=people.developer, due_on=date(2026, 12, 8)
    )
    review = world.decide(signing, Decision.NO_GO_POSTPONED, reason="Interfaces were not tested.", areas=(area,))
    for at in MORNINGS[:17]:
        sweep(at)
    mine = [n.kind for n in told(to=people.developer) if n.kind.startswith("remediation") and "assigned" not in n.kind]
    assert mine == ["remediation.due_soon", "remediation.due", "remediation.overdue"]
    item = review.remediation.get()
    decisions.finish_remediation(item_id=item.pk, by=people.developer, note="All eleven pass.", now=MORNINGS[17])
    assert [sweep(at) for at in MORNINGS[18:40]] == [0] * 22


def test_the_sweep_that_finds_nothing_costs_few_queries_however_many_sign(people):
    def cost():
        with CaptureQueriesContext(connection) as spent:
            assert sweep(NOW + timedelta(minutes=1)) == 0
        return len(spent)

    counts = []
    for code in ("ONE-1", "TWO-2", "TRE-3"):
        project = world.register(people, code=code)
        world.to_planning(project, people)
        world.ready_to_sign(project, ReviewKind.PPA, people)
        counts.append(cost())
    assert counts[0] == counts[2] == 10


def test_the_task_sweeps_at_the_present_moment(signing):
    with time_machine.travel(MORNINGS[3], tick=False):
        assert queue_reminders() == len(signers(signing))
        assert queue_reminders() == 0


def test_a_waiver_that_ends_is_told_a_week_before_to_who_asked_for_it(signing, people):
    item = next(i for i in signing.items.filter(section="analysis") if not i.protected)
    answers.answer(
        review_id=signing.pk, code=item.code, by=people.sponsor, value="not_confirmed", reason="Not yet.", now=NOW
    )
    waiver = answers.request_waiver(
        review_id=signing.pk,
        code=item.code,
        by=people.program,
        reason="The vendor delivers later.",
        risk="Low.",
        compensation="Tested by hand.",
        expires_on=date(2026, 12, 15),
        now=NOW,
    )
    assert not [r for r in reminders.due(MORNINGS[15]) if r.kind == "waiver.expiring"]  # nobody has approved it
    answers.answer_waiver(review_id=signing.pk, waiver_id=waiver.pk, by=people.manager, approve=True, now=NOW)
    for at in MORNINGS[:30]:
        sweep(at)
    notice = told("waiver.expiring").get()
    assert (notice.recipient, notice.created_at.date()) == (people.program, date(2026, 12, 8))
    assert item.text in notice.body


def test_every_kind_of_reminder_has_words():
    """And no words are left over that nothing sends."""
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    kinds = {path.name.removesuffix(".txt") for path in folder.glob("[!_]*.*.txt")}
    assert kinds == {
        *(f"sign_off.{kind}" for kind in ("requested", "due_soon", "due_today", "overdue", "escalated")),
        *(
            f"{noun}.{day}"
            for noun in ("condition", "finding", "held", "remediation", "record")
            for day in ("due_soon", "due", "overdue")
        ),
        "meeting.called",
        "meeting.called_off",
        "review.decided",
        "waiver.expiring",
    }
