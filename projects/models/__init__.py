"""The lower app's nouns, one module each."""

from projects.models.artifact import Artifact, ArtifactStatus, ArtifactVersion
from projects.models.candidate import ReleaseCandidate
from projects.models.change_template import ChangeTemplate, StandardStep, TemplateRun
from projects.models.closing import Disengagement, IntentResult
from projects.models.conflict import ProjectConflict
from projects.models.deployment import Deployment
from projects.models.environment import Agreement, Procedure, Training
from projects.models.environments import ComplianceReview, Environment, SupportedLevel
from projects.models.feature import Feature, FeatureLink, OperationalCheck
from projects.models.focus import FocusAnswer
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
from projects.models.quiet import Incident, QuietPeriod
from projects.models.risk import Risk
from projects.models.rollback import RollbackRehearsal
from projects.models.rollout import RolloutTask
from projects.models.rows import RegisterRow
from projects.models.stage import OutcomeConfirmation, Requirement, StageExit, StageOutside, StageRun
from projects.models.statement import PartsCheck, Statement
from projects.models.strategy import ChangeRecord, ChangeRisk, Communication, EscalationContact, Prerequisite
from projects.models.tailoring import TailoringApproval
from projects.models.testing import Issue, Pilot, TestRun

__all__ = [
    "SYSTEM_STREAM",
    "Agreement",
    "Artifact",
    "ArtifactStatus",
    "ArtifactVersion",
    "CapabilityGap",
    "Category",
    "ChangeRecord",
    "ChangeRisk",
    "ChangeTemplate",
    "Communication",
    "ComplianceReview",
    "Deployment",
    "Disengagement",
    "Environment",
    "EscalationContact",
    "Feature",
    "FeatureLink",
    "FocusAnswer",
    "FundingApproval",
    "Gate",
    "GatePass",
    "ImportMapping",
    "ImportRun",
    "Incident",
    "IntentResult",
    "InternalControl",
    "Involvement",
    "Issue",
    "LedgerEntry",
    "LedgerStream",
    "Measurement",
    "Milestone",
    "Notice",
    "OperationalCheck",
    "Opportunity",
    "OrgRole",
    "OutcomeConfirmation",
    "PartsCheck",
    "Pilot",
    "Prerequisite",
    "Procedure",
    "Project",
    "ProjectConflict",
    "ProjectMetric",
    "ProjectType",
    "QuietPeriod",
    "RegisterRow",
    "ReleaseCandidate",
    "Requirement",
    "Risk",
    "RoleAssignment",
    "RollbackRehearsal",
    "RolloutTask",
    "Stage",
    "StageExit",
    "StageOutside",
    "StageRun",
    "StandardStep",
    "Statement",
    "Status",
    "SupportedLevel",
    "TailoringApproval",
    "TemplateRun",
    "TestRun",
    "Training",
    "User",
    "WorkPackage",
]
