"""Paper process: documents are made in a child process, since drawing a page would block all requests of the server.

So is a statistical model fitted, whose library takes 100 MB.

Each serving process has one, of lower priority, started with the first paper and ended with its parent.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from typing import Any, TypeVar

from dashboard.server.turns import turn_given_back
from operations.core import clock

_NICENESS = 10
Made = TypeVar("Made")

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def run_in_process(make: Callable[..., Made], *given: Any) -> Made:
    """Call a module-level function with picklable arguments in the child, at this clock's time. Raises its errors."""
    for _again in range(2):
        pool = _opened()
        try:
            with turn_given_back():
                return pool.submit(_made, clock.now(), make, *given).result()
        except BrokenProcessPool:  # the process was killed: try again with a new one
            _close(pool)
    raise BrokenProcessPool("The process that makes papers ended twice while it made this one.")


def _made(at: datetime, make: Callable[..., Made], *given: Any) -> Made:
    with clock.at(at):
        return make(*given)


def _opened() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            _pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin)
        return _pool


def _close(pool: ProcessPoolExecutor) -> None:
    global _pool
    with _lock:
        if _pool is pool:
            _pool = None
    pool.shutdown(wait=False)


def _begin() -> None:
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    threading.Thread(target=_end_with_parent, name="muster-parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
