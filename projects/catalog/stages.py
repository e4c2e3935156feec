"""The five stages of the Deliver Phase (Table 1) and the seven goals of the phase (§Goals)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Outcome:
    """One result that is confirmed by itself when a stage ends (SEED-19)."""

    code: str
    text: str
    source: str


@dataclass(frozen=True)
class StageKind:
    """A stage: what it delivers, why, and how one knows that it is over.

    Args:
        deliverable_kind: the artifact kind under which the deliverable is recorded.
        work: what else the source expects to happen in this stage.
        exit_milestone: what is reached when the stage ends; two of the five are management reviews.
        synonyms: other names seen in the same series of guides, for search.
    """

    key: str
    number: int
    name: str
    deliverable: str
    deliverable_kind: str
    purpose: str
    outcomes: tuple[Outcome, ...]
    work: tuple[str, ...]
    exit_milestone: str
    source: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goal:
    """One of the goals of the whole phase (SEED-15)."""

    code: str
    text: str
    stages: tuple[str, ...]
    source: str


_STAGES = (
    StageKind(
        key="envision",
        number=1,
        name="Envision",
        deliverable="Vision document",
        deliverable_kind="ART-01",
        purpose="Say plainly what the project is for, how far it reaches and what could go wrong.",
        outcomes=(
            Outcome(
                "ENV-O1",
                "Vision and scope are written down, and both the team and the customer have understood them.",
                "Table 1",
            ),
            Outcome("ENV-O2", "The vision document contains the conceptual design of the solution.", "Table 1"),
            Outcome(
                "ENV-O3",
                "The risks are written down, and both the team and the customer have understood them.",
                "Table 1",
            ),
        ),
        work=(
            "Turn what the business asks for into a service that can be delivered.",
            "Capture needs and requirements before anything is planned.",
        ),
        exit_milestone="Vision/Scope Approved",
        source="Table 1, §Solutions Accountability",
        synonyms=("Envisioning", "Vision/Scope Approved Milestone"),
    ),
    StageKind(
        key="planning",
        number=2,
        name="Project Planning",
        deliverable="Project plan document",
        deliverable_kind="ART-04",
        purpose=(
            "Bring team, customer and stakeholders to agree that the interim milestones are behind them, "
            "that the plans serve the customer, and that the plans can be kept."
        ),
        outcomes=(
            Outcome(
                "PLN-O1",
                "The functional specification describes the design and every feature clearly.",
                "Table 1",
            ),
            Outcome(
                "PLN-O2",
                "Every feature and design element leads back to a business, user, operational or system requirement.",
                "Table 1",
            ),
        ),
        work=(
            "Write the functional specification.",
            "Design the solution.",
            "Prepare work plan, cost estimate and schedule for each deliverable.",
            "Choose the management discipline before planning in detail.",
        ),
        exit_milestone="Project Plan Approved",
        source="Table 1, §Solutions Accountability",
        synonyms=("Planning", "Project Plans Approved", "Project Plan Approved Milestone"),
    ),
    StageKind(
        key="build",
        number=3,
        name="Build",
        deliverable="Developed solution",
        deliverable_kind="ART-28",
        purpose="Build what the functional specification describes and the customer expects.",
        outcomes=(
            Outcome(
                "BLD-O1",
                "The final design satisfies all four kinds of requirement: business, user, operational, system.",
                "Table 1",
            ),
            Outcome(
                "BLD-O2",
                "What was built does what the functional specification says and what the customer expects of it.",
                "Table 1",
            ),
        ),
        work=(
            "Develop the deliverables of the solution and finish every feature.",
            "Write the documentation of the solution.",
            "Set up the laboratory for development and testing.",
            "Prepare the pilot; hand over for external testing and stabilisation.",
        ),
        exit_milestone="Scope Complete",
        source="Table 1, §Solutions Accountability, §Goals",
        synonyms=("Developing", "Scope Complete Milestone"),
    ),
    StageKind(
        key="stabilize",
        number=4,
        name="Stabilize",
        deliverable="Tested and stable solution",
        deliverable_kind="ART-32",
        purpose="Settle whatever tests and the pilot bring up, until the release deserves to be called finished.",
        outcomes=(
            Outcome(
                "STB-O1",
                "No issue from testing or the pilot is left open: each is fixed, or has a recorded disposition.",
                "Table 1; what counts as resolved is ours",
            ),
            Outcome(
                "STB-O2",
                "The quality of the solution is high enough for the specification and for the customer.",
                "Table 1",
            ),
        ),
        work=(
            "Test thoroughly, away from the developers' environment.",
            "Pilot the release candidates.",
            "Document and rehearse the procedures for deployment and operation.",
        ),
        exit_milestone="Release Readiness",
        source="Table 1, §Goals",
        synonyms=("Stabilizing", "Stabilise", "Release Readiness Milestone"),
    ),
    StageKind(
        key="deploy",
        number=5,
        name="Deploy",
        deliverable="Service in operation",
        deliverable_kind="ART-49",
        purpose="Bring a stable solution into production, win the customer's acceptance, pass it to those who run it.",
        outcomes=(
            Outcome("DEP-O1", "The solution runs in production, and runs stably.", "Table 1"),
            Outcome("DEP-O2", "The customer is content with what was deployed and has accepted it.", "Table 1"),
            Outcome(
                "DEP-O3",
                "Operations and Support have taken the solution over; the project team no longer carries it.",
                "Table 1",
            ),
        ),
        work=(
            "Stabilise the solution where it now runs.",
            "Make the people who operate and support it ready to do so.",
            "Analyse the project afterwards, sign the analysis, close out.",
        ),
        exit_milestone="Deployment Complete",
        source="Table 1, §Goals, §Release Readiness",
        synonyms=("Deploying", "Deployment Complete Milestone"),
    ),
)

STAGES: Mapping[str, StageKind] = MappingProxyType({stage.key: stage for stage in _STAGES})

GOALS: tuple[Goal, ...] = (
    Goal("GOAL-1", "Know what the business needs before planning how to meet it.", ("envision",), "§Goals"),
    Goal("GOAL-2", "Specify the functions and design the solution.", ("planning",), "§Goals"),
    Goal("GOAL-3", "Have a work plan, a cost estimate and a schedule for every deliverable.", ("planning",), "§Goals"),
    Goal(
        "GOAL-4",
        "Build to the specification, with all features done and the result fit to leave the workshop for testing.",
        ("build",),
        "§Goals",
    ),
    Goal(
        "GOAL-5",
        "Reach the best quality that thorough tests and piloted release candidates can give.",
        ("stabilize",),
        "§Goals",
    ),
    Goal("GOAL-6", "Deploy something stable, and keep at it until it is stable in production.", ("deploy",), "§Goals"),
    Goal(
        "GOAL-7",
        "Ready operations and support to run the solution and to serve its customers.",
        ("stabilize", "deploy"),
        "§Goals",
    ),
)
