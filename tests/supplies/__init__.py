"""What registers want at a gate, for projects of `tests.world`: one module for each register or few.

A module has SUPPLIES: by gate, a function ``(project, people, now)`` that records what its checks ask for there.
"""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any


def supply(project: Any, gate: str, people: Any, now: datetime) -> None:
    modules = Path(__file__).parent.glob("[a-z]*.py")
    for path in sorted(modules, key=lambda path: (path.stem == "statements", path.stem)):  # signs what the rest left
        given = getattr(import_module(f"tests.supplies.{path.stem}"), "SUPPLIES", {}).get(gate)
        if given is not None:
            given(project, people, now)
