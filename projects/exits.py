"""The record of a light milestone: what stood when a stage was left, in the shape of a review's record and smaller.

Vision/Scope Approved, Scope Complete and Deployment Complete are no management reviews (EXT-19, §2). What each of them
was decided on is put into one canonical JSON when the step is taken: who was asked, who confirmed what with which
evidence, the documents with their versions, the statements that counted. It is kept as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from projects.catalog.artifacts import Gate as CatalogGate
from projects.catalog.artifacts import artifact_name
from projects.catalog.roles import role_name
from projects.catalog.stages import STAGES
from projects.catalog.statements import STATEMENTS
from projects.checks.statements import Board
from projects.digests import plain
from projects.holders import holders
from projects.models import ArtifactStatus, ArtifactVersion, OutcomeConfirmation, Project, StageOutside, StageRun, User

TYPE = "deliverops/stage-exit/1"
EXIT_GATES: dict[str, CatalogGate] = {"envision": "vision", "build": "scope", "deploy": "close"}
"""Stages that end with a light milestone, each with its gate; the other two end with a management review."""


def build(run: StageRun, *, by: User, now: datetime) -> dict[str, Any]:
    """What the exit of this passage is decided on, as plain values; a dozen queries.

    Args:
        run: the passage through a stage of `EXIT_GATES` that ends, with its project.
        by: who takes the step, and so decides. now: aware moment.
    """
    project, stage = run.project, STAGES[run.stage]
    outside = StageOutside.objects.filter(project=project, stage=run.stage).select_related("created_by").first()
    body: dict[str, Any] = plain(
        {
            "type": TYPE,
            "project": {"code": project.code, "title": project.title, "category": project.category},
            "milestone": stage.exit_milestone,
            "stage": run.stage,
            "passage": run.iteration,
            "decided": {"by": by, "at": now},
            "asked": [{"role": role, "people": people} for role, people in sorted(holders(project).items())],
            "outcomes": _outcomes(run),
            "documents": _documents(project),
            "statements": _statements(project, EXIT_GATES[run.stage]),
            "outside": {"by": outside.created_by, "reason": outside.reason}
            if outside is not None and run.iteration == 1
            else None,
        }
    )
    return body


def _outcomes(run: StageRun) -> list[dict[str, Any]]:
    newest: dict[str, OutcomeConfirmation] = {}
    for answer in run.confirmations.select_related("by"):
        newest[answer.outcome] = answer
    return [
        {
            "code": outcome.code,
            "text": outcome.text,
            "confirmed": newest[outcome.code].confirmed,
            "evidence": newest[outcome.code].evidence,
            "by": newest[outcome.code].by,
            "at": newest[outcome.code].at,
        }
        for outcome in STAGES[run.stage].outcomes
        if outcome.code in newest
    ]


def _documents(project: Project) -> list[dict[str, Any]]:
    """Every approved document at its newest approved version."""
    newest: dict[str, ArtifactVersion] = {}
    approved = ArtifactVersion.objects.filter(artifact__project=project, status=ArtifactStatus.APPROVED)
    for version in (
        approved.select_related("artifact", "approved_by").defer("text").order_by("artifact__kind", "number")
    ):
        newest[version.artifact.kind] = version
    return [
        {
            "artifact": kind,
            "version": version.label,
            "digest": version.digest,
            "approved_by": version.approved_by,
            "approved_at": version.approved_at,
        }
        for kind, version in newest.items()
    ]


def _statements(project: Project, gate: CatalogGate) -> list[dict[str, Any]]:
    """The signatures that counted at that moment."""
    board = Board(project, [topic for topic in STATEMENTS.values() if topic.gate == gate])
    return [
        {
            "statement": standing.topic.code,
            "title": standing.topic.title,
            "side": each.side.name,
            "by": each.signed.created_by,
            "at": each.signed.created_at,
            "digest": each.signed.digest,
        }
        for standing in board.standings
        for each in standing.sides
        if each.signed is not None
    ]


@dataclass(frozen=True)
class Line:
    """One line of the record as it is read. Args: what: the thing; said: words about it; who, at: by whom and when."""

    what: str
    said: str = ""
    who: str = ""
    at: datetime | None = None
    digest: str = ""


@dataclass
class Part:
    """Lines that belong together."""

    title: str
    empty: str
    lines: list[Line] = field(default_factory=list)


def parts(body: Mapping[str, Any]) -> list[Part]:
    """A kept record as words. Args: body: the parsed JSON of `build`."""
    return [
        Part(
            _("What was confirmed"),
            _("No outcome was asked for: the stage was run outside the system."),
            [_line(each, each["text"], each["evidence"]) for each in body["outcomes"]],
        ),
        Part(
            _("What was signed for it"),
            _("This change category signs no statement here."),
            [_line(each, each["title"], each["side"]) for each in body["statements"]],
        ),
        Part(
            _("The documents as they stood"),
            _("No document was approved yet."),
            [
                Line(
                    f"{each['artifact']} {artifact_name(each['artifact'])} {each['version']}",
                    who=each["approved_by"]["name"] if each["approved_by"] else "",
                    at=_moment(each["approved_at"]),
                    digest=each["digest"],
                )
                for each in body["documents"]
            ],
        ),
        Part(
            _("Who was asked: everybody with a role on that day"),
            _("Nobody held a role."),
            [
                Line(role_name(each["role"]), ", ".join(person["name"] for person in each["people"]))
                for each in body["asked"]
            ],
        ),
    ]


def _line(said: Mapping[str, Any], what: str, words: str) -> Line:
    return Line(what, words, said["by"]["name"], _moment(said["at"]), said.get("digest", ""))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
