"""``python manage.py verify_ledger``: does the audit trail hold, and do the rows say what it says."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.ledger_check import Report, verify
from projects.models import Project


class Command(BaseCommand):
    help = "Verifies every chain of the ledger and compares the live rows with it. Exit code 0: holds, 1: findings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", metavar="CODE", help="only the chain of this project")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(self._project(options["project"]))
        if options["json"]:
            self.stdout.write(json.dumps({"holds": report.holds, **asdict(report)}, indent=2))
        else:
            self._print(report)
        if not report.holds:
            raise SystemExit(1)

    def _project(self, code: str | None) -> Project | None:
        if code is None:
            return None
        try:
            return Project.objects.get(code=code)
        except Project.DoesNotExist:
            raise CommandError(f"There is no project {code}.", returncode=2) from None

    def _print(self, report: Report) -> None:
        for head in report.heads:
            self.stdout.write(f"{head.stream} {head.count} {head.hash}")
        for finding in report.findings:
            self.stdout.write(self.style.ERROR(str(finding)))
        chains, lines = len(report.heads), report.lines
        if report.holds:
            self.stdout.write(self.style.SUCCESS(f"OK: {lines} lines in {chains} chains hold, and the rows agree."))
        else:
            self.stdout.write(self.style.ERROR(f"NOT OK: {len(report.findings)} findings in {lines} lines."))
