"""Applying an import: all rows or none."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import doorbell, ledger
from projects.access import may_create_projects
from projects.actions import projects
from projects.blocker import Blocker, NotAllowed, Refused
from projects.importing import plan as planning
from projects.importing.fields import FIELDS, guess
from projects.importing.plan import CREATE, ERROR, Mapping, Plan, Row
from projects.importing.reading import Table, read
from projects.models import ImportMapping, ImportRun, Project, User

BLOCKERS_SHOWN = 20
IMPORT_LOCK = 0x1A9027  # any number, the same in every process


class RowsRefused(Refused):
    """Some rows are wrong, so none was imported."""


class WrongState(Refused):
    """The run is not where this step begins."""


@dataclass(frozen=True)
class Applied:
    """What an import did."""

    plan: Plan
    made: list[Project]


@transaction.atomic
def apply(
    *,
    table: Table,
    mapping: Mapping,
    by: User,
    now: datetime,
    skip_bad_rows: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Applied:
    """Every row that can be created is a registered project, each on record with its origin; rows there already stay.

    One import runs at a time, and each plans anew when its turn comes: the same file twice at once makes no doubles.

    Args:
        skip_bad_rows: import the good rows of a file that has bad ones; else one bad row refuses the whole file.
        progress: told how many rows are done, now and then; outside this transaction nobody sees the rows yet.

    Raises: NotAllowed, BadMapping, RowsRefused with the first rows that are wrong.
    """
    if not may_create_projects(by):
        raise NotAllowed(_("Projects are imported by a solution manager or a program manager."))
    _one_at_a_time()
    plan = planning.make(table, mapping, by=by)
    bad = [row for row in plan.rows if row.outcome == ERROR]
    if bad and not skip_bad_rows:
        raise _refusal(bad)
    made = []
    with ledger.coming_from("import"):
        for done, row in enumerate(plan.rows, start=1):
            if row.outcome == CREATE and row.facts is not None and row.solution_manager is not None:
                project = projects.create(
                    by=by,
                    facts=row.facts,
                    solution_manager=row.solution_manager,
                    program_manager=row.program_manager,
                    code=row.code,
                    now=now,
                )
                row.code = project.code
                made.append(project)
            if done % 50 == 0:
                progress(done)
    return Applied(plan, made)


def _one_at_a_time() -> None:
    """Other imports wait until this transaction ends. SQLite lets only one writer in anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _refusal(bad: list[Row]) -> RowsRefused:
    text = ngettext(
        "%(count)d row is wrong, so nothing was imported.",
        "%(count)d rows are wrong, so nothing was imported.",
        len(bad),
    )
    shown = [
        Blocker("import.row", _("Row %(number)d: %(text)s") % {"number": row.number, "text": "; ".join(row.messages)})
        for row in bad[:BLOCKERS_SHOWN]
    ]
    return RowsRefused(text % {"count": len(bad)}, shown)


# --- Runs that a page shows ------------------------------------------------------------------------------------------
@transaction.atomic
def upload(*, file: "File[bytes]", filename: str, by: User, now: datetime) -> ImportRun:
    """The file is kept for checking; nothing is imported. Raises: NotAllowed, Unreadable, with what to do."""
    if not may_create_projects(by):
        raise NotAllowed(_("Projects are imported by a solution manager or a program manager."))
    table = read(file, filename)
    file.seek(0)
    sha = hashlib.sha256()
    for chunk in file.chunks():
        sha.update(chunk)
    file.seek(0)
    run = ImportRun(filename=filename[:255], digest=sha.hexdigest(), created_by=by, created_at=now)
    run.fields, run.rows, run.message = guess(table.header), len(table.rows), table.how
    run.file.save(f"{run.digest}.bin", file, save=False)
    run.save()
    _tell(run, by=by, event="import.uploaded", now=now, after=ledger.snapshot(run, "filename", "digest", "rows"))
    return run


def _tell(run: ImportRun, *, by: User, event: str, now: datetime, after: dict[str, Any]) -> None:
    ledger.record(project=None, by=by, event=event, obj=run, now=now, after=after)


@transaction.atomic
def check(*, run_id: int, by: User, mapping: Mapping, now: datetime) -> ImportRun:
    """The run knows row by row what it would do with this mapping. Raises: NotAllowed, WrongState, BadMapping."""
    run = _own(run_id, by)
    if run.state not in (ImportRun.State.UPLOADED, ImportRun.State.CHECKED, ImportRun.State.REFUSED):
        raise WrongState(_("This import has run already: upload the file again."))
    plan = planning.make(table_of(run), mapping, by=by)
    run.fields, run.defaults = mapping.fields, {**mapping.defaults, "date_order": mapping.order}
    run.report, run.rows, run.rows_done = plan.report(), len(plan.rows), 0
    run.state = ImportRun.State.CHECKED
    run.save()
    _tell(run, by=by, event="import.checked", now=now, after=ledger.snapshot(run, "state", "fields", "defaults"))
    return run


@transaction.atomic
def start(*, run_id: int, by: User, now: datetime) -> ImportRun:
    """A checked run waits for a worker, who is told at once. Raises: NotAllowed, WrongState."""
    run = _own(run_id, by)
    if run.state not in (ImportRun.State.CHECKED, ImportRun.State.RUNNING):
        raise WrongState(_("Check the file first."))
    run.state, run.rows_done = ImportRun.State.RUNNING, 0
    run.save(update_fields=["state", "rows_done"])
    _tell(run, by=by, event="import.started", now=now, after={"state": run.state, "digest": run.digest})
    transaction.on_commit(doorbell.ring_imports, robust=True)
    return run


def progress_key(run_id: int) -> str:
    """Where the cache has how many rows of an import are done: its own transaction is not visible before its end."""
    return f"import-progress:{run_id}"


def run_started(*, run_id: int, now: datetime, progress: Callable[[int], None] = lambda done: None) -> ImportRun:
    """A started run is done or refused; called by a worker, twice without harm."""
    run = ImportRun.objects.select_related("created_by").get(pk=run_id)
    if run.state != ImportRun.State.RUNNING:
        return run
    try:
        with transaction.atomic():
            run = ImportRun.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=run_id)
            if run.state != ImportRun.State.RUNNING:
                return run
            applied = apply(table=table_of(run), mapping=mapping_of(run), by=run.created_by, now=now, progress=progress)
            run.report, run.rows_done = applied.plan.report(), run.rows
            _end(run, ImportRun.State.DONE, now, after={"created": len(applied.made), "digest": run.digest})
    except Refused as refusal:
        with transaction.atomic():
            run.message = refusal.text
            _end(run, ImportRun.State.REFUSED, now, after={"created": 0, "message": refusal.text})
    return run


def _end(run: ImportRun, state: ImportRun.State, now: datetime, *, after: dict[str, Any]) -> None:
    run.state, run.finished_at = state, now
    run.save()
    _tell(run, by=run.created_by, event=f"import.{state}", now=now, after={"state": state, **after})


def _own(run_id: int, by: User) -> ImportRun:
    """Raises: ImportRun.DoesNotExist for another person's run."""
    if not may_create_projects(by):
        raise NotAllowed(_("Projects are imported by a solution manager or a program manager."))
    return ImportRun.objects.select_for_update().get(pk=run_id, created_by=by)


def table_of(run: ImportRun) -> Table:
    """The run's file, read again. Raises: Unreadable."""
    with run.file.open("rb") as file:
        return read(file, run.filename)


def mapping_of(run: ImportRun) -> Mapping:
    defaults = dict(run.defaults)
    order = defaults.pop("date_order", "auto")
    return Mapping(fields=dict(run.fields), defaults=defaults, order=order)


@transaction.atomic
def save_mapping(*, name: str, mapping: Mapping, by: User, now: datetime) -> ImportMapping:
    """The mapping is kept under this name; the same name again replaces it. Raises: NotAllowed, Refused."""
    if not may_create_projects(by):
        raise NotAllowed(_("Projects are imported by a solution manager or a program manager."))
    name = name.strip()
    if not name or len(name) > 80:
        raise Refused(_("Give the mapping a name of at most 80 characters."))
    if set(mapping.fields) - set(FIELDS):
        raise Refused(_("The mapping names an unknown field."))
    kept = {"fields": mapping.fields, "defaults": {**mapping.defaults, "date_order": mapping.order}}
    row, made = ImportMapping.objects.select_for_update().get_or_create(
        name=name, defaults={**kept, "created_by": by, "created_at": now}
    )
    before = {} if made else ledger.snapshot(row, "fields", "defaults")
    row.fields, row.defaults = kept["fields"], kept["defaults"]
    row.save(update_fields=["fields", "defaults"])
    ledger.record(
        project=None, by=by, event="import.mapping_saved", obj=row, now=now, before=before, after={"name": name, **kept}
    )
    return row


def as_mapping(kept: ImportMapping) -> Mapping:
    """A saved mapping as the planner takes it."""
    defaults = dict(kept.defaults)
    order = defaults.pop("date_order", "auto")
    return Mapping(fields=dict(kept.fields), defaults=defaults, order=order)
