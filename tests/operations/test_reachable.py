"""What is declared is there: every granted act is asked somewhere, every state of every life can be reached."""

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from operations import tables
from operations.core import state_machine
from operations.core.permissions import GRANTS, Act
from operations.core.state_machine import Life
from operations.core.vocabulary import Level, ParticipationState
from operations.policing.calendar import task_rows
from operations.policing.reports.states import LEVELS
from tests.syntax_trees import syntax_tree

assert tables.__all__  # imported for the lives that their modules declare
ROOT = Path(__file__).parents[2]

# Words of the domain without a verb that leads there. The list can only shrink: what gets its verb has to leave it.
NOT_BUILT: dict[type[Enum], set[str]] = {
    ParticipationState: {"PREPARING"},
    Level: {"VF"},
}


@cache
def trees(*folders: str) -> tuple[ast.Module, ...]:
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    declared = ("permissions.py", "vocabulary.py", "case_codes.py")
    return tuple(syntax_tree(path) for path in paths if path.name not in declared)


def members(node: ast.AST, names: Iterable[str]) -> Iterator[str]:
    """The members of an enumeration, under any of its names, that are named in an expression."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in names:
            yield each.attr


def reached(first: Enum, steps: Iterable[tuple[Enum, Enum]]) -> set[str]:
    """The states that lie on a way from the first one."""
    ways, found, todo = list(steps), {first}, [first]
    while todo:
        here = todo.pop()
        for before, after in ways:
            if before is here and after not in found:
                found.add(after)
                todo.append(after)
    return {each.name for each in found}


def unreached(kind: type[Enum], found: set[str]) -> set[str]:
    assert found <= {each.name for each in kind}
    return {each.name for each in kind} - found


def test_every_granted_act_is_asked_somewhere() -> None:
    asked = {name for tree in trees("operations", "dashboard") for name in members(tree, ("Act",))}
    assert {act.name for act in GRANTS} - asked == set()


def test_every_act_is_granted_to_somebody() -> None:
    assert set(Act) == set(GRANTS)
    assert all(GRANTS.values())


def test_every_level_of_a_report_can_be_reached() -> None:
    assert unreached(Level, {Level.V0.name, *(level.name for level in LEVELS.values())}) == NOT_BUILT[Level]


@pytest.mark.parametrize("declared", state_machine.every(), ids=lambda life: life.noun)
@pytest.mark.requirement("R54")
def test_every_state_of_a_life_can_be_reached_and_is_left_or_an_end(declared: Life[Any]) -> None:
    found = reached(declared.first, ((step.before, step.after) for step in declared.steps))
    missing = NOT_BUILT.get(declared.states, set()) | {state.name for state in declared.never}
    assert unreached(declared.states, found) == missing
    left = {step.before for step in declared.steps if step.after is not step.before}
    assert {state for state in declared.states if state.name not in missing} == left | set(declared.ends)


@pytest.mark.parametrize("declared", state_machine.every(), ids=lambda life: life.noun)
def test_every_step_of_a_life_is_granted_and_declared_once(declared: Life[Any]) -> None:
    assert all(GRANTS[step.act] for step in declared.steps)
    assert len({(step.before, step.after) for step in declared.steps}) == len(declared.steps)


def test_the_life_of_a_noun_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        replace(task_rows.LIFE)


def written(node: ast.AST) -> Iterator[str]:
    """The attributes and columns that a statement or a call writes by name."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (part.attr for part in _parts(target) if isinstance(part, ast.Attribute))
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "values":
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
        if name == "setattr" and isinstance(node.args[1], ast.Constant):
            yield str(node.args[1].value)


def _parts(target: ast.expr) -> Iterable[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


@pytest.mark.parametrize(
    "code",
    ["a.state = 'x'", "a.b, c.state = 1, 2", "a.state: str = 'x'", "setattr(a, 'state', 1)", "q.values(state=1)"],
)
def test_whatever_writes_a_state_is_seen(code: str) -> None:
    assert "state" in {name for node in ast.walk(ast.parse(code)) for name in written(node)}


@pytest.mark.requirement("R54")
def test_only_a_life_writes_the_column_of_a_life() -> None:
    columns = {each.column for each in (*state_machine.every(), *state_machine.wholes())}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("operations", "dashboard", "scenarios")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != ROOT / "operations" / "core" / "life.py"
        for node in ast.walk(syntax_tree(path))
        if columns & set(written(node))
    ]
    assert found == []


@pytest.mark.parametrize("declared", [*state_machine.every(), *state_machine.wholes()], ids=lambda life: life.noun)
def test_every_life_has_tables_whose_rows_begin_at_its_first_state(declared: Any) -> None:
    tables = [
        table
        for table in SQLModel.metadata.tables.values()
        if any(declared in rule.info.values() for rule in table.constraints)
    ]
    assert tables
    first = declared.first if isinstance(declared, Life) else declared.empty
    for table in tables:
        default = table.c[declared.column].default
        assert default is not None
        assert default.arg == first.value


def test_the_page_of_lives_is_current() -> None:
    spec = importlib.util.spec_from_file_location("lives", ROOT / "tools" / "lives.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PATH.read_text(encoding="utf-8") == module.text(), "run tools/lives.py"
