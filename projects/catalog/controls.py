"""Why the reviews exist: objectives, risks and controls (Table 7), and what the manage layer looks at (Table 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Risk:
    code: str
    text: str


@dataclass(frozen=True)
class Objective:
    """An objective of the phase, what threatens it, and the review that controls it.

    Args:
        control: the kind of management review, as `reviews` names it.
    """

    code: str
    objective: str
    risks: tuple[Risk, ...]
    control: Literal["ppa", "rr"]
    source: str = "Table 7"


@dataclass(frozen=True)
class Focus:
    """What one service management function of the manage layer attends to during the phase."""

    code: str
    name: str
    concern: str
    points: tuple[str, ...]
    source: str = "Table 5, §Integrating"

    @property
    def numbered(self) -> dict[str, str]:
        """Each point under the code by which an answer names it, e.g. GRC-3."""
        return {f"{self.code}-{number}": point for number, point in enumerate(self.points, start=1)}


CONTROLS: Mapping[str, Objective] = MappingProxyType(
    {
        objective.code: objective
        for objective in (
            Objective(
                "ORC-1",
                "What business and IT agreed on is developed well, deployed well and can be operated.",
                (
                    Risk("ORC-1-R1", "The services turn out to be of no value to the business."),
                    Risk("ORC-1-R2", "Development takes too much time, too much money, or too much of both."),
                    Risk("ORC-1-R3", "Operations cannot run the service well."),
                ),
                "ppa",
            ),
            Objective(
                "ORC-2",
                "The right solution is built, and built properly.",
                (
                    Risk("ORC-2-R1", "The solution misses what the business requires."),
                    Risk("ORC-2-R2", "Delivery comes late or costs more than budgeted."),
                ),
                "ppa",
            ),
            Objective(
                "ORC-3",
                "The solution that is handed over can be operated from the first day.",
                (
                    Risk("ORC-3-R1", "Running the service causes errors, perhaps breaches of security."),
                    Risk("ORC-3-R2", "Mistakes in operation or configuration break the promised service levels."),
                ),
                "rr",
            ),
        )
    }
)

FOCI: Mapping[str, Focus] = MappingProxyType(
    {
        focus.code: focus
        for focus in (
            Focus(
                "GRC",
                "Governance, Risk, and Compliance",
                "Decisions about scope, involvement of stakeholders, risks of the project.",
                (
                    "The architecture serves what the organisation requires.",
                    "Stakeholders, method and risks are known.",
                    "There is a way to realise the value and to see that it came.",
                    "Software is designed along a defined life cycle.",
                    "Risks are mitigated.",
                    "Internal controls are defined.",
                    "Procedures are defined.",
                ),
            ),
            Focus(
                "CHG",
                "Change and Configuration",
                "Change within the project, which often sets off work on its risks.",
                (
                    "What the solution covers.",
                    "Who and what it takes.",
                    "How the project is managed.",
                    "What it means in money.",
                ),
            ),
            Focus(
                "TEAM",
                "Team",
                "Someone is always accountable; everybody has a clear role and the skills for it.",
                (
                    "Principles by which project teams are organised.",
                    "Accountabilities and the role types below them.",
                    "Responsibilities that fit together.",
                    "Roles given to persons.",
                ),
            ),
        )
    }
)

# Every point of every focus by its code.
POINTS: Mapping[str, str] = MappingProxyType(
    {code: text for focus in FOCI.values() for code, text in focus.numbered.items()}
)
