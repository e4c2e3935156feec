"""The minutes of a round, made from the record: as values that are frozen, and as words for a page and for a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from projects import ledger
from reviews import agenda, delegating, meeting, signing, terms
from reviews.catalog import REVIEW_TYPES
from reviews.models import (
    Confidence,
    Decision,
    DeliveryConfidence,
    Disposition,
    FindingClass,
    Mode,
    Participant,
    PollAnswer,
    Position,
    Presence,
    Readiness,
    RemediationItem,
    Review,
)

TYPE = "deliverops/minutes/1"
Body = Mapping[str, Any]


def build(review: Review) -> dict[str, Any]:
    """Attendance, positions, findings, decision and conditions as they are now, as plain values (EXT-15).

    Args:
        review: as `signing.load` gives it.
    """
    packet, held = signing.build(review), meeting.quorum(review)
    body = {
        "type": TYPE,
        "project": {name: packet["project"][name] for name in ("code", "title")},
        "review": {
            **{name: packet["review"][name] for name in ("ref", "kind", "round", "mode", "candidate", "chair")},
            "policy": terms.as_plain(terms.of(review), review.policy),
            "own_questions": [
                {"code": item.code, "question": item.own[0], "version": item.own[1], "wording": item.text}
                for item in review.items.all()
                if item.own
            ],
            "scheduled_for": review.scheduled_for,
            "place": review.place,
        },
        "agenda": agenda.planned(review) if review.mode == Mode.MEETING else {},
        "attendance": _attendance(review),
        "declarations": [
            {"person": str(declared.user), "conflict": declared.text, "at": declared.at}
            for declared in review.declarations.all()
        ],
        "quorum": {
            "met": held.met,
            "chair": held.chair,
            "groups": [
                {"group": side.code, "met": side.met, "there": side.there, "wanted": side.wanted}
                for side in held.groups
            ],
        },
        "positions": _positions(review),
        "delegations": _delegations(review),
        "findings": packet["findings"],
        "conditions": packet["conditions"],
        "confidence": _confidence(review),
        "readiness": _readiness(review),
        "decision": _decision(review),
        "remediation": [
            {
                "number": row.number,
                "area": row.area,
                "effort_days": str(row.effort_days),
                "owner": str(row.owner),
                "due_on": row.due_on,
            }
            for row in RemediationItem.objects.filter(review=review).select_related("owner").order_by("number")
        ],
    }
    plain: dict[str, Any] = ledger.plain(body)
    return plain


def _attendance(review: Review) -> list[dict[str, Any]]:
    known = meeting.attendance(review)
    groups = {person.user_id: person.group for person in review.participants.all()}
    people = {person.user_id: person.user for person in review.participants.all()}
    people.setdefault(review.chair_id, review.chair)
    return [
        {
            "person": {"id": pk, "name": str(person)},
            "group": groups.get(pk, ""),
            "chair": pk == review.chair_id,
            "how": known[pk].how if pk in known else "",
            "delegate": known[pk].delegate if pk in known else "",
            "delegated": pk in known and known[pk].delegation_id is not None,
        }
        for pk, person in people.items()
    ]


def _positions(review: Review) -> list[dict[str, Any]]:
    content = signing.content(review)

    def row(person: Participant) -> dict[str, Any]:
        given = signing.signature_of(person, content)
        return {
            "person": {"id": person.user_id, "name": str(person.user)},
            "group": person.group,
            "signed_as": given.signed_as if given and given.on_behalf_of else "",
            "position": given.position if given else "",
            "comment": given.comment if given else "",
            "signed_at": given.signed_at if given else None,
        }

    return [row(person) for person in review.participants.all() if person.signs]


def _delegations(review: Review) -> list[dict[str, Any]]:
    return [
        {
            "person": str(lent.participant.user),
            "delegate": str(lent.delegate),
            "from": lent.starts_at,
            "until": lent.ends_at,
            "reason": lent.reason,
            "revoked_at": lent.revoked_at,
        }
        for lent in delegating.delegations(review)
    ]


def _confidence(review: Review) -> dict[str, Any] | None:
    last = DeliveryConfidence.objects.filter(review=review).select_related("by").order_by("id").last()
    if last is None:
        return None
    return {"level": last.level, "reasons": last.reasons, "by": str(last.by), "at": last.at}


def _readiness(review: Review) -> list[dict[str, Any]]:
    """Answers of the polls that are closed; of an open one nobody reads anything."""
    said = PollAnswer.objects.filter(poll__review=review, poll__closed_at__isnull=False).select_related("user")
    return [{"person": str(row.user), "value": row.value, "text": row.text} for row in said.order_by("poll_id", "id")]


def _decision(review: Review) -> dict[str, Any] | None:
    if not review.decision:
        return None
    return {
        "decision": review.decision,
        "reason": review.decision_reason,
        "by": str(review.decided_by),
        "at": review.decided_at,
        "method": review.decision_method,
        "packet": review.decision_digest,
        "next_review_on": review.next_review_on,
    }


@dataclass(frozen=True)
class Line:
    """One line of the minutes: what, what is said about it, and how it stands."""

    what: str
    said: str = ""
    state: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    lines: list[Line] = field(default_factory=list)


def parts(body: Body) -> list[Part]:
    """The minutes in words, part by part; a part without anything in it says so."""
    found = [
        Part(_("Decision"), _decided(body["decision"])),
        *_held(body),
        *_rules(body),
        *_own_questions(body),
        Part(_("Attendance"), [_attended(row, body["review"]["kind"]) for row in body["attendance"]]),
        Part(_("Declared about conflicts of interest"), [_declared(row) for row in body.get("declarations", [])]),
        Part(_("Quorum"), _quorum(body)),
        Part(_("Positions"), [_position(row, body["review"]["kind"]) for row in body["positions"]]),
        *([Part(_("Delegated signatures"), [_lent(row) for row in lent])] if (lent := body.get("delegations")) else []),
        Part(_("Findings"), [_finding(row) for row in body["findings"]]),
        Part(_("Conditions"), [_condition(row) for row in body["conditions"]]),
        Part(_("Delivery confidence"), _confident(body["confidence"])),
        *([Part(_("Readiness poll"), [_ready(row) for row in polled])] if (polled := body.get("readiness")) else []),
    ]
    if body["remediation"]:
        found.append(Part(_("Areas to address"), [_area(row) for row in body["remediation"]]))
    return [part if part.lines else Part(part.title, [Line(_("None."))]) for part in found]


def as_text(body: Body) -> str:
    """The minutes as a plain text file."""
    review = body["review"]
    lines = [f"{body['project']['code']} {body['project']['title']}", _title(review), ""]
    for part in parts(body):
        lines += [part.title, "-" * len(part.title)]
        for line in part.lines:
            lines.append("; ".join(each for each in (line.what, line.state, line.said) if each))
        lines.append("")
    return "\n".join(lines)


def _title(review: Body) -> str:
    held = [review["ref"], str(Mode(review["mode"]).label), review["candidate"]]
    held.append(_("chair: %(chair)s") % {"chair": review["chair"]["name"]})
    return ", ".join(part for part in held if part)


def _group(kind: str, code: str) -> str:
    return next((group.name for group in REVIEW_TYPES[kind].groups if group.code == code), code)


def _decided(decision: Body | None) -> list[Line]:
    if decision is None:
        return [Line(_("Not decided yet."))]
    told = _("%(person)s, %(at)s, on packet %(packet)s") % {
        "person": decision["by"],
        "at": _moment(decision["at"]),
        "packet": decision["packet"],
    }
    lines = [Line(told, decision["reason"], str(Decision(decision["decision"]).label))]
    if decision["next_review_on"]:
        lines.append(Line(_("Next look"), decision["next_review_on"]))
    return lines


def _held(body: Body) -> list[Part]:
    """When, where and by which agenda the round met; nothing for one that did not, or from before this was kept."""
    minutes, start = body.get("agenda"), body["review"]["scheduled_for"]
    if not minutes:
        return []
    when = [Line(_("Planned for"), state=_moment(start))] if start else []
    where = [Line(_("Place"), state=body["review"]["place"])] if body["review"]["place"] else []
    points = agenda.begun(minutes, datetime.fromisoformat(start) if start else None)
    told = [Line(point.title, state=_at(point)) for point in points]
    return (
        [Part(_("Meeting"), [*when, *where]), Part(_("Agenda"), told)] if when or where else [Part(_("Agenda"), told)]
    )


def _rules(body: Body) -> list[Part]:
    """Under which version of the rules the round was held; nothing in minutes from before this was kept."""
    held = body["review"].get("policy")
    if held is None:
        return []
    state = _("Version %(number)d") % {"number": held["version"]}
    if held["approved_by"] is None:
        return [Part(_("Rules"), [Line(_("As the catalogue delivers them"), state=state)])]
    told = _("Approved by %(person)s, %(at)s") % {
        "person": held["approved_by"]["name"],
        "at": _moment(held["approved_at"]),
    }
    return [Part(_("Rules"), [Line(told, held["reason"], state)])]


def _own_questions(body: Body) -> list[Part]:
    """Which version of each question of our own was asked."""
    asked = body["review"].get("own_questions", [])
    lines = [
        Line(f"{one['code']} {one['wording']}", state=_("Version %(number)d") % {"number": one["version"]})
        for one in asked
    ]
    return [Part(_("Questions of our own"), lines)] if lines else []


def _at(point: agenda.Point) -> str:
    lasts = _("%(minutes)d minutes") % {"minutes": point.minutes}
    return f"{point.starts_at.astimezone(UTC):%H:%M} UTC, {lasts}" if point.starts_at else lasts


def _attended(row: Body, kind: str) -> Line:
    places = [_("chair")] if row["chair"] else []
    places += [_group(kind, row["group"])] if row["group"] else []
    text = (
        _("delegate: %(name)s, to whom the signature is delegated") if row.get("delegated") else _("delegate: %(name)s")
    )
    said = [text % {"name": row["delegate"]}] if row["delegate"] else []
    state = str(Presence(row["how"]).label) if row["how"] else _("Not recorded")
    return Line(f"{row['person']['name']} ({', '.join(places)})", "; ".join(said), state)


def _declared(row: Body) -> Line:
    return Line(
        f"{row['person']}, {_moment(row['at'])}", row["conflict"], _("Recused") if row["conflict"] else _("None")
    )


def _quorum(body: Body) -> list[Line]:
    held, kind = body["quorum"], body["review"]["kind"]
    missing = [] if held["chair"] else [_("chair")]
    missing += [_side(kind, side) for side in held["groups"] if not side["met"]]
    if held["met"]:
        return [Line(_("The chair and every group that must be there took part."), state=_("Quorum met"))]
    return [Line(_("Missing: %(who)s") % {"who": ", ".join(missing)}, state=_("No quorum"))]


def _side(kind: str, side: Body) -> str:
    """The group's name, with the numbers where more than one was wanted."""
    name = _group(kind, side["group"])
    if side.get("wanted", 1) < 2:  # minutes from before numbers were kept wanted one
        return name
    return f"{name} ({side['there']}/{side['wanted']})"


def _position(row: Body, kind: str) -> Line:
    state = str(Position(row["position"]).label) if row["position"] else _("Not signed")
    name = row.get("signed_as") or row["person"]["name"]
    said = [_moment(row["signed_at"])] if row["signed_at"] else []
    return Line(
        f"{name} ({_group(kind, row['group'])})", "; ".join([*said, *([row["comment"]] * bool(row["comment"]))]), state
    )


def _lent(row: Body) -> Line:
    said = _("%(from)s to %(until)s; %(reason)s") % {
        "from": _moment(row["from"]),
        "until": _moment(row["until"]),
        "reason": row["reason"],
    }
    state = _("Revoked %(at)s") % {"at": _moment(row["revoked_at"])} if row["revoked_at"] else ""
    return Line(_("%(delegate)s for %(person)s") % {"delegate": row["delegate"], "person": row["person"]}, said, state)


def _finding(row: Body) -> Line:
    settled = row["settled"]
    owed = [str(FindingClass(row["category"]).label)]
    owed += [row["owner"]["name"]] if row["owner"] else []
    owed += [_("due %(day)s") % {"day": row["due_on"]}] if row["due_on"] else []
    state = (
        _("One case of F-%(number)02d") % {"number": settled["merged_into"]}
        if settled["merged_into"]
        else str(Disposition(settled["state"]).label)
    )
    return Line(
        f"F-{row['number']:02} {row['text']}", ", ".join([*owed, *([settled["text"]] * bool(settled["text"]))]), state
    )


def _condition(row: Body) -> Line:
    said = _("%(owner)s, due %(day)s; if it is missed: %(consequence)s") % {
        "owner": row["owner"]["name"],
        "day": row["due_on"],
        "consequence": row["consequence"],
    }
    return Line(f"C-{row['number']} {row['text']}", said)


def _confident(row: Body | None) -> list[Line]:
    if row is None:
        return []
    return [Line(f"{row['by']}, {_moment(row['at'])}", row["reasons"], str(Confidence(row["level"]).label))]


def _ready(row: Body) -> Line:
    return Line(row["person"], row["text"], str(Readiness(row["value"]).label))


def _area(row: Body) -> Line:
    said = _("%(days)s person-days, %(owner)s, due %(day)s") % {
        "days": row["effort_days"],
        "owner": row["owner"],
        "day": row["due_on"],
    }
    return Line(f"REM-{row['number']:02} {row['area']}", said)


def _moment(text: str) -> str:
    return f"{text[:16].replace('T', ' ')} UTC"
