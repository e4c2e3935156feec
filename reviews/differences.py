"""What differs between two packets, in words, and whom each difference concerns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.catalog.artifacts import artifact_name
from projects.catalog.roles import role_name
from projects.models import ArtifactStatus
from reviews import packets
from reviews.catalog import REVIEW_TYPES
from reviews.models import Answer, Disposition, FindingClass
from reviews.packets import Line

EVERYBODY = frozenset((packets.ALL,))


@dataclass(frozen=True)
class Change:
    """One difference between two packets, as a sentence's parts.

    Args:
        groups: whom it concerns, before or now; `packets.ALL` among them means everybody.
    """

    where: str
    before: str
    after: str
    groups: frozenset[str]

    def concerns(self, group: str) -> bool:
        return not self.groups.isdisjoint((packets.ALL, group))


KEYS = {"items": "code", "conditions": "number", "participants": "person", "accountabilities": "role"}
KEYS |= {"findings": "number"}  # the order of the page


def changes(old_body: str, new_body: str) -> list[Change]:
    """What changed between two packets given as their canonical bytes, in the order of the page."""
    old, new = list(packets.lines(old_body)), list(packets.lines(new_body))
    form = _form(old, new)
    found = [change for kind in KEYS for change in _rows_changed(kind, old, new, also_whom=not form)]
    return found + [change for head in packets.HEADS for change in _head_changed(head, old, new)] + form


def _rows_changed(kind: str, old: list[Line], new: list[Line], *, also_whom: bool) -> Iterator[Change]:
    def keyed(lines: list[Line]) -> dict[str, Line]:
        rows = ((line.values[KEYS[kind]], line) for line in lines if line.kind == kind)
        return {key["name"] if isinstance(key, dict) else str(key): line for key, line in rows}

    before, after = keyed(old), keyed(new)
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = before.get(key), after.get(key)
        row = (now or before[key]).values
        where = _where(kind, key, row)
        groups = frozenset({*(was.groups if was else ()), *(now.groups if now else ())})
        if was is None or now is None or was.values != now.values:
            yield Change(where, _row(was.values if was else None), _row(now.values if now else None), groups)
        elif also_whom and was.groups != now.groups:
            yield Change(where, _concerning(was.groups), _concerning(now.groups), groups)


def _where(kind: str, key: str, row: dict[str, Any]) -> str:
    """What the page calls this row."""
    if kind == "items":
        return f"{key} {row['text']}"
    if kind == "conditions":
        return f"C-{key}"
    if kind == "findings":
        return f"F-{int(key):02}"
    return _("participant %(name)s") % {"name": key} if kind == "participants" else role_name(key)


def _head_changed(head: str, old: list[Line], new: list[Line]) -> Iterator[Change]:
    def values(lines: list[Line]) -> dict[str, Any]:
        return next((line.values for line in lines if line.kind == head), {})

    before, after = values(old), values(new)
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield Change(f"{head}.{key}", _words(before.get(key)), _words(after.get(key)), EVERYBODY)


def _form(old: list[Line], new: list[Line]) -> list[Change]:
    """A packet that was signed before a new release wrote packets in another form."""
    before, after = (next((line.values for line in each if line.kind == "type"), "") for each in (old, new))
    return [Change(_("form of what is signed"), before, after, EVERYBODY)] if before != after else []


def _concerning(groups: packets.Groups) -> str:
    if packets.ALL in groups:
        return _("concerns everybody who signs")
    names = {group.code: group.name for kind in REVIEW_TYPES.values() for group in kind.groups}
    return _("concerns %(groups)s") % {"groups": ", ".join(names.get(group, group) for group in groups)}


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
    if "consequence" in row:
        return _owing(row)
    if row.get("recused"):
        return _("recused: declared a conflict of interest")
    return _("signs") if row["signs"] else _("looks on")


def _owing(row: dict[str, Any]) -> str:
    """A condition in words: what must be done, by whom until when, and what follows if it is missed."""
    return _("%(text)s (%(owner)s, due %(day)s; if it is missed: %(consequence)s)") % {
        "text": row["text"],
        "owner": _words(row["owner"]),
        "day": date_format(date.fromisoformat(row["due_on"]), "j M Y"),
        "consequence": row["consequence"],
    }


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
        [*(part for part in told if part), answer["assessor"]["name"], answer["at"][:16].replace("T", " ") + " UTC"]
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
