"""Screens ask verbs and questions of `operations`; queries stand there, beside their nouns."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard

HERE = Path(dashboard.__file__).parent
STORAGE = ("sqlalchemy", "sqlmodel")


def names_of_storage(source: str) -> Iterator[str]:
    """What a module takes from the libraries of storage."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in STORAGE:
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] in STORAGE)


def test_a_module_that_builds_a_query_is_found() -> None:
    assert set(names_of_storage("from sqlmodel import Session, select\nimport sqlalchemy as sa")) == {
        "Session",
        "select",
        "sqlalchemy",
    }
    assert not set(names_of_storage("from dash import html\nimport json"))


@pytest.mark.requirement("ASVS 1.2.4", "R14")
def test_no_module_of_the_dashboard_outside_its_server_builds_a_query() -> None:
    asking = {
        str(file.relative_to(HERE)): found
        for file in HERE.rglob("*.py")
        if file.relative_to(HERE).parts[0] != "server"
        and (found := set(names_of_storage(file.read_text())) - {"Session"})
    }
    assert not asking
