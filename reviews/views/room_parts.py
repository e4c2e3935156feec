"""The questions of the room in their order: sections of the checklist, and the go/no-go board."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.models import Review, ReviewState, Section
from reviews.views.room_rows import Row

PARTS: list[tuple[str, Promise, Promise]] = [
    (Section.INPUT, gettext_lazy("Inputs"), gettext_lazy("The documents, each at the version it was pinned to.")),
    (Section.ANALYSIS, gettext_lazy("Analyses"), gettext_lazy("What the group has examined.")),
    (
        Section.ASPECT,
        gettext_lazy("Aspects of readiness"),
        gettext_lazy("Four sides from which the release is judged."),
    ),
    (Section.DECISION, gettext_lazy("Decisions"), gettext_lazy("What the group affirms together.")),
    (Section.OUTPUT, gettext_lazy("Outputs"), gettext_lazy("Recorded after the decision.")),
]


@dataclass
class Part:
    """One section of the checklist."""

    key: str
    title: str
    hint: str
    rows: list[Row] = field(default_factory=list)

    @property
    def musts(self) -> list[Row]:
        return [row for row in self.rows if row.item.must]

    @property
    def settled(self) -> int:
        return sum(row.state == "good" for row in self.musts)

    @property
    def against(self) -> int:
        return sum(row.state == "bad" for row in self.musts)

    @property
    def tally(self) -> str:
        """How far the section is: "5 of 7", or the number of rows where nothing must be answered."""
        if not self.musts:
            return str(len(self.rows))
        return _("%(settled)d of %(all)d") % {"settled": self.settled, "all": len(self.musts)}


@dataclass
class Element:
    """One element of Table 4 with both its lists of indicators (SEED-92)."""

    name: str
    go: list[Row] = field(default_factory=list)
    no_go: list[Row] = field(default_factory=list)

    @property
    def clear_of(self) -> str:
        good = sum(row.state == "good" for row in (*self.go, *self.no_go))
        return _("%(good)d of %(all)d fine") % {"good": good, "all": len(self.go) + len(self.no_go)}


def parts_of(review: Review, rows: Iterable[Row]) -> list[Part]:
    parts = {key: Part(key, str(title), str(hint)) for key, title, hint in PARTS}
    for row in rows:
        if row.item.section in parts and _belongs(review, row):
            parts[row.item.section].rows.append(row)
    return [part for part in parts.values() if part.rows]


def _belongs(review: Review, row: Row) -> bool:
    """Outputs come with the decision; after a no-go only the one that is about it, and what was recorded."""
    if row.item.section != Section.OUTPUT or review.is_go:
        return True
    return review.state == ReviewState.DECIDED and (row.item.may_be_na or row.answer is not None)


def board_of(rows: Iterable[Row]) -> list[Element]:
    elements: dict[str, Element] = {}
    for row in rows:
        if row.item.section in (Section.GO, Section.NO_GO):
            element = elements.setdefault(row.item.element, Element(row.item.element))
            (element.go if row.item.section == Section.GO else element.no_go).append(row)
    return list(elements.values())
