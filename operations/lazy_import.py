"""Lazy imports: modules that are imported at first use, or ahead of it by `load` when the process is idle.

pandas, scipy and geopandas together take as long to import as half of the rest, and most processes and tests
need none of them.
"""

from importlib import import_module
from typing import Any

_put_off: dict[str, "Later"] = {}


class Later:
    """A proxy of a module: the first access to an attribute imports it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def lazy_module(name: str, *, ahead: bool = True) -> Any:
    """Return a proxy of the module called `name`, which is not imported yet; `ahead`: `load` imports it."""
    return _put_off.setdefault(name, Later(name)) if ahead else Later(name)


def load() -> None:
    """Import all lazy modules, in a thread beside the first requests; a request waits only for the module it uses."""
    for name in tuple(_put_off):
        import_module(name)
