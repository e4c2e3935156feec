"""``python manage.py rigor``: how much each change category asks for, as a table."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from projects.models import Category
from projects.rigor_table import demand

HEADS = ("category", "artifacts", "questions", "signers", "statements", "registers", "reviews held")


class Command(BaseCommand):
    help = "Prints what each change category asks for from start to close. Nothing is read from the database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--conversion", action="store_true", help="data or systems are converted")
        parser.add_argument("--segregation", action="store_true", help="roles must be segregated")

    def handle(self, *, conversion: bool, segregation: bool, **options: Any) -> None:
        rows: list[tuple[str, ...]] = [HEADS]
        for category in Category.values:
            found = demand(category, conversion_applies=conversion, role_segregation=segregation)
            rows.append((category, *map(str, found.counts), ", ".join(found.held)))
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
        for row in rows:
            cells = [
                cell.rjust(width) if 0 < place < len(HEADS) - 1 else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            self.stdout.write("  ".join(cells).rstrip())
