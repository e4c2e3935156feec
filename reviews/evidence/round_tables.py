"""The rows of a pack's tables of one round. Each function gives a header and rows, as in `tables`."""

from collections.abc import Iterator
from typing import Any

from projects.models import User
from reviews import signing
from reviews.evidence.tables import Table
from reviews.models import Condition, Delegation, Participant, PollAnswer, Review


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
    header += ["moved_to", "moves", "taken_back_at", "taken_back_by", "taken_back_why"]
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
            row.taken_back_at,
            row.taken_back_by,
            row.taken_back_why,
        ]
        for row in Condition.ever.filter(review=review)
        .select_related("owner", "closed_by", "taken_back_by")
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
