"""Lazy imports: modules that are imported at first use, or ahead of it by `load` when the process is idle.

pandas, scipy and geopandas together take as long to import as half of the rest, and most processes and tests
need none of them.
"""

import ast
import gc
import threading
from collections.abc import Iterator, MutableMapping
from functools import cache
from importlib import import_module
from pathlib import Path
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


def bind_type_imports(module: MutableMapping[str, Any], *, ahead: bool | tuple[str, ...] = True) -> None:
    """Bind each module that `module` (its globals) imports under `if TYPE_CHECKING` to a proxy, under the same name.

    A name with a capital is a class that annotations alone use, and stays unbound. `ahead`: whether `load` imports
    them, or the beginnings of the paths of those that it imports.
    """
    for node in ast.parse(Path(module["__file__"]).read_bytes()).body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for name, path in _imports(node):
                if name == name.lower():
                    early = ahead if isinstance(ahead, bool) else path.startswith(ahead)
                    module[name] = lazy_module(path, ahead=early)


def _imports(block: ast.If) -> Iterator[tuple[str, str]]:
    """Yield the name and the path of each import of a block."""
    for line in block.body:
        if isinstance(line, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in line.names)
        elif isinstance(line, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{line.module}.{alias.name}") for alias in line.names)


def load() -> None:
    """Import all lazy modules that are imported ahead; a request beside it waits only for the module it uses."""
    for name in tuple(_put_off):
        import_module(name)
    gc.freeze()  # they stay: exempt them from garbage collection


@cache
def load_beside() -> None:
    """Do that once, in a thread beside the first requests."""
    threading.Thread(target=load, name="muster-load", daemon=True).start()
