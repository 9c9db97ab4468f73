"""Papers are made in a process apart: drawing a page or filling a workbook would hold up everybody who waits.

One process beside each that serves, of a lower priority, started at its first paper and ended with it.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from typing import Any

from operations.core import clock

_NICENESS = 10

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def made(make: Callable[..., bytes], *given: Any) -> bytes:
    """What a function of a module makes of plain values, with the clock as it stands here. Raises what that raises."""
    for _again in range(2):
        pool = _opened()
        try:
            return pool.submit(_made, clock.now(), make, *given).result()
        except BrokenProcessPool:  # somebody ended the process: the next one makes it
            _close(pool)
    raise BrokenProcessPool("The process that makes papers ended twice while it made this one.")


def _made(at: datetime, make: Callable[..., bytes], *given: Any) -> bytes:
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
