"""Memory: what functions keep is emptied where their work is done."""

import sys
from types import ModuleType

import pytest

from operations.core import memory

_CODE = """
from functools import cache, lru_cache
@cache
def table(number): return [number]
@lru_cache(maxsize=2)
def other(): return []
"""


def test_what_a_module_keeps_is_forgotten_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {name: ModuleType(name) for name in ("kept_here", "kept_there")}
    for name, module in made.items():
        exec(_CODE, vars(module))  # noqa: S102 - a module of this test's own
        monkeypatch.setitem(sys.modules, name, module)
    here, there = (each.table(1) for each in made.values())
    other = made["kept_here"].other()
    vars(made["kept_here"])["imported"] = made["kept_there"].table  # kept where it is declared
    memory.forget("kept_here", "never_imported")
    assert made["kept_here"].table(1) is not here
    assert made["kept_here"].other() is not other
    assert made["kept_there"].table(1) is there
