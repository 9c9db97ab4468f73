"""Screens: one folder each, named as its address, with page, parts, ids, script and style. No screen imports another.

Screens are discovered by walking the folders. A module that has a `NAV` and a `layout` is a page; one with a `router`
serves addresses of its own and is given the parameters it names (store, limit, line, origin); one with a `warm`
prepares at start what its first visitor would wait for.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return every module of every screen, sorted by name."""
    return tuple(import_module(found.name) for found in walk_packages(__path__, f"{__name__}.") if not found.ispkg)


@cache
def pages() -> tuple[ModuleType, ...]:
    """Return the modules that are pages."""
    return tuple(module for module in modules() if hasattr(module, "NAV") and hasattr(module, "layout"))


def having(name: str) -> list[Callable[..., Any]]:
    """Return the functions of this name that the screens' modules define themselves, not those that they import."""
    return [getattr(module, name) for module in modules() if _own(module, name)]


def _own(module: ModuleType, name: str) -> bool:
    return getattr(getattr(module, name, None), "__module__", None) == module.__name__
