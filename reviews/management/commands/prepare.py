"""``python manage.py prepare``: what must have happened before the site is served. Safe to run each time."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Brings the database to the newest schema. In production it also collects the static files; in the embedded "
        "mode an empty database gets the demo organisation, and it says who can log in."
    )

    def handle(self, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if settings.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
        else:
            call_command("load_demo", if_empty=True, stdout=self.stdout)
