"""Management disciplines a project may follow. None of them weakens a gate (SEED-12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Discipline:
    code: str
    name: str
    description: str
    source: str = "§Overview"


DISCIPLINES: Mapping[str, Discipline] = MappingProxyType(
    {
        discipline.code: discipline
        for discipline in (
            Discipline("msf", "MSF", "Microsoft Solutions Framework, from which the five stages come."),
            Discipline("agile", "Agile", "Agile software development in short iterations."),
            Discipline("cmmi", "CMMI", "Process management after the Capability Maturity Model Integration."),
            Discipline("scrum", "Scrum", "Sprints, a product backlog and a small self-organising team."),
            Discipline("pmi", "PMI", "Project management as taught by the Project Management Institute."),
        )
    }
)


def discipline_name(entry: str) -> str:
    """The name to show for what a project recorded: a known discipline, or the project's own words."""
    known = DISCIPLINES.get(entry.strip().lower())
    return known.name if known else entry.strip()
