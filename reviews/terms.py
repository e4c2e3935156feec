"""Who takes part in a round, who must be there, how long its go holds: by the catalogue, or by our own version of it.

Version 1 is what the catalogue delivers. Later versions add to it and never take away: whatever a row says, the
catalogue's own groups and quorum are the floor (SEED-42, SEED-43).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reviews.catalog import REVIEW_TYPES, VALIDITY_LIMITS, rigor
from reviews.models import PolicyVersion, Review

SIGNS, LOOKS_ON, NOT_ASKED = "signs", "looks_on", ""


@dataclass(frozen=True)
class Terms:
    """What holds for the rounds of one kind and change category.

    Args:
        number: of the version; 1 is the catalogue's own.
        signer_groups: of each at least one named member signs.
        observer_groups: represented too, by somebody who need not sign.
        quorum: how many of each group must have taken part; a group that is not in it may be absent.
        validity_days: how long a go holds; 0: until something it stands on changes.
    """

    kind: str
    category: str
    number: int
    signer_groups: tuple[str, ...]
    observer_groups: tuple[str, ...]
    quorum: Mapping[str, int]
    validity_days: int

    @property
    def groups(self) -> list[str]:
        """Every group that must be represented, in the review's order."""
        return [code for code in group_names(self.kind) if self.place_of(code)]

    def place_of(self, group: str) -> str:
        """SIGNS, LOOKS_ON or NOT_ASKED."""
        if group in self.signer_groups:
            return SIGNS
        return LOOKS_ON if group in self.observer_groups else NOT_ASKED

    def same_as(self, other: "Terms") -> bool:
        return not differences(self, other)


@dataclass(frozen=True)
class Difference:
    """One thing that another version has otherwise, as words."""

    what: str
    before: str
    after: str


def group_names(kind: str) -> dict[str, str]:
    """Names of the groups of a review by code, in its order."""
    return {group.code: group.name for group in REVIEW_TYPES[kind].groups}


def can_sign(kind: str, group: str) -> bool:
    """Whether anybody of the group signs: auditors look on and stay independent."""
    return any(role != "P-AUD" for each in REVIEW_TYPES[kind].groups if each.code == group for role in each.roles)


def delivered(kind: str, category: str) -> Terms:
    """Version 1, the catalogue's own: the floor of all others."""
    held = rigor(kind, category)
    quorum = dict.fromkeys(held.signer_groups, 1)
    return Terms(kind, category, 1, held.signer_groups, held.observer_groups, quorum, held.validity_days)


def of_version(version: PolicyVersion) -> Terms:
    """What this version says, never below the catalogue's own."""
    floor = delivered(version.kind, version.category)
    codes = list(group_names(version.kind))
    signers = {*floor.signer_groups, *version.signer_groups}
    observers = {*floor.observer_groups, *version.observer_groups} - signers
    least = {code: max(version.quorum.get(code, 0), int(code in signers)) for code in codes}
    days = floor.validity_days
    if floor.validity_days:
        low, high = VALIDITY_LIMITS[version.category]
        days = min(max(version.validity_days, low), high)
    return Terms(
        kind=version.kind,
        category=version.category,
        number=version.number,
        signer_groups=tuple(code for code in codes if code in signers),
        observer_groups=tuple(code for code in codes if code in observers),
        quorum={code: least[code] for code in codes if least[code] and code in signers | observers},
        validity_days=days,
    )


def of(review: Review) -> Terms:
    """What the round is held by: frozen when it was opened. No query when `signing` has loaded the review."""
    return of_version(review.policy) if review.policy else delivered(review.kind, review.category)


def as_plain(held: Terms, version: PolicyVersion | None) -> dict[str, Any]:
    """The rules as minutes and evidence keep them; proposed and approved by nobody where the catalogue's own hold.

    Args:
        version: the row that `held` comes from, with who approved it loaded; None for version 1.
    """
    return {
        "version": held.number,
        "signer_groups": list(held.signer_groups),
        "observer_groups": list(held.observer_groups),
        "quorum": dict(held.quorum),
        "validity_days": held.validity_days,
        "reason": version.reason if version else "",
        "approved_at": version.approved_at if version else None,
        "approved_by": {"id": version.approved_by_id, "name": str(version.approved_by)} if version else None,
    }


def version_in_force(kind: str, category: str) -> PolicyVersion | None:
    """Our own version for rounds that are opened now; None while the catalogue's own holds. One query."""
    rows = PolicyVersion.objects.filter(kind=kind, category=category, approved_at__isnull=False)
    return rows.order_by("-number").first()


def in_force(kind: str, category: str) -> Terms:
    """What a round opened now is held by. One query."""
    version = version_in_force(kind, category)
    return of_version(version) if version else delivered(kind, category)


def differences(before: Terms, after: Terms) -> list[Difference]:
    """What `after` has otherwise, in the review's order of groups."""
    names, found = group_names(before.kind), []
    places = {SIGNS: _("signs"), LOOKS_ON: _("looks on"), NOT_ASKED: _("not asked")}
    for code, name in names.items():
        old, new = before.place_of(code), after.place_of(code)
        if old != new:
            found.append(Difference(name, places[old], places[new]))
    for code, name in names.items():
        had, wants = before.quorum.get(code, 0), after.quorum.get(code, 0)
        if had != wants:
            found.append(Difference(_("Quorum: %(group)s") % {"group": name}, str(had), str(wants)))
    if before.validity_days != after.validity_days:
        what = _("Days that a go holds")
        found.append(Difference(what, str(before.validity_days), str(after.validity_days)))
    return found
