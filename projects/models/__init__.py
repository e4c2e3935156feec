"""The lower app's nouns, one module each."""

from projects.models.artifact import Artifact, ArtifactStatus, ArtifactVersion
from projects.models.candidate import ReleaseCandidate
from projects.models.environments import ComplianceReview, Environment, SupportedLevel
from projects.models.importing import ImportMapping, ImportRun
from projects.models.ledger import SYSTEM_STREAM, LedgerEntry, LedgerStream
from projects.models.notice import Notice
from projects.models.people import OrgRole, User
from projects.models.planning import (
    CapabilityGap,
    FundingApproval,
    InternalControl,
    Measurement,
    Milestone,
    Opportunity,
    ProjectMetric,
    WorkPackage,
)
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

__all__ = [
    "SYSTEM_STREAM",
    "Artifact",
    "ArtifactStatus",
    "ArtifactVersion",
    "CapabilityGap",
    "Category",
    "ComplianceReview",
    "Environment",
    "FundingApproval",
    "Gate",
    "GatePass",
    "ImportMapping",
    "ImportRun",
    "InternalControl",
    "Involvement",
    "LedgerEntry",
    "LedgerStream",
    "Measurement",
    "Milestone",
    "Notice",
    "Opportunity",
    "OrgRole",
    "OutcomeConfirmation",
    "Project",
    "ProjectMetric",
    "ProjectType",
    "ReleaseCandidate",
    "Requirement",
    "RoleAssignment",
    "Stage",
    "StageRun",
    "Status",
    "SupportedLevel",
    "User",
    "WorkPackage",
]
