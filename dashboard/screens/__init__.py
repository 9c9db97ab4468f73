"""One folder a screen, named as its address: page, parts, ids, script and style. No screen imports another.

A screen is found by its folder. A module in it that has a `NAV` and a `layout` is a page; one with a `router` answers
addresses of its own and is given what it names (store, limit, line, origin); one with a `warm` prepares what its first
visitor would wait for.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of every screen, in the order of their names."""
    return tuple(import_module(found.name) for found in walk_packages(__path__, f"{__name__}.") if not found.ispkg)


@cache
def pages() -> tuple[ModuleType, ...]:
    """The modules that are pages."""
    return tuple(module for module in modules() if hasattr(module, "NAV") and hasattr(module, "layout"))


def having(name: str) -> list[Callable[..., Any]]:
    """The functions of this name that the screens' modules define themselves."""
    return [getattr(module, name) for module in modules() if _own(module, name)]


def _own(module: ModuleType, name: str) -> bool:
    return getattr(getattr(module, name, None), "__module__", None) == module.__name__
