"""The upper app's nouns."""

from reviews.models.calendar import Blackout
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
from reviews.models.review import (
    GO_DECISIONS,
    OPEN_STATES,
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
    "Answer",
    "Blackout",
    "Condition",
    "Decision",
    "ItemAnswer",
    "Mode",
    "Packet",
    "Participant",
    "PinnedInput",
    "Position",
    "RemediationItem",
    "Review",
    "ReviewItem",
    "ReviewKind",
    "ReviewState",
    "Section",
    "SignOff",
    "Waiver",
]
