"""The upper app's nouns."""

from reviews.models.finding import Disposition, Finding, FindingClass
from reviews.models.item import (
    GOOD_ANSWERS,
    Answer,
    Condition,
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
    Minutes,
    Presence,
)
from reviews.models.review import (
    GO_DECISIONS,
    OPEN_STATES,
    Acknowledgement,
    Decision,
    Mode,
    Participant,
    Review,
    ReviewKind,
    ReviewState,
)
from reviews.models.signoff import Packet, Position, SignOff

__all__ = [
    "GOOD_ANSWERS",
    "GO_DECISIONS",
    "OPEN_STATES",
    "THERE",
    "Acknowledgement",
    "Answer",
    "Attendance",
    "Condition",
    "Confidence",
    "Decision",
    "DeliveryConfidence",
    "Disposition",
    "Finding",
    "FindingClass",
    "ItemAnswer",
    "Minutes",
    "Mode",
    "Packet",
    "Participant",
    "PinnedInput",
    "Position",
    "Presence",
    "RemediationItem",
    "Review",
    "ReviewItem",
    "ReviewKind",
    "ReviewState",
    "Section",
    "SignOff",
    "Waiver",
]
