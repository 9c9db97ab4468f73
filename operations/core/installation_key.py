"""The key of an installation, which lies outside its database: secrets that must be read again are sealed under it.

Each purpose has a key of its own, derived from the one; whoever copies the database alone reads no secret. After a
change of the key the older ones still open what was sealed under them.
"""

import base64
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from operations.core.errors import RuleBroken

LENGTH = 32
"""Bytes that a key has at least."""
_NONCE = 12


Source = Callable[[], bytes]


class _Held:
    """Where this process finds its keys, and the key once it was needed."""

    source: Source | None = None
    older: Callable[[], Sequence[bytes]] = tuple
    secret = b""


def use(source: Source, older: Callable[[], Sequence[bytes]] = tuple) -> None:
    """Set where this process finds the key, which is asked when it is needed first, and the `older`, oldest first."""
    _Held.source, _Held.older, _Held.secret = source, older, b""


def derived(purpose: str) -> bytes:
    """Return the key for a purpose. Raises RuleBroken where this process has none."""
    if not _Held.secret:
        secret = _Held.source() if _Held.source is not None else b""
        if len(secret) < LENGTH:
            raise RuleBroken("", "This server has no key. Ask whoever keeps it to set MUSTER_KEY_FILE.")
        _Held.secret = secret
    return _derived(_Held.secret, purpose)


def ring(purpose: str) -> list[bytes]:
    """Return the keys for a purpose that this installation has had, oldest first; the last is that of today."""
    today = derived(purpose)
    return [*(_derived(secret, purpose) for secret in _Held.older()), today]


def name() -> str:
    """Return a name of the key, which tells nothing of it: 16 hexadecimal digits."""
    return derived("name").hex()[:16]


def name_of(secret: bytes) -> str:
    """Return the name of a key that this process need not have."""
    return _derived(secret, "name").hex()[:16]


@lru_cache(maxsize=16)
def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), LENGTH, salt=None, info=f"muster {purpose}".encode()).derive(secret)


def sealed(purpose: str, text: str, of: str) -> str:
    """Return a text under the key of a purpose, bound to whom it is `of`: nobody else's row opens it."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(derived(purpose)).encrypt(nonce, text.encode(), of.encode())).decode()


def opened(purpose: str, seal: str, of: str) -> str:
    """Return the text. Raises RuleBroken where it was sealed under another key, or for somebody else."""
    whole = base64.b64decode(seal)
    for key in reversed(ring(purpose)):
        with suppress(InvalidTag):
            return AESGCM(key).decrypt(whole[:_NONCE], whole[_NONCE:], of.encode()).decode()
    raise RuleBroken("", "This server has another key than before. Ask whoever keeps it.")
