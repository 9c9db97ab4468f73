"""Modules that the first answer does not need: imported when first used, or by `load` once the server answers.

geopandas, pandas, scipy and openpyxl together take as long to import as half of the rest. A module that needs one of
them, or a part of geodata that stands on them, inside its functions only takes it from `server/lazy_modules.py`; dear
modules of `dashboard.papers` are put off by that package.
"""

from importlib import import_module
from typing import Any

_put_off: dict[str, "Later"] = {}


class Later:
    """Stands for a module. Whatever is asked of it is asked of the module, which is imported by then."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def later(name: str) -> Any:
    """The module called `name`, not imported yet."""
    return _put_off.setdefault(name, Later(name))


def load() -> None:
    """Import what was put off. Beside the first visitors: who needs one of them before waits for that one only."""
    for name in tuple(_put_off):
        import_module(name)
