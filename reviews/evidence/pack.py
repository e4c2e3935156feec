"""Writing a pack: a ZIP with a manifest and a signed seal inside, and a signature over the whole file at its end.

The manifest and the seal prove the content, even after somebody unpacks and packs it again. The signature in the ZIP's
comment covers every byte before it, so that not one byte of the container can change either.
"""

import base64
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from typing import IO

from projects.ledger import utc
from projects.ledger_check import one_moment
from projects.models import Project
from reviews.evidence import collect, keys

SEAL_TAG = "deliverops-seal-1"
PACK_TAG = b"deliverops-pack-1 "
SIGNATURE_ROOM = 96  # Base64 of the longest DER signature on P-256
COMMENT_LENGTH = len(PACK_TAG) + SIGNATURE_ROOM + 1
EPOCH = (1980, 1, 1, 0, 0, 0)  # no clock in the container: the same record gives the same bytes
SAFE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*(/[A-Za-z0-9_][A-Za-z0-9_.\-]*)*")


@dataclass(frozen=True)
class Sealed:
    """What a finished pack is known by.

    Args:
        digest: SHA-256 (hex) of the whole file.
        ledger_count, ledger_head: where the project's chain stood.
    """

    files: int
    size: int
    digest: str
    ledger_count: int
    ledger_head: str
    fingerprint: str


class UnsafeNameError(ValueError):
    """A file name that must not stand in a pack."""


def build(project: Project, out: IO[bytes]) -> Sealed:
    """The project's pack is written to `out`, a seekable file opened for reading and writing, from its beginning.

    Reads one moment of the database; memory does not grow with the size of files or of the ledger.
    """
    manifest: list[str] = []
    with one_moment():
        head = collect.head(project)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            seen: set[str] = set()
            for file in collect.files(project):
                if not SAFE_NAME.fullmatch(file.name) or file.name in seen:
                    raise UnsafeNameError(file.name)
                seen.add(file.name)
                manifest.append(f"{_add(archive, file)}  {file.name}\n")
            listed = "".join(manifest).encode()
            _add_bytes(archive, "manifest.txt", listed)
            seal = _seal(project, head, listed, len(manifest))
            _add_bytes(archive, "seal.txt", seal)
            _add_bytes(archive, "seal.sig", keys.sign(seal))
            archive.comment = b" " * COMMENT_LENGTH
    size = _sign_file(out)
    return Sealed(
        files=len(manifest) + 3,
        size=size,
        digest=_digest_of(out),
        ledger_count=head.count,
        ledger_head=head.hash,
        fingerprint=keys.fingerprint(),
    )


def _seal(project: Project, head: collect.Head, manifest: bytes, count: int) -> bytes:
    lines = [
        SEAL_TAG,
        f"project {project.code}",
        f"stream {head.stream}",
        f"ledger-count {head.count}",
        f"ledger-head {head.hash}",
        f"ledger-at {utc(head.recorded_at)}",
        f"files {count}",
        f"manifest {hashlib.sha256(manifest).hexdigest()}",
        f"key {keys.fingerprint()}",
    ]
    return ("\n".join(lines) + "\n").encode()


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100644 << 16
    info.create_system = 3
    return info


def _add(archive: zipfile.ZipFile, file: collect.PackFile) -> str:
    sha = hashlib.sha256()
    with archive.open(_entry(file.name), "w") as target:
        for chunk in file.chunks():
            sha.update(chunk)
            target.write(chunk)
    return sha.hexdigest()


def _add_bytes(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    with archive.open(_entry(name), "w") as target:
        target.write(content)


def _sign_file(out: IO[bytes]) -> int:
    """The placeholder at the end becomes the signature over every byte before it. Returns the file's size."""
    size = out.seek(0, io.SEEK_END)
    body_length = size - COMMENT_LENGTH
    signature = base64.b64encode(keys.sign(_sha256_of(out, body_length)))
    out.seek(body_length)
    out.write(PACK_TAG + signature.ljust(SIGNATURE_ROOM, b".") + b"\n")
    out.flush()
    return size


def _sha256_of(file: IO[bytes], length: int | None = None) -> bytes:
    """The file's SHA-256 as hex text with a newline, as `sha256sum | cut -c1-64` prints it: what is signed."""
    sha = hashlib.sha256()
    file.seek(0)
    left = length
    while chunk := file.read(1 << 20 if left is None else min(1 << 20, left)):
        sha.update(chunk)
        if left is not None:
            left -= len(chunk)
            if not left:
                break
    return sha.hexdigest().encode() + b"\n"


def _digest_of(file: IO[bytes]) -> str:
    digest = _sha256_of(file).decode().strip()
    file.seek(0)
    return digest
