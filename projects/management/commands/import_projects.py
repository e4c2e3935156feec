"""`python manage.py import_projects FILE --map field=Column ...`: projects from a CSV or XLSX file."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from projects import ledger
from projects.actions import importing
from projects.blocker import Refused
from projects.importing import plan as planning
from projects.importing.fields import DATE_ORDERS, FIELDS, guess
from projects.importing.plan import Mapping, Plan
from projects.importing.reading import Table, read
from projects.models import ImportMapping, User

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Imports projects from a CSV or XLSX file: all rows or none. Rows whose reference or code is known are left "
        "alone, so a file can come twice. Fields: " + ", ".join(FIELDS)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", help="which column is what")
        parser.add_argument(
            "--default", action="append", default=[], metavar="FIELD=VALUE", help="where no column says"
        )
        parser.add_argument("--guess", action="store_true", help="take further columns by their names")
        parser.add_argument("--dates", choices=DATE_ORDERS, default="auto", help="order of dates written in numbers")
        parser.add_argument("--mapping", help="use the mapping saved under this name")
        parser.add_argument("--save-mapping", metavar="NAME", help="save the mapping under this name")
        parser.add_argument("--by", help="username of who imports; else the only solution manager")
        parser.add_argument("--dry-run", action="store_true", help="say row by row what would happen, write nothing")
        parser.add_argument("--skip-bad-rows", action="store_true", help="import the good rows of a file with bad ones")
        parser.add_argument("--report", metavar="FILE", help="write the report of every row as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except Refused as refusal:
            for blocker in refusal.blockers:
                self.stderr.write(str(blocker))
            raise CommandError(refusal.text) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read or written: {error.strerror}.") from error

    def _run(self, options: dict[str, Any]) -> None:
        by = self._who(options["by"])
        path = Path(options["file"])
        with path.open("rb") as file:
            table = read(file, path.name)
        mapping = self._mapping(options, table)
        self.stdout.write(f"{path.name}: {table.how}, {len(table.rows)} rows, {len(table.header)} columns")
        if options["save_mapping"]:
            planning.check_mapping(mapping, table.header)
            importing.save_mapping(name=options["save_mapping"], mapping=mapping, by=by, now=timezone.now())
        if options["dry_run"]:
            self._tell(planning.make(table, mapping, by=by), options["report"])
            self.stdout.write("Nothing was written (dry run).")
            return
        try:
            with ledger.coming_from("import"):
                applied = importing.apply(
                    table=table,
                    mapping=mapping,
                    by=by,
                    now=timezone.now(),
                    skip_bad_rows=options["skip_bad_rows"],
                    progress=lambda done: self._progress(done, len(table.rows)),
                )
        except importing.RowsRefused:
            self._tell(planning.make(table, mapping, by=by), options["report"])
            raise
        self._tell(applied.plan, options["report"])
        self.stdout.write(f"{len(applied.made)} projects were created.")

    def _progress(self, done: int, rows: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{done} of {rows}", ending="\r")
            self.stdout.flush()
        elif done % 500 == 0:
            self.stdout.write(f"{done} of {rows}")

    def _tell(self, plan: Plan, report: str | None) -> None:
        bad = [row for row in plan.rows if row.outcome == planning.ERROR]
        for row in bad[:SHOWN]:
            self.stdout.write(f"row {row.number}: {'; '.join(row.messages)}")
        if len(bad) > SHOWN:
            self.stdout.write(f"and {len(bad) - SHOWN} more rows with errors")
        counts = ", ".join(
            f"{plan.count(outcome)} {word}"
            for outcome, word in (
                (planning.CREATE, "new"),
                (planning.EXISTS, "there already"),
                (planning.ERROR, "with errors"),
            )
        )
        self.stdout.write(counts)
        if report:
            with Path(report).open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out)
                writer.writerow(["row", "outcome", "code", "title", "messages"])
                writer.writerows(
                    [row.number, row.outcome, row.code, row.title, "; ".join(row.messages)] for row in plan.rows
                )

    def _mapping(self, options: dict[str, Any], table: Table) -> Mapping:
        fields: dict[str, str] = {}
        defaults: dict[str, str] = {}
        order = options["dates"]
        if options["mapping"]:
            kept = ImportMapping.objects.filter(name=options["mapping"]).first()
            if kept is None:
                raise CommandError(f"There is no mapping {options['mapping']}.")
            saved = importing.as_mapping(kept)
            fields, defaults = saved.fields, saved.defaults
            order = saved.order if order == "auto" else order
        if options["guess"]:
            fields = {**guess(table.header), **fields}
        fields |= dict(self._pairs(options["map"], "--map"))
        defaults |= dict(self._pairs(options["default"], "--default"))
        return Mapping(fields=fields, defaults=defaults, order=order)

    @staticmethod
    def _pairs(given: list[str], option: str) -> list[tuple[str, str]]:
        pairs = []
        for pair in given:
            name, equals, value = pair.partition("=")
            if not equals:
                raise CommandError(f"{option} takes FIELD=VALUE, not {pair}.")
            pairs.append((name.strip(), value.strip()))
        return pairs

    @staticmethod
    def _who(username: str | None) -> User:
        people = User.objects.available()
        if username:
            person = people.filter(username=username).first()
            if person is None:
                raise CommandError(f"There is no active person {username}.")
            return person
        managers = list(people.filter(is_solution_manager=True)[:2])
        if len(managers) != 1:
            raise CommandError("Say who imports: --by USERNAME (a solution manager or a program manager).")
        return managers[0]
