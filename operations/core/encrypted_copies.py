"""Encryption of copies of the database, for the keys of those who may open them (age, X25519).

The server knows public keys alone: it encrypts what it cannot open again. Where two groups of keys are named, a copy is
encrypted for one and then for the other, so that it takes a key of each to open it: two persons. The files are those
of the program `age`, so a copy is opened without Muster too.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyrage

from operations.core import file_permissions
from operations.core.errors import RuleBroken

ENDING = ".age"
Layers = Sequence[Sequence[str]]
"""Groups of public keys, the innermost first: a copy is opened by one key of each. None: it is not encrypted."""
_MAGIC = b"age-encryption.org/v1\n"
_NO_KEY = "No matching keys found"  # as `pyrage` says it
_EXCESSIVE = "Excessive work"  # as `pyrage` says it
_PAUSES_S = (0.5, 2, 8)
"""Pauses before each new try of a key that the machine was too busy to open."""
_PRIVATE = "AGE-SECRET-KEY-"


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


def make_key(file: Path, passphrase: str = "") -> str:
    """Write a new private key into a file, for its owner alone, and return its public key. Raises RuleBroken.

    With a passphrase the file is encrypted under it (scrypt): whoever finds the file alone opens nothing.
    """
    if file.exists():
        raise RuleBroken("", "{file} is there already. A key that opens copies is not written over.", file=str(file))
    made = pyrage.x25519.Identity.generate()
    text = f"{made}\n".encode("ascii")
    file_permissions.file(file).write_bytes(pyrage.passphrase.encrypt(text, passphrase) if passphrase else text)
    return str(made.to_public())


def encrypt(plain: Path, target: Path, layers: Layers) -> None:
    """Encrypt a file for one key of each group. What lies between the layers is gone when it returns."""
    with tempfile.TemporaryDirectory(dir=plain.parent) as folder:
        source = plain
        for number, keys in enumerate(layers, 1):
            made = target if number == len(layers) else file_permissions.file(Path(folder, str(number)))
            pyrage.encrypt_file(str(source), str(made), [_public(key) for key in keys])
            source = made


def encrypted(content: bytes, layers: Layers) -> bytes:
    """Return a small content, encrypted for one key of each group."""
    for keys in layers:
        content = pyrage.encrypt(content, [_public(key) for key in keys])
    return content


def ending(layers: Layers) -> str:
    """Return what the name of a copy ends with: one `.age` for each group of keys."""
    return ENDING * len(layers)


def is_encrypted(file: Path) -> bool:
    """Return whether a file is encrypted: a copy, or a key under a passphrase."""
    with file.open("rb") as opened_file:
        return opened_file.read(len(_MAGIC)) == _MAGIC


class KeyRing:
    """The private keys that are there to open copies, and the public ones of those that did."""

    def __init__(self, files: Sequence[Path] = (), ask: Callable[[Path], str] = lambda _file: "") -> None:
        """Read the keys; `ask` returns the passphrase of a file that has one. Raises RuleBroken for what is no key."""
        self._identities = [(file, _private(file, ask)) for file in files]
        self.used: set[str] = set()

    @contextmanager
    def opened(self, file: Path, room: Path | None) -> Iterator[Path]:
        """Yield a copy as it was before it was encrypted, or as it is where it was not; `room`: where to open it.

        Raises RuleBroken without the private keys, with others, and for a damaged copy.
        """
        with tempfile.TemporaryDirectory(dir=room) as folder:
            plain, depth = file, 0
            while is_encrypted(plain):
                outer, depth = plain, depth + 1
                inner = file_permissions.folder(Path(folder, str(depth))) / outer.name.removesuffix(ENDING)
                plain = self._without_a_layer(file.name, outer, inner)
                if outer != file:
                    outer.unlink()
            yield plain

    def require(self, layers: Layers) -> None:
        """Raise RuleBroken where two groups of keys are named, and what was opened took no key of one of them.

        So nobody restores alone what they made or encrypted themselves.
        """
        if len(layers) > 1 and not all(self.used.intersection(keys) for keys in layers):
            raise RuleBroken(
                "",
                "It takes two persons to restore here: a copy that is encrypted for both, and both keys (--key FIRST "
                "--key SECOND). Nothing was replaced.",
            )

    def _without_a_layer(self, name: str, file: Path, target: Path) -> Path:
        if not self._identities:
            raise RuleBroken("", "{file} is encrypted. Name the file of its key: --key FILE.", file=name)
        file_permissions.file(target)
        for _file, identity in self._identities:
            try:
                pyrage.decrypt_file(str(file), str(target), [identity])
            except (pyrage.DecryptError, OSError) as error:
                if str(error) != _NO_KEY:
                    words = {"file": name, "why": str(error)}
                    raise RuleBroken("", "{file} is not a whole copy of Muster: {why}", **words) from None
            else:
                self.used.add(str(identity.to_public()))
                return target
        if self.used:
            raise RuleBroken("", "{file} takes the keys of two persons: --key FIRST --key SECOND.", file=name)
        raise RuleBroken("", "This key does not open {file}: it is for another.", file=name)


def _private(file: Path, ask: Callable[[Path], str]) -> pyrage.x25519.Identity:
    try:
        content = file.read_bytes()
        if content.startswith(_MAGIC):
            content = _decrypted(content, ask(file), file)
        lines = content.decode("ascii", errors="replace").splitlines()
        return pyrage.x25519.Identity.from_str(next(line for line in lines if line.startswith(_PRIVATE)))
    except pyrage.DecryptError:
        raise RuleBroken("", "This is not the passphrase of {file}.", file=file.name) from None
    except (pyrage.IdentityError, StopIteration):
        raise RuleBroken("", "{file} holds no key that opens copies.", file=file.name) from None


def _decrypted(content: bytes, passphrase: str, file: Path) -> bytes:
    """Return what is encrypted under a passphrase. Raises RuleBroken, and `pyrage.DecryptError` for another passphrase.

    age refuses a key whose scrypt takes much longer than the machine's own measurement allows, which is repeated each
    time: on a busy machine it refuses what it made itself a moment ago.
    """
    for pause in (*_PAUSES_S, None):
        try:
            return bytes(pyrage.passphrase.decrypt(content, passphrase))
        except pyrage.DecryptError as error:
            if not str(error).startswith(_EXCESSIVE):
                raise
        if pause:
            time.sleep(pause)
    raise RuleBroken("", "This machine is too busy or too slow to open {file}. Try again in a minute.", file=file.name)
