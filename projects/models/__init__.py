"""The lower app's nouns, one module each."""

from projects.models.artifact import Artifact, ArtifactStatus, ArtifactVersion
from projects.models.candidate import ReleaseCandidate
from projects.models.change_template import ChangeTemplate, TemplateRun
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
from projects.models.stage import OutcomeConfirmation, Requirement, StageRun
from projects.models.tailoring import TailoringApproval

__all__ = [
    "SYSTEM_STREAM",
    "Artifact",
    "ArtifactStatus",
    "ArtifactVersion",
    "Category",
    "ChangeTemplate",
    "Gate",
    "GatePass",
    "ImportMapping",
    "ImportRun",
    "Involvement",
    "LedgerEntry",
    "LedgerStream",
    "Notice",
    "OrgRole",
    "OutcomeConfirmation",
    "Project",
    "ProjectType",
    "ReleaseCandidate",
    "Requirement",
    "RoleAssignment",
    "Stage",
    "StageRun",
    "Status",
    "TailoringApproval",
    "TemplateRun",
    "User",
]
