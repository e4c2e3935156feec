"""Writing the audit trail: what a line is, and that it comes with its change or not at all."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from projects import ledger
from projects.actions import projects
from projects.models import LedgerEntry, LedgerStream, Project
from tests import rows, world
from tests.rows import NOW

pytestmark = pytest.mark.django_db


def record(project=None, **more):
    given = {"by": None, "event": "project.edited", "obj": project or rows.person(), "now": NOW}
    with transaction.atomic():
        return ledger.record(project=project, **{**given, **more})


@pytest.mark.req("SEED-54")
def test_a_line_says_who_did_what_when_and_what_it_was_before():
    alice, project = rows.person("Alice Meyer"), rows.project()
    with ledger.coming_from("web", ip="192.0.2.7", session="5e55") as origin:
        entry = record(
            project,
            by=alice,
            role="Program manager",
            before={"planned_cost": Decimal("10.50")},
            after={"planned_cost": Decimal("12.00"), "planned_end": date(2026, 12, 31), "owner": alice},
            reason="More depots",
        )
    body = json.loads(entry.line)
    assert body == {
        "prev": "0" * 64,
        "v": 1,
        "stream": f"project-{project.pk}",
        "seq": 1,
        "at": ledger.utc(entry.recorded_at),
        "occurred": "2026-03-02T09:30:00.000000Z",
        "actor": {"id": alice.pk, "name": "Alice Meyer", "username": alice.username, "role": "Program manager"},
        "source": "web",
        "ip": "192.0.2.7",
        "session": "5e55",
        "correlation": origin.correlation_id,
        "event": "project.edited",
        "object": {"type": "projects.project", "id": str(project.pk), "name": str(project)},
        "before": {"planned_cost": "10.50"},
        "after": {
            "planned_cost": "12.00",
            "planned_end": "2026-12-31",
            "owner": {"id": alice.pk, "name": "Alice Meyer"},
        },
        "reason": "More depots",
    }


@pytest.mark.req("SEED-54", "AUD-19")
def test_lines_are_chained_and_keep_the_servers_time():
    project = rows.project()
    first, second = record(project, now=NOW - timedelta(days=400)), record(project)
    assert (first.seq, first.prev, second.seq, second.prev) == (1, ledger.GENESIS, 2, first.hash)
    assert hashlib.sha256(second.line.encode()).hexdigest() == second.hash
    assert second.line.startswith(f'{{"prev":"{first.hash}",')
    assert (datetime.now(UTC) - first.recorded_at) < timedelta(minutes=1)
    assert first.occurred_at == NOW - timedelta(days=400)


def test_a_clock_that_goes_back_does_not_turn_the_order_round(time_machine):
    project = rows.project()
    time_machine.move_to(NOW)
    first = record(project)
    time_machine.move_to(NOW - timedelta(hours=1))
    assert record(project).recorded_at == first.recorded_at


@pytest.mark.parametrize(
    "text", ["two\nlines", '{"prev":"x"}', "\x1b[2K\rgone", "\u202egnp.exe", "\u2028", "\0", "naïve 你"]
)
def test_no_value_can_forge_a_line(text):
    entry = record(rows.project(), after={"title": text}, reason=text)
    assert entry.line.isascii()
    assert entry.line.isprintable() is False  # the line feed at its end
    assert entry.line[:-1].isprintable()
    assert json.loads(entry.line)["after"]["title"] == text
    assert LedgerEntry.objects.get(pk=entry.pk).line == entry.line


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"bytes", datetime(2026, 1, 1), [{"deep": 0.1}]])
def test_what_has_no_one_spelling_is_refused(value):
    with pytest.raises(TypeError):
        record(rows.project(), after={"value": value})
    assert not LedgerEntry.objects.exists()


def test_moments_are_told_in_utc():
    elsewhere = datetime(2026, 3, 2, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert ledger.plain(elsewhere) == ledger.plain(NOW) == "2026-03-02T09:30:00.000000Z"


def test_a_whole_row_tells_every_column_but_the_key():
    project = Project.objects.get(pk=rows.project().pk)  # its creator is not at hand
    told = ledger.row(project, leave_out=("version",))
    columns = {field.name for field in Project._meta.concrete_fields} - {"id", "version"}
    assert told.keys() == columns
    assert told["created_by"] == {"id": project.created_by_id}


@pytest.mark.req("SEED-54")
def test_if_the_line_cannot_be_written_nothing_is(monkeypatch):
    people = world.People()
    project = world.register(people)

    def broken(**kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(LedgerEntry.objects, "create", broken)
    with pytest.raises(DatabaseError, match="disk full"):
        projects.edit(
            project_id=project.pk, by=people.manager, facts=world.facts(title="Other"), version=project.version, now=NOW
        )
    assert world.fresh(project).title == project.title


@pytest.mark.django_db(transaction=True)
def test_a_line_is_written_in_the_transaction_of_its_change():
    project = rows.project()
    with pytest.raises(RuntimeError, match="in the transaction"):
        ledger.record(project=project, by=None, event="project.edited", obj=project, now=NOW)


@pytest.mark.database("postgresql")
@pytest.mark.req("AUD-07")
def test_the_application_needs_no_more_than_to_read_and_to_add():
    project = rows.project()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE ledger_writer NOLOGIN")
        cursor.execute("GRANT USAGE ON SCHEMA public TO ledger_writer")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO ledger_writer")
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ledger_writer")
        cursor.execute("GRANT INSERT ON projects_ledgerentry TO ledger_writer")
        cursor.execute("GRANT INSERT, UPDATE ON projects_ledgerstream TO ledger_writer")  # to lock it
        cursor.execute("SET LOCAL ROLE ledger_writer")
        assert record(project).seq == 1
        assert record(project).seq == 2
        for statement in ("UPDATE projects_ledgerentry SET event = 'x'", "DELETE FROM projects_ledgerentry"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)
        cursor.execute("RESET ROLE")
    assert LedgerStream.objects.get().entries.count() == 2
