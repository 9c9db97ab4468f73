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
@pytest.mark.requirement("ASVS 8.1.1")
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


def test_each_requirement_has_a_test_or_a_reason_and_each_mark_a_requirement() -> None:
    state, known = REFERENCE.RequirementState, set()
    for name, prefix, most in (("asvs", "ASVS ", 253), ("reliability", "", 88)):
        rows = REFERENCE.requirements(name, prefix)
        known |= {f"{prefix}{row.number}" for row in rows}
        assert len(rows) == len({row.number for row in rows}) == most
        for row in rows:
            assert bool(row.tests) == (row.state is state.TESTED) or row.state is state.PARTLY, row.number
            assert row.reason or row.state is state.TESTED, f"{row.number}: say why"
            documents = re.findall(r"\b[\w/]+\.md\b", row.reason)
            assert documents or row.state is not state.DOCUMENTED, f"{row.number}: name the document"
            assert all((_ROOT / document).exists() for document in documents), row.number
    assert set(REFERENCE.marks()) <= known


def test_a_section_that_a_requirement_names_is_there() -> None:
    for name in ("asvs", "reliability"):
        for row in REFERENCE.requirements(name):
            for document, words in re.findall(r"([\w/]+\.md), ([^;:.]+)", row.reason):
                headings = re.findall(r"^#+ (.+)$", (_ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
                missing = set(re.findall(r"\*([^*]+)\*", words)) - set(headings)
                assert not missing, f"{row.number}: {document} has no section {missing}"


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


@pytest.mark.parametrize("folder", ["help", "help/fr", "help/es", "help/ar"])
def test_the_day_of_each_role_has_a_picture(folder: str) -> None:
    _title, *days = re.split(r"(?m)^## ", (_ROOT / "docs" / folder / "roles.md").read_text(encoding="utf-8"))
    assert len(days) == 9
    assert [len(re.findall(r"!\[[^\]]{20,}\]\(", day)) for day in days] == [1] * len(days)
