"""A code says its words where it stands, and leads to the glossary."""

from pathlib import Path

import pytest

from dashboard.parts.abbreviation import abbreviation
from dashboard.parts.badges import level_badge
from operations.core import terms
from operations.core.vocabulary import Level, codes
from tests.dashboard.desks import at_desk, found_in, open_scene, texts


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_level_is_explained_in_the_language_of_the_reader(language: str, tmp_path: Path) -> None:
    with at_desk(open_scene(tmp_path), "bruno", language=language):
        for code in codes("CL-LEVEL"):
            shown = level_badge(code, explained=True)
            [link] = found_in(shown, "Link")
            assert link.href == f"/glossary?word={code}"
            assert terms.terms(language)[code.lower()].meaning in texts(shown)


def test_a_badge_in_a_button_holds_no_link() -> None:
    assert found_in(level_badge(Level.V3), "Link") == []


def test_a_code_that_is_no_term_says_its_words_alone(tmp_path: Path) -> None:
    with at_desk(open_scene(tmp_path), "bruno"):
        assert texts(abbreviation("XY", "XY", "Something")) == "XY XY · Something"
