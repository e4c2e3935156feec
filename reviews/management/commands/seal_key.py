"""`python manage.py seal_key`: the public half of the sealing key, for auditors to pin."""

from typing import Any

from django.core.management.base import BaseCommand

from reviews.evidence import keys


class Command(BaseCommand):
    help = "Prints the public key that verifies this installation's packs; its fingerprint goes to standard error."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write(f"fingerprint {keys.fingerprint()}")
        self.stdout.write(keys.public_pem(), ending="")
