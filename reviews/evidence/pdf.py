"""The pack's summary as PDF/A, made with typst: tagged, reproducible to the byte, no clock of its own."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from projects import ledger
from projects.catalog.artifacts import ARTIFACT_KINDS
from projects.models import ArtifactStatus, Project
from reviews import signing
from reviews.evidence import signatures
from reviews.models import GO_DECISIONS, Condition, Review

if TYPE_CHECKING:
    from reviews.evidence.collect import Head

TEMPLATE = Path(__file__).with_name("summary.typ")
MOST_SIGNATURES = 200  # a round; the table of all stands in signatures.csv
PLAIN = "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2192"  # dashes, quotation marks, ellipsis, arrow
log = logging.getLogger(__name__)


def summary(project: Project, reviews: list[Review], head: "Head") -> bytes:
    """The one-page story: what it is, what was decided by whom, what is open. PDF/A-2b."""
    data = json.dumps(ledger.plain(_story(project, reviews, head)), ensure_ascii=False)
    try:
        return _compile(data, head)
    except typst.TypstError:
        # PDF/A refuses a glyph that no font has (for instance CJK): say so in its place and go on.
        log.warning("summary of %s: characters without a glyph are replaced", project.code)
        return _compile("".join(char if ord(char) < 0x250 or char in PLAIN else "\ufffd" for char in data), head)


def _compile(data: str, head: "Head") -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": data},
        pdf_standards=["a-2b"],
        timestamp=int(head.recorded_at.timestamp()),
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):  # one output format, one document
        raise TypeError("typst gave pages instead of a document")
    return made


def _story(project: Project, reviews: list[Review], head: "Head") -> dict[str, Any]:
    roles = {row.role: str(row.user) for row in project.roles.filter(ends_on=None).select_related("user")}
    return {
        "title": f"{project.code} {project.title}",
        "lead": f"{project.get_project_type_display()}, {project.get_category_display()} change. "
        f"Stage {project.get_stage_display()}, {project.get_status_display().lower()}.",
        "facts": [
            ("Solution manager", roles.get("R-SM", "")),
            ("Program manager", roles.get("R-PGM", "")),
            ("Nature of the change", project.category_nature),
            ("Size of the change", project.category_size),
            ("Portfolio review", f"{project.portfolio_ref} {project.portfolio_date or ''} {project.portfolio_outcome}"),
            ("Plan approved (UTC)", _moment(project.plan_approved_at)),
            ("Release ready (UTC)", _moment(project.release_ready_at)),
            ("Closed (UTC)", _moment(project.closed_at)),
            ("Ledger", f"{head.count} entries, head {head.hash}"),
        ],
        "rounds": [_round(review) for review in reviews],
        "open": _open(project, reviews),
        "footer": f"{project.code} · ledger head {head.hash[:16]} at {ledger.utc(head.recorded_at)}",
        "check": "Run the published verifier with the public key whose fingerprint you were given on another way. "
        "It checks this file, the list of files, every digest, the ledger's chain and the seal.",
    }


def _moment(value: Any) -> str:
    return ledger.utc(value)[:19].replace("T", " ") if value else "not yet"


def _round(review: Review) -> dict[str, Any]:
    content = signing.content(review)
    given = signatures.given(review)[:MOST_SIGNATURES]
    decided = (
        f"{review.get_decision_display()}, decided {_moment(review.decided_at)} UTC by {review.decided_by}"
        f" ({review.decision_method}). {review.decision_reason}"
        if review.decision
        else f"{review.get_state_display()}. Chair {review.chair}."
    )
    notes = [
        f"{condition}: {condition.text} Owner {condition.owner}, due {_due(condition)}, "
        + (f"closed {condition.closed_at.date().isoformat()}." if condition.closed_at else "open.")
        for condition in review.conditions.all()
    ]
    notes += [
        f"Waiver of {item.code} until {waiver.expires_on.isoformat()}: {waiver.reason}"
        for item in review.items.all()
        for waiver in item.waivers.all()
        if waiver.approved_at
    ]
    return {
        "title": f"{review.ref} {review.get_kind_display()}",
        "text": decided,
        "signatures": [
            [
                sign.signed_as,
                sign.role,
                f"{sign.get_position_display()} ({sign.meaning})"
                + ("" if signing.is_current(sign, content) else ", superseded"),
                _moment(sign.signed_at),
                sign.method,
            ]
            for sign in given
        ],
        "notes": notes,
    }


def _due(condition: Condition) -> str:
    if condition.moved_to is None:
        return condition.due_on.isoformat()
    return f"{condition.moved_to.isoformat()}, moved from {condition.due_on.isoformat()}"


def _open(project: Project, reviews: list[Review]) -> list[str]:
    lines = [
        f"{review.ref} {condition}: {condition.text} due {_due(condition)}"
        for review in reviews
        if review.decision in GO_DECISIONS
        for condition in review.conditions.all()
        if condition.closed_at is None
    ]
    waiting = project.artifacts.filter(status__in=[ArtifactStatus.DRAFT, ArtifactStatus.IN_REVIEW]).order_by("kind")
    lines += [f"{ARTIFACT_KINDS[row.kind].name}: {row.get_status_display().lower()}" for row in waiting]
    return lines
