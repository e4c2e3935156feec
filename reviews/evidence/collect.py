"""Everything that a project's pack holds, file by file, each as a stream of bytes."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from projects import ledger
from projects.catalog.categories import PROFILES, required_artifacts
from projects.facts import ProjectFacts
from projects.models import ArtifactVersion, LedgerEntry, Project, StageExit, User
from projects.registers import REGISTERS
from reviews import additions, minutes, signing, terms
from reviews.catalog import VERSION
from reviews.evidence import pdf, round_tables, signatures, tables
from reviews.models import Delegation, Minutes, Review

CHUNK = 64 * 1024


@dataclass(frozen=True)
class PackFile:
    """One file of the pack; `chunks` is called once and read to its end."""

    name: str
    chunks: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Head:
    """Where the project's chain stood when the pack was made."""

    stream: str
    count: int
    hash: str
    recorded_at: datetime


def head(project: Project) -> Head:
    """The last entry of the project's chain. Raises: LedgerEntry.DoesNotExist for a project without a record."""
    last = LedgerEntry.objects.filter(stream__project=project).order_by("seq").last()
    if last is None:
        raise LedgerEntry.DoesNotExist(f"{project.code} has no ledger")
    return Head(ledger.stream_key(project), last.seq, last.hash, last.recorded_at)


def cell(value: Any) -> str:
    """A value as a CSV cell: times in UTC, no floats, nothing that a spreadsheet takes for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return ledger.utc(value)
        case date():
            return value.isoformat()
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def as_csv(table: tables.Table) -> Iterator[bytes]:
    header, rows = table
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def as_json(value: Any) -> Iterator[bytes]:
    yield (json.dumps(ledger.plain(value), sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()


def _stored(version: ArtifactVersion) -> Iterator[bytes]:
    if version.medium != ArtifactVersion.Medium.FILE:
        yield (version.url or version.text).encode()
        return
    with version.file.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _project_facts(project: Project) -> dict[str, Any]:
    history = [
        {
            "at": entry["at"],
            "by": entry["actor"],
            "before": entry["before"],
            "after": entry["after"],
            "reason": entry["reason"],
        }
        for entry in (
            json.loads(line)
            for line in LedgerEntry.objects.filter(stream__project=project, event="project.recategorised")
            .order_by("seq")
            .values_list("line", flat=True)
        )
    ]
    return {
        "code": project.code,
        **ProjectFacts.of(project).as_dict(),
        "stage": project.stage,
        "status": project.status,
        "status_reason": project.status_reason,
        "created_at": project.created_at,
        "created_by": project.created_by,
        "closed_at": project.closed_at,
        "plan_approved_at": project.plan_approved_at,
        "release_ready_at": project.release_ready_at,
        "release_valid_until": project.release_valid_until,
        "category_history": history,
    }


def _policy(project: Project, reviews: list[Review]) -> dict[str, Any]:
    profile = PROFILES[project.category]
    return {
        "catalog_version": VERSION,
        "catalog_version_by_round": {review.ref: review.catalog_version for review in reviews},
        "rules_by_round": {review.ref: terms.as_plain(terms.of(review), review.policy) for review in reviews},
        "own_questions_by_round": {
            review.ref: [additions.as_plain(row) for row in additions.asked(item.code for item in review.items.all())]
            for review in reviews
        },
        "category": project.category,
        "second_factor": profile.second_factor,
        "portfolio_review": profile.portfolio_review,
        "required_artifacts": {
            gate: required_artifacts(
                project.category,
                gate,
                conversion_applies=project.conversion_applies,
                role_segregation=project.role_segregation,
            )
            for gate in profile.artifacts
        },
        "signer_groups": {"ppa": profile.ppa.signer_groups, "rr": profile.rr.signer_groups},
        "dropped": [{"what": what, "why": why} for what, why in profile.dropped],
    }


def _people(project: Project, reviews: list[Review]) -> set[User]:
    """Everybody who acted, held a role or took part."""
    acted = LedgerEntry.objects.filter(stream__project=project, actor__isnull=False).values("actor")
    ids = {row["actor"] for row in acted.distinct()}
    ids |= set(project.roles.values_list("user", flat=True))
    ids |= set(Delegation.objects.filter(participant__review__in=reviews).values_list("delegate", flat=True))
    for review in reviews:
        ids |= {
            review.chair_id,
            *review.participants.model.objects.filter(review=review).values_list("user", flat=True),
        }
    return set(User.objects.filter(pk__in=ids))


def _review_facts(review: Review) -> dict[str, Any]:
    names = [
        "ref",
        "kind",
        "round",
        "mode",
        "state",
        "category",
        "catalog_version",
        "candidate",
        "chair",
        "scheduled_for",
        "place",
        "agenda",
        "created_at",
        "created_by",
        "convened_at",
        "convened_by",
        "sign_offs_requested_at",
        "sign_off_due_at",
        "decision",
        "decision_reason",
        "risks_acceptable",
        "decision_digest",
        "decision_method",
        "decided_at",
        "decided_by",
        "next_review_on",
    ]
    return {**{name: getattr(review, name) for name in names}, "policy_version": terms.of(review).number}


def _text(body: str) -> Iterator[bytes]:
    return iter([body.encode()])


def _csv_of(table: Callable[..., tables.Table], *about: Any) -> Iterator[bytes]:
    return as_csv(table(*about))


def _round_files(review: Review) -> Iterator[PackFile]:
    folder = f"06_reviews/{review.ref}"
    yield PackFile(f"{folder}/review.json", lambda: as_json(_review_facts(review)))
    for name, table in (
        ("participants", round_tables.participants),
        ("inputs", round_tables.inputs),
        ("items", round_tables.items),
        ("waivers", round_tables.waivers),
        ("conditions", round_tables.conditions),
        ("findings", round_tables.findings),
        ("calls", round_tables.calls),
        ("attendance", round_tables.attendance),
        ("conflicts_of_interest", round_tables.declarations),
        ("delivery_confidence", round_tables.confidence),
        ("readiness_polls", round_tables.readiness),
        ("delegations", round_tables.delegations),
        ("remediation", round_tables.remediation),
        ("signatures", signatures.table),
    ):
        yield PackFile(f"{folder}/{name}.csv", partial(_csv_of, table, review))
    kept = Minutes.objects.filter(review=review).values_list("body", flat=True).first()
    if kept is not None:
        yield PackFile(f"{folder}/minutes.json", partial(_text, kept))
        yield PackFile(f"{folder}/minutes.txt", lambda: iter([minutes.as_text(json.loads(kept)).encode()]))
    bodies = dict(review.packets.order_by("id").values_list("digest", "body"))
    content = signing.content(review)
    if bodies and content.digest not in bodies:  # changed by no action: what signatures are measured by is there too
        bodies[content.digest] = content.body
    for digest, body in bodies.items():
        # The very bytes that were signed: their SHA-256 is the digest in signatures.csv and in the name.
        yield PackFile(f"{folder}/packets/{digest}.jsonl", partial(_text, body))
    if bodies:
        yield PackFile(f"{folder}/standing.txt", lambda: iter([signatures.standing(review, content).encode()]))


def files(project: Project) -> Iterable[PackFile]:
    """The pack's files in their order, the manifest and the seal aside."""
    reviews = signing.loaded(project.reviews.order_by("kind", "round"))
    entries = LedgerEntry.objects.filter(stream__project=project).order_by("seq")
    yield PackFile("00_summary.pdf", lambda: iter([pdf.summary(project, reviews, head(project))]))
    yield PackFile("01_project.json", lambda: as_json(_project_facts(project)))
    yield PackFile("02_timeline.csv", partial(_csv_of, tables.timeline, project))
    yield PackFile("03_roles.csv", partial(_csv_of, tables.roles, project))
    yield PackFile("04_artifacts.csv", partial(_csv_of, tables.artifacts, project))
    yield PackFile("05_requirements.csv", partial(_csv_of, tables.requirements, project))
    yield PackFile("05_requirements_traceability.csv", partial(_csv_of, tables.traceability, project))
    for name, register in REGISTERS.items():
        yield PackFile(f"registers/{name}.csv", partial(_csv_of, tables.register, register, project))
    yield PackFile("13_statements.csv", partial(_csv_of, tables.statements, project))
    for digest, body in project.statements.order_by("digest").values_list("digest", "body").distinct():
        yield PackFile(f"statements/{digest}.json", partial(_text, body))
    yield PackFile("14_stage_exits.csv", partial(_csv_of, tables.stage_exits, project))
    for exit_ in StageExit.objects.filter(run__project=project).select_related("run"):
        name = f"stage_exits/{exit_.run.stage}-{exit_.run.iteration}.json"
        yield PackFile(name, partial(_text, exit_.body))
    for review in reviews:
        yield from _round_files(review)
    yield PackFile("15_audit_trail.csv", partial(_csv_of, tables.audit_trail, entries))
    yield PackFile("16_policy_snapshot.json", lambda: as_json(_policy(project, reviews)))
    yield PackFile("17_people.csv", lambda: as_csv(tables.people(_people(project, reviews))))
    for version in tables.versions_of(project):
        yield PackFile(tables.stored_name(version), partial(_stored, version))
    lines = entries.values_list("line", flat=True)
    yield PackFile("ledger.jsonl", lambda: (line.encode() for line in lines.iterator(chunk_size=2000)))
