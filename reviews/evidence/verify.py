"""Verifying a pack with nothing but the pack and a public key that was pinned before.

Written apart from `pack`: it shares no code with what it checks. The shell verifier in docs/auditor does the same with
sha256sum, cut, unzip and openssl; a test holds the two together on every mutant.
"""

import base64
import hashlib
import json
import re
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TRAILER = re.compile(rb"deliverops-pack-1 ([A-Za-z0-9+/]{88,96}={0,2})(\.*)\n")
TRAILER_LENGTH = 115
UNSEALED = ("manifest.txt", "seal.txt", "seal.sig")
LINED = b'{"for":'  # a packet whose lines say whom they concern
LINE = re.compile(rb'\{"prev":"([0-9a-f]{64})",')


@dataclass
class Verdict:
    """What was found. The pack holds when there are no faults.

    Args:
        facts: the seal's lines, e.g. ``project``, ``ledger-count``; empty when the seal could not be read.
    """

    faults: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    files: int = 0

    @property
    def holds(self) -> bool:
        return not self.faults


class Broken(Exception):  # noqa: N818 - the pack is broken, not the program
    """The pack cannot be read any further."""


def verify(path: Path, public_key: bytes) -> Verdict:
    """The pack at `path` is checked against the pinned key (PEM): container, files, digests, seal, ledger, signatures.

    Never raises for a bad pack: everything that is wrong stands in the verdict.
    """
    verdict = Verdict()
    try:
        key = serialization.load_pem_public_key(public_key)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise Broken("the key is not an ECDSA public key")
        _check_container(path, key)
        with zipfile.ZipFile(path) as archive:
            names = _check_names(archive)
            manifest = archive.read("manifest.txt")
            verdict.facts = _check_seal(archive, key, manifest)
            _check_files(archive, names, manifest, verdict)
            _check_ledger(archive, verdict)
            _check_signatures(archive, names, verdict)
            verdict.files = len(names)
    except Broken as fault:
        verdict.faults.append(str(fault))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, struct.error, NotImplementedError, EOFError) as fault:
        verdict.faults.append(f"the file cannot be read as a pack: {fault or type(fault).__name__}")
    except Exception as fault:  # zlib and zipfile raise many kinds on damaged input: damaged is damaged
        verdict.faults.append(f"the file is damaged: {type(fault).__name__}")
    return verdict


def _check_container(path: Path, key: ec.EllipticCurvePublicKey) -> None:
    size = path.stat().st_size
    if size <= TRAILER_LENGTH:
        raise Broken("the file is too short to be a pack")
    sha = hashlib.sha256()
    with path.open("rb") as file:
        left = size - TRAILER_LENGTH
        while left:
            chunk = file.read(min(1 << 20, left))
            sha.update(chunk)
            left -= len(chunk)
        trailer = TRAILER.fullmatch(file.read())
    if trailer is None or len(trailer[1]) + len(trailer[2]) != 96:
        raise Broken("the file does not end with a pack's signature")
    signature = base64.b64decode(trailer[1], validate=True)
    if base64.b64encode(signature) != trailer[1]:
        raise Broken("the pack's signature is not written in its one form")
    _check_signature(key, signature, sha.hexdigest().encode() + b"\n", "the pack's signature does not fit the file")


def _check_signature(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes, fault: str) -> None:
    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Broken(fault) from None


def _check_names(archive: zipfile.ZipFile) -> list[str]:
    names = [info.filename for info in archive.infolist()]
    for info in archive.infolist():
        parts = info.filename.split("/")
        if (
            ".." in parts
            or "" in parts
            or "\\" in info.filename
            or ":" in info.filename
            or not info.filename.isprintable()
        ):
            raise Broken(f"unsafe file name: {info.filename!r}")
        if info.external_attr >> 16 & 0o170000 not in (0, 0o100000):
            raise Broken(f"not a plain file: {info.filename}")
    if len(set(names)) != len(names):
        raise Broken("two files have the same name")
    for needed in (*UNSEALED, "ledger.jsonl"):
        if needed not in names:
            raise Broken(f"{needed} is missing")
    return names


def _check_seal(archive: zipfile.ZipFile, key: ec.EllipticCurvePublicKey, manifest: bytes) -> dict[str, str]:
    seal = archive.read("seal.txt")
    _check_signature(key, archive.read("seal.sig"), seal, "the seal's signature does not fit the key")
    lines = seal.decode("ascii").splitlines()
    if not lines or lines[0] != "deliverops-seal-1":
        raise Broken("seal.txt is not a seal")
    facts = dict(line.split(" ", 1) for line in lines[1:])
    if facts["manifest"] != hashlib.sha256(manifest).hexdigest():
        raise Broken("the manifest is not the one that was sealed")
    return facts


def _check_files(archive: zipfile.ZipFile, names: list[str], manifest: bytes, verdict: Verdict) -> None:
    listed: dict[str, str] = {}
    for line in manifest.decode().splitlines():
        digest, name = line[:64], line[66:]
        if name in listed:
            raise Broken(f"the manifest lists {name} twice")
        listed[name] = digest
    present = set(names) - set(UNSEALED)
    verdict.faults += [f"missing: {name}" for name in sorted(listed.keys() - present)]
    verdict.faults += [f"not in the manifest: {name}" for name in sorted(present - listed.keys())]
    if int(verdict.facts["files"]) != len(listed):
        verdict.faults.append("the seal counts another number of files")
    for name in sorted(listed.keys() & present):
        sha = hashlib.sha256()
        with archive.open(name) as file:
            while chunk := file.read(1 << 20):
                sha.update(chunk)
        if sha.hexdigest() != listed[name]:
            verdict.faults.append(f"changed: {name}")


def _check_ledger(archive: zipfile.ZipFile, verdict: Verdict) -> None:
    previous, count = "0" * 64, 0
    with archive.open("ledger.jsonl") as lines:
        for line in lines:
            count += 1
            start = LINE.match(line)
            if start is None or start[1].decode() != previous:
                verdict.faults.append(f"the ledger's chain breaks at line {count}")
                return
            previous = hashlib.sha256(line).hexdigest()
    if count != int(verdict.facts["ledger-count"]) or previous != verdict.facts["ledger-head"]:
        verdict.faults.append("the ledger does not end where the seal says")


def _check_signatures(archive: zipfile.ZipFile, names: list[str], verdict: Verdict) -> None:
    """Of each round: a signature is called current exactly when its group's part of the content is what was signed, and
    a go stands on a current signature of everybody who signs, with no line that none of them covers."""
    for folder in sorted({name.split("/packets/")[0] for name in names if "/packets/" in name}):
        if f"{folder}/standing.txt" not in names:
            verdict.faults.append(f"{folder}/standing.txt is missing")
            continue
        fault = _standing_fault(archive, folder)
        if fault:
            verdict.faults.append(f"{folder}/standing.txt: {fault}")


def _standing_fault(archive: zipfile.ZipFile, folder: str) -> str:
    tag, *lines = archive.read(f"{folder}/standing.txt").decode("ascii").splitlines()
    if tag != "deliverops-standing-1":
        return "is no list of signatures"
    facts = dict(line.split(" ", 1) for line in lines if not line.startswith("signature "))
    packets: dict[str, list[bytes]] = {}

    def part(digest: str, group: str) -> str:
        if digest not in packets:
            body = archive.read(f"{folder}/packets/{digest}.jsonl")
            if hashlib.sha256(body).hexdigest() != digest:
                raise Broken(f"{folder}/packets/{digest}.jsonl has another digest than its name")
            if body.startswith(LINED) and not body.endswith(b"\n"):
                raise Broken(f"{folder}/packets/{digest}.jsonl does not end with a line")
            packets[digest] = [line + b"\n" for line in body[:-1].split(b"\n")] if body.startswith(LINED) else [body]
        concerns = re.compile(rb'\{"for":\[(?:[^\]]*,)?"(?:all|%s)"[\],]' % re.escape(group.encode()))
        whole = packets[digest]
        kept = [line for line in whole if concerns.match(line)] if whole[0].startswith(LINED) else whole
        return hashlib.sha256(b"".join(kept)).hexdigest()

    decided = json.loads(archive.read(f"{folder}/review.json"))
    if decided["decision"] != ("" if facts["decision"] == "none" else facts["decision"]):
        return "tells another decision than review.json"
    if facts["decision"] != "none" and decided["decision_digest"] != facts["packet"]:
        return "tells another packet than was decided on"
    standing = set()
    for line in lines:
        if not line.startswith("signature "):
            continue
        _word, number, person, group, shown, signed, state = line.split(" ")
        if not re.fullmatch("[A-Z0-9-]+", group):
            return f"{group} is no group"
        if part(shown, group) != signed:
            return f"signature {number} was not given on the part that it names"
        if (state == "current") != (part(facts["packet"], group) == signed) or state not in ("current", "superseded"):
            return f"signature {number} is not {state}"
        if state == "current":
            standing.add((group, int(person)))
    part(facts["packet"], "")
    return _go_fault(packets[facts["packet"]], standing) if facts["decision"] in ("go", "go_conditions") else ""


def _go_fault(packet: list[bytes], standing: set[tuple[str, int]]) -> str:
    rows = [json.loads(line) for line in packet]
    if packet[0].startswith(LINED):
        people = [row["participant"] for row in rows if "participant" in row]
    else:  # of the first type: the whole concerned everybody
        people, rows = rows[0]["participants"], []
    asked = {(person["group"], person["person"]["id"]) for person in people if person["signs"]}
    if not asked or asked - standing:
        return "a go without the current signature of everybody who signs"
    covered = {"all", *(group for group, _person in asked)}
    if any(covered.isdisjoint(row["for"]) for row in rows):
        return "a go on a line that no signature covers"
    return ""
