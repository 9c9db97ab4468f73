"""Changes of pages as the log of SQLite tells them: they lead from a copy to what is there, whatever was done."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from operations.core import backups, page_changes, write_ahead_log
from operations.core.encrypted_copies import KeyRing
from operations.core.page_changes import PageChanges, change_files
from tests.makers import START

Change = Callable[[sqlite3.Connection, random.Random], object]


def _some(connection: sqlite3.Connection, chance: random.Random) -> None:
    for _row in range(chance.randrange(1, 30)):
        connection.execute("INSERT INTO line (words) VALUES (?)", (chance.randbytes(300),))


def _many(connection: sqlite3.Connection, chance: random.Random) -> None:
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO line (words) VALUES (?)", [(chance.randbytes(3000),) for _row in range(300)])
    connection.execute("COMMIT")


def _fewer(connection: sqlite3.Connection, chance: random.Random) -> None:
    connection.execute("DELETE FROM line WHERE number % 5 = ?", (chance.randrange(5),))


def _undone(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Pages that do not fit into the memory are in the log, and nobody committed them."""
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO line (words) VALUES (?)", [(chance.randbytes(3000),) for _row in range(60)])
    connection.execute("ROLLBACK")


def _begun_again(connection: sqlite3.Connection, chance: random.Random) -> None:
    """The log begins again with the next write: once, or so often that it no longer tells what was."""
    for _time in range(chance.choice((1, 1, 1, 3))):
        connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        _some(connection, chance)


def _cut_off(connection: sqlite3.Connection, _chance: random.Random) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _smaller(connection: sqlite3.Connection, _chance: random.Random) -> None:
    connection.execute("VACUUM")


CHANGES: tuple[Change, ...] = (_some, _some, _many, _fewer, _undone, _begun_again, _begun_again, _cut_off, _smaller)


def _rows(file: Path) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(file)) as asked:
        assert asked.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return asked.execute("SELECT number, words FROM line ORDER BY number").fetchall()


def _database(file: Path) -> sqlite3.Connection:
    made = sqlite3.connect(file, isolation_level=None)
    made.execute("PRAGMA journal_mode=wal")
    made.execute("PRAGMA cache_size=5")
    made.execute("CREATE TABLE line (number INTEGER PRIMARY KEY, words BLOB)")
    return made


def _noted(file: Path, copy: Path, changes: PageChanges) -> bool:
    """Note a state; return whether the log told it."""
    if changes.begun and changes.note_log(file, START):
        return True
    copy.unlink(missing_ok=True)
    log = changes.begin(file)
    backups._copy_sqlite(file, copy)
    changes.note(copy, START, log)
    return False


@pytest.mark.requirement("R60")
@pytest.mark.parametrize("seed", range(4))
def test_changes_of_the_log_lead_to_what_is_there(tmp_path: Path, seed: int) -> None:
    file, copy, chance = tmp_path / "live", tmp_path / "copy", random.Random(seed)
    changes, told = PageChanges(tmp_path / "changes"), Counter[bool]()
    with closing(_database(file)) as connection:
        _some(connection, chance)
        _noted(file, copy, changes)
        base = copy.read_bytes()
        for moment in range(25):
            for _time in range(chance.randrange(3)):
                chance.choice(CHANGES)(connection, chance)
                if changes.begun and chance.random() < 0.5:
                    changes.look(file)
            told[_noted(file, tmp_path / "again", changes)] += 1
            chain = change_files(tmp_path / "changes")
            assert len(chain) == moment + 2
            copy.write_bytes(base)
            page_changes.follow(copy, chain[1:], KeyRing(), tmp_path)
            assert _rows(copy) == _rows(file)
    assert told[True] > 5, told
    assert told[False] < 20, told


def test_what_is_half_written_is_not_taken_for_committed(tmp_path: Path) -> None:
    """A page of a writer at work, and one whose bytes were damaged: the log tells what was whole before."""
    file, chance = tmp_path / "live", random.Random(1)
    with closing(_database(file)) as connection:
        since = write_ahead_log.beginning(file)
        assert since is not None
        _some(connection, chance)
        whole = write_ahead_log.committed(file, since)
        assert whole is not None
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO line (words) VALUES (?)", [(chance.randbytes(3000),) for _row in range(60)])
        assert write_ahead_log.committed(file, since) == whole
        connection.execute("COMMIT")
        more = write_ahead_log.committed(file, since)
        assert more is not None
        assert more.position.frames > whole.position.frames
        log = file.with_name("live-wal")
        content = bytearray(log.read_bytes())
        content[32 + whole.position.frames * (24 + 4096) + 200] ^= 1
        log.write_bytes(content)
        assert write_ahead_log.committed(file, since) == whole


def test_no_copy_is_made_where_the_log_tells_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, changes, chance = tmp_path / "live", PageChanges(tmp_path / "changes"), random.Random(2)
    with closing(_database(file)) as connection:
        _some(connection, chance)
        _noted(file, tmp_path / "copy", changes)
        for most in (write_ahead_log.MOST, 1):
            monkeypatch.setattr(write_ahead_log, "MOST", most)
            _some(connection, chance)
            assert changes.note_log(file, START + timedelta(minutes=1)) is (most > 1)
