"""What a minute of notes of changed pages costs on a large SQLite file, beside a copy of all of it."""

import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from operations.core import backups
from operations.core.page_changes import PageChanges
from operations.core.schema import upgrade
from operations.core.store import open_store
from tests.bench.conftest import Ledger

ROWS, BYTES, LOOKS = 1_080_000, 300, 12
MB = 2**20


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_changes_of_a_minute(ledger: Ledger, tmp_path: Path) -> None:
    store, file = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}"), tmp_path / "muster.sqlite"
    upgrade(store)
    changes, chance = PageChanges(tmp_path / "changes"), random.Random(1)
    with closing(sqlite3.connect(file, isolation_level=None)) as others:
        others.execute("CREATE TABLE filled (number INTEGER PRIMARY KEY, words BLOB)")
        others.execute("BEGIN")
        others.executemany("INSERT INTO filled (words) VALUES (?)", ((os.urandom(BYTES),) for _row in range(ROWS)))
        others.execute("COMMIT")

        def minute(what: str, rows: list[int], folder: Path = tmp_path / "copies") -> None:
            """Commit to these rows in a minute with a look every five seconds, and note it."""
            seconds, written = 0.0, 0
            for look in range(LOOKS):
                for row in rows[look::LOOKS]:
                    others.execute("UPDATE filled SET words = ? WHERE number = ?", (os.urandom(BYTES), row))
                note = (lambda: backups.note_changes(store, folder, changes)) if look == LOOKS - 1 else None
                cost = _cost(note or (lambda: changes.look(file)))
                seconds, written = seconds + cost[0], written + cost[1]
            size = f"{file.stat().st_size / MB:.0f} MB"
            ledger.note(what, size, seconds * 1000 / 60, "ms of CPU a second")
            ledger.note(what, size, written / MB, "MB written a minute")

        minute("the first note, with a copy", [1])
        minute("a minute in which nothing was committed", [])
        minute("a minute of 50 commits to a page", [1] * 50)  # beats and signs of life are the same few pages
        for many in (300, 3000):
            minute(f"a minute of {many} commits, each to another page", [chance.randrange(ROWS) for _ in range(many)])
    store.dispose()


def _cost(work: Callable[[], object]) -> tuple[float, int]:
    before, written = time.process_time(), _written()
    work()
    return time.process_time() - before, _written() - written


def _written() -> int:
    """Bytes that this process has given to files so far."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])
