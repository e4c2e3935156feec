"""What the stories say about the points of governance: addressed or not, and where that can be seen."""

from collections.abc import Sequence

from projects.actions import foci
from reviews.demo.story import Story


def _answered(story: Story, on: str, by: str, rows: Sequence[tuple[str, bool, str]]) -> None:
    """Args: rows: point, whether it is addressed, where to look."""
    for point, addressed, pointer in rows:
        story.row(on, f"point {point}", foci.answer_point, by, point=point, addressed=addressed, pointer=pointer)


def payroll(story: Story) -> None:
    """Answered before the plan review, the value before the second release review."""
    _answered(
        story,
        "2026-04-09 09:30",
        "marcus",
        (
            ("GRC-1", True, "Solution design; the architect's view stands in the plan review."),
            ("GRC-2", True, "Project structure, communication plan and the register of risks."),
            ("GRC-3", False, "The metrics are named; who looks at them after closure is not."),
            ("GRC-4", True, "Project master plan: iterations of two weeks inside the stages."),
            ("GRC-5", True, "Register of risks, each with owner and mitigation."),
            ("GRC-6", True, "Register of internal controls."),
            ("GRC-7", False, "Procedures are written in Stabilize."),
            ("CHG-1", True, "Vision document, scope."),
            ("CHG-2", True, "Project structure and work plan."),
            ("CHG-3", True, "Project charter."),
            ("CHG-4", True, "Cost estimates and the approval of funding."),
            ("TEAM-1", True, "Project structure, first page."),
            ("TEAM-2", True, "The page on people and roles."),
            ("TEAM-3", True, "Compared with the duties that stay apart."),
            ("TEAM-4", True, "The page on people and roles."),
        ),
    )
    _answered(
        story,
        "2026-10-12 11:00",
        "marcus",
        (
            ("GRC-3", True, "The solution owner looks at the metrics each quarter."),
            ("GRC-7", True, "Register of administrative procedures."),
        ),
    )


def voice(story: Story) -> None:
    """Governance alone was asked here."""
    _answered(
        story,
        "2026-01-08 10:00",
        "marcus",
        (
            ("GRC-2", True, "Project structure and the register of risks."),
            ("GRC-5", True, "Register of risks."),
            ("GRC-6", True, "Register of internal controls."),
        ),
    )
