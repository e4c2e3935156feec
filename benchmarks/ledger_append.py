"""How much a line of the ledger costs: `record` against a bare INSERT of the same bytes, in turns, in the same run.

``python -m benchmarks.ledger_append [--lines 400] [--verify 100000]``, on the database of ``DATABASE_URL``, in a
database of its own that is dropped afterwards. The floor is one INSERT into a table with the same columns and indexes,
without guards, in a transaction of its own: what any audit table would cost. Prints medians and their ratio.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases

from projects import guards, ledger
from projects.ledger_check import verify
from projects.models import LedgerEntry, Project, User

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FLOOR = "benchmark_floor"


def scene() -> tuple[User, Project]:
    person = User.objects.create(username="ingrid", email="ingrid@example.test", name="Ingrid Solheim")
    project = Project.objects.create(
        code="PRJ-0001",
        title="Payroll platform migration",
        project_type="it_service",
        category="major",
        category_nature="New platform.",
        category_size="All sites.",
        created_at=NOW,
        created_by=person,
    )
    return person, project


def append(person: User, project: Project) -> None:
    """One change's line, as an action writes it."""
    with transaction.atomic():
        ledger.record(
            project=project,
            by=person,
            event="project.edited",
            obj=project,
            now=NOW,
            before={"title": "Payroll platform"},
            after={"title": project.title, "category": project.category},
            reason="The name of the programme changed.",
            role="Program manager",
        )


def make_floor() -> None:
    """A table like the ledger's, without guards."""
    with connection.cursor() as cursor, guards.lifted():
        cursor.execute(f"CREATE TABLE {FLOOR} AS SELECT * FROM projects_ledgerentry WHERE 1 = 0")
        cursor.execute(f"CREATE UNIQUE INDEX floor_id ON {FLOOR} (id)")
        cursor.execute(f"CREATE UNIQUE INDEX floor_seq ON {FLOOR} (stream_id, seq)")
        cursor.execute(f"CREATE UNIQUE INDEX floor_prev ON {FLOOR} (stream_id, prev)")
        cursor.execute(f"CREATE UNIQUE INDEX floor_hash ON {FLOOR} (hash)")
        cursor.execute(f"CREATE INDEX floor_object ON {FLOOR} (stream_id, object_type, object_id, seq)")
        cursor.execute(f"CREATE INDEX floor_actor ON {FLOOR} (actor_id, event, recorded_at)")


def bare_insert(number: int) -> Callable[[], None]:
    """The same bytes as the ledger's newest line."""
    columns = [field.column for field in LedgerEntry._meta.concrete_fields]
    values = list(
        LedgerEntry.objects.order_by("-pk").values_list(*[f.attname for f in LedgerEntry._meta.concrete_fields])[0]
    )
    values[columns.index("id")] = number
    values[columns.index("seq")] = number
    for column in ("prev", "hash"):
        values[columns.index(column)] = ledger.digest(f"{column}{number}")
    statement = f"INSERT INTO {FLOOR} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    return insert


def timed(work: Callable[[], None]) -> float:
    """Milliseconds."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def compare(lines: int, person: User, project: Project) -> None:
    """In turns, so that a busy machine slows both alike."""
    recorded, floor = [], []
    for number in range(1, lines + 1):
        recorded.append(timed(lambda: append(person, project)))
        floor.append(timed(bare_insert(number)))
    warm = max(1, lines // 10)
    ours, least = statistics.median(recorded[warm:]), statistics.median(floor[warm:])
    sys.stdout.write(
        f"{connection.vendor}: record {ours:.3f} ms, bare INSERT {least:.3f} ms, ratio {ours / least:.2f}"
        f" (medians of {lines - warm}, {1000 / ours:.0f} lines a second)\n"
    )


def time_verify(lines: int, person: User, project: Project) -> None:
    with transaction.atomic():
        for _ in range(lines - LedgerEntry.objects.count()):
            append(person, project)
    begin = time.perf_counter()
    report = verify()
    took = time.perf_counter() - begin
    assert {finding.kind for finding in report.findings} <= {"unrecorded", "field"}, report.findings[:3]
    sys.stdout.write(f"{connection.vendor}: verify {report.lines} lines in {took:.1f} s\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=400, help="pairs to compare")
    parser.add_argument("--verify", type=int, default=0, help="length of the chain to verify; 0 leaves it out")
    given = parser.parse_args()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        person, project = scene()
        append(person, project)
        make_floor()
        compare(given.lines, person, project)
        if given.verify:
            time_verify(given.verify, person, project)
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
