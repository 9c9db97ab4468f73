"""argon2 and scrypt with their smallest parameters, for tests: what a password costs is no concern of theirs.

Muster has no such switch. It is turned in the process of the tests (see `cheap_hashes` in conftest.py), and in a server
that they start by `application` in the place of Muster's own factory.
"""

import secrets
from base64 import b64encode
from typing import Any

import pyrage
from argon2 import PasswordHasher, Type
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from operations.core import passwords

REAL, REAL_ENCRYPT = passwords._hasher, pyrage.passphrase.encrypt
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)


def encrypt(content: bytes, passphrase: str) -> bytes:
    """A short content as an age file under a passphrase, with the least work of scrypt (age-encryption.org/v1).

    `pyrage` opens it as any other: the file says how much work it takes.
    """
    key, salt, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)
    wrapping = Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, n=2, r=8, p=1).derive(passphrase.encode())
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), key, None)
    header = b"age-encryption.org/v1\n-> scrypt %b 1\n%b\n---" % (_text(salt), _text(wrapped))
    code = hmac.HMAC(HKDF(hashes.SHA256(), 32, b"", b"header").derive(key), hashes.SHA256())
    code.update(header)
    payload = ChaCha20Poly1305(HKDF(hashes.SHA256(), 32, nonce, b"payload").derive(key))
    return b"%b %b\n%b%b" % (header, _text(code.finalize()), nonce, payload.encrypt(bytes(11) + b"\1", content, None))


def _text(content: bytes) -> bytes:
    return b64encode(content).rstrip(b"=")


def turn_on() -> None:
    """From here on this process hashes cheaply."""
    passwords._hasher, pyrage.passphrase.encrypt = _CHEAP, encrypt


def turn_off() -> None:
    """Hash again as Muster does."""
    passwords._hasher, pyrage.passphrase.encrypt = REAL, REAL_ENCRYPT


def application() -> Any:
    """The application as `dashboard.app:from_environment` makes it, which hashes cheaply."""
    turn_on()
    from dashboard.app import from_environment

    return from_environment()
