"""The first account of an installation: an operator, who makes all others on the page People."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from projects import ledger
from projects.actions import people
from projects.blocker import Refused
from projects.models import User

PASSWORD = "OPERATOR_PASSWORD"  # noqa: S105 - the name of the variable


class Command(BaseCommand):
    help = (
        "Makes an account that may make accounts. Asks for the password twice; without a terminal it is read from "
        f"the environment variable {PASSWORD}. There is no default password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument("name", help="as it is printed, e.g. 'Olaf Berg'")
        parser.add_argument("--time-zone", default="UTC", help="e.g. Europe/Oslo")

    def handle(self, *args: Any, **options: Any) -> None:
        username, email, name = options["username"].strip(), options["email"].strip(), options["name"].strip()
        password = os.environ.get(PASSWORD) or self.asked()
        try:
            UnicodeUsernameValidator()(username)
            validate_email(email)
            validate_password(password, User(username=username, email=email, name=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        facts = people.PersonFacts(name=name, email=email, time_zone=options["time_zone"])
        try:
            with ledger.coming_from("command"):
                person = people.create_operator(username=username, facts=facts, password=password, now=timezone.now())
        except Refused as refused:
            raise CommandError(refused.text) from refused
        self.stdout.write(f"{person.username} can log in and make accounts for others.")

    def asked(self) -> str:
        """The password, typed twice alike. Raises: CommandError without a terminal, or when they differ."""
        try:
            first, second = getpass("Password: "), getpass("Again: ")
        except (EOFError, OSError) as error:
            raise CommandError(f"No terminal to ask for the password: set {PASSWORD}.") from error
        if first != second:
            raise CommandError("The two passwords differ. Nothing was made.")
        return first
