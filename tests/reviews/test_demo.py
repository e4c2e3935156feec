"""The demo organisation tells its story truly: what it is to show is there, imported, and nothing in it is mailed.

It is loaded once for this module, in a transaction that is taken back.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from projects import credentials, ledger_check, lifecycle
from projects.models import (
    ArtifactStatus,
    ArtifactVersion,
    Gate,
    GatePass,
    LedgerEntry,
    Notice,
    Project,
    Stage,
    StageRun,
    Status,
    User,
)
from projects.traceability import gaps, open_operational
from reviews import additions, agenda, gates, reminders, signing
from reviews.demo import load, paper, people
from reviews.demo.dates import ANCHOR, Calendar
from reviews.models import (
    GO_DECISIONS,
    Answer,
    Condition,
    Decision,
    ItemAnswer,
    Packet,
    Review,
    ReviewState,
    Section,
    SignOff,
    Waiver,
)

pytestmark = pytest.mark.django_db  # each test in a savepoint of its own, within the module's transaction

TODAY = date(2027, 3, 4)  # a Thursday
NOW = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        loaded = load.load(today=TODAY, now=NOW)
        yield loaded, media
        transaction.set_rollback(True)


def review(code: str, ref: str) -> Review:
    kind, number = ref.lower().split("-")
    return signing.load(Review.objects.get(project__code=code, kind=kind, round=number).pk)


def board(found: Review) -> Counter[str]:
    """The eighteen indicators by answer; fine ones are told together."""
    answers: Counter[str] = Counter()
    for item in found.items.all():
        if item.section not in (Section.GO, Section.NO_GO):
            continue
        answer = signing.current_answer(item)
        waiver = signing.current_waiver(item)
        if waiver and waiver.approved_at:
            answers["waived"] += 1
        elif answer is None:
            answers["unanswered"] += 1
        else:
            answers["fine" if answer.value in (Answer.CONFIRMED, Answer.CLEAR) else answer.value] += 1
    return answers


def said(found: Review, code: str) -> ItemAnswer:
    return signing.current_answer(next(item for item in found.items.all() if item.code == code))


# --- Dates and the audit trail ---------------------------------------------------------------------------------------


def test_dates_shift_by_whole_weeks_so_that_weekdays_stay(demo):
    loaded, _media = demo
    calendar = Calendar.for_day(TODAY)

    assert loaded.anchor == date(2027, 3, 1)
    assert loaded.anchor.weekday() == ANCHOR.weekday() == 0
    for told, shifted in (
        ("2026-09-15", review("PRJ-0012", "RR-1").decided_at.date()),
        ("2026-10-13", review("PRJ-0012", "RR-2").decided_at.date()),
        ("2026-11-26", review("PRJ-0019", "RR-1").scheduled_for.date()),
        ("2026-08-15", Project.objects.get(code="EMG-0003").created_at.date()),
    ):
        assert shifted == calendar.day(told)
        assert (shifted - date.fromisoformat(told)).days % 7 == 0


def test_no_text_keeps_a_date_of_the_story(demo):
    texts = [version.text for version in ArtifactVersion.objects.all()]
    texts += ItemAnswer.objects.values_list("evidence", flat=True)
    texts += ItemAnswer.objects.values_list("reason", flat=True)

    assert len(texts) > 500
    assert not [text for text in texts if "[20" in text]


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 30), date(2031, 1, 1)])
def test_the_anchor_is_the_last_monday_on_or_before_installation(today):
    anchor = Calendar.for_day(today).anchor

    assert anchor.weekday() == 0
    assert timedelta(0) <= today - anchor < timedelta(days=7)


@pytest.mark.req("AUD-07")
def test_history_is_marked_as_imported_and_verifies(demo):
    lines = LedgerEntry.objects.all()

    assert set(lines.values_list("source", flat=True)) == {"import"}
    last = Calendar.for_day(TODAY).at("2026-11-21 00:00")
    assert not lines.filter(occurred_at__gte=last).exists()  # it happened until the Friday before ...
    assert timezone.now() - lines.earliest("recorded_at").recorded_at < timedelta(hours=1)  # ... and was recorded now
    assert lines.values("correlation_id").distinct().count() > 900  # each change apart, as from requests of their own
    report = ledger_check.verify()
    assert report.holds, report.findings[:5]
    assert len(report.heads) == 8


@pytest.mark.req("AUD-01")
def test_every_signature_says_that_nobody_was_at_a_keyboard(demo):
    assert SignOff.objects.count() > 60
    assert set(SignOff.objects.values_list("method", flat=True)) == {credentials.DEMO_METHOD}
    decided = Review.objects.filter(state=ReviewState.DECIDED)
    assert set(decided.values_list("decision_method", flat=True)) == {credentials.DEMO_METHOD}


def test_nothing_of_long_ago_is_mailed(demo):
    pending = Notice.objects.filter(state=Notice.State.PENDING)

    assert not pending.filter(not_before__lt=NOW).exists()
    assert [(notice.recipient.username, notice.kind) for notice in pending] == [("ingrid", "sign_off.requested")]
    assert Notice.objects.filter(state=Notice.State.CANCELLED).count() > 100


def test_reminders_of_today_come_by_themselves(demo):
    """On Thursday morning C-2 is overdue, REM-07 too, W-01 ends soon, a signature is due on Friday. Nothing else."""
    told = {(reminder.kind, reminder.to.username) for reminder in reminders.due(NOW + timedelta(hours=2))}

    assert told == {
        ("condition.overdue", "samira"),
        ("condition.overdue", "ingrid"),
        ("waiver.expiring", "samira"),
        ("remediation.overdue", "samira"),
        ("sign_off.due_soon", "ingrid"),
    }


# --- PRJ-0012 --------------------------------------------------------------------------------------------------------


def test_the_payroll_is_in_deploy_in_its_quiet_period(demo):
    project = Project.objects.get(code="PRJ-0012")

    assert (project.category, project.stage, project.status) == ("major", Stage.DEPLOY, Status.ACTIVE)
    assert project.artifacts.get(kind="ART-49").status == ArtifactStatus.APPROVED
    assert project.artifacts.get(kind="ART-52").status == ArtifactStatus.DRAFT
    assert "4,180 paid, 3 manual corrections" in project.artifacts.get(kind="ART-52").versions.get().text


@pytest.mark.req("EXT-04", "EXT-15")
def test_the_plan_was_approved_with_two_findings_that_are_settled_and_minutes(demo):
    plan = review("PRJ-0012", "PPA-1")
    assert [(str(row), row.category, row.disposition) for row in plan.findings.all()] == [
        ("F-01", "after_go", "done"),
        ("F-02", "after_go", "done"),
    ]
    assert all(row.closed_at > plan.decided_at and row.closed_by != row.owner for row in plan.findings.all())
    assert plan.minutes.quorum
    assert plan.attendance.count() == 13


def test_a_change_during_build_superseded_six_signatures(demo):
    delta = review("PRJ-0012", "PPA-2")
    signatures = [sign for participant in delta.participants.all() for sign in participant.sign_offs.all()]

    decided_on = signing.content(delta)
    counting = [sign for sign in signatures if signing.is_current(sign, decided_on)]
    assert (len(counting), len(signatures) - len(counting)) == (9, 6)
    lent = [sign for sign in counting if sign.delegation]
    assert [sign.signed_as for sign in lent] == ["Joy Mbeki for Ruth Castellanos"]
    assert [row.delegation for row in delta.attendance.all() if row.delegate] == [lent[0].delegation]
    assert delta.decision == Decision.GO
    assert [(v.artifact.kind, v.label) for v in said(delta, "A4").evidence_versions.all()] == [("ART-05", "2.1")]
    assert StageRun.objects.filter(project__code="PRJ-0012", stage=Stage.PLANNING).count() == 1  # it never left Build


@pytest.mark.req("SEED-87")
def test_the_first_release_round_was_a_no_go_with_a_remediation_plan(demo):
    first = review("PRJ-0012", "RR-1")

    assert (first.decision, first.candidate, first.chair.username) == (Decision.NO_GO_POSTPONED, "RC-3", "viktor")
    assert board(first) == {"fine": 10, "not_confirmed": 5, "present": 3}
    positions = Counter(sign.position for p in first.participants.all() for sign in p.sign_offs.all())
    assert positions == {"agree": 8, "support": 1}
    plan = first.remediation.all()
    assert sum(row.effort_days for row in plan) == 38
    assert [row.number for row in plan if row.done_at is None] == [7]
    assert plan[0].done_at.date() <= plan[0].due_on


@pytest.mark.req("EXT-09")
def test_before_that_no_go_operations_said_unseen_what_the_sponsor_did_not(demo):
    [poll] = review("PRJ-0012", "RR-1").polls.all()
    said = {row.user.username: row.value for row in poll.answers.all()}
    assert poll.closed_at < review("PRJ-0012", "RR-1").sign_offs_requested_at
    assert (said["ruth"], said["dag"], said["hannah"]) == ("ready", "not_ready", "not_ready")
    assert Counter(said.values()) == {"not_ready": 4, "concerns": 3, "ready": 2}


@pytest.mark.req("EXT-09")
def test_security_was_recused_from_the_wireless_network_and_another_judged(demo):
    held = review("PRJ-0015", "PPA-1")
    assert {row.user.username: bool(row.text) for row in held.declarations.all()} == {"naoko": True, "tomasz": False}
    assert [p.user.username for p in held.participants.all() if p.recused_at] == ["naoko"]
    assert said(held, "D6").assessor.username == "tomasz"


def test_the_chair_gave_the_second_release_round_an_agenda_of_its_own(demo):
    points = {point.code: point.minutes for point in agenda.points(review("PRJ-0012", "RR-2"))}
    assert "input" not in points
    assert (points["board"], points["positions"]) == (30, 20)


@pytest.mark.req("EXT-07")
def test_the_second_round_was_a_go_with_one_waiver(demo):
    second, calendar = review("PRJ-0012", "RR-2"), Calendar.for_day(TODAY)

    assert second.decision == Decision.GO_WITH_CONDITIONS
    assert board(second) == {"fine": 17, "waived": 1}
    waiver = Waiver.objects.get(item__review=second)
    assert (waiver.item.code, waiver.requested_by.username, waiver.approved_by.username) == (
        "G-ENV-3",
        "samira",
        "hannah",
    )
    assert waiver.expires_on == calendar.anchor + timedelta(days=7)
    opened = GatePass.objects.get(project=second.project, gate=Gate.RELEASE)
    assert (opened.candidate, opened.valid_until.date()) == ("RC-4", calendar.day("2026-11-12"))


@pytest.mark.req("SEED-25", "SEED-27")
@pytest.mark.parametrize(("code", "needs", "built"), [("PRJ-0012", 59, 46), ("PRJ-0008", 30, 28), ("PRJ-0019", 4, 9)])
def test_requirements_and_features_are_as_the_documents_count_them(demo, code, needs, built):
    project = Project.objects.get(code=code)

    assert (project.requirements.count(), project.features.filter(status="complete").count()) == (needs, built)
    assert (gaps(project).features, gaps(project).requirements) == (0, 0)


@pytest.mark.req("SEED-119")
def test_three_operational_requirements_were_open_at_the_first_release_round_and_none_at_the_second(demo):
    project, first = Project.objects.get(code="PRJ-0012"), review("PRJ-0012", "RR-1")
    before = project.operationalchecks.filter(created_at__lte=first.decided_at).order_by("id")

    newest = {check.requirement.ref: check.addressed for check in before}
    assert sorted(ref for ref, addressed in newest.items() if not addressed) == ["R-036", "R-038", "R-039"]
    assert open_operational(project) == []


@pytest.mark.req("SEED-97", "SEED-99")
def test_between_the_rounds_the_others_were_trained_and_the_banks_contract_was_judged_again(demo):
    project, calendar = Project.objects.get(code="PRJ-0012"), Calendar.for_day(TODAY)

    done = sorted(project.trainings.values_list("done_on", flat=True))
    assert [day <= calendar.day("2026-09-15") for day in done] == [True] * 3 + [False] * 4
    bank = project.agreements.get(party="Bank gateway")
    told = LedgerEntry.objects.filter(event="agreement.judged", object_id=str(bank.pk)).order_by("seq")
    assert ['"sufficient":true' in line.line.partition('"before"')[0] for line in told] == [False, True]
    assert "waiver W-01" in bank.evidence


@pytest.mark.req("EXT-06")
def test_one_condition_is_closed_and_one_is_overdue(demo):
    closed, overdue = Condition.objects.filter(review__project__code="PRJ-0012")

    assert (closed.owner.username, closed.closed_at.date()) == ("dag", closed.due_on - timedelta(days=1))
    assert (overdue.owner.username, overdue.closed_at) == ("samira", None)
    assert Calendar.for_day(TODAY).anchor - overdue.due_on == timedelta(days=3)


@pytest.mark.req("EXT-24")
def test_nobody_approved_what_he_wrote_and_every_kind_is_there(demo):
    project = Project.objects.get(code="PRJ-0012")

    assert set(project.artifacts.values_list("kind", flat=True)) >= {f"ART-{n:02}" for n in range(1, 49)}
    assert ArtifactVersion.objects.filter(approved_at__isnull=False).count() > 150


def test_uploaded_files_are_there_and_are_what_the_ledger_says(demo):
    _loaded, media = demo
    files = ArtifactVersion.objects.filter(medium=ArtifactVersion.Medium.FILE)

    assert {version.content_type for version in files} == {"text/csv", "application/pdf"}
    for version in files:
        body = Path(media, version.file.name).read_bytes()
        assert len(body) == version.size
        assert body.startswith(b"%PDF-") == (version.content_type == "application/pdf")


# --- PRJ-0019 --------------------------------------------------------------------------------------------------------


@pytest.mark.req("EXT-02")
def test_visitor_sign_in_is_not_ready_for_its_review_on_thursday(demo):
    found = review("PRJ-0019", "RR-1")

    assert found.state == ReviewState.PREPARING
    assert found.scheduled_for.weekday() == 3
    assert board(found) == {"fine": 9, "not_confirmed": 3, "present": 2, "unanswered": 4}
    missing = Counter(blocker.code for blocker in gates.blockers(found, NOW))
    assert missing["input.missing"] == 2
    assert missing["item.not_fine"] == 5
    assert missing["item.unanswered"] == 4 + 10  # indicators; analyses, aspects, decision
    assert missing["artifact.not_approved"] == 2


def test_the_plan_of_visitor_sign_in_was_signed_by_two(demo):
    plan = review("PRJ-0019", "PPA-1")

    assert (plan.mode, plan.decision) == ("async", Decision.GO)
    assert [p.user.username for p in plan.participants.all() if p.signs] == ["lucia", "hannah"]


def test_the_drafts_and_the_refused_request(demo):
    rows = {row.kind: row for row in Project.objects.get(code="PRJ-0019").artifacts.all()}

    assert (rows["ART-36"].status, rows["ART-36"].versions.last().label) == (ArtifactStatus.DRAFT, "0.4")
    assert (rows["ART-35"].status, rows["ART-35"].versions.last().label) == (ArtifactStatus.DRAFT, "0.2")
    assert (rows["ART-20"].status, rows["ART-20"].due_on) == (
        ArtifactStatus.NOT_STARTED,
        Calendar.for_day(TODAY).day("2026-11-25"),
    )
    refusal = LedgerEntry.objects.get(event="artifact.not_applicable_refused")
    assert (refusal.actor.username, "personal data" in refusal.line) == ("naoko", True)


# --- The other five --------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-05")
def test_the_disqualified_standard_change_became_a_minor_one_with_a_reason(demo):
    project = Project.objects.get(code="PRJ-0021")
    change = LedgerEntry.objects.get(event="project.recategorised", object_id=str(project.pk))

    assert (project.category, project.stage, project.external_ref) == ("minor", Stage.PLANNING, "STD-0034")
    assert "step 3" in change.line


def test_one_plan_is_being_signed_and_the_next_click_is_the_solution_managers(demo):
    found = review("PRJ-0021", "PPA-1")
    standing = signing.standing(found)

    assert found.state == ReviewState.SIGNING
    assert [p.user.username for p in standing.signed] == ["hannah"]
    assert [p.user.username for p in standing.waiting] == ["ingrid"]
    assert {blocker.code for blocker in gates.blockers(found, NOW)} == {"signature.missing"}


@pytest.mark.parametrize(
    ("code", "category", "stage", "status"),
    [
        ("PRJ-0008", "significant", Stage.CLOSED, Status.CLOSED),
        ("PRJ-0015", "significant", Stage.PLANNING, Status.CANCELLED),
        ("EMG-0003", "emergency", Stage.CLOSED, Status.CLOSED),
        ("STD-0031", "standard", Stage.CLOSED, Status.CLOSED),
    ],
)
def test_where_the_others_stand(demo, code, category, stage, status):
    project = Project.objects.get(code=code)

    assert (project.category, project.stage, project.status) == (category, stage, status)


def test_the_rejected_plan_can_be_sampled(demo):
    held, rejected = review("PRJ-0015", "PPA-1"), review("PRJ-0015", "PPA-2")
    assert (held.decision, held.next_review_on) == (Decision.HOLD, Calendar.for_day(TODAY).day("2026-07-07"))
    assert {said(rejected, item.code).carried_from for item in rejected.items.all() if item.answers.all()} == {"PPA-1"}

    assert rejected.decision == Decision.NO_GO_CANCELLED
    assert rejected.decided_at.weekday() == 1  # Tuesday
    assert not GatePass.objects.filter(project=rejected.project).exists()


@pytest.mark.req("SEED-42", "EXT-23")
def test_the_no_go_of_the_payroll_taught_a_question_whose_third_version_waits_for_the_process_owner(demo):
    [question] = additions.all_questions()
    assert [question.state_of(row)[0] for row in question.versions] == ["replaced", "in_force", "proposed"]
    taught = review("PRJ-0012", "RR-1")
    assert {row.origin_review for row in question.versions} == {taught}
    assert question.change.proposed_by.username == "ingrid"
    assert not Review.objects.filter(items__code__startswith="X-").exists()


def test_the_emergency_had_two_authorities_and_a_record_on_the_third_working_day(demo):
    night = review("EMG-0003", "PPA-1")
    signed = [(p.user.username, p.sign_offs.all()[0].signed_at.strftime("%H:%M")) for p in night.participants.all()]

    assert sorted(signed) == [("hannah", "22:52"), ("naoko", "22:55")]
    closed = Project.objects.get(code="EMG-0003").closed_at
    assert closed.date() - night.created_at.date() == timedelta(days=4)  # Saturday to Wednesday


def test_the_closed_one_is_complete(demo):
    project = Project.objects.get(code="PRJ-0008")

    for gate in ("vision", "plan", "scope", "release", "close"):
        assert lifecycle.artifact_blockers(project, gate) == []
    assert [found.decision for found in project.reviews.all()] == [Decision.GO, Decision.GO]
    assert Packet.objects.filter(review__project=project).exists()


# --- People and the commands -----------------------------------------------------------------------------------------


def test_who_can_log_in_is_told_and_can(demo):
    logins = people.who_can_log_in()

    assert {"ingrid", "yusuf", "lucia", "hannah", "emile", "samira", "olaf", "margit"} <= {
        who.username for who in logins
    }
    for login in logins:
        assert User.objects.get(username=login.username).check_password(people.PASSWORD)
    assert any(people.PASSWORD in line for line in people.lines())


def test_nobody_is_told_to_log_in_with_a_password_that_was_changed(demo):
    ingrid = User.objects.get(username="ingrid")
    ingrid.set_password("something else entirely")
    ingrid.save()

    assert "ingrid" not in {who.username for who in people.who_can_log_in()}


def test_it_does_nothing_where_somebody_is(demo, capsys):
    before = LedgerEntry.objects.count()

    call_command("load_demo", if_empty=True)

    assert LedgerEntry.objects.count() == before
    assert people.PASSWORD in capsys.readouterr().out


def test_a_second_loading_is_refused_in_words(demo):
    with pytest.raises(CommandError, match="Another account has this username"):
        call_command("load_demo")


def test_production_refuses_a_published_password(demo):
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="published password"):
        call_command("load_demo")


# --- Documents -------------------------------------------------------------------------------------------------------


def test_every_document_is_read_and_names_people_of_the_cast():
    known = {person.key for person in people.PEOPLE}
    files = [file.stem for file in paper.FOLDER.glob("*.txt") if file.read_text().startswith("===")]

    assert len(files) >= 9
    for name in files:
        for document in paper.documents(name):
            assert {document.author, document.approver or document.author} <= known, (name, document.kind)
            assert document.author != document.approver
            assert document.text.strip()


def test_a_document_flows_and_its_lists_do_not():
    assert paper.flowing("one\ntwo\n\n- a\n  b\n- c\n\n1. d\n2. e") == "one two\n\n- a b\n- c\n\n1. d\n2. e"


@pytest.mark.req("SEED-96")
def test_every_release_that_was_decided_has_its_rehearsal_of_the_way_back(demo):
    decided = Project.objects.filter(reviews__kind="rr", reviews__decision__in=GO_DECISIONS).distinct()
    assert decided.count() == 4
    for project in decided:
        assert project.rollbackrehearsals.order_by("rehearsed_on").last().is_adequate
    payroll = Project.objects.get(code="PRJ-0012").rollbackrehearsals.order_by("rehearsed_on")
    assert [(row.minutes, row.window_minutes, row.is_adequate) for row in payroll] == [
        (580, 360, False),
        (275, 360, True),
    ]
