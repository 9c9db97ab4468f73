"""Encryption of copies of the database, for the keys of those who may open them (age, X25519).

The server knows public keys alone: it encrypts what it cannot open again. The files are those of the program `age`,
so a copy is opened without Muster too.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyrage

from operations.core import file_permissions
from operations.core.errors import RuleBroken

ENDING = ".age"
_MAGIC = b"age-encryption.org/v1\n"
_NO_KEY = "No matching keys found"  # as `pyrage` says it


def recipients(text: str) -> tuple[str, ...]:
    """Return the public keys in a text, which commas or spaces separate. Raises RuleBroken for what is none."""
    found = tuple(text.replace(",", " ").split())
    for key in found:
        _public(key)
    return found


def _public(key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise RuleBroken("", "{key} is no public key for copies. Make one: muster backup-key FILE.", key=key) from None


def make_key(file: Path) -> str:
    """Write a new private key into a file, for its owner alone, and return its public key. Raises RuleBroken."""
    if file.exists():
        raise RuleBroken("", "{file} is there already. A key that opens copies is not written over.", file=str(file))
    made = pyrage.x25519.Identity.generate()
    file_permissions.file(file).write_text(f"{made}\n", encoding="ascii")
    return str(made.to_public())


def encrypt(plain: Path, target: Path, keys: Sequence[str]) -> None:
    """Encrypt a file for the owners of these public keys."""
    pyrage.encrypt_file(str(plain), str(target), [_public(key) for key in keys])


def is_encrypted(file: Path) -> bool:
    """Return whether a file is an encrypted copy."""
    with file.open("rb") as opened_file:
        return opened_file.read(len(_MAGIC)) == _MAGIC


@contextmanager
def opened(file: Path, key: Path | None, room: Path | None) -> Iterator[Path]:
    """Yield a copy as it was before it was encrypted, or as it is where it was not; `room`: the folder to open it in.

    Raises RuleBroken without the private key in the file `key`, with another, and for a damaged copy.
    """
    if not is_encrypted(file):
        yield file
        return
    if key is None:
        raise RuleBroken("", "{file} is encrypted. Name the file of its key: --key FILE.", file=file.name)
    with tempfile.TemporaryDirectory(dir=room) as folder:
        plain = file_permissions.file(Path(folder, file.name.removesuffix(ENDING)))
        try:
            pyrage.decrypt_file(str(file), str(plain), [_private(key)])
        except (pyrage.DecryptError, OSError) as error:
            if str(error) == _NO_KEY:
                raise RuleBroken("", "This key does not open {file}: it is for another.", file=file.name) from None
            words = {"file": file.name, "why": str(error)}
            raise RuleBroken("", "{file} is not a whole copy of Muster: {why}", **words) from None
        yield plain


def _private(key: Path) -> pyrage.x25519.Identity:
    lines = key.read_text(encoding="ascii", errors="replace").splitlines()
    try:
        return pyrage.x25519.Identity.from_str(next(line for line in lines if line.startswith("AGE-SECRET-KEY-")))
    except (pyrage.IdentityError, StopIteration):
        raise RuleBroken("", "{file} holds no key that opens copies.", file=key.name) from None
