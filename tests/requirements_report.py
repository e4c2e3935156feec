"""Which tests carry which numbered behaviour of the product: ``docs/requirements.md``, made by ``make requirements``.

A test says ``@pytest.mark.req("SEED-09", "AUD-03")``. An id that does not exist stops the run.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

PATH = Path("docs/requirements.md")
ROOT = Path(__file__).resolve().parent.parent
COUNTS = {"SEED": 130, "EXT": 26, "AUD": 20}
FAMILIES = {
    "SEED": "from the Deliver Phase as published",
    "EXT": "what makes a gate review effective",
    "AUD": "what an auditor can check",
}
IDS = [f"{family}-{number:02d}" for family, count in COUNTS.items() for number in range(1, count + 1)]


def carried(items: Iterable[pytest.Item]) -> list[tuple[str, str]]:
    """(id, test) pairs; a parametrised test counts once."""
    pairs = set()
    for item in items:
        for mark in item.iter_markers("req"):
            pairs.update((number, re.sub(r"\[.*", "", item.nodeid)) for number in mark.args)
    return sorted(pairs)


def refuse_unknown_ids(items: Iterable[pytest.Item]) -> None:
    wrong = [f"{test}: no such behaviour: {number}" for number, test in carried(items) if number not in IDS]
    if wrong:
        raise pytest.UsageError("\n".join(wrong))


def as_markdown(items: Iterable[pytest.Item]) -> str:
    tests = defaultdict(list)
    for number, test in carried(items):
        tests[number].append(test)
    lines = [
        "# Numbered behaviours and the tests that carry them",
        "",
        "Made by `make requirements`; the run fails when it is stale. A behaviour without a test is not yet proven.",
    ]
    for family, meaning in FAMILIES.items():
        ids = [number for number in IDS if number.startswith(family)]
        proven = sum(number in tests for number in ids)
        lines += ["", f"## {family}: {meaning} ({proven} of {len(ids)})", "", "| id | tests |", "|---|---|"]
        lines += [f"| {number} | {'<br>'.join(f'`{t}`' for t in tests[number]) or '-'} |" for number in ids]
    return "\n".join(lines) + "\n"


def write(items: Iterable[pytest.Item]) -> None:
    (ROOT / PATH).write_text(as_markdown(items))


def refuse_stale(items: Iterable[pytest.Item]) -> None:
    if not (ROOT / PATH).exists() or (ROOT / PATH).read_text() != as_markdown(items):
        raise pytest.UsageError(f"{PATH} is stale: run `make requirements` and commit the result")
