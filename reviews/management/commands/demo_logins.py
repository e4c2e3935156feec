"""``python manage.py demo_logins``: which demo accounts can be used, with the password."""

from typing import Any

from django.core.management.base import BaseCommand

from reviews.demo import people


class Command(BaseCommand):
    help = "Says who can log in to the demo, and what to try as whom."

    def handle(self, **options: Any) -> None:
        for line in people.lines() or ["There is no demo here: python manage.py load_demo"]:
            self.stdout.write(line)
