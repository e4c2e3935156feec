"""How each state looks: a tone and a shape. The word comes with the value, so that colour never stands alone.

Keyed by kind and stored value. The lower app knows the upper app's values here as plain strings; a test holds every
choice of both apps against these tables.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Look(NamedTuple):
    """Args: tone: a `tone-*` class of tokens.css. icon: a Bootstrap icon's name."""

    tone: str
    icon: str


UNKNOWN = Look("quiet", "question-circle")

LOOKS: dict[str, dict[str, Look]] = {
    "stage": {
        "registered": Look("quiet", "inbox"),
        "envision": Look("accent", "binoculars"),
        "planning": Look("accent", "map"),
        "build": Look("accent", "hammer"),
        "stabilize": Look("accent", "sliders"),
        "deploy": Look("accent", "rocket-takeoff"),
        "closed": Look("quiet", "archive"),
    },
    "stage_state": {
        "done": Look("good", "check-lg"),
        "current": Look("accent", "record-fill"),
        "ahead": Look("quiet", "circle"),
        "reopened": Look("warn", "arrow-counterclockwise"),
        "outside": Look("quiet", "box-arrow-in-right"),
        "on_hold": Look("warn", "pause-fill"),
        "cancelled": Look("quiet", "x-lg"),
    },
    "gate": {
        "open": Look("good", "check-lg"),
        "closed": Look("quiet", "lock-fill"),
        "expired": Look("bad", "hourglass-bottom"),
        "held": Look("bad", "pause-fill"),
        "revoked": Look("bad", "x-lg"),
    },
    "status": {
        "active": Look("good", "play-fill"),
        "on_hold": Look("warn", "pause-fill"),
        "cancelled": Look("bad", "x-octagon"),
        "closed": Look("quiet", "archive"),
    },
    "category": {
        "standard": Look("quiet", "reception-1"),
        "minor": Look("quiet", "reception-2"),
        "significant": Look("info", "reception-3"),
        "major": Look("info", "reception-4"),
        "emergency": Look("bad", "lightning-charge-fill"),
    },
    "artifact": {
        "not_started": Look("quiet", "circle"),
        "draft": Look("info", "pencil"),
        "in_review": Look("warn", "eye"),
        "approved": Look("good", "check-circle-fill"),
        "not_applicable": Look("quiet", "slash-circle"),
    },
    "answer": {
        "": Look("warn", "question-circle"),
        "confirmed": Look("good", "check-lg"),
        "not_confirmed": Look("bad", "x-lg"),
        "clear": Look("good", "shield-check"),
        "present": Look("bad", "exclamation-triangle-fill"),
        "not_applicable": Look("quiet", "slash-circle"),
        "asked_again": Look("warn", "arrow-repeat"),
    },
    "review": {
        "preparing": Look("quiet", "pencil"),
        "convened": Look("info", "people-fill"),
        "signing": Look("warn", "pen"),
        "decided": Look("good", "check-circle-fill"),
        "withdrawn": Look("quiet", "arrow-return-left"),
    },
    "decision": {
        "": Look("quiet", "hourglass-split"),
        "go": Look("good", "check-circle-fill"),
        "go_conditions": Look("warn", "check-circle"),
        "no_go_postponed": Look("bad", "pause-circle-fill"),
        "no_go_cancelled": Look("bad", "x-octagon-fill"),
        "hold": Look("warn", "pause-circle"),
    },
    "finding_class": {
        "before_go": Look("bad", "exclamation-octagon"),
        "after_go": Look("warn", "calendar-check"),
        "editorial": Look("quiet", "pencil"),
    },
    "finding": {
        "open": Look("warn", "circle"),
        "done": Look("good", "check-circle-fill"),
        "rejected": Look("quiet", "slash-circle"),
        "merged": Look("info", "sign-merge-right"),
    },
    "presence": {
        "": Look("quiet", "question-circle"),
        "present": Look("good", "person-check"),
        "remote": Look("good", "camera-video"),
        "delegate": Look("info", "person-plus"),
        "absent": Look("warn", "person-dash"),
    },
    "confidence": {
        "high": Look("good", "check-circle-fill"),
        "probable": Look("good", "check-circle"),
        "feasible": Look("warn", "circle-half"),
        "doubtful": Look("warn", "exclamation-triangle-fill"),
        "unachievable": Look("bad", "x-octagon-fill"),
    },
    "readiness": {
        "ready": Look("good", "check-circle-fill"),
        "concerns": Look("warn", "circle-half"),
        "not_ready": Look("bad", "x-octagon-fill"),
    },
    "position": {
        "": Look("quiet", "hourglass-split"),
        "agree": Look("good", "check-lg"),
        "support": Look("warn", "chat-left-text"),
        "dissent": Look("bad", "hand-thumbs-down-fill"),
    },
    "signature": {
        "valid": Look("good", "patch-check-fill"),
        "superseded": Look("warn", "arrow-repeat"),
        "waiting": Look("quiet", "hourglass-split"),
        "recused": Look("quiet", "person-dash"),
    },
    "conflict": {
        "people": Look("warn", "people-fill"),
        "dates": Look("warn", "calendar-event"),
        "environment": Look("warn", "hdd-stack"),
    },
    "feature": {
        "planned": Look("quiet", "circle"),
        "in_build": Look("accent", "hammer"),
        "complete": Look("good", "check-circle-fill"),
        "deferred": Look("warn", "arrow-return-right"),
        "remainder": Look("info", "arrow-return-right"),
    },
    "proof": {
        "": Look("quiet", "circle"),
        "passed": Look("good", "check-lg"),
        "failed": Look("bad", "x-lg"),
    },
    "met": {
        "yes": Look("good", "check-lg"),
        "no": Look("bad", "x-lg"),
        "": Look("quiet", "question-circle"),
    },
    "issue": {
        "open": Look("bad", "circle"),
        "fixed": Look("good", "check-circle-fill"),
        "deferred": Look("warn", "hourglass-split"),
        "wont_fix": Look("warn", "slash-circle"),
        "not_a_defect": Look("quiet", "slash-circle"),
    },
    "pilot": {
        "": Look("quiet", "hourglass-split"),
        "met": Look("good", "check-circle-fill"),
        "partly": Look("warn", "circle-half"),
        "missed": Look("bad", "x-lg"),
    },
    "rollback": {
        "worked": Look("good", "check-lg"),
        "too_slow": Look("bad", "stopwatch"),
        "failed": Look("bad", "x-lg"),
    },
    "tests": {
        "passed": Look("good", "check-lg"),
        "failed": Look("bad", "x-lg"),
        "incomplete": Look("warn", "hourglass-split"),
    },
    "addition": {
        "proposed": Look("warn", "hourglass-split"),
        "dropped": Look("quiet", "x-circle"),
        "in_force": Look("good", "check-circle-fill"),
        "replaced": Look("quiet", "clock-history"),
        "retired": Look("quiet", "archive"),
    },
    "risk": {
        "open": Look("warn", "circle"),
        "addressed": Look("good", "check-circle-fill"),
        "accepted": Look("info", "hand-thumbs-up"),
        "unacceptable": Look("bad", "x-octagon-fill"),
    },
    "control": {
        "proposed": Look("warn", "pencil"),
        "approved": Look("info", "check"),
        "built": Look("info", "hammer"),
        "verified": Look("good", "patch-check-fill"),
        "withdrawn": Look("quiet", "arrow-return-left"),
    },
    "milestone": {
        "planned": Look("quiet", "circle"),
        "overdue": Look("bad", "exclamation-triangle-fill"),
        "met": Look("good", "check-circle-fill"),
        "not_met": Look("warn", "chat-left-text"),
    },
    "support": {
        "yes": Look("good", "check-lg"),
        "no": Look("bad", "x-lg"),
        "unknown": Look("warn", "question-circle"),
    },
    "compliance": {
        "passed": Look("good", "check-lg"),
        "conditions": Look("warn", "check-circle"),
        "failed": Look("bad", "x-lg"),
    },
    "deployment": {
        "planned": Look("quiet", "calendar"),
        "under_way": Look("info", "rocket-takeoff"),
        "deployed": Look("warn", "eye"),
        "stable": Look("good", "check-circle-fill"),
        "failed": Look("bad", "x-octagon-fill"),
        "rolled_back": Look("bad", "arrow-counterclockwise"),
        "dropped": Look("quiet", "slash-circle"),
    },
    "priority": {
        "P1": Look("bad", "exclamation-octagon-fill"),
        "P2": Look("warn", "exclamation-triangle-fill"),
        "P3": Look("info", "exclamation-circle"),
        "P4": Look("quiet", "circle"),
    },
    "intent": {
        "met": Look("good", "check-lg"),
        "partly": Look("warn", "circle-half"),
        "missed": Look("bad", "x-lg"),
    },
    "change_template": {
        "draft": Look("info", "pencil"),
        "known": Look("good", "patch-check-fill"),
        "suspended": Look("bad", "pause-circle-fill"),
        "expired": Look("bad", "hourglass-bottom"),
    },
    "work": {
        "open": Look("warn", "circle"),
        "overdue": Look("bad", "exclamation-triangle-fill"),
        "done": Look("good", "check-circle-fill"),
    },
    "prepared": {
        "open": Look("warn", "circle"),
        "done": Look("good", "check-circle-fill"),
        "failed": Look("bad", "x-lg"),
        "dropped": Look("quiet", "slash-circle"),
        "not_asked": Look("quiet", "dash-lg"),
    },
    "addressed": {
        "": Look("quiet", "question-circle"),
        "yes": Look("good", "check-lg"),
        "no": Look("warn", "circle"),
    },
    "change_record": {
        "open": Look("warn", "circle"),
        "in_order": Look("good", "check-circle-fill"),
        "rejected": Look("quiet", "x-lg"),
    },
}

# Words for states that are worked out for the rail and stored nowhere.
RAIL_WORDS: dict[str, dict[str, Promise]] = {
    "stage": {
        "done": _("Done"),
        "current": _("Under way"),
        "ahead": _("Ahead"),
        "reopened": _("Reopened"),
        "outside": _("Outside the system"),
        "on_hold": _("On hold"),
        "cancelled": _("Cancelled in this stage"),
    },
    "gate": {
        "open": _("Gate open"),
        "closed": _("Gate closed"),
        "expired": _("Gate expired"),
        "held": _("Gate on hold"),
        "revoked": _("Approval revoked"),
    },
}

# The two polarities of an answer (SEED-93).
ANSWERS: dict[str, list[tuple[str, Promise]]] = {
    "confirm": [("confirmed", _("Confirmed")), ("not_confirmed", _("Not confirmed"))],
    "clear": [("clear", _("Clear")), ("present", _("Present"))],
}
NOT_APPLICABLE = ("not_applicable", _("Not applicable"))

TONE_ICONS = {
    "good": "check-circle-fill",
    "info": "info-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-octagon-fill",
    "quiet": "info-circle",
}


def look(kind: str, value: object) -> Look:
    """The look of a value; a value nobody described is quiet with a question mark, never green."""
    return LOOKS[kind].get(str(value), UNKNOWN)
