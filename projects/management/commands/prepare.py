"""``python manage.py prepare``: what must have happened before the site is served. Safe to run each time."""

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from projects.models import User


class Command(BaseCommand):
    help = (
        "Brings the database to the newest schema. In production it also collects the static files; "
        "in the embedded mode an empty database gets the demo organisation."
    )

    def handle(self, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if settings.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
            return
        if "load_demo" in get_commands():
            call_command("load_demo", if_empty=True, stdout=self.stdout)
        elif not User.objects.exists():
            self.stdout.write(
                "Nobody can log in yet. Make the first account: .venv/bin/python manage.py create_operator -h"
            )
