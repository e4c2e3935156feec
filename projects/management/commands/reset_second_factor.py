"""Helps a person who lost the second factor and every recovery code."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from projects import ledger
from projects.actions import people
from projects.blocker import Refused


class Command(BaseCommand):
    help = (
        "Takes a person's second factors and password off and ends all sessions. The person is told, and sets a new "
        "password by mail. The reason stands in the ledger."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="why, and how the person's identity was checked")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with ledger.coming_from("command"):
                person = people.reset_second_factor(
                    username=options["username"], reason=options["reason"], now=timezone.now()
                )
        except Refused as refused:
            raise CommandError(refused.text) from refused
        self.stdout.write(f"{person.username} sets a new password with the link for a forgotten one, sent by mail.")
