"""``python manage.py load_demo``: the demo organisation, for trying the product."""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from projects.blocker import Refused
from reviews.demo import load, people


class Command(BaseCommand):
    help = (
        "Loads the demo organisation Tarnwick Water & Energy: its people and seven projects, with their history marked "
        "as imported. All or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is a person or a project")
        parser.add_argument(
            "--force-dates",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="load as if it were this day: the story ends in the week before its Monday (default: today)",
        )
        parser.add_argument(
            "--yes-this-is-a-demo",
            action="store_true",
            help="load in production mode too, where 28 people with a published password would be able to log in",
        )

    def handle(self, *, if_empty: bool, force_dates: date | None, yes_this_is_a_demo: bool, **options: Any) -> None:
        if settings.PRODUCTION and not yes_this_is_a_demo:
            raise CommandError(
                "This is production: the demo's people have a published password. If it is meant: --yes-this-is-a-demo."
            )
        if if_empty and not load.is_empty():
            self._say_who_can_log_in()
            return
        self.stdout.write("Loading the demo organisation; this takes about half a minute.")
        self.stdout.flush()
        started = time.monotonic()
        now = timezone.now()
        try:
            loaded = load.load(today=force_dates or timezone.localdate(now), now=now)
        except Refused as refusal:
            raise CommandError(f"The demo was not loaded: {refusal.text}") from refusal
        took = time.monotonic() - started
        self.stdout.write(
            f"Demo loaded in {took:.0f} s: {loaded.people} people, {loaded.projects} projects, {loaded.steps} steps of "
            f"history up to {loaded.anchor:%A} {loaded.anchor:%d %B %Y}."
        )
        self._say_who_can_log_in()

    def _say_who_can_log_in(self) -> None:
        for line in people.lines():
            self.stdout.write(line)
