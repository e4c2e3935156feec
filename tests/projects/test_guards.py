"""What the database refuses about projects, gates, artifacts and the ledger, past every action."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader

from projects import guards, ledger
from projects.guard_rules import STAGE_EDGES
from projects.models import (
    Artifact,
    GatePass,
    LedgerEntry,
    LedgerStream,
    OutcomeConfirmation,
    Project,
    Requirement,
    RoleAssignment,
    Stage,
    StageRun,
)
from tests import rows
from tests.rows import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused():
    """The database refuses what stands inside, with a sentence that has these words; the transaction goes on."""

    class Refusal:
        def __init__(self, words):
            self.words = words

        def __enter__(self):
            self.block = transaction.atomic()
            self.block.__enter__()

        def __exit__(self, kind, error, trace):
            self.block.__exit__(kind, error, trace)
            assert kind is not None, f"was not refused: {self.words}"
            assert issubclass(kind, IntegrityError), error
            assert self.words in str(error)
            return True

    return Refusal


def sql(text, *params):
    with connection.cursor() as cursor:
        cursor.execute(text, params)


# --- Standing ------------------------------------------------------------------------------------------------------


def test_no_two_guards_share_a_name():
    """Of two triggers of one name only the later one would stand."""
    names = [guard.name for guard in guards.expected()]
    assert sorted(set(names)) == sorted(names)


def test_all_guards_stand_after_all_migrations():
    assert guards.faults(connection) == []
    assert len(guards.installed(connection)) >= len(guards.expected()) > 25


def test_a_guard_made_harmless_is_a_fault_and_mended():
    name = "guard_projects_project_stays"
    if connection.vendor == "postgresql":
        sql(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$")
    else:
        sql(f"DROP TRIGGER {name}")
        sql(f"CREATE TRIGGER {name} BEFORE DELETE ON projects_project BEGIN SELECT 1; END")
    assert guards.faults(connection) == [f"Guard {name} was altered."]
    guards.install()
    assert guards.faults(connection) == []


def test_a_guard_that_is_gone_or_foreign_is_a_fault_and_mended():
    here = guards.installed(connection)["guard_projects_gatepass_stays"]
    sql(f"DROP TRIGGER {here.name}" + (f" ON {here.table}" if connection.vendor == "postgresql" else ""))
    if connection.vendor == "postgresql":
        sql("CREATE FUNCTION guard_other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
        sql("CREATE TRIGGER guard_other BEFORE INSERT ON projects_user FOR EACH ROW EXECUTE FUNCTION guard_other()")
    else:
        sql("CREATE TRIGGER guard_other BEFORE INSERT ON projects_user BEGIN SELECT RAISE(IGNORE); END")
    assert guards.faults(connection) == [
        "Guard guard_other is not ours.",
        "Guard guard_projects_gatepass_stays is missing.",
    ]
    guards.install()
    assert guards.faults(connection) == []


@pytest.mark.parametrize(
    "condition",
    ["NEW.gone IS NULL", "EXISTS (SELECT 1 FROM projects_project p WHERE p.gone = 1)", "1 IN (SELECT 1 FROM gone g)"],
)
def test_a_guard_that_names_what_is_not_there_is_left_out(monkeypatch, condition):
    """As after migrating back to before the column or the table that it names."""
    stated = guards.expected()
    stale = guards.Guard("projects_project", "INSERT", "stale", [(condition, "Not even with it.")])
    monkeypatch.setattr(guards, "expected", lambda: [*stated, stale])

    guards.install()

    assert guards.faults(connection) == [f"Guard {stale.name} is missing."]
    rows.project()


@pytest.mark.django_db(transaction=True)
def test_guards_survive_a_migration_that_remakes_guarded_tables(monkeypatch):
    """SQLite alters a table by making it anew, which drops its triggers without a word."""
    leaf = MigrationLoader(connection).graph.leaf_nodes("projects")[0]

    class Remake(migrations.Migration):
        dependencies = [leaf]
        operations = [
            migrations.AlterField("gatepass", "review_ref", models.CharField(max_length=21)),
            migrations.AlterField("project", "title", models.CharField(max_length=251)),
            migrations.AlterField("gatepass", "review_ref", models.CharField(max_length=20)),
            migrations.AlterField("project", "title", models.CharField(max_length=250)),
        ]

    load = MigrationLoader.load_disk

    def with_one_more(loader):
        load(loader)
        loader.disk_migrations["projects", "9999_remake"] = Remake("9999_remake", "projects")

    monkeypatch.setattr(MigrationLoader, "load_disk", with_one_more)
    try:
        call_command("migrate", "projects", "9999_remake", verbosity=0)
        assert guards.faults(connection) == []
    finally:
        call_command("migrate", *leaf, verbosity=0)
    assert guards.faults(connection) == []


# --- Projects ------------------------------------------------------------------------------------------------------


def test_the_edges_are_those_of_the_stage_machine():
    machine = {
        f"{transition.source}>{transition.target}"
        for transition in Project._meta.get_field("stage").get_all_transitions(Project)
    }
    assert set(STAGE_EDGES) == machine
    assert len(STAGE_EDGES) == len(machine)


@pytest.mark.req("SEED-09")
def test_every_step_along_the_lifecycle_is_allowed():
    assert rows.at_stage("closed").stage == Stage.CLOSED


@pytest.mark.req("SEED-09")
@pytest.mark.parametrize("stage", [stage for stage in Stage.values if stage != "registered"])
def test_a_project_is_not_born_in_a_later_stage(refused, stage):
    closed = {"status": "closed", "closed_at": NOW} if stage == "closed" else {}
    with refused("begins as registered"):
        rows.project(stage=stage, plan_approved_at=NOW, release_ready_at=NOW, **closed)


@pytest.mark.parametrize("columns", [{"plan_approved_at": NOW}, {"release_valid_until": NOW}])
def test_a_project_is_not_born_with_an_open_gate(refused, columns):
    with refused("gates shut"):
        rows.project(**columns)


@pytest.mark.req("SEED-09")
def test_no_stage_is_reached_but_along_an_edge(refused):
    for start in ["registered", "envision", "planning", "build", "stabilize", "deploy"]:
        project = rows.at_stage(start)
        for end in Stage.values:
            if end == start or f"{start}>{end}" in STAGE_EDGES:
                continue
            with refused("no stage is skipped"):
                Project.objects.filter(pk=project.pk).update(stage=end, plan_approved_at=project.plan_approved_at)


@pytest.mark.req("SEED-09")
def test_build_needs_a_pass_that_is_in_force(refused):
    project = rows.at_stage("planning")
    build = {"stage": "build", "plan_approved_at": NOW}
    with refused("Build needs an approved project plan"):
        Project.objects.filter(pk=project.pk).update(**build)
    opened = rows.gate_pass(rows.decided(project))
    opened.revoked_at, opened.revoked_by, opened.revoked_reason = NOW, opened.opened_by, "rework"
    opened.save()
    with refused("Build needs an approved project plan"):
        Project.objects.filter(pk=project.pk).update(**build)
    rows.gate_pass(rows.decided(project, round=2))
    assert Project.objects.filter(pk=project.pk).update(**build) == 1


@pytest.mark.req("SEED-09")
def test_deploy_needs_a_pass_that_is_in_force(refused):
    project = rows.at_stage("stabilize")
    deploy = {"stage": "deploy", "release_ready_at": NOW}
    with refused("Deploy needs a ready release"):
        Project.objects.filter(pk=project.pk).update(**deploy)
    rows.gate_pass(rows.decided(project, "rr"))
    assert Project.objects.filter(pk=project.pk).update(**deploy) == 1


@pytest.mark.req("SEED-09")
@pytest.mark.parametrize(
    ("stage", "column", "words"),
    [
        ("planning", "plan_approved_at", "A plan is approved by"),
        ("stabilize", "release_ready_at", "A release is found ready by"),
        ("stabilize", "release_valid_until", "A release is found ready by"),
    ],
)
def test_a_gate_column_is_not_filled_without_its_pass(refused, stage, column, words):
    project = rows.at_stage(stage)
    with refused(words):
        Project.objects.filter(pk=project.pk).update(**{column: NOW})


def test_a_validity_is_not_prolonged_without_a_pass(refused):
    project = rows.at_stage("deploy")
    opened = GatePass.objects.get(project=project, gate="release")
    GatePass.objects.filter(pk=opened.pk).update(revoked_at=NOW, revoked_by=opened.opened_by, revoked_reason="rework")
    with refused("A release is found ready by"):
        Project.objects.filter(pk=project.pk).update(release_valid_until=NOW)


def test_raw_sql_and_upserts_meet_the_same_guard(refused):
    project = rows.at_stage("envision")
    with refused("no stage is skipped"):
        sql("UPDATE projects_project SET stage = 'stabilize', plan_approved_at = created_at WHERE id = %s", project.pk)
    born = rows.project()
    with refused("no stage is skipped"):
        sql(
            "INSERT INTO projects_project SELECT * FROM projects_project WHERE id = %s"
            " ON CONFLICT (id) DO UPDATE SET stage = 'planning'",
            born.pk,
        )


@pytest.mark.req("SEED-111")
@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_nothing_changes_on_a_project_that_has_ended(refused, status):
    if status == "closed":
        project = rows.at_stage("closed")
    else:
        project = rows.at_stage("planning")
        Project.objects.filter(pk=project.pk).update(status="cancelled", status_reason="no budget")
    for columns in ({"title": "Another"}, {"status": "active", "status_reason": ""}, {"planned_cost": 1}):
        with refused("read-only"):
            Project.objects.filter(pk=project.pk).update(**columns)


@pytest.mark.req("SEED-111")
@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_an_ended_project_takes_nothing_more(refused, status):
    project = rows.at_stage("deploy")
    someone, another = rows.person(), rows.person()
    version = rows.version(project)
    run = StageRun.objects.create(project=project, stage="deploy", started_at=NOW)
    need = {"project": project, "kind": "user", "text": "It works.", "created_by": someone, "created_at": NOW}
    Requirement.objects.create(ref="R-1", **need)
    role = {"project": project, "role": "R-TST", "starts_on": NOW.date(), "assigned_by": someone}
    RoleAssignment.objects.create(user=someone, **role)
    end = {"status": status, "status_reason": "done"}
    end |= {"stage": "closed", "closed_at": NOW} if status == "closed" else {}
    Project.objects.filter(pk=project.pk).update(**end)

    told = {"run": run, "outcome": "DEP-O1", "confirmed": True, "evidence": "x", "by": someone, "at": NOW}
    for add in (
        lambda: Artifact.objects.create(project=project, kind="ART-40"),
        lambda: rows.version(project, number=2),
        lambda: Requirement.objects.create(ref="R-2", **need),
        lambda: RoleAssignment.objects.create(user=another, **role),
        lambda: StageRun.objects.create(project=project, stage="build", started_at=NOW, ended_at=NOW),
        lambda: OutcomeConfirmation.objects.create(**told),
        lambda: rows.review(project, "rr", round=2),
        lambda: Artifact.objects.update(status="draft"),
        lambda: type(version).objects.update(status="in_review"),
        lambda: Requirement.objects.update(text="It need not work."),
        lambda: RoleAssignment.objects.update(ends_on=NOW.date()),
    ):
        with refused("A closed or cancelled project is read-only"):
            add()
    assert StageRun.objects.filter(pk=run.pk).update(ended_at=NOW) == 1


def test_what_evidence_hangs_on_is_never_deleted(refused):
    project = rows.project()
    someone = rows.person()
    rows.version(project)
    StageRun.objects.create(project=project, stage="envision", started_at=NOW)
    Requirement.objects.create(project=project, ref="R-1", kind="user", text="x", created_by=someone, created_at=NOW)
    RoleAssignment.objects.create(
        project=project, role="R-TST", user=someone, starts_on=NOW.date(), assigned_by=someone
    )
    for model in (StageRun, Requirement, RoleAssignment):
        with refused("is never deleted"):
            model.objects.all().delete()
    with refused("An artifact is never deleted"):
        sql("DELETE FROM projects_artifact")


def test_a_project_on_hold_does_not_move(refused):
    project = rows.at_stage("registered")
    Project.objects.filter(pk=project.pk).update(status="on_hold", status_reason="waiting")
    with refused("on hold does not move"):
        Project.objects.filter(pk=project.pk).update(stage="envision")


def test_a_project_is_never_deleted_and_keeps_its_identity(refused):
    project = rows.project()
    with refused("never deleted"):
        sql("DELETE FROM projects_project WHERE id = %s", project.pk)
    with refused("keeps its identity"):
        sql("UPDATE projects_project SET id = 999999 WHERE id = %s", project.pk)


# --- Gate passes, artifacts, confirmations -------------------------------------------------------------------------


@pytest.mark.req("SEED-79")
def test_a_gate_pass_is_only_ever_revoked_and_once(refused):
    opened = rows.gate_pass(rows.decided(rows.at_stage("planning")))
    row = GatePass.objects.filter(pk=opened.pk)
    fixed = {
        "gate": "release",
        "review_ref": "PPA-2",
        "packet_digest": "f" * 64,
        "candidate": "RC2",
        "opened_at": NOW.replace(year=2020),
        "opened_by": rows.person(),
        "valid_until": NOW,
        "project": rows.project(),
    }
    for column, value in fixed.items():
        with refused("never changed"):
            row.update(**{column: value})
    revoked = {"revoked_at": NOW, "revoked_by": opened.opened_by, "revoked_reason": "rework"}
    assert row.update(**revoked) == 1
    with refused("stays as it is"):
        row.update(revoked_at=None, revoked_by=None, revoked_reason="")
    with refused("never deleted"):
        row._raw_delete(row.db)


@pytest.mark.req("AUD-08", "SEED-79")
def test_the_content_of_a_version_never_changes(refused):
    version = rows.version(rows.project())
    row = type(version).objects.filter(pk=version.pk)
    content = {
        "text": "Another plan.",
        "digest": "f" * 64,
        "number": 7,
        "label": "7.0",
        "medium": "link",
        "file": "x",
        "filename": "x",
        "content_type": "text/html",
        "size": 7,
        "url": "https://example.org/",
        "author": rows.person(),
        "created_at": NOW.replace(year=2020),
    }
    for column, value in content.items():
        with refused("content of a version never changes"):
            row.update(**{column: value})
    with refused("never deleted"):
        row._raw_delete(row.db)


def test_a_version_is_approved_once_and_for_good(refused):
    version = rows.version(rows.project())
    row = type(version).objects.filter(pk=version.pk)
    assert row.update(status="in_review", submitted_at=NOW) == 1
    assert row.update(status="draft", submitted_at=None) == 1
    assert row.update(status="approved", approved_by=rows.person(), approved_at=NOW) == 1
    for columns in (
        {"status": "draft", "approved_by": None, "approved_at": None},
        {"approved_by": rows.person()},
        {"approved_at": NOW.replace(year=2020)},
    ):
        with refused("never taken back"):
            row.update(**columns)


@pytest.mark.req("AUD-08", "SEED-19")
def test_confirmations_are_only_added(refused):
    run = StageRun.objects.create(project=rows.project(), stage="envision", started_at=NOW)
    told = OutcomeConfirmation.objects.create(
        run=run, outcome="ENV-O1", confirmed=False, evidence="minutes", by=rows.person(), at=NOW
    )
    row = OutcomeConfirmation.objects.filter(pk=told.pk)
    with refused("never changed"):
        row.update(confirmed=True)
    with refused("never deleted"):
        row._raw_delete(row.db)


# --- The ledger ----------------------------------------------------------------------------------------------------


@pytest.fixture
def entry():
    project = rows.project()
    with transaction.atomic():
        ledger.record(project=project, by=None, event="project.created", obj=project, now=NOW)
        return ledger.record(project=project, by=None, event="project.edited", obj=project, now=NOW)


@pytest.mark.req("AUD-07", "SEED-54")
def test_a_line_is_never_changed_or_deleted(refused, entry):
    row = LedgerEntry.objects.filter(pk=entry.pk)
    for columns in ({"event": "x"}, {"line": "x"}, {"actor": rows.person()}, {"recorded_at": NOW}):
        with refused("A ledger line is never changed"):
            row.update(**columns)
    with refused("A ledger line is never deleted"):
        row._raw_delete(row.db)
    stream = LedgerStream.objects.filter(pk=entry.stream_id)
    with refused("A ledger chain is never changed"):
        stream.update(key="project-0")


def follow(entry, **columns):
    """Insert a line after this one, well made but for these columns."""
    prev = columns.get("prev", entry.hash)
    line = columns.pop("line", f'{{"prev":"{prev}","v":1}}\n')
    return LedgerEntry.objects.create(
        **{
            "stream_id": entry.stream_id,
            "seq": entry.seq + 1,
            "prev": prev,
            "line": line,
            "hash": ledger.digest(line),
            "recorded_at": NOW,
            "occurred_at": NOW,
            "source": "system",
            "event": "x",
            "object_type": "projects.project",
            "object_id": "1",
            "correlation_id": "x",
            **columns,
        }
    )


@pytest.mark.req("AUD-07")
def test_a_well_made_line_follows(entry):
    assert follow(entry).seq == 3


@pytest.mark.req("AUD-07")
@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"seq": 4}, "takes the next number"),
        ({"seq": 2}, "takes the next number"),
        ({"prev": ledger.GENESIS}, "names the hash of the line before it"),
        ({"line": '{"v":1}\n'}, "begins with the hash"),
        ({"hash": "f" * 64}, "is the SHA-256 of its bytes"),
    ],
)
def test_a_line_that_does_not_link_is_refused(refused, entry, columns, words):
    with refused(words):
        follow(entry, **columns)


@pytest.mark.parametrize("end", ["", "\n\n", '\n{"prev":"forged"}\n'])
def test_a_line_is_one_line(refused, entry, end):
    with refused("is one line"):
        follow(entry, line=f'{{"prev":"{entry.hash}","v":1}}{end}')


def test_the_first_line_of_a_chain_follows_zeros(refused):
    stream = LedgerStream.objects.create(key="system")
    before = LedgerEntry(stream=stream, seq=0, hash="a" * 64)
    with refused("names the hash of the line before it"):
        follow(before)
    before.hash = ledger.GENESIS
    assert follow(before).seq == 1


def test_a_chain_is_named_for_its_project(refused):
    project = rows.project()
    with refused("is named for its project"):
        LedgerStream.objects.create(key="project-0", project=project)
    with refused("is named for its project"):
        LedgerStream.objects.create(key="side-chain")


# --- What only one of the two databases can be tried with ----------------------------------------------------------


@pytest.mark.database("postgresql")
def test_a_guard_switched_off_is_a_fault():
    name = "guard_projects_ledgerentry_links"
    sql(f"ALTER TABLE projects_ledgerentry DISABLE TRIGGER {name}")
    assert guards.faults(connection) == [f"Guard {name} is switched off."]
    sql(f"ALTER TABLE projects_ledgerentry ENABLE TRIGGER {name}")  # as replicas: not always
    assert guards.faults(connection) == [f"Guard {name} is switched off."]
    guards.install()
    assert guards.faults(connection) == []


@pytest.mark.database("postgresql")
@pytest.mark.req("AUD-07")
def test_neither_truncate_nor_the_replica_role_gets_past(refused):
    for table in ("projects_ledgerentry", "reviews_signoff", "projects_project"):
        with refused("is never deleted"):
            sql(f"TRUNCATE {table} CASCADE")
    rows.project()
    sql("SET LOCAL session_replication_role = replica")
    with refused("is never deleted"):
        sql("DELETE FROM projects_project")


@pytest.mark.database("postgresql")
def test_a_temporary_table_does_not_answer_for_the_real_one(refused):
    project = rows.at_stage("planning")
    sql("CREATE TEMPORARY TABLE projects_gatepass ON COMMIT DROP AS SELECT * FROM public.projects_gatepass")
    sql(
        "INSERT INTO pg_temp.projects_gatepass (project_id, gate) VALUES (%s, 'plan')",
        project.pk,
    )
    with refused("A plan is approved by"):
        sql("UPDATE public.projects_project SET plan_approved_at = now() WHERE id = %s", project.pk)


@pytest.mark.database("sqlite")
@pytest.mark.req("AUD-07")
def test_insert_or_replace_does_not_slip_past(entry):
    columns = "stream_id, seq, prev, hash, line, recorded_at, occurred_at, actor_id, source, event, object_type"
    for verb in ("OR REPLACE", "OR IGNORE"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(
                f"INSERT {verb} INTO projects_ledgerentry (id, {columns}, object_id, correlation_id)"
                f" SELECT id, {columns}, 'other', correlation_id FROM projects_ledgerentry WHERE id = %s",
                entry.pk,
            )
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        sql(
            "INSERT OR REPLACE INTO projects_ledgerstream (id, key, project_id)"
            " SELECT id, key, project_id FROM projects_ledgerstream"
        )
    assert LedgerEntry.objects.get(pk=entry.pk).object_id == entry.object_id
