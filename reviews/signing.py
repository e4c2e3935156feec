"""The packet: exactly what a signer is shown, as canonical bytes and their digest. No views, no clock.

Everything that a signature covers is in it and nothing else: the questions with their answers and evidence, the pinned
artifact versions (and which version is newest, so that a newer one shows), waivers, conditions, findings, the people
named.
Outputs are recorded after the decision and stand outside.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from projects import ledger
from projects.catalog.artifacts import artifact_name
from projects.catalog.roles import ALL_ROLES, role_name
from projects.models import ArtifactStatus, ArtifactVersion, RoleAssignment
from reviews.catalog import REVIEW_TYPES
from reviews.models import (
    Answer,
    Attendance,
    Condition,
    Declaration,
    Delegation,
    Disposition,
    Finding,
    FindingClass,
    ItemAnswer,
    Packet,
    Participant,
    PinnedInput,
    Review,
    ReviewItem,
    ReviewKind,
    ReviewState,
    Section,
    SignOff,
    Waiver,
)

TYPE = "deliverops/packet/1"


_PEOPLE = ("project", "policy__approved_by", "chair", "decided_by", "convened_by", "created_by")


def loaded(reviews: "QuerySet[Review]") -> "QuerySet[Review]":
    """The same reviews with all that a packet, the gate and the room read: a fixed number of queries for any number."""
    return reviews.select_related(*_PEOPLE).prefetch_related(
        Prefetch("items", with_content(ReviewItem.objects.all())),
        Prefetch("conditions", Condition.objects.select_related("owner", "closed_by", "created_by")),
        Prefetch("findings", _findings()),
        Prefetch("declarations", _declared()),
        Prefetch("attendance", Attendance.objects.select_related("delegation__delegate").order_by("id")),
        Prefetch("participants", _named()),
        # A packet's bytes are large and read one at a time: whoever needs them asks for them.
        Prefetch(
            "participants__sign_offs",
            SignOff.objects.select_related("packet").defer("packet__body").order_by("id"),
        ),
        Prefetch("project__roles", RoleAssignment.objects.filter(ends_on__isnull=True).select_related("user")),
    )


def with_content(items: "QuerySet[ReviewItem]") -> "QuerySet[ReviewItem]":
    """The same items with what was said of each and the versions that it stands on now."""
    versions = ArtifactVersion.objects.only(
        "id", "artifact_id", "number", "label", "digest", "status", "created_at"
    ).order_by("number")
    return items.prefetch_related(
        Prefetch("answers", ItemAnswer.objects.select_related("assessor").order_by("number")),
        Prefetch("answers__evidence_versions", ArtifactVersion.objects.select_related("artifact")),
        Prefetch(
            "pins",
            PinnedInput.objects.filter(replaced_at__isnull=True).select_related("version__artifact", "version__author"),
        ),
        Prefetch("pins__version__artifact__versions", versions),
        Prefetch("waivers", Waiver.objects.select_related("requested_by", "approved_by").order_by("id")),
    )


def _named() -> "QuerySet[Participant]":
    there = Participant.objects.filter(removed_at__isnull=True)
    lent = Delegation.objects.select_related("delegate", "revoked_by").order_by("id")
    return there.select_related("user").prefetch_related(Prefetch("delegations", lent)).order_by("group", "id")


def _declared() -> "QuerySet[Declaration]":
    return Declaration.objects.select_related("user").order_by("id")


def _findings() -> "QuerySet[Finding]":
    people = ("owner", "raised_by", "closed_by", "merged_by")
    found = Finding.objects.select_related(*people, "item", "version__artifact", "merged_into")
    return found.defer("version__text").order_by("number")


def load(review_id: int) -> Review:
    """One review with all of it. Raises: Review.DoesNotExist."""
    return loaded(Review.objects.filter(pk=review_id)).get()


def load_people(review_id: int) -> Review:
    """One review with who takes part; whatever else is asked of it is read then. Raises: Review.DoesNotExist."""
    people = Prefetch("participants", _named()), Prefetch("declarations", _declared())
    return Review.objects.select_related(*_PEOPLE).prefetch_related(*people).get(pk=review_id)


def item_of(review: Review, code: str) -> ReviewItem | None:
    """One item of the round with its content, in a few queries for any number of items."""
    return with_content(review.items.filter(code=code)).first()


def current_answer(item: ReviewItem) -> ItemAnswer | None:
    """The newest answer; earlier ones stay in the history. None when nobody has answered, or it is asked again."""
    answers = list(item.answers.all())
    return answers[-1] if answers and answers[-1].value != Answer.ASKED_AGAIN else None


def current_waiver(item: ReviewItem) -> Waiver | None:
    """The newest waiver asked for or approved; one that was refused is none."""
    return next((waiver for waiver in reversed(list(item.waivers.all())) if waiver.refused_at is None), None)


def is_waived(item: ReviewItem, today: date) -> bool:
    """Whether an approved waiver stands in for the item on this day."""
    waiver = current_waiver(item)
    return waiver is not None and waiver.approved_at is not None and waiver.expires_on >= today and not item.protected


def newest_version(pin: PinnedInput) -> ArtifactVersion:
    """The newest version of the artifact that is pinned."""
    return list(pin.version.artifact.versions.all())[-1]


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
        review: as `load` or `loaded` give it; anything else costs queries.
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
    plain: dict[str, Any] = ledger.plain(body)
    return plain


def canonical_body(review: Review) -> str:
    """The packet's canonical JSON; its SHA-256 is what a signature names."""
    return ledger.canonical(build(review))


def packet_digest(review: Review) -> str:
    """SHA-256 (hex) of the packet as it is now; of a decided round, of the packet that was decided on."""
    if review.state == ReviewState.DECIDED:
        return review.decision_digest
    return ledger.digest(canonical_body(review))


def is_current(sign_off: SignOff, digest: str) -> bool:
    """Whether the signature still counts: derived, never a job that runs later."""
    return sign_off.packet.digest == digest


def signature_of(participant: Participant, digest: str) -> SignOff | None:
    """The participant's signature under the packet with this digest."""
    return next((sign for sign in participant.sign_offs.all() if sign.packet.digest == digest), None)


@dataclass(frozen=True)
class Change:
    """One difference between two packets, as a sentence's parts."""

    where: str
    before: str
    after: str


@dataclass
class Standing:
    """Who has signed the packet as it is now, and who has not."""

    digest: str
    signed: list[Participant] = field(default_factory=list)
    waiting: list[Participant] = field(default_factory=list)


def standing(review: Review) -> Standing:
    """Signers of this round, split by whether their signature counts now."""
    result = Standing(digest=packet_digest(review))
    for participant in review.participants.all():
        if participant.signs:
            bucket = result.signed if signature_of(participant, result.digest) else result.waiting
            bucket.append(participant)
    return result


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """What changed between two packets, in the order of the page."""
    found: list[Change] = []
    for part, name in (
        ("items", "code"),
        ("conditions", "number"),
        ("participants", "person"),
        ("accountabilities", "role"),
        ("findings", "number"),
    ):
        _compare_rows(part, name, old.get(part, []), new.get(part, []), found)
    for part in ("project", "review"):
        for key in sorted({*old.get(part, {}), *new.get(part, {})}):
            before, after = old.get(part, {}).get(key), new.get(part, {}).get(key)
            if before != after:
                found.append(Change(f"{part}.{key}", _words(before), _words(after)))
    return found


def _compare_rows(part: str, name: str, old: list[Any], new: list[Any], found: list[Change]) -> None:
    def keyed(rows: list[Any]) -> dict[str, Any]:
        return {row[name]["name"] if isinstance(row[name], dict) else str(row[name]): row for row in rows}

    before, after = keyed(old), keyed(new)
    labels = {
        "items": "",
        "conditions": _("condition") + " ",
        "participants": _("participant") + " ",
        "accountabilities": "",
        "findings": _("finding") + " ",
    }
    for key in [*before, *(key for key in after if key not in before)]:
        if before.get(key) != after.get(key):
            row = after.get(key) or before[key]
            where = f"{key} {row['text']}" if part == "items" else f"{labels[part]}{role_name(key)}"
            found.append(Change(where, _row(before.get(key)), _row(after.get(key))))


def _row(row: dict[str, Any] | None) -> str:
    if row is None:
        return _("nothing")
    if "code" in row:
        pins = ", ".join(
            f"{_version(pin)}, {ArtifactStatus(pin['status']).label}"
            + (f" ({_('newest')}: {pin['newest_version']})" if pin["newest_version"] != pin["version"] else "")
            for pin in row["pins"]
        )
        return "; ".join(part for part in (pins, _said(row["answer"]), _waived(row["waiver"])) if part) or _(
            "not answered"
        )
    if "people" in row:
        return ", ".join(person["name"] for person in row["people"])
    if "settled" in row:
        return _found(row)
    if "group" in row:
        if row.get("recused"):
            return _("recused: declared a conflict of interest")
        return _("signs") if row["signs"] else _("looks on")
    return "; ".join(_words(value) for key, value in row.items() if key != "number")


def _found(row: dict[str, Any]) -> str:
    """A finding in words: its class, what was found, who settles it until when, and how it stands."""
    settled = row["settled"]
    told = [
        str(FindingClass(row["category"]).label),
        row["text"],
        row["requested_change"],
        _words(row["owner"]),
        _words(row["due_on"]),
        _("merged into F-%(number)02d") % {"number": settled["merged_into"]}
        if settled["merged_into"]
        else str(Disposition(settled["state"]).label),
        settled["text"],
        _words(settled["by"]),
    ]
    return "; ".join(part for part in told if part)


def _version(document: dict[str, Any]) -> str:
    return f"{artifact_name(document['artifact'])} {document['version']}"


def _said(answer: dict[str, Any] | None) -> str:
    """The answer in words. Two answers that read alike still differ by who gave them and when."""
    if answer is None:
        return ""
    documents = ", ".join(_version(version) for version in answer["versions"])
    told = [str(Answer(answer["value"]).label), answer["reason"], answer["evidence"], documents]
    return " · ".join(
        [*(part for part in told if part), answer["assessor"]["name"], answer["at"][:16].replace("T", " ")]
    )


def _waived(waiver: dict[str, Any] | None) -> str:
    if waiver is None:
        return ""
    if waiver["approved_by"]:
        return _("waived by %(person)s until %(day)s") % {
            "person": waiver["approved_by"]["name"],
            "day": waiver["expires_on"],
        }
    return _("waiver asked for by %(person)s until %(day)s") % {
        "person": waiver["requested_by"]["name"],
        "day": waiver["expires_on"],
    }


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name", value))
    return "" if value is None else str(value)


def store(review: Review, body: str, now: Any) -> Packet:
    """The packet's bytes are kept, once."""
    return Packet.objects.get_or_create(
        review=review, digest=ledger.digest(body), defaults={"body": body, "created_at": now}
    )[0]


def changes_since(old_body: str, new_body: str) -> list[Change]:
    """What changed between two packets given as their canonical bytes."""
    return differences(json.loads(old_body), json.loads(new_body))


def local_time(sign_off: SignOff) -> str:
    """When it was signed, on the signer's own clock, ISO 8601 with offset; UTC where the zone is not known."""
    try:
        zone = ZoneInfo(sign_off.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return sign_off.signed_at.astimezone(zone).isoformat(timespec="seconds")
