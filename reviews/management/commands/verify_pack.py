"""`python manage.py verify_pack FILE --key PUBLIC`: whether a pack is what was sealed."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.evidence import keys
from reviews.evidence.verify import verify


class Command(BaseCommand):
    help = "Verifies an evidence pack against a public key that you were given on another way. Exit code 1: it fails."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the pack")
        parser.add_argument("--key", required=True, help="file with the public key, PEM")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pem = Path(options["key"]).read_bytes()
            fingerprint = keys.fingerprint(pem.decode())
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['key']} is not a readable public key.") from error
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        verdict = verify(path, pem)
        for fault in verdict.faults:
            self.stdout.write(f"FAULT {fault}")
        if not verdict.holds:
            self.stdout.write(f"FAILED {path.name}")
            sys.exit(1)
        self.stdout.write(f"OK {path.name}: {verdict.files} files, sealed with {fingerprint}")
        for name in ("project", "ledger-count", "ledger-head", "ledger-at"):
            self.stdout.write(f"{name} {verdict.facts[name]}")
