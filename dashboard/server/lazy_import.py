"""Lazy import: modules that the first response does not need are imported on first use, or by `load`.

geopandas, pandas, scipy and openpyxl together take as long to import as half of the rest. A module that needs one of
them, or a part of geodata that imports them, only inside its functions takes it from `server/lazy_modules.py`; the
package `dashboard.papers` makes its own expensive modules lazy.
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


def later(name: str) -> Any:
    """Return a proxy of the module called `name`, which is not imported yet."""
    return _put_off.setdefault(name, Later(name))


def load() -> None:
    """Import all lazy modules, in a thread beside the first requests; a request waits only for the module it uses."""
    for name in tuple(_put_off):
        import_module(name)
