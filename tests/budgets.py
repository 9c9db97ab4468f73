"""What an act costs of the processor, whatever else the machine, this process and its collector do meanwhile."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time


@contextmanager
def undisturbed() -> Iterator[None]:
    """The collector stands still: late in a suite one round of it over all that is kept takes seconds."""
    stood = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if stood:
            gc.enable()


def spent(act: Callable[[], object]) -> float:
    """CPU seconds of this thread in one run of `act`."""
    with undisturbed():
        begins = thread_time()
        act()
        return thread_time() - begins


def least(act: Callable[[], object], *, within: float = 0.0, times: int = 3) -> float:
    """The cheapest of at most so many runs; the first within the bound is enough, since what disturbs only adds."""
    best = spent(act)
    for _ in range(times - 1):
        if best < within:
            break
        best = min(best, spent(act))
    return best
