"""What the main pages cost in CPU, against a bare Django page in the same run.

    python -m benchmarks.pages [--projects 10000] [--rounds 30]

Builds a database of its own, on the server of DATABASE_URL or SQLite, and drops it: so many projects, one of them in
its first review with a thousand more ledger lines. Prints medians and the ratio to the floor; asserts nothing.
"""

import argparse
import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from projects.actions import requirements
from projects.models import Project, User
from reviews.models import ReviewKind
from tests import world

PAGES = [
    ("floor", "/floor/"),
    ("portfolio", "/projects/"),
    ("portfolio, searched", "/projects/?q=payroll"),
    ("project", "/projects/{code}/"),
    ("inbox", "/"),
    ("history", "/projects/{code}/history/"),
    ("review room", "/projects/{code}/reviews/PPA-1/"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    settings.ROOT_URLCONF = "benchmarks.floor_urls"
    try:
        run(options.projects, options.rounds)
    finally:
        teardown_databases(databases, verbosity=0)


def run(projects: int, rounds: int) -> None:
    code, manager = fill(projects)
    client = Client()
    client.force_login(manager)
    print(f"{projects} projects on {connection.vendor}, median of {rounds}")
    medians = {name: cost(client, address.format(code=code), rounds) for name, address in PAGES}
    for name, seconds in medians.items():
        print(f"{name:22} {seconds * 1000:8.2f} ms CPU   {seconds / medians['floor']:6.2f} x floor")


def cost(client: Client, address: str, rounds: int) -> float:
    """Median CPU seconds of one GET; the first three warm up."""
    taken = []
    for turn in range(rounds + 3):
        start = time.process_time()
        answer = client.get(address)
        spent = time.process_time() - start
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        if turn >= 3:
            taken.append(spent)
    return statistics.median(taken)


def fill(count: int) -> tuple[str, User]:
    """So many registered projects, and one that has been through its plan review."""
    people = world.People()
    project = world.register(people, code="WALKED-1", title="Payroll platform migration")
    world.to_planning(project, people)
    world.ready_to_sign(project, ReviewKind.PPA, people)
    for number in range(1000):
        requirements.add(
            project_id=project.pk,
            by=people.product,
            kind="user",
            text=f"Need {number}",
            ref=f"N-{number}",
            now=world.NOW,
        )
    facts = world.facts().as_dict()
    Project.objects.bulk_create(
        [
            Project(
                **{**facts, "title": f"Project {number} of a long list"},
                code=f"BULK-{number}",
                created_at=world.NOW,
                created_by=people.manager,
            )
            for number in range(count)
        ],
        batch_size=500,
    )
    return project.code, people.manager


if __name__ == "__main__":
    main()
