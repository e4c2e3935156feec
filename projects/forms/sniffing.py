"""What an uploaded file is, read from its first bytes: neither its name nor the browser is believed."""

import mimetypes
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File

HEAD = 4096  # bytes
OLE = "application/x-ole-storage"
ZIP = "application/zip"
PLAIN = "text/plain"
UNKNOWN = "application/octet-stream"
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x1f\x8b", "application/gzip"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
)
# What the first bytes of a file with such a name are; other names promise nothing.
PROMISED = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    **dict.fromkeys((".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".vsdx"), ZIP),
    **dict.fromkeys((".doc", ".xls", ".ppt", ".mpp", ".msg"), OLE),
}


def sniffed(file: "File[Any]") -> str:
    """The media type by the file's first bytes; ``text/plain`` for anything that reads as text."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    for start, kind in SIGNATURES:
        if head.startswith(start):
            return kind
    return PLAIN if _is_text(head) else UNKNOWN


def breaks_its_promise(file: "File[Any]") -> str:
    """The ending of a name that promises something else than the file holds; "" when all is well."""
    ending = PurePosixPath(str(file.name)).suffix.lower()
    promised = PROMISED.get(ending)
    return ending if promised is not None and sniffed(file) != promised else ""


def content_type(file: "File[Any]") -> str:
    """What is recorded: the type by the name where the bytes agree with it, else the type by the bytes."""
    found, named = sniffed(file), mimetypes.guess_type(str(file.name))[0] or ""
    ending = PurePosixPath(str(file.name)).suffix.lower()
    if PROMISED.get(ending) == found or (found == PLAIN and named.startswith("text/")):
        return named or found
    return found


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as broken:
        return broken.start >= len(head) - 3 and len(head) == HEAD  # a character cut in two at the end
    return True
