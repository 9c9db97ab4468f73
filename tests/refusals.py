"""Which refusals the sources know, and which of them a test matches by their words: found by reading both.

A refusal is what a `RuleBroken`, a `Conflict` or a `Noun` of `operations` says. A text of a test matches it that
stands in it, if no more than `_SEVERAL` others hold it too; between two texts of a template its values may stand.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.syntax_trees import syntax_tree

ROOT = Path(__file__).parents[1]
LIST = Path(__file__).parent / "operations" / "unmatched_refusals.txt"
_PLACE = {"RuleBroken": 1, "Conflict": 0, "Stale": 0, "Noun": 3}
_FEWEST = 10  # characters of a template that must stand in a text
_SEVERAL = 2
_LONGEST_PATTERN = 100


@cache
def refusals() -> dict[str, str]:
    """Every template of a refusal, and a module that says it."""
    found = {}
    for path in sorted((ROOT / "operations").rglob("*.py")):
        tree = syntax_tree(path)
        named = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _PLACE:
                place = _PLACE[node.func.id]
                for said in _texts(node.args[place], named) if len(node.args) > place else ():
                    found[said] = path.relative_to(ROOT).as_posix()
    return found


def _texts(said: ast.expr, named: dict[str, ast.expr]) -> Iterator[str]:
    """The texts that an expression may be, where they are written down."""
    match said:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.Call(func=ast.Name(id="N_"), args=[first]):
            yield from _texts(first, named)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, named)
            yield from _texts(other, named)
        case ast.Name(id=name) if name in named:
            yield from _texts(named[name], {})


@cache
def texts() -> frozenset[str]:
    """Every text of the tests that is no description."""
    found: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = syntax_tree(path)
        described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described
        }
    return frozenset(each for each in found if len(each) >= _FEWEST and " " in each)


def fits(text: str, template: str) -> bool:
    """Whether a text of a test is a part of what a template says, with the template's values in it."""
    if text in template:
        return True
    return any(
        len(piece) >= _FEWEST and (piece in text or _continues(piece, text) or _continues(text, piece))
        for piece in re.split(r"{[^}]*}", template)
    )


def _continues(first: str, then: str) -> bool:
    """Whether a text begins with the end of another."""
    at = first.rfind(then[:_FEWEST])
    return at >= 0 and then.startswith(first[at:])


def _patterned(text: str, template: str) -> bool:
    """Whether a text, as a pattern, is met in a template."""
    try:
        met = re.search(text, template)
    except re.error:
        return False
    return met is not None and len(met[0]) >= _FEWEST


def _grams(text: str) -> set[str]:
    return {text[at : at + _FEWEST] for at in range(len(text) - _FEWEST + 1)}


@cache
def unmatched() -> frozenset[str]:
    """The refusals that no text of a test matches."""
    every, met = refusals(), set()
    holding: dict[str, set[str]] = {}
    for template in every:
        for gram in _grams(template):
            holding.setdefault(gram, set()).add(template)
    for text in texts():
        near = set().union(*(holding.get(gram, set()) for gram in _grams(text)))
        whole = {template for template in near if text in template}
        fitting = whole or {template for template in near if fits(text, template)}
        if len(text) < _LONGEST_PATTERN and re.search(r"\.[*+]|\||\\", text):
            fitting |= {template for template in every if _patterned(text, template)}
        if len(fitting) <= _SEVERAL:
            met |= fitting
    return frozenset(every) - met
