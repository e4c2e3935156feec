"""`python manage.py export_evidence CODE -o FILE`: a project's sealed evidence pack."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from projects import ledger
from projects.models import Project
from reviews.actions import evidence


class Command(BaseCommand):
    help = "Writes the sealed evidence pack of one project to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the project's code, e.g. PRJ-0042")
        parser.add_argument("-o", "--output", required=True, help="the file to write, e.g. PRJ-0042.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(code=options["code"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['code']}.")
        target = Path(options["output"])
        draft = target.with_name(target.name + ".part")
        try:
            with ledger.coming_from("command"), draft.open("w+b") as out:
                sealed = evidence.export(project_id=project.pk, by=None, out=out, now=timezone.now())
            draft.replace(target)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{target}: {sealed.files} files, {sealed.size} bytes")
        self.stdout.write(f"sha256       {sealed.digest}")
        self.stdout.write(f"ledger       {sealed.ledger_count} entries, head {sealed.ledger_head}")
        self.stdout.write(f"sealing key  {sealed.fingerprint}")
