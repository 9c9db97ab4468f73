"""argon2 with its smallest parameters, for tests: what a password costs is no concern of theirs.

Muster has no such switch. It is turned in the process of the tests (see `cheap_hashes` in conftest.py), and in a server
that they start by `application` in the place of Muster's own factory.
"""

from typing import Any

from argon2 import PasswordHasher, Type

from operations.core import passwords

REAL = passwords._hasher
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)


def turn_on() -> None:
    """From here on this process hashes cheaply."""
    passwords._hasher = _CHEAP


def turn_off() -> None:
    """Hash again as Muster does."""
    passwords._hasher = REAL


def application() -> Any:
    """The application as `dashboard.app:from_environment` makes it, which hashes cheaply."""
    turn_on()
    from dashboard.app import from_environment

    return from_environment()
