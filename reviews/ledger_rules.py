"""Which rows of this app the ledger must answer for, and what is checked besides."""

from projects.ledger_replay import Witness
from reviews.packet_check import packets_hold

WITNESSED = {
    "reviews.review": Witness("project"),
    "reviews.participant": Witness("review__project", untold=("asked_at",)),  # when a reminder clock was set
    "reviews.delegation": Witness("participant__review__project"),
    "reviews.poll": Witness("review__project"),
    "reviews.pollanswer": Witness(
        "poll__review__project", untold=("poll", "value", "text", "at")
    ),  # what: told by the closing
    "reviews.declaration": Witness("review__project"),
    "reviews.acknowledgement": Witness("review__project"),
    "reviews.itemanswer": Witness("item__review__project"),
    "reviews.signoff": Witness("participant__review__project"),
    "reviews.waiver": Witness("item__review__project"),
    "reviews.condition": Witness("review__project"),
    "reviews.conditionmove": Witness("condition__review__project"),
    "reviews.finding": Witness("review__project"),
    "reviews.attendance": Witness("review__project"),
    "reviews.meetingcall": Witness("review__project"),
    "reviews.deliveryconfidence": Witness("review__project"),
    "reviews.minutes": Witness("review__project", untold=("body",)),  # its digest is told, see packets_hold
    "reviews.remediationitem": Witness("review__project"),
    "reviews.checklistaddition": Witness(""),
    "reviews.signeraddition": Witness(""),
    "reviews.retirement": Witness(""),
    "reviews.policyversion": Witness(""),
}

CHECKS = [packets_hold]
