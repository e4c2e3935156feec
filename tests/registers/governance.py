"""What is said about governance."""

from tests.registers import Sample

SAMPLES = {
    "foci": Sample(
        form=lambda n, project, people: {
            "point": f"GRC-{n % 7 + 1}",
            "addressed": "yes",
            "pointer": f"Vision note, page {n:03}.",
        },
        queries=8,
        shows=lambda n: f"Vision note, page {n:03}.",
    ),
}
