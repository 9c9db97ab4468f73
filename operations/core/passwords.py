"""Passwords: which are accepted, and how they are kept (argon2id; OWASP's 19 MiB, 2 passes, 1 lane).

Hashing costs memory and a core on purpose. Two at a time at most are computed in a process, so that a crowd signing in
does not starve what everybody else is doing.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from operations.core.errors import RuleBroken

SHORTEST, LONGEST = 15, 128
_AT_ONCE = BoundedSemaphore(2)
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

# Common passwords that are long enough to pass the length rule. Repetitions and rows of a keyboard are found by rule.
_LIST = """
    administrator1 administrator12 administrator123 adminadminadmin changemechangeme changethispassword
    correcthorsebatterystaple defaultpassword enterpassword123 footballfootball iloveyouforever iloveyousomuch
    iloveyouverymuch internationalpolice jesuschristislord letmeinletmein letmeinplease123 liverpoolfootballclub
    manchesterunited mynameissecret nopasswordneeded password12345678 password123456789 password1234567890
    passwordpassword1 passwortpasswort pleaseletmein123 princessprincess qwertyuiop12345 qwertyuiop123456
    qwerty1234567890 secretpassword1 secretpassword123 superadministrator supersecretpassword teamocontodomicorazon
    thisisapassword thisismypassword trustno1trustno1 welcome123456789 welcomewelcome1 whateverwhatever
    contraseña12345 contraseñasegura motdepasse12345 motdepassesecret monmotdepasse123
"""
COMMON = frozenset(_LIST.split())
_ROWS = (
    "01234567890123456789", "09876543210987654321", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "1q2w3e4r5t6y7u8i9o0p",
)  # fmt: skip
_EVERYWHERE = ("muster", "interpol")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _easy(folded: str) -> bool:
    """Whether this is a common password, one short piece repeated, a row of a keyboard, or hardly any variety."""
    letters = re.sub(r"[\W_]", "", folded)
    repeated = re.fullmatch(r"(.{1,8}?)\1+.{0,7}", folded) is not None and len(set(folded)) <= 8
    row = any(letters and letters in line for line in _ROWS)
    return folded in COMMON or letters in COMMON or repeated or row or len(set(folded)) < 5


def check(password: str, context: Iterable[str] = (), field: str = "password") -> None:
    """Raise RuleBroken on `field` unless `password` may be used.

    15 to 128 characters of any kind; not a common one; without the words of `context` (user name, parts of the name:
    those of four letters and more count) and without Muster's own name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleBroken(field, "A password has {shortest} to {longest} characters: four words and a mark do well.",
                         shortest=SHORTEST, longest=LONGEST)  # fmt: skip
    folded = _folded(password)
    words = {part for text in context for part in re.split(r"[\W_]+", _folded(text)) if len(part) >= 4}
    for word in sorted({*_EVERYWHERE, *words}):
        if word in folded:
            raise RuleBroken(field, "Leave out {word}: whoever guesses would try it first.", word=word)
    if _easy(folded):
        raise RuleBroken(field, "This password is among those that are tried first: choose another.")


def hashed(password: str) -> str:
    """The argon2id hash to keep, with its own salt and parameters inside."""
    with _AT_ONCE:
        return _hasher.hash(unicodedata.normalize("NFC", password))


@cache
def _nobody() -> str:
    """A hash that no password matches: verified for unknown users, so that they take as long as known ones."""
    return hashed(secrets.token_urlsafe(32))


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` belongs to the hash `kept`. Takes the same time where there is none (None)."""
    against = kept or _nobody()
    with _AT_ONCE:
        try:
            _hasher.verify(against, unicodedata.normalize("NFC", password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def warm_up() -> None:
    """Compute what the first unknown user would otherwise wait for."""
    _nobody()
