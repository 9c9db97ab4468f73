"""What is declared is there: every granted act is asked somewhere, every state of every life can be reached."""

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from operations.core.life import Life
from operations.core.permissions import GRANTS, Act
from operations.core.vocabulary import (
    FugitiveState,
    Level,
    OperationState,
    ParticipationState,
    ReportState,
)
from operations.policing.fugitives import road
from operations.policing.reports.verification import RUNGS
from operations.tables import LIVES

ROOT = Path(__file__).parents[2]

# Words of the domain without a verb that leads there. The list can only shrink: what gets its verb has to leave it.
NOT_BUILT: dict[type[Enum], set[str]] = {
    OperationState: {"FINAL", "EVALUATED", "ARCHIVED"},  # snapshots, evaluation, retention
    ParticipationState: {"PREPARING", "REPORTED_FINAL", "CLOSED"},
    ReportState: {"DRAFT", "CONSOLIDATED", "FROZEN"},  # an unsent form is no version; V4 and VF come with snapshots
    Level: {"V4", "VF"},
}

# Modules that write a state without a table of steps.
BY_HAND = {
    "core/jobs.py",
    "policing/fugitives/locations.py",
    "policing/fugitives/road.py",
    "policing/leads/leads.py",
    "policing/lifecycle.py",
    "policing/map_plan/versions.py",
    "policing/operation/oplan.py",
    "policing/operation/plan.py",
    "policing/reports/counting.py",
    "support/offers.py",
    "support/requests.py",
}

# Calls that put something into a state: the name of the function, and which argument is the state.
WRITERS = {"settle": 2, "_set_aside": 6, "_answer": 3}


@cache
def trees(*folders: str) -> tuple[ast.Module, ...]:
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    declared = ("permissions.py", "vocabulary.py", "case_codes.py")
    return tuple(ast.parse(path.read_text()) for path in paths if path.name not in declared)


def members(node: ast.AST, names: Iterable[str]) -> Iterator[str]:
    """The members of an enumeration, under any of its names, that are named in an expression."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in names:
            yield each.attr


def written(names: Iterable[str]) -> set[str]:
    """The states that some code of `operations` writes: by assignment, as a column of a new row, or by a writer."""
    found: set[str] = set()
    for each in (node for tree in trees("operations") for node in ast.walk(tree)):
        if isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None:
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            parts = [part for target in targets for part in ast.walk(target)]
            if any(
                (isinstance(part, ast.Attribute) and part.attr == "state")
                or (isinstance(part, ast.Name) and part.id == "state")
                for part in parts
            ):
                found.update(members(each.value, names))
        elif isinstance(each, ast.Call):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            if name in WRITERS and len(each.args) > WRITERS[name]:
                found.update(members(each.args[WRITERS[name]], names))
            for keyword in each.keywords:
                if keyword.arg == "state":
                    found.update(members(keyword.value, names))
    return found


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


def test_every_state_of_a_participation_can_be_reached() -> None:
    assert unreached(ParticipationState, written(("ParticipationState",))) == NOT_BUILT[ParticipationState]


def test_every_state_and_level_of_a_report_can_be_reached() -> None:
    found = written(("ReportState",)) | {rung.after.name for rung in RUNGS}
    assert unreached(ReportState, found) == NOT_BUILT[ReportState]
    levels = {Level.V0.name, Level.V1.name} | {rung.level.name for rung in RUNGS}
    assert unreached(Level, levels) == NOT_BUILT[Level]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.noun)
def test_every_state_of_a_life_can_be_reached_and_is_left_or_an_end(life: Life[Any]) -> None:
    found = reached(life.first, ((step.before, step.after) for step in life.steps))
    missing = NOT_BUILT.get(life.states, set())
    assert unreached(life.states, found) == missing
    left = {step.before for step in life.steps if step.after is not step.before}
    assert {state for state in life.states if state.name not in missing} == left | set(life.ends)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.noun)
def test_every_step_of_a_life_is_granted_and_declared_once(life: Life[Any]) -> None:
    assert all(GRANTS[step.act] for step in life.steps)
    assert len({(step.before, step.after) for step in life.steps}) == len(life.steps)


def test_only_a_life_writes_the_state_of_what_lives() -> None:
    """Whatever is assigned by hand: the list can only shrink."""
    found = {
        path.relative_to(ROOT / "operations").as_posix()
        for path in sorted((ROOT / "operations").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign)
        for target in node.targets
        for part in (target.elts if isinstance(target, ast.Tuple) else [target])
        if isinstance(part, ast.Attribute) and part.attr == "state"
    }
    assert found == BY_HAND


def test_the_page_of_lives_is_current() -> None:
    spec = importlib.util.spec_from_file_location("lives", ROOT / "tools" / "lives.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PATH.read_text(encoding="utf-8") == module.text(), "run tools/lives.py"


def test_every_state_of_a_case_can_be_reached() -> None:
    found = reached(FugitiveState.NOMINATED, ((step.before, step.after) for step in road.STEPS))
    assert unreached(FugitiveState, found) == set()
