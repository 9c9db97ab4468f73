"""Memory of this process: the C library keeps little of what is free, and gives it back to the system.

glibc keeps an arena for each thread, up to eight for each core, and what was freed in one stays with the process. A
server of many threads then holds several times what it uses.
"""

import contextlib
import ctypes
import gc
import os
import sys
from typing import Any

ARENAS = 2
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def spare() -> None:
    """Let this process and those that it starts share ARENAS arenas. It does nothing where the C library has none."""
    os.environ.setdefault("MALLOC_ARENA_MAX", str(ARENAS))
    with contextlib.suppress(AttributeError):
        _library().mallopt(_ARENA_MAX, ARENAS)


def forget(*modules: str) -> None:
    """Empty what functions of these modules keep (`functools.cache`), and return what is free to the system.

    For work that is done and not soon done again: what is asked for later is read again.
    """
    for name in modules:
        for kept in vars(sys.modules[name]).values() if name in sys.modules else ():
            if hasattr(kept, "cache_clear") and kept.__module__ == name:
                kept.cache_clear()
    gc.collect()
    give_back()


def give_back() -> None:
    """Return what is free to the system. It takes some milliseconds, in which other threads go on."""
    with contextlib.suppress(AttributeError):
        _library().malloc_trim(0)


def _library() -> Any:
    return ctypes.CDLL(None)
