"""Connection cleanup: no test leaves open connections to the SQLite databases in its folder.

Since Python 3.13 an open connection that is garbage is a warning. Warnings are errors here, and this one would fail
whichever test runs when the garbage is collected, not the one that left the connection.
"""

import threading
from collections import defaultdict
from pathlib import Path
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

_pools: defaultdict[Path, WeakSet[Pool]] = defaultdict(WeakSet)


def turn_on() -> None:
    """Remember the connection pools of each database file from now on."""
    event.listen(Engine, "engine_connect", _remember)


def close(folder: Path) -> None:
    """Close the connections of all pools to databases in `folder`, once no deferred write uses one."""
    wait_for_deferred_writes()
    for file in [each for each in _pools if each.is_relative_to(folder)]:
        for pool in _pools.pop(file):
            pool.dispose()


def wait_for_deferred_writes() -> None:
    """Wait until the deferred writes of all stores are done, at most five seconds for each store."""
    for thread in threading.enumerate():
        if thread.name == "muster-deferred":
            thread.join(5)


def _remember(connection: Connection) -> None:
    url = connection.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        _pools[Path(url.database)].add(connection.engine.pool)
