"""Deferred writes: a background thread of the store repeats them until they are stored; no response waits for them.

Only for what says nothing of anybody's act and may be lost with the process, as that somebody is still there. What must
be recorded is written before it is answered: see `journal.disclosing`.
"""

import logging
from collections.abc import Callable, Hashable
from threading import Condition, Thread
from weakref import WeakKeyDictionary

from operations.core.errors import MusterError
from operations.core.storage_errors import Unavailable
from operations.core.store import Store

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds until what could not be stored is tried again: twice as long each time."""
MOST = 10_000
"""So many writes wait at most; what comes then is left out, which is told in the log."""

_log = logging.getLogger("muster.store")


class Deferred:
    """The writes that wait for one store: one for each key, the newest."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._changed, self._working = Condition(), False

    def do(self, key: Hashable, write: Callable[[], object]) -> None:
        """Have `write` done soon, which opens a unit of work of its own and is safe to repeat."""
        with self._changed:
            if key not in self._waiting and len(self._waiting) >= MOST:
                _log.warning("%s writes wait already: one is left out.", MOST)
                return
            self._waiting[key] = write
            if not self._working:
                self._working = True
                Thread(target=self._work, name="muster-deferred", daemon=True).start()

    def done(self, seconds: float) -> bool:
        """Wait until nothing waits, at most so long; whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._working, seconds)

    def _work(self) -> None:
        pause = FIRST_PAUSE
        while (found := self._next()) is not None:
            key, write = found
            try:
                write()
            except Unavailable:
                with self._changed:
                    self._waiting.setdefault(key, write)
                if self._store.ended(pause):
                    return
                pause = min(pause * 2, LONGEST_PAUSE)
            except MusterError as refusal:
                _log.info("What was to be written beside an answer was refused: %s", refusal)
            except Exception:  # noqa: BLE001 - the others are written all the same
                _log.exception("What was to be written beside an answer failed.")
            else:
                pause = FIRST_PAUSE

    def _next(self) -> tuple[Hashable, Callable[[], object]] | None:
        with self._changed:
            if self._waiting:
                key = next(iter(self._waiting))
                return key, self._waiting.pop(key)
            self._working = False
            self._changed.notify_all()
            return None


_of: WeakKeyDictionary[Store, Deferred] = WeakKeyDictionary()
_guard = Condition()


def of(store: Store) -> Deferred:
    """What waits for a store in this process."""
    with _guard:
        return _of.setdefault(store, Deferred(store))
