"""The story's documents and answer sheets, read from the text files in `documents/`.

A document begins with a line such as ``=== ART-05 2.1 | leila > priya | 2026-06-11 > 2026-06-12 | note CR-03``: kind
and version, author and approver, day written and day approved. Without ``> approver`` it stays a draft; a bare ``>``
leaves it waiting for one. ``file name.csv`` keeps the text below as a file, ``pdf name.pdf`` typesets it. Paragraphs
are parted by blank lines.

A line of an answer sheet is ``G-REL-1 | not_confirmed | yufei | ART-32 1.0 | what was said``;
`` // `` begins a new line of what was said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import typst

from reviews.demo.dates import Calendar

FOLDER = Path(__file__).with_name("documents")
SHEET = FOLDER / "sheet.typ"
KEPT_APART = re.compile(r"(-|\d+\.) ")  # lists keep their lines


@dataclass(frozen=True)
class Document:
    """One version of an artifact, with the story's own dates.

    Args:
        written, approved: day of the story, with the time where it matters, e.g. ``2026-08-15 22:44``.
        approver, approved: empty for a draft, and for what waits for approval.
        medium: text, file or pdf.
    """

    kind: str
    label: str
    author: str
    written: str
    text: str
    submitted: bool = False
    approver: str = ""
    approved: str = ""
    medium: str = "text"
    filename: str = ""
    note: str = ""


@dataclass(frozen=True)
class Said:
    """One answer of an answer sheet. Args: versions: pairs of artifact kind and version label."""

    code: str
    value: str
    who: str
    versions: tuple[tuple[str, str], ...]
    text: str


def documents(name: str) -> list[Document]:
    """The documents of one file, in its order."""
    found = []
    for part in re.split(r"^=== ", (FOLDER / f"{name}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _newline, body = part.partition("\n")
        found.append(_document(head, body))
    return found


def _document(head: str, body: str) -> Document:
    what, who, when, *rest = (field.strip() for field in head.split("|"))
    kind, label = what.split()
    author, mark, approver = (name.strip() for name in who.partition(">"))
    days = [day.strip() for day in when.split(">")]
    more = {key: value for key, _space, value in (field.partition(" ") for field in rest)}
    medium = next((word for word in ("file", "pdf") if word in more), "text")
    return Document(
        kind=kind,
        label=label,
        author=author,
        written=days[0],
        text=body.strip() + "\n" if medium == "file" else flowing(body),
        submitted=bool(mark),
        approver=approver,
        approved=(days[1] if len(days) > 1 else _next_working_day(days[0])) if approver else "",
        medium=medium,
        filename=more.get(medium, ""),
        note=more.get("note", ""),
    )


def answers(name: str) -> Iterator[Said]:
    """The answers of one sheet, in its order; an answer may go on over indented lines."""
    sheet = re.sub(r"\n +", " ", (FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    for line in filter(str.strip, sheet.splitlines()):
        code, value, who, versions, text = (field.strip() for field in line.split("|", 4))
        pairs = [pair.split() for pair in versions.split(",") if pair.strip()]
        yield Said(code, value, who, tuple((kind, label) for kind, label in pairs), text)


def flowing(body: str) -> str:
    """The text with each paragraph on one line; lists keep theirs."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        lines: list[str] = []
        for line in paragraph.splitlines():
            if lines and not KEPT_APART.match(line):
                lines[-1] += " " + line.strip()
            else:
                lines.append(line.strip())
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def typeset(document: Document, title: str, calendar: Calendar) -> bytes:
    """The document as a PDF of one or two pages."""
    made = typst.compile(
        SHEET.read_bytes(),
        sys_inputs={
            "title": title,
            "version": document.label,
            "date": calendar.told(f"[{document.written[:10]}]"),
            "body": calendar.told(document.text),
        },
        ignore_system_fonts=True,
        timestamp=int(calendar.at(document.written).timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave pages instead of a document")
    return made


def _next_working_day(text: str) -> str:
    day = date.fromisoformat(text[:10]) + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.isoformat()
