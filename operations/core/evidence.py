"""Evidence against the operator: statements that the installation signs (Ed25519), to be checked without its database.

The signing key is derived from the key of the installation, which lies outside the database. Whoever keeps the public
key and a signed head of the journal elsewhere proves later that everything up to that head is as it was.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate
from cryptography.x509.oid import NameOID

from operations.core import installation_key
from operations.core.errors import RuleBroken

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the group of P-256."""
_SIGNS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
MANIFEST = "MANIFEST.json"
_LARGEST = 2**30
SIGNATURE = "muster-signature"
"""The header of a request with the signature of the Muster that sends it."""


def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(installation_key.derived("signature"))


def public_key() -> str:
    """Return the public key of this installation, as 64 hexadecimal digits."""
    return _signer().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def paper_key() -> tuple[EllipticCurvePrivateKey, Certificate]:
    """Return the key by which papers are signed (ECDSA, P-256, which PDF readers know), and its own certificate.

    The certificate is the same each time, so that it can be handed over once.
    """
    private = derive_private_key(int.from_bytes(installation_key.derived("papers")) % (_ORDER - 1) + 1, SECP256R1())
    named = (NameOID.COMMON_NAME, "Muster"), (NameOID.SERIAL_NUMBER, installation_key.name())
    name = x509.Name([x509.NameAttribute(kind, value) for kind, value in named])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(int(installation_key.name(), 16) + 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2076, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS, critical=True)
    )
    return private, made.sign(private, SHA256(), ecdsa_deterministic=True)


def certificate() -> str:
    """Return the certificate by which PDF readers check the papers of this installation, as PEM."""
    return paper_key()[1].public_bytes(Encoding.PEM).decode()


def _bytes_of(statement: Mapping[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def signed(statement: Mapping[str, Any]) -> bytes:
    """Return a statement with its signature and the public key, as JSON."""
    signature = base64.b64encode(_signer().sign(_bytes_of(statement))).decode()
    whole = {"statement": statement, "key": public_key(), "signature": signature}
    return json.dumps(whole, indent=1, sort_keys=True).encode() + b"\n"


def opened(text: bytes, key: str) -> dict[str, Any]:
    """Return a signed statement. `key`: the public key that was noted elsewhere. Raises RuleBroken."""
    try:
        whole = json.loads(text)
        statement, told = whole["statement"], str(whole["key"])
        signature = base64.b64decode(whole["signature"], validate=True)
        by = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    except (ValueError, KeyError, TypeError):
        raise RuleBroken("", "This is no signed statement of Muster.") from None
    if told != key:
        raise RuleBroken("", "It is signed by another installation: its key is {told}.", told=told)
    try:
        by.verify(signature, _bytes_of(statement))
    except InvalidSignature:
        raise RuleBroken("", "Its signature does not hold: it was changed after it was signed.") from None
    return dict(statement)


def message(method: str, path: str, body: bytes) -> bytes:
    """Return what one Muster signs of a request to another: its method, its path and its body."""
    return f"{method} {path}\n".encode() + body


def signature_of(content: bytes) -> str:
    """Return the signature of a message by this installation (Ed25519, base64)."""
    return base64.b64encode(_signer().sign(content)).decode()


def refuse_unsigned(content: bytes, signature: str, key: str) -> None:
    """Check the signature of a message by the installation whose public key is `key`. Raises RuleBroken."""
    if not signature:
        raise RuleBroken("", "This token takes only what another Muster has signed, and this is not signed.")
    try:
        sign = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(sign, content)
    except (ValueError, InvalidSignature):
        raise RuleBroken(
            "", "The signature does not fit the key {fingerprint} of this token.", fingerprint=key_fingerprint(key)
        ) from None


def key_fingerprint(key: str) -> str:
    """Return the fingerprint of a public key, for people to compare: 32 hexadecimal digits of its SHA-256 in groups.

    >>> key_fingerprint("00" * 32)
    '6668 7aad f862 bd77 6c8f c18b 8e9f 8e20'
    """
    digits = hashlib.sha256(bytes.fromhex(key)).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def with_manifest(archive: bytes, **about: Any) -> bytes:
    """Return an archive with a signed manifest: the fingerprint of each of its files, and what it is about."""
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        files = {name: _digest(file.read(name)) for name in file.namelist()}
        when = file.infolist()[0].date_time
        file.writestr(zipfile.ZipInfo(MANIFEST, when), signed({"kind": "archive", "files": files, **about}))
    return out.getvalue()


def verify_archive(file: Path, key: str) -> dict[str, Any]:
    """Check an archive against its signed manifest, without a database. Return the manifest. Raises RuleBroken."""
    return opened_archive(file, key)[1]


def opened_archive(file: Path, key: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files of an archive as they were signed, and its manifest. Raises RuleBroken."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise RuleBroken("", "The archive is larger than any that Muster makes.")
            names = archive.namelist()
            parts = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, OSError):
        raise RuleBroken("", "This is no archive, or it is damaged.") from None
    if MANIFEST not in parts:
        raise RuleBroken("", "The archive has no signed manifest.")
    found = opened(parts.pop(MANIFEST), key)
    files: Mapping[str, str] = found.get("files", {})
    differing = sorted(name for name in files if name in parts and _digest(parts[name]) != files[name])
    wrong = [*differing, *sorted(files.keys() - parts.keys()), *sorted(parts.keys() - files.keys())]
    if found.get("kind") != "archive" or len(names) != len({*names}) or wrong:
        raise RuleBroken("", "These files are not as they were signed: {names}.", names=", ".join(wrong) or MANIFEST)
    return parts, found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
