"""Which acts the sources write into the journal: found by reading every call of `journal.record`, not by a list.

What the call is given as act is followed to where it is written: through parameters to all callers, through names,
choices, tables and patterns. An act that cannot be followed fails, so that none stays unseen.
"""

import ast
import importlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import product
from operator import attrgetter
from pathlib import Path
from typing import Any

from operations.core.noun import Noun
from tests.syntax_trees import syntax_tree

ROOT = Path(__file__).parents[2]
PACKAGES = ("operations", "scenarios", "dashboard")
RECORD = ("operations.core.journal", "record")
DOWNLOAD = ("operations.core.journal", "record_download")
Function = ast.FunctionDef | None


@dataclass(frozen=True, eq=False)
class Module:
    """A module as it is written: what it imports by name, and each call with the function in which it stands."""

    name: str
    imported: dict[str, tuple[str, str]]
    calls: list[tuple[Function, ast.Call]]

    def target(self, called: ast.expr) -> tuple[str, str] | None:
        """The module and the name of the function that is called, where it is a function of a module."""
        match called:
            case ast.Name(id=name):
                return self.imported.get(name, (self.name, name))
            case ast.Attribute(value=ast.Name(id=holder), attr=name) if holder in self.imported:
                package, module = self.imported[holder]
                return f"{package}.{module}", name
        return None


@cache
def modules() -> dict[str, Module]:
    """Every module by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name] = _read(name, syntax_tree(path))
    return found


@cache
def calls() -> dict[tuple[str, str], list[tuple[Module, Function, ast.Call]]]:
    """All calls of each function, with where they stand."""
    found: dict[tuple[str, str], list[tuple[Module, Function, ast.Call]]] = {}
    for module in modules().values():
        for function, call in module.calls:
            if target := module.target(call.func):
                found.setdefault(target, []).append((module, function, call))
    return found


def _read(name: str, tree: ast.Module) -> Module:
    read = Module(name, {}, [])
    nodes: list[tuple[ast.AST, Function]] = [(tree, None)]
    while nodes:
        node, function = nodes.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                read.calls.append((function, child))
            elif isinstance(child, ast.ImportFrom):
                read.imported.update({each.asname or each.name: (str(child.module), each.name) for each in child.names})
            if not isinstance(child, ast.Name | ast.Constant | ast.expr_context):
                nodes.append((child, child if isinstance(child, ast.FunctionDef) else function))
    return read


@cache
def acts(access: bool = False) -> dict[str, str]:
    """Every act that is written into the journal, or into the `access` trail, and a module that writes it."""
    found = {}
    for target in (RECORD, DOWNLOAD):
        for module, function, call in calls()[target]:
            if module.name == RECORD[0] and not (len(call.args) > 2 and isinstance(call.args[2], ast.Constant)):
                continue  # `journal.disclosing` makes a call again that is read where it was made
            if access is (target == DOWNLOAD or _in_trail(call)):
                found.update(dict.fromkeys(_values(call.args[2], module, function), module.name))
    return found


def _in_trail(call: ast.Call) -> bool:
    """Whether a call of `journal.record` names the access trail as its chain."""
    return any(each.arg == "chain" and "ACCESS" in ast.unparse(each.value) for each in call.keywords)


def _values(said: ast.expr, module: Module, function: Function) -> set[Any]:
    """Everything that an expression may be, where it comes to texts or to members of an enumeration."""
    match said:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return _values(one, module, function) | _values(other, module, function)
        case ast.JoinedStr(values=parts):
            pieces = [
                _values(
                    getattr(each, "value", each) if isinstance(each, ast.FormattedValue) else each, module, function
                )
                for each in parts
            ]
            return {"".join(chosen) for chosen in product(*pieces)}
        case ast.Attribute(attr="value", value=member):
            return {each.value for each in _values(member, module, function)}
        case ast.Attribute(attr="act" | "verb" as which):
            holders = [each.name for each in _taking(module, function)] or [module.name]
            steps = [step for each in holders for step in _steps(each)]
            return {str(getattr(step, which)) for step in steps if hasattr(step, which)}
        case ast.Subscript(value=ast.Name(id=name)):
            return set(getattr(_loaded(module.name), name).values())
        case ast.Name(id=name) if function is not None and name in _parameters(function):
            return _given(name, module, function)
        case ast.Name(id=name) if function is not None and (written := _written(name, function)):
            return set().union(*(_values(each, module, function) for each in written))
        case ast.Name() | ast.Attribute():
            with suppress(AttributeError):
                return {attrgetter(ast.unparse(said))(_loaded(module.name))}
    raise AssertionError(f"{module.name}, line {said.lineno}: which act is {ast.unparse(said)!r}?")


@cache
def noun_records() -> set[tuple[str, str]]:
    """Every function that is the `record` of a noun."""
    loaded = [_loaded(module.name) for module in modules().values() if "Noun" in module.imported]
    return {_place(noun.record) for each in loaded for noun in vars(each).values() if isinstance(noun, Noun)}


@cache
def noun_acts() -> dict[tuple[str, str], set[str]]:
    """What nouns write through each function that is their `record`: their entries, and the acts of their steps."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module in modules().values():
        for function, call in module.calls:
            match call.func:
                case ast.Attribute(value=ast.Name(id=holder), attr="write" | "entry"):
                    noun = getattr(_loaded(module.name), holder, None)
                    if isinstance(noun, Noun):
                        found[_place(noun.record)] |= _values(call.args[2], module, function)
                case ast.Attribute(value=ast.Name(id=holder), attr="take" | "go" | "journal"):
                    noun = getattr(_loaded(module.name), holder, None)
                    if isinstance(noun, Noun):
                        found[_place(noun.record)] |= {str(step.verb) for step in noun.states.steps}
    return found


def _place(function: Any) -> tuple[str, str]:
    return function.__module__, function.__name__


def _parameters(function: ast.FunctionDef) -> list[str]:
    said = function.args
    return [each.arg for each in (*said.posonlyargs, *said.args, *said.kwonlyargs)]


def _given(name: str, module: Module, function: ast.FunctionDef) -> set[str]:
    """What all callers of a function give for a parameter."""
    found: set[str] = set()
    place = _parameters(function).index(name)
    for caller, inside, call in calls().get((module.name, function.name), []):
        named = [each.value for each in call.keywords if each.arg == name]
        found |= _values((named or [call.args[place]])[0], caller, inside)
    if name == "act" and (module.name, function.name) in noun_records():
        found |= noun_acts().get((module.name, function.name), set())
    assert found, f"{module.name}.{function.name} writes into the journal and nobody calls it"
    return found


def _written(name: str, scope: ast.AST) -> list[ast.expr]:
    """What is assigned to a name."""
    found = []
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                found.append(value)
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                found.append(value)
    return found


def _taking(module: Module, function: Function) -> list[Module]:
    """Who calls a function that is given a step, where its own module has no table of steps: those have it."""
    if function is None or "step" not in _parameters(function) or _held(module.name):
        return []
    return [caller for caller, _function, _call in calls().get((module.name, function.name), [])]


def _steps(name: str) -> list[Any]:
    """The steps of lives that a module holds in tables."""
    rows = _held(name)
    assert rows, f"{name} writes the act of a step into the journal, and holds no table of steps"
    return rows


def _held(name: str) -> list[Any]:
    """The steps that a module holds in tables, its own and those that it names."""
    held = [getattr(table, "steps", table) for table in vars(_loaded(name)).values()]
    return [each for rows in held if isinstance(rows, list | tuple) for each in rows if hasattr(each, "act")]


def _loaded(name: str) -> Any:
    return importlib.import_module(name.removesuffix(".__init__"))
