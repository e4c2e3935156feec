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
from reviews import signing
from reviews.models import Delegation, Participant, PollAnswer, Review

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
def participants(review: Review) -> Table:
    content = signing.content(review)

    def row(person: Participant) -> list[Any]:
        given = signing.signature_of(person, content)
        return [
            person.group,
            person.user,
            person.signs,
            person.asked_at,
            person.removed_at,
            person.recused_at,
            given.position if given else "",
        ]

    everyone = review.participants.model.objects.filter(review=review).select_related("user").order_by("group", "id")
    loaded = everyone.prefetch_related("sign_offs__packet")
    return ["group", "person", "signs", "asked_at", "removed_at", "recused_at", "position"], (
        row(person) for person in loaded
    )


def inputs(review: Review) -> Table:
    header = ["item", "artifact", "version", "sha256", "pinned_at", "pinned_by", "replaced_at"]
    rows = (
        [
            item.code,
            pin.version.artifact.kind,
            pin.version.label,
            pin.version.digest,
            pin.pinned_at,
            pin.pinned_by,
            pin.replaced_at,
        ]
        for item in review.items.all()
        for pin in item.pins.model.objects.filter(item=item)
        .select_related("version__artifact", "pinned_by")
        .order_by("id")
    )
    return header, rows


def stage_exits(project: Project) -> Table:
    """The light milestones that were decided, and the digest of what each was decided on (EXT-19)."""
    header = ["milestone", "stage", "passage", "decided_by", "decided_at", "digest"]
    kept = StageExit.objects.filter(run__project=project).select_related("run", "by").defer("body").order_by("id")
    rows = (
        [STAGES[row.run.stage].exit_milestone, row.run.stage, row.run.iteration, row.by, row.at, row.digest]
        for row in kept
    )
    return header, rows


def items(review: Review) -> Table:
    header = ["code", "section", "element", "wording", "class", "protected", "answer_number", "answer", "reason"]
    header += ["evidence", "evidence_versions", "assessor", "answered_at", "proposed_from", "counts", "source"]

    def rows() -> Iterator[list[Any]]:
        for item in review.items.all():
            start = [
                item.code,
                item.section,
                item.element,
                item.text,
                "must" if item.must else "should",
                item.protected,
            ]
            given = list(item.answers.all())
            if not given:
                yield [*start, "", "", "", "", "", "", "", "", "", item.source]
            for answer in given:
                versions = "; ".join(
                    f"{version.artifact.kind} {version.label} sha256:{version.digest}"
                    for version in answer.evidence_versions.all()
                )
                said = [
                    answer.number,
                    answer.value,
                    answer.reason,
                    answer.evidence,
                    versions,
                    answer.assessor,
                    answer.at,
                    answer.proposed_from,
                ]
                yield [*start, *said, answer == signing.current_answer(item), item.source]

    return header, rows()


def waivers(review: Review) -> Table:
    header = ["item", "reason", "risk", "compensating_measure", "requested_by", "requested_at", "approved_by"]
    header += ["approved_at", "refused_at", "expires_on"]
    rows = (
        [
            item.code,
            waiver.reason,
            waiver.risk,
            waiver.compensation,
            waiver.requested_by,
            waiver.requested_at,
            waiver.approved_by,
            waiver.approved_at,
            waiver.refused_at,
            waiver.expires_on,
        ]
        for item in review.items.all()
        for waiver in item.waivers.all()
    )
    return header, rows


def conditions(review: Review) -> Table:
    header = ["number", "condition", "consequence", "owner", "due_on", "closed_at", "closed_by", "closing_evidence"]
    header += ["moved_to", "moves"]
    rows = (
        [
            f"C-{row.number}",
            row.text,
            row.consequence,
            row.owner,
            row.due_on,
            row.closed_at,
            row.closed_by,
            row.closing_evidence,
            row.moved_to,
            "\n".join(
                f"{move.from_on} to {move.to_on} by {move.by} at {move.at:%Y-%m-%d %H:%M} UTC: {move.reason}"
                for move in row.moves.all()
            ),
        ]
        for row in review.conditions.select_related("owner", "closed_by")
        .prefetch_related("moves__by")
        .order_by("number")
    )
    return header, rows


def findings(review: Review) -> Table:
    header = ["number", "item", "document", "sha256", "location", "class", "finding", "requested_change", "owner"]
    header += ["due_on", "raised_by", "raised_at", "disposition", "disposition_text", "closed_by", "closed_at"]
    header += ["merged_into", "merged_by", "merged_at"]
    rows = (
        [
            str(row),
            row.item.code,
            f"{row.version.artifact.kind} {row.version.label}" if row.version else "",
            row.version.digest if row.version else "",
            row.location,
            row.category,
            row.text,
            row.requested_change,
            row.owner,
            row.due_on,
            row.raised_by,
            row.raised_at,
            row.state,
            row.disposition_text,
            row.closed_by,
            row.closed_at,
            row.merged_into,
            row.merged_by,
            row.merged_at,
        ]
        for row in review.findings.all()
    )
    return header, rows


def calls(review: Review) -> Table:
    """Each call to the meeting, with whom it went to."""
    calls = list(review.calls.select_related("by", "chair"))
    names = {
        person.pk: str(person) for person in User.objects.filter(pk__in={pk for row in calls for pk in row.people})
    }
    rows = (
        [
            row.sequence,
            row.starts_at,
            row.ends_at,
            row.place,
            row.chair,
            "; ".join(names[pk] for pk in row.people),
            row.cancelled,
            row.by,
            row.at,
        ]
        for row in calls
    )
    return ["sequence", "starts_at", "ends_at", "place", "chair", "people", "cancelled", "called_by", "called_at"], rows


def attendance(review: Review) -> Table:
    rows = (
        [row.user, row.how, row.delegate, row.delegation_id, row.by, row.at]
        for row in review.attendance.select_related("user", "by").order_by("id")
    )
    return [
        "person",
        "attendance",
        "delegate",
        "delegation_id",
        "declared_conflict",
        "recorded_by",
        "recorded_at",
    ], rows


def declarations(review: Review) -> Table:
    """What people said of the own interests: a conflict, which recused them, or none."""
    rows = ([row.user, row.text or "none", row.at] for row in review.declarations.all())
    return ["person", "conflict_of_interest", "declared_at"], rows


def readiness(review: Review) -> Table:
    """Answers of the readiness polls that are closed; those of an open one are shown to nobody."""
    said = PollAnswer.objects.filter(poll__review=review, poll__closed_at__isnull=False)
    rows = (
        [row.poll_id, row.poll.closed_at, row.user, row.value, row.text, row.at]
        for row in said.select_related("poll", "user").order_by("poll_id", "id")
    )
    return ["poll", "closed_at", "person", "readiness", "why", "answered_at"], rows


def confidence(review: Review) -> Table:
    rows = ([row.level, row.reasons, row.by, row.at] for row in review.confidence.select_related("by").order_by("id"))
    return ["level", "reasons", "judged_by", "judged_at"], rows


def delegations(review: Review) -> Table:
    """Who was lent whose signature, for how long and why; what was signed by it names its id."""
    header = ["delegation_id", "group", "person", "delegate", "from", "until", "reason", "granted_at", "revoked_at"]
    rows = (
        [
            lent.pk,
            lent.participant.group,
            lent.participant.user,
            lent.delegate,
            lent.starts_at,
            lent.ends_at,
            lent.reason,
            lent.granted_at,
            lent.revoked_at,
            lent.revoked_by,
        ]
        for lent in Delegation.objects.filter(participant__review=review)
        .select_related("participant__user", "delegate", "revoked_by")
        .order_by("id")
    )
    return [*header, "revoked_by"], rows


def remediation(review: Review) -> Table:
    header = ["number", "area", "items", "effort_person_days", "owner", "due_on", "done_at", "done_by", "done_note"]
    rows = (
        [
            f"REM-{row.number:02}",
            row.area,
            ", ".join(sorted(item.code for item in row.items.all())),
            row.effort_days,
            row.owner,
            row.due_on,
            row.done_at,
            row.done_by,
            row.done_note,
        ]
        for row in review.remediation.select_related("owner", "done_by").prefetch_related("items").order_by("number")
    )
    return header, rows
