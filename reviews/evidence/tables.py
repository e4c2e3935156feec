"""The rows of a pack's tables. Each function gives a header and rows; cells are made safe when they are written."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from projects import traceability as tracing
from projects.catalog.artifacts import ARTIFACT_KINDS
from projects.catalog.roles import role_name
from projects.catalog.stages import STAGES
from projects.catalog.statements import STATEMENTS
from projects.checks.statements import Board
from projects.models import ArtifactVersion, LedgerEntry, OutcomeConfirmation, Project, StageExit, User
from projects.registers import Register

Table = tuple[list[str], Iterable[list[Any]]]


def stored_name(version: ArtifactVersion) -> str:
    """Name of an artifact's file inside the pack: kind and version, with the original ending if it is a plain one."""
    ending = version.filename.rpartition(".")[2].lower() if "." in version.filename else ""
    ending = ending if ending.isalnum() and len(ending) <= 8 and ending.isascii() else "bin"
    if version.medium != ArtifactVersion.Medium.FILE:
        ending = "txt"
    return f"artifacts/{version.artifact.kind}-{version.number:03}.{ending}"


def timeline(project: Project) -> Table:
    rows: list[list[Any]] = [["project", "registered", project.planned_start, project.created_at, project.created_by]]
    for outside in project.stageoutsides.select_related("created_by"):
        text = f"run outside the system: {outside.reason}"
        rows.append([outside.stage, text, "", outside.created_at, outside.created_by])
    for run in project.stage_runs.order_by("id"):
        rows.append([run.stage, f"started, iteration {run.iteration}", "", run.started_at, ""])
        if run.ended_at:
            rows.append([run.stage, f"ended, iteration {run.iteration}", "", run.ended_at, ""])
    for answer in OutcomeConfirmation.objects.filter(run__project=project).select_related("by", "run").order_by("id"):
        said = "confirmed" if answer.confirmed else "not confirmed"
        rows.append([answer.run.stage, f"outcome {answer.outcome} {said}: {answer.evidence}", "", answer.at, answer.by])
    for opened in project.gate_passes.select_related("opened_by", "revoked_by").order_by("id"):
        rows.append([opened.gate, f"gate opened by {opened.review_ref}", "", opened.opened_at, opened.opened_by])
        if opened.revoked_at:
            text = f"gate closed ({opened.review_ref}): {opened.revoked_reason}"
            rows.append([opened.gate, text, "", opened.revoked_at, opened.revoked_by])
    if project.closed_at:
        rows.append(["project", "closed", project.planned_end, project.closed_at, ""])
    return ["stage", "event", "planned", "actual", "actor"], rows


def register(of: Register, project: Project) -> Table:
    """The rows of a register as its page shows them."""
    rows = ([column.value(row) for column in of.columns] for row in of.rows(project))
    return [str(column.label) for column in of.columns], rows


def roles(project: Project) -> Table:
    rows = (
        [
            role.role,
            role_name(role.role),
            role.user,
            role.starts_on,
            role.ends_on,
            role.acknowledged_at,
            role.assigned_by,
        ]
        for role in project.roles.select_related("user", "assigned_by").order_by("id")
    )
    return ["role", "role_name", "person", "from", "to", "acknowledged_at", "assigned_by"], rows


def versions_of(project: Project) -> "QuerySet[ArtifactVersion]":
    return (
        ArtifactVersion.objects.filter(artifact__project=project)
        .select_related("artifact__owner", "author", "approved_by")
        .order_by("artifact__kind", "number")
    )


def artifacts(project: Project) -> Table:
    header = ["id", "title", "version", "author", "created_at", "status", "approved_by", "approved_at", "na_reason"]
    header += ["na_asked_by", "na_consented_by", "medium", "file_name", "size_bytes", "sha256", "file"]

    def rows() -> Iterator[list[Any]]:
        for version in versions_of(project):
            kind = version.artifact.kind
            yield [
                kind,
                ARTIFACT_KINDS[kind].name,
                version.label,
                version.author,
                version.created_at,
                version.status,
                version.approved_by,
                version.approved_at,
                "",
                "",
                "",
                version.medium,
                version.filename,
                version.size,
                version.digest,
                stored_name(version),
            ]
        absent = project.artifacts.filter(status="not_applicable").select_related("na_requested_by", "na_consented_by")
        for artifact in absent.order_by("kind"):
            people = [artifact.na_requested_by, artifact.na_consented_by]
            name = ARTIFACT_KINDS[artifact.kind].name
            yield [artifact.kind, name, "", "", "", artifact.status, "", "", artifact.na_reason, *people] + [""] * 5

    return header, rows()


def requirements(project: Project) -> Table:
    rows = (
        [requirement.ref, requirement.kind, requirement.text, requirement.created_by, requirement.created_at]
        for requirement in project.requirements.select_related("created_by").order_by("id")
    )
    return ["ref", "kind", "requirement", "recorded_by", "recorded_at"], rows


def statements(project: Project) -> Table:
    """Every signature under a statement; the last column says whether it is on what the statement is about now."""
    current = {
        each.signed.pk for standing in Board(project).standings for each in standing.sides if each.signed is not None
    }
    rows = (
        [
            STATEMENTS[given.topic].title,
            STATEMENTS[given.topic].text,
            given.side,
            given.printed_name,
            given.created_by_id,
            role_name(given.role),
            given.created_at,
            given.method,
            given.comment,
            given.digest,
            "valid" if given.pk in current else "superseded",
        ]
        for given in project.statements.order_by("id")
    )
    header = ["statement", "text", "side", "printed_name", "user_id", "role_at_signing", "signed_at", "method"]
    return [*header, "comment", "sha256", "state"], rows


def traceability(project: Project) -> Table:
    """Each pair of requirement and feature, and what is loose on either side."""
    return list(tracing.COLUMNS), (list(line) for line in tracing.lines(tracing.matrix(project)))


def people(users: Iterable[User]) -> Table:
    rows = (
        [user.pk, user.name, user.unit, user.job_title, "active" if user.is_active else "disabled"]
        for user in sorted(users, key=lambda user: user.pk)
    )
    return ["id", "printed_name", "unit", "job", "account"], rows


def audit_trail(entries: "QuerySet[LedgerEntry]") -> Table:
    header = ["seq", "recorded_at", "occurred_at", "actor", "source", "event", "object_type", "object_id"]
    rows = (
        [
            entry.seq,
            entry.recorded_at,
            entry.occurred_at,
            entry.actor,
            entry.source,
            entry.event,
            entry.object_type,
            entry.object_id,
            entry.correlation_id,
            entry.prev,
            entry.hash,
        ]
        for entry in entries.select_related("actor").iterator(chunk_size=2000)
    )
    return [*header, "correlation_id", "prev_digest", "digest"], rows


# --- One round -------------------------------------------------------------------------------------------------------


def stage_exits(project: Project) -> Table:
    """The light milestones that were decided, and the digest of what each was decided on (EXT-19)."""
    header = ["milestone", "stage", "passage", "decided_by", "decided_at", "digest"]
    kept = StageExit.objects.filter(run__project=project).select_related("run", "by").defer("body").order_by("id")
    rows = (
        [STAGES[row.run.stage].exit_milestone, row.run.stage, row.run.iteration, row.by, row.at, row.digest]
        for row in kept
    )
    return header, rows
