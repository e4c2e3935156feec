"""The upper app's nouns."""

from reviews.models.calendar import Blackout
from reviews.models.delegation import Delegation
from reviews.models.finding import Disposition, Finding, FindingClass
from reviews.models.item import (
    GOOD_ANSWERS,
    Answer,
    Condition,
    ConditionMove,
    ItemAnswer,
    PinnedInput,
    RemediationItem,
    ReviewItem,
    Section,
    Waiver,
)
from reviews.models.meeting import (
    THERE,
    Attendance,
    Confidence,
    DeliveryConfidence,
    MeetingCall,
    Minutes,
    Presence,
)
from reviews.models.policy import ADDED_SECTIONS, ChecklistAddition, PolicyVersion, Retirement, SignerAddition
from reviews.models.poll import Poll, PollAnswer, Readiness
from reviews.models.review import (
    GO_DECISIONS,
    NO_GO_DECISIONS,
    OPEN_STATES,
    Acknowledgement,
    Decision,
    Declaration,
    Mode,
    Participant,
    Review,
    ReviewKind,
    ReviewState,
)
from reviews.models.signoff import Packet, Position, SignOff

__all__ = [
    "ADDED_SECTIONS",
    "GOOD_ANSWERS",
    "GO_DECISIONS",
    "NO_GO_DECISIONS",
    "OPEN_STATES",
    "THERE",
    "Acknowledgement",
    "Answer",
    "Attendance",
    "Blackout",
    "ChecklistAddition",
    "Condition",
    "ConditionMove",
    "Confidence",
    "Decision",
    "Declaration",
    "Delegation",
    "DeliveryConfidence",
    "Disposition",
    "Finding",
    "FindingClass",
    "ItemAnswer",
    "MeetingCall",
    "Minutes",
    "Mode",
    "Packet",
    "Participant",
    "PinnedInput",
    "PolicyVersion",
    "Poll",
    "PollAnswer",
    "Position",
    "Presence",
    "Readiness",
    "RemediationItem",
    "Retirement",
    "Review",
    "ReviewItem",
    "ReviewKind",
    "ReviewState",
    "Section",
    "SignOff",
    "SignerAddition",
    "Waiver",
]
