"""Canonical bytes of a value and their digest: what the ledger writes and what a signature is bound to."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models


def utc(moment: datetime) -> str:
    """A moment as it stands in the ledger: UTC, microseconds, Z. Raises: TypeError without a time zone."""
    if moment.tzinfo is None:
        raise TypeError("no moments without a time zone in the ledger")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def plain(value: Any) -> Any:
    """A value as canonical JSON holds it: no floats, money as text, moments in UTC, rows by id and name."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            raise TypeError("no floats in the ledger: give a Decimal or text")
        case bytes() | bytearray() | set() | frozenset():
            raise TypeError("no bytes and no unordered sets in the ledger: give text or a list")
        case Decimal():
            return str(value)
        case datetime():
            return utc(value)
        case date():
            return value.isoformat()
        case models.Model():
            return {"id": value.pk, "name": str(value)}
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    return str(value)


def canonical(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks, ASCII only (so no newline, ANSI or bidi character can forge a line)."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
