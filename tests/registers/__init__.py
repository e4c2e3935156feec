"""Rows for each register, for the tests that hold for all of them: one module for each register or few that belong
together. A module has SAMPLES: by register name, a `Sample`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Sample:
    """How a row of a register is made in tests.

    Args:
        form: what a browser posts for row number n, given the project and the people of `tests.world`.
        queries: how many queries the page of the register costs, with any number of rows.
        shows: words of row n that the page must show.
        prepare: brings the project to where rows of this register can be added; called once.
    """

    form: Callable[[int, Any, Any], dict[str, Any]]
    queries: int
    shows: Callable[[int], str]
    prepare: Callable[[Any, Any], object] = lambda project, people: None


def samples() -> dict[str, Sample]:
    found: dict[str, Sample] = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        found |= getattr(import_module(f"tests.registers.{path.stem}"), "SAMPLES", {})
    return found
