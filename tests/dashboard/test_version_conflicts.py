"""Forms of what others may change meanwhile: where somebody was faster, both versions stand beside the form."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from tests.syntax_trees import syntax_tree

ROOT = Path(__file__).parents[2]
FOLDERS = ("operations", "dashboard/screens")

Place = tuple[str, str]
"""A module, and a name at its top."""

_FASTER = {"changed", "described", "filled"}
"""What somebody else did, where a refusal says so, beside what is `Stale`."""

NO_FORM = {
    "analysis.acts.adopt": "it draws what an analysis found, as new objects",
    "approval.page.decide": "it approves what was read and has no fields of it",
    "layers.layer_import.import_": "a file in place of a version that was chosen: it has no fields of that",
    "map_files.page.bring_in": "a file of another program becomes new objects",
    "oplan.page.approve": "it approves what was read and has no fields of it",
    "people_here.page.end_assignment": "a button",
    "people_here.page.end_posting": "a button",
    "people_here.page.save_posting": "one field",
    "people_here.unit_postings.end": "a button",
    "plan.edit.bring_back": "a button",
    "plan.edit.save": "it is drawn on the map, where shapes do not stand side by side",
    "reports.entry.save": "a draft of one's own in two windows: both stay in the browser, and a sentence asks which",
    "reports.entry.send": "the browser draws its form; the other version stands beside it, and it is sent on top",
    "templates.instantiation.create": "it makes a new operation",
    "templates.page.create": "it makes a new template",
    "templates.page.take": "it adds a lesson to the newest version",
    "timeline.calendar.adopt": "it makes new tasks and phases of a file",
    "timeline.page.moved": "a bar that is dragged goes back to where it was",
    "voice.page.send": "a code of digits: what it says is read back before it is sent",
}
"""Presses that are refused as somebody was faster, and keep no form of fields beside the other's version: why not."""


def _modules() -> dict[str, ast.Module]:
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): syntax_tree(path) for path in paths}


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _was_faster(said: str) -> bool:
    words = said.split()
    return words[:1] == ["CHANGED"] or (words[:1] == ["Somebody"] and not _FASTER.isdisjoint(words[1:2]))


def _refuses(statement: ast.stmt) -> bool:
    """Whether a statement says that somebody else was faster."""
    for node in ast.walk(statement):
        if not isinstance(node, ast.Raise) or node.exc is None:
            continue
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        said = node.exc.args[:1] if isinstance(node.exc, ast.Call) else []
        words = [each.value if isinstance(each, ast.Constant) else ast.unparse(each) for each in said]
        stale = isinstance(raised, ast.Name) and raised.id == "Stale"
        if stale or any(_was_faster(str(each)) for each in words):
            return True
    return False


def _presses() -> dict[str, bool]:
    """Every callback of a screen that reaches such a refusal, and whether its form is `Versioned`."""
    trees = _modules()
    callers: dict[Place, set[Place]] = defaultdict(set)
    decorated: dict[Place, list[str]] = {}
    refusing: set[Place] = set()
    for module, tree in trees.items():
        known: dict[str, Place] = {name: (module, name) for each in tree.body for name in _names(each)}
        aliases: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    whole, alias = f"{node.module}.{name.name}", name.asname or name.name
                    if whole in trees:
                        aliases[alias] = whole
                    else:
                        known[alias] = (node.module, name.name)
                        callers[node.module, name.name].add((module, alias))
        for statement in tree.body:
            for own in _names(statement):
                place = (module, own)
                if isinstance(statement, ast.FunctionDef):
                    decorated[place] = [ast.unparse(each) for each in statement.decorator_list]
                    if _refuses(statement):
                        refusing.add(place)
                for node in ast.walk(statement):
                    if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in aliases:
                        callers[aliases[ast.unparse(node.value)], node.attr].add(place)
                    elif isinstance(node, ast.Name) and node.id in known:
                        callers[known[node.id]].add(place)
    reached, waiting = set(refusing), list(refusing)
    while waiting:
        for caller in callers[waiting.pop()] - reached:
            reached.add(caller)
            waiting.append(caller)
    pressed = {
        place: "".join(decorated.get(place, ())) for place in sorted(reached) if place[0].startswith("dashboard.")
    }
    return {
        f"{module.removeprefix('dashboard.screens.')}.{name}": ".saves(" in said
        for (module, name), said in pressed.items()
        if any(declares in said for declares in (".saves(", "does(", "screen("))
    }


@pytest.mark.requirement("R53")
def test_every_form_of_what_somebody_may_change_meanwhile_shows_both_versions() -> None:
    presses = _presses()
    versioned = {name for name, shows_both in presses.items() if shows_both}
    assert len(versioned) >= 15, "the forms are found"
    assert set(presses) - versioned == set(NO_FORM)
