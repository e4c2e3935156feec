"""Attacks on the record, made as who owns the database would: guards lifted, then put back. Each is found and named.

What agrees with itself is not found here, and a test says so: that is what checkpoints kept elsewhere are for.
"""

import json
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from projects import guards, ledger
from projects.ledger_check import verify
from projects.ledger_replay import witnessed
from projects.models import (
    Artifact,
    ArtifactVersion,
    GatePass,
    LedgerEntry,
    LedgerStream,
    OutcomeConfirmation,
    Project,
    RoleAssignment,
    StageRun,
)
from reviews.models import ItemAnswer, Packet, Participant, Review, ReviewItem, SignOff
from tests import rows, world


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """One project in Build, through its plan review; another registered. Built once, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = world.People()
        project = world.register(people)
        world.to_build(project, people)
        other = world.register(people)
        yield people, world.fresh(project), world.fresh(other)
        transaction.set_rollback(True)


@pytest.fixture
def project(scene, db):
    return scene[1]


@pytest.fixture
def people(scene, db):
    return scene[0]


@contextmanager
def as_owner_of_the_database():
    with guards.lifted():
        yield


def entries(project):
    return LedgerEntry.objects.filter(stream__project=project)


def rewrite(entry, old, new):
    """The line with another text in it, its hash not yet."""
    assert old in entry.line
    entry.line = entry.line.replace(old, new)


def chain_again(project, first, last):
    """Lines from `first` to `last` follow from each other again, hashes and all."""
    prev = entries(project).get(seq=first - 1).hash
    for entry in entries(project).filter(seq__gte=first, seq__lte=last).order_by("seq"):
        entry.line = f'{{"prev":"{prev}{entry.line[73:]}'
        entry.prev, entry.hash = prev, ledger.digest(entry.line)
        entry.save()
        prev = entry.hash


def found():
    """(kind, seq, object, field) of every finding."""
    return [(each.kind, each.seq, each.object, each.field) for each in verify().findings]


def kinds():
    return {each.kind for each in verify().findings}


# --- Clean ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("SEED-54")
def test_what_people_did_through_the_actions_holds(project):
    report = verify()
    assert report.findings == []
    assert {head.stream: head.count for head in report.heads} == {
        stream.key: stream.entries.count() for stream in LedgerStream.objects.all()
    }
    assert report.heads[0].hash == entries(project).order_by("-seq")[0].hash


def test_rework_and_a_second_round_hold_too(people, project):
    world.move(project, "return_to_planning", people, reason="The scope grew.")
    world.approved_artifact(project, "ART-16", people, text="A larger plan.")
    world.pass_gate(project, "ppa", people)
    world.move(project, "start_build", people)
    assert verify().findings == []


@pytest.mark.req("AUD-03")
def test_every_column_that_matters_is_told_of(project):
    """Of each row the ledger answers for, a change of any column is seen; the few exceptions are written down."""
    told = {}
    for entry in LedgerEntry.objects.all():
        told.setdefault(entry.object_type, set()).update(json.loads(entry.line)["after"])
    for label, witness in witnessed().items():
        if label not in told:
            continue  # no waiver, condition or remediation in this scene
        for field in apps.get_model(label)._meta.concrete_fields:
            has_default = field.null or field.blank or field.has_default()
            covered = field.name in told[label] or has_default or field.name in witness.untold or field.primary_key
            assert covered or (label, field.name) == ("projects.artifact", "project"), f"{label}.{field.name}"


# --- The chain -----------------------------------------------------------------------------------------------------


def test_an_edited_line_is_named(project):
    entry = entries(project).get(seq=7)
    rewrite(entry, '"v":1', '"v":1 ')
    with as_owner_of_the_database():
        entry.save()
    assert ("hash", 7) in [each[:2] for each in found()]
    assert {each[1] for each in found()} == {7}


@pytest.mark.parametrize("until", [7, 12])
def test_an_edited_line_chained_again_in_part_is_named_where_the_new_part_ends(project, until):
    entry = entries(project).get(seq=7)
    rewrite(entry, '"reason":""', '"reason":"agreed by telephone"')
    with as_owner_of_the_database():
        entry.save()
        chain_again(project, 7, until)
    assert found() == [("link", until + 1, *found()[0][2:])]


def test_an_edited_line_chained_again_to_the_end_differs_from_the_row(project):
    entry = entries(project).get(event="review.decided")
    rewrite(entry, '"decision":"go"', '"decision":"no_go_postponed"')
    with as_owner_of_the_database():
        entry.save()
        chain_again(project, entry.seq, entries(project).count())
    assert found() == [("field", entry.seq, f"reviews.review/{entry.object_id}", "decision")]


def test_line_and_row_changed_and_all_chained_again_agree_with_themselves(project):
    """The limit of what a database can prove of itself: see evidence on checkpoints."""
    entry = entries(project).get(event="review.decided")
    rewrite(entry, '"decision_reason":""', '"decision_reason":"forged"')
    with as_owner_of_the_database():
        Review.objects.update(decision_reason="forged")
        entry.save()
        chain_again(project, entry.seq, entries(project).count())
    assert found() == []


def test_a_line_taken_out_of_the_middle_is_missed(project):
    with as_owner_of_the_database():
        gone = entries(project).get(seq=9)
        entries(project).filter(seq=9)._raw_delete("default")
    assert ("number", 10) in [each[:2] for each in found()]
    assert ("link", 10) in [each[:2] for each in found()]
    assert gone.object_id in {each[2].split("/")[1] for each in found()}


def test_lines_cut_from_the_end_leave_rows_that_nobody_told_of(project):
    last = entries(project).get(event="stage.start_build")
    with as_owner_of_the_database():
        entries(project).filter(seq__gte=last.seq)._raw_delete("default")
    run = StageRun.objects.get(project=project, stage="build")
    assert ("field", "projects.project", "stage") in [(each[0], each[2].split("/")[0], each[3]) for each in found()]
    assert ("unrecorded", 0, f"projects.stagerun/{run.pk}", "") in found()


def test_a_chain_taken_out_whole_leaves_rows_that_nobody_told_of(project):
    with as_owner_of_the_database():
        entries(project)._raw_delete("default")
    assert ("unrecorded", 0, f"projects.project/{project.pk}", "") in found()
    assert "empty" in kinds()


def test_a_line_put_between_others_breaks_the_numbers(project):
    entry = entries(project).get(seq=5)
    with as_owner_of_the_database():
        for later in entries(project).filter(seq__gt=5).order_by("-seq"):
            entries(project).filter(pk=later.pk).update(seq=later.seq + 1)
        entries(project).filter(seq=7).update(prev="makes room")
        forged = LedgerEntry(**{f.attname: getattr(entry, f.attname) for f in LedgerEntry._meta.concrete_fields})
        forged.pk, forged.seq, forged.prev = None, 6, entry.hash
        forged.line = f'{{"prev":"{entry.hash}{entry.line[73:]}'
        forged.hash = ledger.digest(forged.line)
        forged.save(force_insert=True)
        chain_again(project, 7, 7)
    assert ("column", 6) in [each[:2] for each in found()]  # it says that it is line 5
    assert ("link", 8) in [each[:2] for each in found()]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event", "project.edited2"),
        ("source", "api"),
        ("object_id", "424242"),
        ("object_type", "projects.other"),
        ("correlation_id", "x"),
        ("actor", None),
        ("occurred_at", rows.NOW),
    ],
)
def test_a_search_column_that_says_something_else_is_named(project, column, value):
    with as_owner_of_the_database():
        entries(project).filter(seq=3).update(**{column: value})
    [finding] = verify().findings
    assert (finding.kind, finding.seq) == ("column", 3)
    assert column in finding.text


def test_a_line_of_another_chain_does_not_count_here(scene, project):
    other = scene[2]
    borrowed = entries(other).get(seq=2)
    with as_owner_of_the_database():
        entries(project).filter(seq=2)._raw_delete("default")
        entries(other).filter(seq=2).update(stream=LedgerStream.objects.get(project=project))
    told = [(each.stream, each.kind, each.seq) for each in verify().findings]
    assert (f"project-{project.pk}", "link", 2) in told
    assert (f"project-{project.pk}", "column", 2) in told
    assert (f"project-{other.pk}", "number", 3) in told
    assert borrowed.stream.project_id == other.pk


def append(project, body, **columns):
    """A well-linked line at the end of the chain, past `record`."""
    last = entries(project).order_by("-seq")[0]
    template = json.loads(last.line)
    del template["prev"]
    template.update({"seq": last.seq + 1, **body})
    line = f'{{"prev":"{last.hash}",{ledger.canonical(template)[1:]}\n'
    return LedgerEntry.objects.create(
        stream=last.stream,
        seq=last.seq + 1,
        prev=last.hash,
        line=line,
        hash=ledger.digest(line),
        **{
            "recorded_at": last.recorded_at,
            "occurred_at": last.occurred_at,
            "actor": last.actor,
            "source": last.source,
            "event": template["event"],
            "object_type": template["object"]["type"],
            "object_id": template["object"]["id"],
            "correlation_id": last.correlation_id,
            **columns,
        },
    )


def test_a_backdated_line_is_out_of_order(project):
    """The guards let a well-linked line in; its time gives it away."""
    earlier = entries(project).order_by("-seq")[0].recorded_at - timedelta(days=30)
    told = append(project, {"at": earlier, "after": {}}, recorded_at=earlier)
    assert [each[:2] for each in found()] == [("time", told.seq)]


@pytest.mark.parametrize("spoil", ["twice", "garbage", "no object"])
def test_a_line_that_is_none_is_named(project, spoil):
    last = entries(project).order_by("-seq")[0]
    begin = f'{{"prev":"{last.hash}",'
    line = {
        "twice": f'{begin}"v":1,"after":{{"stage":"deploy","stage":"build"}}}}\n',
        "garbage": f"{begin}\n",
        "no object": f'{begin}"v":1}}\n',
    }[spoil]
    told = LedgerEntry.objects.create(
        stream=last.stream,
        seq=last.seq + 1,
        prev=last.hash,
        line=line,
        hash=ledger.digest(line),
        recorded_at=last.recorded_at,
        occurred_at=last.occurred_at,
        source="web",
        event="x",
        object_type="projects.project",
        object_id=str(project.pk),
        correlation_id="x",
    )
    assert [each[:2] for each in found()] == [("form", told.seq)]


def test_a_line_about_nothing_that_is_there_is_named(project):
    append(project, {"object": {"type": "projects.project", "id": "0", "name": "?"}, "after": {}})
    append(project, {"object": {"type": "projects.spaceship", "id": "1", "name": "?"}, "after": {}})
    append(project, {"object": {"type": "projects.project", "id": "x'", "name": "?"}, "after": {}})
    assert sorted((each[0], each[2]) for each in found()) == [
        ("form", "projects.spaceship"),
        ("gone", "projects.project/0"),
        ("gone", "projects.project/x'"),
    ]


# --- The rows ------------------------------------------------------------------------------------------------------


@pytest.mark.req("AUD-03", "SEED-79")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("position", "support"),
        ("comment", "I never meant it"),
        ("meaning", "review"),
        ("statement", "I have seen it."),
        ("printed_name", "Mallory"),
        ("role", "Board"),
        ("method", "password and passkey"),
        ("signed_at", world.NOW - timedelta(days=9)),
        ("time_zone", "Asia/Tokyo"),
        ("ip", "192.0.2.66"),
        ("idempotency_key", "another"),
    ],
)
def test_a_sign_off_changed_alone_is_named_with_its_field(project, column, value):
    signed = SignOff.objects.first()
    change = {column: value} | ({"comment": "x"} if column == "position" else {})
    with as_owner_of_the_database():
        SignOff.objects.filter(pk=signed.pk).update(**change)
    told = entries(project).get(event="sign_off.given", object_id=str(signed.pk)).seq
    assert sorted(found()) == sorted(("field", told, f"reviews.signoff/{signed.pk}", name) for name in change)


@pytest.mark.req("AUD-03", "AUD-06")
def test_a_sign_off_given_to_somebody_else_is_named(people, project):
    signed = SignOff.objects.first()
    with as_owner_of_the_database():
        SignOff.objects.filter(pk=signed.pk).update(user=people.outsider)
    assert {(each[0], each[3]) for each in found()} == {("field", "user"), ("packet", "packet")}


@pytest.mark.req("AUD-03")
@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (Project, "stage", "stabilize"),
        (Project, "status", "on_hold"),
        (Project, "title", "Another"),
        (Project, "category", "major"),
        (Project, "plan_approved_at", world.NOW - timedelta(days=9)),
        (Project, "created_by", None),
        (GatePass, "opened_at", world.NOW - timedelta(days=9)),
        (GatePass, "packet_digest", "f" * 64),
        (GatePass, "valid_until", world.NOW),
        (GatePass, "opened_by", None),
        (Review, "decision_reason", "Everybody agreed"),
        (Review, "decided_at", world.NOW - timedelta(days=9)),
        (Review, "decided_by", None),
        (Review, "chair", None),
        (ItemAnswer, "value", "clear"),
        (ItemAnswer, "evidence", "None needed"),
        (ItemAnswer, "assessor", None),
        (OutcomeConfirmation, "by", None),
        (RoleAssignment, "role", "R-TST"),
        (StageRun, "started_at", world.NOW - timedelta(days=9)),
        (Participant, "signs", None),
        (Artifact, "na_reason", "Not for us"),
        (ArtifactVersion, "digest", "f" * 64),
        (ArtifactVersion, "approved_at", world.NOW - timedelta(days=9)),
    ],
)
def test_a_row_changed_alone_is_named_with_its_field(people, project, model, column, value):
    row = project if model is Project else model.objects.order_by("pk").first()
    if value is None:
        value = not row.signs if column == "signs" else people.outsider
    extra = {"status_reason": "x"} if column == "status" else {}
    with as_owner_of_the_database():
        model.objects.filter(pk=row.pk).update(**{column: value}, **extra)
    name = f"{model._meta.label_lower}/{row.pk}"
    assert ("field", name, column) in [(each[0], each[2], each[3]) for each in found()]
    assert "guard" not in kinds()


def rows_to_add(people, project):
    """Well-made rows that nobody gave through an action."""
    review = Review.objects.get(project=project)
    stranger = Participant(review=review, group="PPA-G1", user=people.outsider)
    yield "reviews.participant", stranger
    yield "reviews.signoff", lambda: rows.sign_off(stranger, review.packets.first())
    yield "reviews.review", lambda: rows.review(project, round=2)
    yield "projects.gatepass", lambda: rows.gate_pass(review, review_ref="PPA-9", gate="release")
    yield "projects.artifactversion", lambda: rows.version(project, people.outsider, number=7)
    yield "projects.project", lambda: rows.project(people.outsider)


@pytest.mark.req("AUD-03")
def test_a_backdated_approval_put_in_by_hand_is_named(people, project):
    added = []
    with as_owner_of_the_database():
        for label, make in rows_to_add(people, project):
            row = make() if callable(make) else make
            if row.pk is None:
                row.save()
            added.append(f"{label}/{row.pk}")
    unrecorded = {each.object for each in verify().findings if each.kind == "unrecorded"}
    assert set(added) == unrecorded - {f"projects.artifact/{Artifact.objects.latest('pk').pk}"}


@pytest.mark.req("SEED-79")
def test_a_row_taken_away_is_missed(project):
    signed, confirmed = SignOff.objects.first(), OutcomeConfirmation.objects.first()
    with as_owner_of_the_database():
        SignOff.objects.filter(pk=signed.pk)._raw_delete("default")
        OutcomeConfirmation.objects.filter(pk=confirmed.pk)._raw_delete("default")
    assert {(each[0], each[2]) for each in found()} == {
        ("gone", f"reviews.signoff/{signed.pk}"),
        ("packet", f"reviews.review/{signed.participant.review_id}"),  # a go without it
        ("gone", f"projects.outcomeconfirmation/{confirmed.pk}"),
    }


@pytest.mark.req("AUD-08")
def test_evidence_slipped_under_an_answer_is_named(project):
    answer = ItemAnswer.objects.first()
    answer.evidence_versions.add(ArtifactVersion.objects.first())  # adding is allowed, at the moment of the answer
    assert ("field", f"reviews.itemanswer/{answer.pk}", "evidence_versions") in [
        (each[0], each[2], each[3]) for each in found()
    ]


@pytest.mark.req("AUD-03")
def test_a_question_changed_after_the_decision_is_named(project):
    """No line tells of questions: the packet that was decided on does."""
    item = ReviewItem.objects.exclude(section="output").first()
    with as_owner_of_the_database():
        ReviewItem.objects.filter(pk=item.pk).update(text="Is the weather fine?")
    review = Review.objects.get()
    [finding] = verify().findings
    assert (finding.kind, finding.object) == ("packet", f"reviews.review/{review.pk}")
    assert finding.field == f"items/{item.code}/text"
    assert f"was decided on as {item.text}, and is now Is the weather fine?." in finding.text


@pytest.mark.req("AUD-03")
def test_a_packet_changed_after_signing_is_named(project):
    packet = Packet.objects.get()
    with as_owner_of_the_database():
        Packet.objects.update(body=packet.body.replace("Seen on site.", "Seen from afar."))
    assert ("digest", 0, f"reviews.packet/{packet.pk}", "body") in found()


@pytest.mark.req("AUD-03", "AUD-08")
def test_the_text_of_a_version_changed_is_named(project):
    version = ArtifactVersion.objects.first()
    with as_owner_of_the_database():
        ArtifactVersion.objects.filter(pk=version.pk).update(text="Better.")
    assert found() == [("digest", 0, f"projects.artifactversion/{version.pk}", "text")]


@pytest.mark.req("AUD-07")
def test_guards_left_off_are_a_finding(project):
    guards.lift()
    assert kinds() == {"guard"}
    assert len(verify().findings) == len(guards.faults(connection))
    guards.install()
    assert found() == []


# --- The command ---------------------------------------------------------------------------------------------------


def run(*arguments):
    """(exit code, what was printed)"""
    out = StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=out, no_color=True)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_prints_count_and_head_of_each_chain(project):
    code, out = run()
    head = entries(project).order_by("-seq")[0]
    assert code == 0
    assert f"project-{project.pk} {head.seq} {head.hash}\n" in out
    assert out.splitlines()[-1].startswith("OK: ")


def test_the_command_exits_1_and_names_what_it_found(scene, project):
    with as_owner_of_the_database():
        Project.objects.filter(pk=project.pk).update(title="Another")
    code, out = run()
    assert code == 1
    assert f"title of projects.project/{project.pk} is Another, but the ledger says" in out
    assert run("--project", project.code)[0] == 1
    assert run("--project", scene[2].code)[0] == 0
    code, out = run("--json")
    report = json.loads(out)
    assert code == 1
    assert (report["holds"], report["findings"][0]["field"]) == (False, "title")


def test_the_command_says_when_there_is_no_such_project(db):
    with pytest.raises(CommandError, match="no project PRJ-X") as refusal:
        run("--project", "PRJ-X")
    assert refusal.value.returncode == 2
