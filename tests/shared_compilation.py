"""Compiled statements that all databases of a process share, for tests: each has an engine of its own, and so would
compile anew what every other one has compiled.
"""

from typing import Any

from sqlalchemy.util import LRUCache

from operations.core import store


class SharedCache(LRUCache[Any, Any]):
    """Compiled statements by the name of their dialect, in the place of the dialect of one engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what was compiled for any engine with such a dialect."""
        return super().get(_shared(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_shared(key), value)


def _shared(key: Any) -> Any:
    dialect, *more = key
    return (dialect.name, *more)


def turn_on() -> None:
    """From here on this process opens stores that share it."""
    store._ENGINE["execution_options"] = {"compiled_cache": SharedCache(8000)}
