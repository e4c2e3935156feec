"""Release candidates."""

from tests.registers import Sample

SAMPLES = {
    "candidates": Sample(
        form=lambda n, project, people: {"ref": f"RC-{n}", "built_on": "2026-10-05", "contents": "All of it."},
        queries=8,
        shows=lambda n: f"RC-{n}",
    )
}
