"""Units of work against what is declared of them: which tables they write, in whatever test they are written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from operations.core import change_tracking
from operations.core.change_tracking import DECLARED, RecentWrites


def held(unit: Callable[[RecentWrites], Any]) -> Callable[[RecentWrites], Any]:
    """`RecentWrites.unit`, whose block fails where it wrote a table that nobody declared."""

    @wraps(unit)
    @contextmanager
    def checked(self: RecentWrites) -> Iterator[set[str]]:
        with unit(self) as tables:
            yield tables
            if (now := change_tracking._unit.get()) is not None:
                require(set(now.entries.values()), tables)

    return checked


def require(kinds: set[str], tables: set[str]) -> None:
    """Fail where entries of these kinds, all of them declared, go with a table of none of them."""
    if kinds and kinds <= DECLARED.keys():
        written = {name for name in tables if "." not in name}  # the others are facts, as acts are
        assert written <= frozenset().union(*(DECLARED[kind] for kind in kinds)), (kinds, written)
