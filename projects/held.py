"""Files that were sent with a form that could not be accepted yet: held for their sender, so that nobody sends twice.

A held file is no record. It stands beside the drafts that the browser keeps: its sender alone gets it back, on the page
that it was sent to, for a day. Why it has no row of its own: docs/decisions/held-uploads.md.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from projects.models import User

ROOT = "held"
HELD_FOR = timedelta(hours=24)
FACTS = "facts.json"


@dataclass(frozen=True)
class HeldFile:
    """A file that waits for its form.

    Args:
        name: as its sender called it.
        size: in bytes.
        digest: SHA-256 of its bytes, in hex.
        held_at: when it came, ISO 8601 with its zone.
        stored: where its bytes are.
    """

    name: str
    size: int
    digest: str
    held_at: str
    stored: str

    def is_over(self, now: datetime) -> bool:
        return datetime.fromisoformat(self.held_at) + HELD_FOR <= now

    def open(self) -> "File[Any]":
        """Its bytes, under its own name. Raises: FileNotFoundError."""
        return File(default_storage.open(self.stored), name=self.name)


def keep(person: User, page: str, file: "File[Any]", *, now: datetime) -> HeldFile | None:
    """The file is held for this person and page, in the place of what was held there before.

    Of one person no more than `HELD_UPLOADS_MAX_BYTES` are held: the oldest go first.

    Args:
        page: path of the form.

    Returns: None when the file alone is larger than that.
    """
    drop(person, page)
    if not _make_room(person, file.size, now):
        return None
    folder, sha = _folder(person, page), hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        sha.update(chunk)
    file.seek(0)
    stored = default_storage.save(f"{folder}/bytes", file)
    held = HeldFile(str(file.name), file.size, sha.hexdigest(), now.isoformat(), stored)
    default_storage.save(f"{folder}/{FACTS}", ContentFile(json.dumps(asdict(held)).encode()))
    return held


def held_for(person: User, page: str, *, now: datetime) -> HeldFile | None:
    """What is held for this person on this page, if its day is not over."""
    held = _read(_folder(person, page))
    return None if held is None or held.is_over(now) else held


def drop(person: User, page: str) -> None:
    """Nothing is held on this page any more: it was used, or is not wanted."""
    _clear(_folder(person, page))


def sweep(*, now: datetime) -> int:
    """Files whose day is over are deleted, and what a broken write left behind. Returns: how many folders."""
    gone = 0
    for owner in _folders(ROOT):
        for folder in _folders(owner):
            held = _read(folder)
            if held.is_over(now) if held else _is_left_over(folder, now):
                _clear(folder)
                gone += 1
    return gone


def _folder(person: User, page: str) -> str:
    return f"{ROOT}/{person.pk}/{hashlib.sha256(page.encode()).hexdigest()[:32]}"


def _folders(folder: str) -> Iterator[str]:
    try:
        names, _files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(names))


def _read(folder: str) -> HeldFile | None:
    try:
        with default_storage.open(f"{folder}/{FACTS}") as facts:
            return HeldFile(**json.load(facts))
    except (FileNotFoundError, ValueError, TypeError):  # not there, or half written
        return None


def _is_left_over(folder: str, now: datetime) -> bool:
    """Bytes without facts: being written, unless they are older than any held file may become."""
    _names, files = default_storage.listdir(folder)
    return all(default_storage.get_modified_time(f"{folder}/{name}") + HELD_FOR <= now for name in files)


def _clear(folder: str) -> None:
    try:
        _names, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)  # a folder on a disk; nothing elsewhere


def _make_room(person: User, size: int, now: datetime) -> bool:
    most = settings.HELD_UPLOADS_MAX_BYTES
    if size > most:
        return False
    held = [(found, folder) for folder in _folders(f"{ROOT}/{person.pk}") if (found := _read(folder))]
    held.sort(key=lambda one: one[0].held_at)
    total = sum(found.size for found, _folder in held)
    for found, folder in held:
        if total + size <= most:
            break
        _clear(folder)
        total -= found.size
    return True
