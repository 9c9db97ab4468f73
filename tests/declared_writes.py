"""Declared writes: in every test, units of work write no other tables than `change_tracking.declare_tables` names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from operations.core import change_tracking
from operations.core.change_tracking import TABLES_OF_KIND, RecentWrites


def checked(unit: Callable[[RecentWrites], Any]) -> Callable[[RecentWrites], Any]:
    """`RecentWrites.unit`, whose block fails at its end where it wrote a table that is not declared."""

    @wraps(unit)
    @contextmanager
    def checking(self: RecentWrites) -> Iterator[set[str]]:
        with unit(self) as tables:
            yield tables
            if (now := change_tracking._unit.get()) is not None:
                require(set(now.entries.values()), tables)

    return checking


def require(kinds: set[str], tables: set[str]) -> None:
    """Fail where all entries are of declared kinds, and a table was written that is declared for none of them."""
    if kinds and kinds <= TABLES_OF_KIND.keys():
        written = {name for name in tables if "." not in name}  # the others are acts
        more = sorted(written.difference(*(TABLES_OF_KIND[kind] for kind in kinds)))
        assert not more, f"Entries about {sorted(kinds)} came with {more}: name them in `declare_tables`."
