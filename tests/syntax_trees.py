"""Syntax trees of modules, each parsed once for all tests of a process that look at the code."""

import ast
from functools import cache
from pathlib import Path


@cache
def syntax_tree(path: Path) -> ast.Module:
    """The syntax tree of a module, which nobody may change."""
    return ast.parse(path.read_text(encoding="utf-8"))
