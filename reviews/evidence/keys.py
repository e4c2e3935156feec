"""The key that seals packs: ECDSA on P-256 with SHA-256, so that `openssl dgst -verify` checks it.

Signing is deterministic (RFC 6979): the same content gives the same bytes. A key found inside a pack proves nothing;
auditors pin the fingerprint that they were given on another way.
"""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ALGORITHM = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


def private_key() -> ec.EllipticCurvePrivateKey:
    """The installation's sealing key. Outside production it is made on first use.

    Raises: ImproperlyConfigured when the file is missing in production or holds another kind of key.
    """
    path = Path(settings.SEAL_KEY_FILE)
    if not path.exists() and not settings.PRODUCTION:
        _make(path)
    return _read(path, path.stat().st_mtime_ns) if path.exists() else _missing(path)


def _missing(path: Path) -> ec.EllipticCurvePrivateKey:
    raise ImproperlyConfigured(f"SEAL_KEY_FILE: there is no key at {path}. Make one as docs/operator/keys.md says.")


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ImproperlyConfigured("SEAL_KEY_FILE must hold an ECDSA private key on curve P-256.")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(draft, path)  # another process may have been first: its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public_pem() -> str:
    """The public half, as auditors keep it."""
    return (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def fingerprint(pem: str | None = None) -> str:
    """SHA-256 (hex) of the public key's DER form: `openssl pkey -pubin -outform DER | sha256sum` gives the same."""
    key = serialization.load_pem_public_key((pem or public_pem()).encode())
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def sign(message: bytes) -> bytes:
    """DER signature over the message."""
    return private_key().sign(message, ALGORITHM)
