"""Passwords: which are accepted, and how they are hashed (argon2id; OWASP's 19 MiB, 2 passes, 1 lane).

Hashing takes memory and a core on purpose. A process computes at most two hashes at a time, so that a crowd signing in
does not starve other requests.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn_rs_py import zxcvbn

from operations.core.errors import RuleBroken

SHORTEST, LONGEST = 15, 128
_AT_ONCE = BoundedSemaphore(2)
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

# zxcvbn knows leaked passwords, keyboard rows, dates, repetitions and English words. These are common beginnings in
# Muster's other languages, and in offices.
_LIST = """
    bienvenido bienvenida bienvenue bonjour contraseña contrasena clave motdepasse monmotdepasse soleil marhaba
    salam habibi ahlan hola amor teamo jetaime azerty azertyuiop administrador administrateur administrator
    policia police frontera frontiere migration changeme letmein welcome default secret invierno verano otoño
    primavera hiver ete automne printemps enero febrero marzo abril mayo junio julio agosto septiembre octubre
    noviembre diciembre janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
    lunes martes miercoles jueves viernes lundi mardi mercredi jeudi vendredi samedi dimanche مرحبا سلام حبيبي
    كلمةالسر محمد teamocontodomicorazon correcthorsebatterystaple
"""
_BEGINNINGS = [*_LIST.split(), "correct horse battery staple"]
_GUESSES_LOG10 = 12  # fewer than 10^12 guesses: within reach of a patient attacker who has the hashes
_READ = 64  # characters that are estimated: at most 0.15 s of a core, where 128 take more than twice as long
_EVERYWHERE = ("muster", "interpol")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _easy(folded: str) -> bool:
    """Whether an attacker who guesses in the usual order, from lists and patterns, reaches this password soon."""
    return zxcvbn(folded[:_READ], _BEGINNINGS).guesses_log10 < _GUESSES_LOG10


def check(password: str, context: Iterable[str] = (), field: str = "password") -> None:
    """Raise RuleBroken on `field` unless `password` may be used.

    It must have 15 to 128 characters of any kind, must not be guessed soon, and must not contain the words of `context`
    (user name, parts of the name of four letters or more) or Muster's own name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleBroken(
            field,
            "A password must have {shortest} to {longest} characters. Four words and a symbol are a good choice.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    folded = _folded(password)
    words = {part for text in context for part in re.split(r"[\W_]+", _folded(text)) if len(part) >= 4}
    for word in sorted({*_EVERYWHERE, *words}):
        if word in folded:
            raise RuleBroken(field, "Leave out {word}: it is easy to guess.", word=word)
    if _easy(folded):
        raise RuleBroken(
            field,
            "This password is too common. Use four words that do not belong together, with a symbol between them.",
        )


def hashed(password: str) -> str:
    """Return the argon2id hash to store, with its own salt and parameters inside."""
    with _AT_ONCE:
        return _hasher.hash(unicodedata.normalize("NFC", password))


@cache
def _nobody() -> str:
    """Return a hash that no password matches, verified for unknown users so that they take as long as known ones."""
    return hashed(secrets.token_urlsafe(32))


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` belongs to the hash `kept`. Takes the same time if there is no hash (None)."""
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
    """Compute the hash that the first unknown user would otherwise wait for."""
    _nobody()
