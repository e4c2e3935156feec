"""``python manage.py draw_machines``: the state machines as diagrams, drawn from the transitions themselves."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from django_fsm import FSMFieldMixin

PATH = Path("docs/state-machines.md")
HEAD = """# State machines

Made by `python manage.py draw_machines` from the transitions in the models; the test run fails when it is stale.
In brackets stands what must hold. Who may make a move, and everything that keeps a project or a review from making
it, is said by `projects/lifecycle.py` and `reviews/gates.py`.
"""


class Command(BaseCommand):
    help = f"Writes {PATH}; with --check only says whether it is up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")

    def handle(self, *, check: bool, **options: Any) -> None:
        file = settings.BASE_DIR / PATH
        text = "\n".join([HEAD, *(diagram(model, field) for model, field in machines())])
        if not check:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            raise CommandError(f"{PATH} is stale: run `python manage.py draw_machines` and commit the result.")


def machines() -> Iterator[tuple[type[Model], Any]]:
    """Every state field of our own models."""
    for app in ("projects", "reviews"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.fields:
                if isinstance(field, FSMFieldMixin):
                    yield model, field


def diagram(model: type[Model], field: Any) -> str:
    """One machine as a Mermaid block: its states by their labels, its transitions by their names."""
    states = dict(field.flatchoices)
    order = list(states).index
    moves = sorted(field.get_all_transitions(model), key=lambda move: (order(move.source), order(move.target)))
    lines = [f"    {state} : {label}" for state, label in states.items()]
    lines.append(f"    [*] --> {field.get_default()}")
    for move in moves:
        held = ", ".join(condition.__name__.replace("_", " ") for condition in move.conditions)
        name = move.name.replace("_", " ") + (f" [{held}]" if held else "")
        lines.append(f"    {move.source} --> {move.target} : {name}")
    ends = [state for state in states if state not in {move.source for move in moves}]
    lines += [f"    {state} --> [*]" for state in ends]
    title = f"## {model._meta.verbose_name.capitalize()}: {field.verbose_name}"  # type: ignore[union-attr]  # every model of ours has a name
    return "\n".join([title, "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])
