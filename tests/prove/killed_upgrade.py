"""Upgrades that are killed before each of their statements, and after the last; run as a process of its own.

The arguments are the address of the database and the folder of migrations. Each upgrade is a fork of this process.
"""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from dashboard.settings import Settings
from operations import tables  # noqa: F401 - every table is declared before the database is opened
from operations.core import schema
from operations.core.store import open_store

_whole = schema.Migration.statements


def _killed(url: str, step: int) -> bool:
    """Upgrade in another process, which is killed before statement number `step`; whether it came so far."""
    if not (child := os.fork()):

        def statements(migration: schema.Migration) -> Iterator[str]:
            for number, statement in enumerate([*_whole(migration), "SELECT 1"]):
                if number == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield statement

        schema.Migration.statements = statements  # type: ignore[method-assign,assignment]
        schema.upgrade(open_store(url))
        os._exit(0)
    _pid, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)


def main(url: str, folder: str) -> None:
    """Kill one upgrade after another; each leaves the older schema. Print how many there were, and end the upgrade."""
    Settings().use_keys()
    schema.FOLDER = Path(folder)
    step = 0
    while _killed(url, step):
        store = open_store(url)
        at, missing = schema.missing(store)
        store.dispose()
        assert missing, f"killed before statement {step}, it is at {at}"
        step += 1
    store = open_store(url)
    assert not schema.missing(store)[1]
    store.dispose()
    print(step)  # noqa: T201 - how it answers


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
