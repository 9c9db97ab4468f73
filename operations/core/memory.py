"""Memory of this process: the C library keeps little of what is free, and gives it back to the system.

glibc keeps an arena for each thread, up to eight for each core, and what was freed in one stays with the process. A
server of many threads then holds several times what it uses.
"""

import contextlib
import ctypes
import os
from typing import Any

ARENAS = 2
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def spare() -> None:
    """Let this process and those that it starts share ARENAS arenas. It does nothing where the C library has none."""
    os.environ.setdefault("MALLOC_ARENA_MAX", str(ARENAS))
    with contextlib.suppress(AttributeError):
        _library().mallopt(_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return what is free to the system. It takes some milliseconds, in which other threads go on."""
    with contextlib.suppress(AttributeError):
        _library().malloc_trim(0)


def _library() -> Any:
    return ctypes.CDLL(None)
