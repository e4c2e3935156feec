"""Registers that a gate wants rows in, each wherever the rigor profile asks for the document that it fills."""

from projects.catalog.artifacts import Gate

# Name of the register, and the gate and the artifact kind with which it is asked for. The checks in projects/checks
# refuse by it; tests/projects/test_rigor_table.py holds them to this list.
REGISTER_NEEDS: tuple[tuple[str, Gate, str], ...] = (
    ("funding", "plan", "ART-12"),
    ("deliverables", "plan", "ART-12"),
    ("environments", "plan", "ART-21"),
    ("risks", "plan", "ART-23"),
    ("opportunities", "plan", "ART-24"),
    ("metrics", "plan", "ART-25"),
    ("controls", "plan", "ART-26"),
    ("features", "plan", "ART-27"),
    ("training", "plan", "ART-16"),
    ("rollbacks", "release", "ART-32"),
    ("pilots", "release", "ART-33"),
    ("prerequisites", "release", "ART-41"),
    ("agreements", "release", "ART-43"),
    ("contacts", "release", "ART-44"),
    ("procedures", "release", "ART-45"),
    ("change_records", "release", "ART-46"),
    ("deployments", "close", "ART-49"),
    ("quiet_periods", "close", "ART-52"),
    ("intent_results", "close", "ART-53"),
    ("disengagements", "close", "ART-53"),
)
