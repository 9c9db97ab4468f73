"""Pages of docs/reference are what the code says, and pictures of the documents have a tool."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parent.parent


def _tool(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, _ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE, PICTURES = _tool("reference"), _tool("pictures")


@pytest.mark.parametrize("page", REFERENCE.PAGES)
def test_a_page_of_the_reference_is_current(page: str) -> None:
    assert (REFERENCE.FOLDER / page).read_text(encoding="utf-8") == REFERENCE.text(page), "run tools/reference.py"


def test_the_table_of_definitions_has_every_figure_that_is_declared() -> None:
    declaring = {
        ".".join(file.relative_to(_ROOT).with_suffix("").parts)
        for file in (_ROOT / "operations").rglob("*.py")
        if "ProgrammeFigure(" in file.read_text(encoding="utf-8") and file.parent.name != "posts"
    }
    assert declaring == set(REFERENCE.PROGRAMME_MODULES)
    assert len(REFERENCE.every_figure()) > 90


def test_every_command_has_words() -> None:
    sections = REFERENCE.text("commands.md").split("## ")[1:]
    assert len(sections) > 15
    assert all(len(section.splitlines()[2]) > 20 for section in sections)


def test_the_pictures_of_the_documents_are_made_by_a_tool() -> None:
    documents = [_ROOT / "README.md", *(_ROOT / "docs").rglob("*.md")]
    shown = {
        (document.parent / name).resolve().relative_to(_ROOT).as_posix()
        for document in documents
        for name in re.findall(r"!\[[^\]]*\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    }
    assert shown == set(PICTURES.PICTURES), "let tools/pictures.py make it"
