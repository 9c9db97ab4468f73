"""Pages of docs/reference are what the code says."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

_PATH = Path(__file__).resolve().parent.parent / "tools" / "reference.py"


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("reference", _PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE = _tool()


@pytest.mark.parametrize("page", REFERENCE.PAGES)
def test_a_page_of_the_reference_is_current(page: str) -> None:
    assert (REFERENCE.FOLDER / page).read_text(encoding="utf-8") == REFERENCE.text(page), "run tools/reference.py"


def test_every_command_has_words() -> None:
    sections = REFERENCE.text("commands.md").split("## ")[1:]
    assert len(sections) > 15
    assert all(len(section.splitlines()[2]) > 20 for section in sections)
