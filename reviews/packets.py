"""The packet: exactly what a signer is shown, as canonical bytes and their digest. No views, no clock.

Everything that a signature covers is in it and nothing else: the questions with their answers and evidence, the pinned
artifact versions (and which version is newest, so that a newer one shows), waivers, conditions, findings, the people
named. Outputs are recorded after the decision and stand outside.

It is written line by line. Each line says first which groups it concerns; the lines of a group, with those that concern
everybody, are its *part*. A signature stands while the part of its group is what it was.
See docs/decisions/selective-re-sign.md.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from projects.catalog.roles import ALL_ROLES
from projects.digests import digest as sha256
from projects.digests import plain
from reviews.catalog import REVIEW_TYPES
from reviews.catalog.owners import concerned
from reviews.models import (
    Finding,
    ItemAnswer,
    PinnedInput,
    Review,
    ReviewKind,
    Section,
    Waiver,
)
from reviews.said import current_answer, current_waiver, newest_version

TYPE = "deliverops/packet/2"
ALL = "all"
# What a packet is made of, in the order of its lines, and what a row of each is called.
HEADS = ("project", "review")
ROWS = {
    "items": "item",
    "conditions": "condition",
    "findings": "finding",
    "participants": "participant",
    "accountabilities": "accountability",
}
Groups = tuple[str, ...]
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode


@dataclass(frozen=True)
class Content:
    """What a round holds now, or held when it was decided: the digest of the whole and of each signing group's part.

    Args:
        parts: by group; a packet from before there were parts has none: there the whole concerns everybody.
        body: the canonical bytes; empty where only digests were asked for.
    """

    digest: str
    parts: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @classmethod
    def of(cls, body: str) -> "Content":
        named = [line.values for line in lines(body) if line.kind == "participants"] if _is_lined(body) else []
        groups = sorted({person["group"] for person in named if person["signs"]})
        return cls(sha256(body), {group: sha256(part(body, group)) for group in groups}, body)

    def part(self, group: str) -> str:
        """SHA-256 (hex) of what concerns this group."""
        return self.parts.get(group, self.digest)


@dataclass(frozen=True)
class Line:
    """One line of a packet.

    Args:
        kind: as in the packet's values: items, participants, ...
    """

    groups: Groups
    kind: str
    values: Any


def canonical_body(review: Review) -> str:
    """The packet's canonical bytes: lines of JSON; their SHA-256 is what a signature names."""
    values = build(review)
    signing = {person["group"] for person in values["participants"] if person["signs"]}
    told: list[tuple[Groups, str, Any]] = [((ALL,), "type", values["type"])]
    told += [((ALL,), head, values[head]) for head in HEADS]
    told += [
        (_groups_of(kind, row, values["review"]["kind"], signing), name, row)
        for kind, name in ROWS.items()
        for row in values.get(kind, ())  # only a review of a plan names accountabilities
    ]
    # `for` first, so that it stands at the beginning of the line and `grep` finds it.
    return "".join(f'{{"for":{_canonical(groups)},{_canonical({name: row})[1:]}\n' for groups, name, row in told)


def lines(body: str) -> Iterator[Line]:
    """A packet's lines; of one from before there were lines, its rows, each for everybody."""
    if not _is_lined(body):
        yield from _rows_of(json.loads(body))
        return
    kinds = {name: kind for kind, name in ROWS.items()}
    for text in body.split("\n")[:-1]:
        line = json.loads(text)
        groups = tuple(line.pop("for"))
        name, values = line.popitem()
        yield Line(groups, kinds.get(name, name), values)


def _rows_of(values: Mapping[str, Any]) -> Iterator[Line]:
    for kind, held in values.items():
        for row in held if kind in ROWS else (held,):
            yield Line((ALL,), kind, row)


def read(body: str) -> dict[str, Any]:
    """The packet's values, as `build` gave them, whatever type of packet it is."""
    values: dict[str, Any] = {"items": [], "conditions": [], "findings": [], "participants": []}
    for line in lines(body):
        if line.kind in ROWS:
            values.setdefault(line.kind, []).append(line.values)
        else:
            values[line.kind] = line.values
    return values


def part(body: str, group: str) -> str:
    """The canonical bytes of what concerns this group: its lines and those for everybody, in their order."""
    if not _is_lined(body):
        return body
    marks = (f'"{ALL}"', f'"{group}"')
    kept = (line for line in body.split("\n")[:-1] if any(mark in line.partition("]")[0] for mark in marks))
    return "".join(f"{line}\n" for line in kept)


def _is_lined(body: str) -> bool:
    return body.startswith('{"for":')


def _groups_of(kind: str, row: Mapping[str, Any], review_kind: str, signing: set[str]) -> Groups:
    """Whom the row concerns: an item and its findings the groups that answer for it, all else everybody.

    Where nobody of these groups signs, everybody is concerned: nothing stands in a packet that no signature covers.
    """
    code = row["code"] if kind == "items" else row["item"] if kind == "findings" else ""
    groups = concerned(review_kind, code)
    return groups if signing.intersection(groups) else (ALL,)


def _person(user: Any) -> dict[str, Any]:
    return {"id": user.pk, "name": str(user)}


def _pin(pin: PinnedInput) -> dict[str, Any]:
    version, newest = pin.version, newest_version(pin)
    return {
        "artifact": version.artifact.kind,
        "version": version.label,
        "digest": version.digest,
        "status": version.status,
        "newest_version": newest.label,
        "newest_digest": newest.digest,
    }


def _answer(answer: ItemAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "number": answer.number,
        "value": answer.value,
        "reason": answer.reason,
        "evidence": answer.evidence,
        "versions": [
            {"artifact": version.artifact.kind, "version": version.label, "digest": version.digest}
            for version in sorted(answer.evidence_versions.all(), key=lambda v: v.pk)
        ],
        "assessor": _person(answer.assessor),
        "at": answer.at,
        **({"carried_from": answer.carried_from} if answer.carried_from else {}),
        **({"proposed_from": answer.proposed_from} if answer.proposed_from else {}),
    }


def _waiver(waiver: Waiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {
        "reason": waiver.reason,
        "risk": waiver.risk,
        "compensation": waiver.compensation,
        "expires_on": waiver.expires_on,
        "requested_by": _person(waiver.requested_by),
        "approved_by": _person(waiver.approved_by) if waiver.approved_by else None,
        "approved_at": waiver.approved_at,
    }


def _accountabilities(review: Review) -> list[dict[str, Any]]:
    """Who owns the project and who answers for what, by name (SEED-68)."""
    held: dict[str, list[dict[str, Any]]] = {}
    for assignment in sorted(review.project.roles.all(), key=lambda each: each.pk):
        if assignment.ends_on is None:
            held.setdefault(assignment.role, []).append(_person(assignment.user))
    known = [*(role for role in ALL_ROLES if role in held), *sorted(role for role in held if role not in ALL_ROLES)]
    return [{"role": role, "people": held[role]} for role in known]


def _finding(finding: Finding) -> dict[str, Any]:
    version = finding.version
    return {
        "number": finding.number,
        "item": finding.item.code,
        "document": {"artifact": version.artifact.kind, "version": version.label, "digest": version.digest}
        if version
        else None,
        "location": finding.location,
        "category": finding.category,
        "text": finding.text,
        "requested_change": finding.requested_change,
        "owner": _person(finding.owner) if finding.owner else None,
        "due_on": finding.due_on,
        "raised_by": _person(finding.raised_by),
        "raised_at": finding.raised_at,
        "settled": {  # goes on after the decision
            "state": finding.state,
            "text": finding.disposition_text,
            "by": _person(finding.closed_by) if finding.closed_by else None,
            "at": finding.closed_at,
            "merged_into": finding.merged_into.number if finding.merged_into else None,
        },
    }


def build(review: Review) -> dict[str, Any]:
    """What a signer of this round signs now, as plain values.

    Args:
        review: as `signing.load` or `signing.loaded` give it; anything else costs queries.
    """
    project = review.project
    kind = REVIEW_TYPES[review.kind]
    body = {
        "type": TYPE,
        "project": {
            "id": project.pk,
            "code": project.code,
            "title": project.title,
            "project_type": project.project_type,
            "category": project.category,
            "conversion_applies": project.conversion_applies,
        },
        "review": {
            "id": review.pk,
            "ref": review.ref,
            "kind": review.kind,
            "round": review.round,
            "mode": review.mode,
            "category": review.category,
            "candidate": review.candidate,
            "catalog_version": review.catalog_version,
            **({"policy_version": review.policy.number} if review.policy else {}),  # else the catalogue's own: 1
            "chair": _person(review.chair),
            "question": kind.question,
            "statement": kind.statement,
        },
        "items": [
            {
                "code": item.code,
                "section": item.section,
                "element": item.element,
                "text": item.text,
                "must": item.must,
                "protected": item.protected,
                "pins": [_pin(pin) for pin in item.pins.all()],
                "answer": _answer(current_answer(item)),
                "waiver": _waiver(current_waiver(item)),
            }
            for item in review.items.all()
            if item.section != Section.OUTPUT
        ],
        "conditions": [
            {
                "number": condition.number,
                "text": condition.text,
                "consequence": condition.consequence,
                "owner": _person(condition.owner),
                "due_on": condition.due_on,
            }
            for condition in review.conditions.all()
        ],
        "findings": [_finding(finding) for finding in review.findings.all()],
        "participants": [
            {
                "group": person.group,
                "person": _person(person.user),
                "signs": person.signs,
                **({"recused": True} if person.recused_at else {}),
            }
            for person in review.participants.all()
        ],
    }
    if review.kind == ReviewKind.PPA:
        body["accountabilities"] = _accountabilities(review)
    values: dict[str, Any] = plain(body)
    return values
