"""A timetable that does one effect every quarter of a second, and kills itself at a point of its own tick.

The arguments are the address of the database, the point, and how often it passes there unharmed. With the point `never`
it lives on and takes the lead only from whoever left it; the others take it at once from whoever has it. With
`anywhere` it takes the lead so, and is killed by who started it.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from dashboard.settings import Settings
from operations import tables  # noqa: F401 - every table is declared before the database is opened
from operations.core.storage_errors import Unavailable
from operations.core.store import open_store
from operations.timetable import lease
from operations.timetable.effects import DueEffect, TimetableJob
from operations.timetable.lease import Lease, LeaseCandidate
from operations.timetable.runner import Timetable

EVERY = timedelta(milliseconds=250)


class GreedyCandidate(LeaseCandidate):
    """One that does not wait for the lease to stand still.

    Where writers stand in a row, as at an SQLite file, the leader beats between any two looks of another.
    """

    def _stands_still(self, _lease: Lease) -> bool:
        return True


def seconds(_session: Session, since: datetime, moment: datetime) -> Iterator[DueEffect]:
    """Yield an effect for every quarter of a second since then."""
    at = since.replace(microsecond=0) + timedelta(seconds=1)
    while at <= moment:
        yield DueEffect("second", at, at)
        at += EVERY


def entry(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> dict[str, Any]:
    """Write the effect into the ledger of the test."""
    session.connection().execute(
        sa.text("INSERT INTO ledger (job, due) VALUES (:job, :due)"), {"job": due.job, "due": due.due.isoformat()}
    )
    return {}


def main(url: str, point: str, after: int) -> None:
    """Run the timetable until it is killed."""
    Settings().use_keys()
    greedy, passed = point != "never", 0
    lease.LEASE = 0.5

    def watch(here: str) -> None:
        nonlocal passed
        passed += here == point
        if here == point and passed > after:
            os.kill(os.getpid(), signal.SIGKILL)

    candidate = (GreedyCandidate if greedy else LeaseCandidate)(str(os.getpid()))
    timetable = Timetable(open_store(url), candidate, watch)
    while True:
        with suppress(Unavailable):  # as where the product runs it: it tries again in a moment
            timetable.beat()
            timetable.tick([TimetableJob("second", seconds, entry)])
        time.sleep(0.001 if greedy and timetable.candidate.fence is None else 0.05)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
