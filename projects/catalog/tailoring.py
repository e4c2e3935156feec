"""What a change category leaves out, compared with a major change, and why. The rows are ours.

The source says only that rigor follows the nature and size of the change (§Overview).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class LeftOut:
    """Some artifacts or some questions of one review, left out for one reason.

    Args:
        what: ``artifact``, or the kind of the review whose questions these are.
    """

    what: Literal["artifact", "ppa", "rr"]
    codes: tuple[str, ...]
    why: str


def _left_out(what: Literal["artifact", "ppa", "rr"], codes: str, why: str) -> LeftOut:
    return LeftOut(what, tuple(codes.split()), why)


_SIGNIFICANT = (
    _left_out("artifact", "ART-52", "A log of the quiet period is kept where it helps; a major change must show one."),
)

_DOCUMENTS_A_SMALL_CHANGE_DOES_WITHOUT = (
    _left_out("artifact", "ART-02 ART-03", "The vision note says what a charter and a project structure would say."),
    _left_out(
        "artifact",
        "ART-04 ART-08 ART-09 ART-10 ART-12",
        "The work plan carries the dates, the effort and the cost of so small a change.",
    ),
    _left_out(
        "artifact", "ART-06 ART-07 ART-27", "The functional specification has room for the design and the requirements."
    ),
    _left_out(
        "artifact",
        "ART-13 ART-14 ART-16 ART-17 ART-19 ART-20 ART-21 ART-23 ART-24 ART-25 ART-26",
        "What matters of it stands in the vision note, the specification or the test plan.",
    ),
    _left_out(
        "artifact",
        "ART-28 ART-29 ART-30 ART-31 ART-32 ART-33 ART-34",
        "The outcomes of Build and Stabilize are confirmed with evidence; separate documents are not asked for.",
    ),
    _left_out(
        "artifact",
        "ART-38 ART-39 ART-41 ART-42 ART-43 ART-45 ART-47",
        "The point is settled by an answer with evidence in the release review, not by a document.",
    ),
    _left_out("artifact", "ART-50 ART-52", "Handing over to operations ends a change of this kind."),
)

_MINOR = (
    *_DOCUMENTS_A_SMALL_CHANGE_DOES_WITHOUT,
    _left_out(
        "artifact",
        "ART-37 ART-44 ART-46",
        "Backup, escalation and the change record are each asked for among the indicators, with evidence.",
    ),
    _left_out("artifact", "ART-53", "Too little has happened to be analysed afterwards."),
    _left_out("ppa", "I4", "The vision note names the risks; there is no separate assessment to pin."),
    _left_out("ppa", "O3", "There is no separate plan for managing risks to approve."),
    _left_out("ppa", "I5 O5", "So few people are concerned that the work plan says how they coordinate."),
    _left_out("ppa", "I6 D4", "The change is too small to merge or retire solutions."),
    _left_out("ppa", "I7 A5 D5", "The change is over before a series of measurements would say anything."),
    _left_out("ppa", "O6", "A change that brings new internal controls is not minor."),
    _left_out("rr", "I3", "Covered by the analysis of security and privacy in operation."),
    _left_out("rr", "I4 A5", "Asked as soon as data or systems are converted."),
    _left_out("rr", "I5", "Remaining risks are weighed where the effect of going ahead is analysed."),
    _left_out("rr", "I6", "The users accept by signing the review itself."),
    _left_out("rr", "I7", "With three signers, their signatures in the review are the sign-off."),
)

_TEMPLATE = "Reviewed when the template was accepted as known and tested."

_STANDARD = (
    *_DOCUMENTS_A_SMALL_CHANGE_DOES_WITHOUT,
    _left_out(
        "artifact",
        "ART-01 ART-05 ART-15 ART-35 ART-37 ART-44 ART-46",
        "Part of the template, approved once for all its instances.",
    ),
    _left_out("artifact", "ART-51", "The service stays with those who already operate it."),
    _left_out(
        "artifact", "ART-53", "A failed instance is looked into with the template; the others teach nothing new."
    ),
    _left_out("ppa", "I1 I3 I4 I5 I6 I7 A1 A2 A3 A4 A5 D2 D3 D4 D5 D6 O1 O2 O3 O4 O5 O6", _TEMPLATE),
    _left_out("rr", "I1 I3 I5 I6 I7 A1 A2 A3 A4 A6 D2 ASP1 ASP2 ASP3 ASP4 O2 O4", _TEMPLATE),
    _left_out("rr", "I4 A5", "Asked as soon as data or systems are converted."),
    _left_out(
        "rr", "G-REL-3", "The way back is proven with the template and stands in the deployment plan that is pinned."
    ),
    _left_out(
        "rr",
        "N-REL-1 N-REL-2 G-ENV-2 G-ENV-3 N-ENV-2 N-ENV-3 G-STR-1 N-STR-2 N-STR-3",
        "Does not differ from one instance to the next; answered for the template.",
    ),
)

_NO_TIME = "There is no time for it before the fix."

_EMERGENCY = (
    *_DOCUMENTS_A_SMALL_CHANGE_DOES_WITHOUT,
    _left_out("ppa", "I1 I3 I4 I5 I6 I7 A1 A3 A4 A5 D2 D4 D5 D6 O1 O2 O3 O4 O5 O6", _NO_TIME),
    _left_out("rr", "I1 I3 I5 I6 I7 A1 A2 A3 A4 D2 ASP1 ASP2 ASP3 ASP4 O2 O4", _NO_TIME),
    _left_out("rr", "I4 A5", "Asked as soon as data or systems are converted."),
    _left_out(
        "rr",
        "G-REL-1 G-REL-2 N-REL-1 N-REL-2 G-ENV-1 G-ENV-2 G-ENV-3 N-ENV-1 N-ENV-2 G-STR-2 G-STR-3 N-STR-1 N-STR-2 "
        "N-STR-3",
        "Before the fix only the way back, the backup, the escalation path and the support people are asked about.",
    ),
)

LEFT_OUT: Mapping[str, tuple[LeftOut, ...]] = MappingProxyType(
    {
        "standard": _STANDARD,
        "minor": _MINOR,
        "significant": _SIGNIFICANT,
        "major": (),
        "emergency": _EMERGENCY,
    }
)


def question_codes(rows: tuple[LeftOut, ...], review: Literal["ppa", "rr"]) -> tuple[str, ...]:
    """The codes of the questions of one review that these rows leave out."""
    return tuple(code for row in rows if row.what == review for code in row.codes)


def explained(rows: tuple[LeftOut, ...]) -> tuple[tuple[str, str], ...]:
    """One line for each thing left out: its code, after the review's for a question ("PPA I4"), and why."""
    return tuple(
        (code if row.what == "artifact" else f"{row.what.upper()} {code}", row.why)
        for row in rows
        for code in row.codes
    )
