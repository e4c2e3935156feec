"""Both management reviews as data: what is asked, of whom, and what a signature means. Worded by us, sources named."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from projects.catalog.categories import PROFILES, ReviewRigor
from reviews.catalog.model import Group, Item, ReviewType
from reviews.catalog.project_plan import PROJECT_PLAN_APPROVED
from reviews.catalog.release_readiness import READY, RELEASE_READINESS

__all__ = [
    "READY",
    "REVIEW_TYPES",
    "VALIDITY_LIMITS",
    "VERSION",
    "Group",
    "Item",
    "ReviewRigor",
    "ReviewType",
    "items_for",
    "rigor",
]

# Goes up whenever a question, a group or a statement changes; every round keeps the version it began with (SEED-91).
VERSION = "2026.1"

# Between how many days policy may set the validity of a release's go. The source names none: ours, as the 30 days are.
VALIDITY_LIMITS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {category: (1, 7) if category == "emergency" else (1, 90) for category in PROFILES}
)

REVIEW_TYPES: Mapping[str, ReviewType] = MappingProxyType(
    {review_type.kind: review_type for review_type in (PROJECT_PLAN_APPROVED, RELEASE_READINESS)}
)


def rigor(kind: str, category: str) -> ReviewRigor:
    """How a review of this kind is held for a change of this category."""
    profile = PROFILES[category]
    return {"ppa": profile.ppa, "rr": profile.rr}[kind]


def items_for(kind: str, category: str, *, conversion_applies: bool | None) -> list[Item]:
    """The questions of a round, in their order.

    What is about conversion is always asked when data or systems are converted, and can then not be declared away
    (SEED-47, SEED-85). An unanswered question whether conversion applies counts as yes.
    """
    converts = conversion_applies is not False
    dropped = rigor(kind, category).dropped_items
    items = []
    for item in REVIEW_TYPES[kind].items:
        about_conversion = item.na_only_without == "conversion"
        if item.code in dropped and not (about_conversion and converts):
            continue
        if about_conversion:
            item = replace(item, may_be_na=not converts, artifacts=item.artifacts if converts else ())
        items.append(item)
    return items
