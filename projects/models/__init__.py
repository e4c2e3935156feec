"""The lower app's nouns, one module each."""

from projects.models.artifact import Artifact, ArtifactStatus, ArtifactVersion
from projects.models.candidate import ReleaseCandidate
from projects.models.closing import Disengagement, IntentResult
from projects.models.deployment import Deployment
from projects.models.importing import ImportMapping, ImportRun
from projects.models.ledger import SYSTEM_STREAM, LedgerEntry, LedgerStream
from projects.models.notice import Notice
from projects.models.people import OrgRole, User
from projects.models.project import (
    Category,
    Gate,
    GatePass,
    Involvement,
    Project,
    ProjectType,
    RoleAssignment,
    Stage,
    Status,
)
from projects.models.quiet import Incident, QuietPeriod
from projects.models.rollout import RolloutTask
from projects.models.stage import OutcomeConfirmation, Requirement, StageRun

__all__ = [
    "SYSTEM_STREAM",
    "Artifact",
    "ArtifactStatus",
    "ArtifactVersion",
    "Category",
    "Deployment",
    "Disengagement",
    "Gate",
    "GatePass",
    "ImportMapping",
    "ImportRun",
    "Incident",
    "IntentResult",
    "Involvement",
    "LedgerEntry",
    "LedgerStream",
    "Notice",
    "OrgRole",
    "OutcomeConfirmation",
    "Project",
    "ProjectType",
    "QuietPeriod",
    "ReleaseCandidate",
    "Requirement",
    "RoleAssignment",
    "RolloutTask",
    "Stage",
    "StageRun",
    "Status",
    "User",
]
