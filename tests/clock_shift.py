"""A server whose clock a test moves on: days pass, as they do between the plan of an operation and its end.

Muster has no such switch. It asks for the time in one place alone (`operations.core.clock`), and there a server that is
started with FACTORY in the place of Muster's own reads, from the file which MUSTER_TEST_CLOCK names, by how many
seconds its clock is ahead. Passwords cost it next to nothing.
"""

import os
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from operations.core import clock
from tests import cheap_hashing

FACTORY = "tests.clock_shift:application"
FILE = "MUSTER_TEST_CLOCK"


def ahead(file: Path) -> timedelta:
    """By how much the clock of a server that reads `file` is ahead."""
    return timedelta(seconds=float(file.read_text()))


def put(file: Path, by: timedelta) -> None:
    """Put the clock of that server ahead, at once: nobody ever reads half of it."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(by.total_seconds()))
    fresh.replace(file)


@dataclass(frozen=True)
class Ahead:
    """What `clock` asks whether its time is held: it is, at so many seconds ahead, unless somebody holds it else."""

    file: Path
    held: ContextVar[datetime | None]

    def get(self) -> datetime:
        """The moment it is."""
        return self.held.get() or datetime.now(UTC) + ahead(self.file)

    def set(self, moment: datetime | None) -> Token[datetime | None]:
        """Hold it."""
        return self.held.set(moment)

    def reset(self, token: Token[datetime | None]) -> None:
        """Let it go."""
        self.held.reset(token)


def application() -> Any:
    """The application as `dashboard.app:from_environment` makes it, with such a clock."""
    clock._held = Ahead(Path(os.environ[FILE]), clock._held)  # type: ignore[assignment]
    return cheap_hashing.application()
