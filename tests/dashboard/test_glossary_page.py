"""The glossary shows every term in the language of the reader, and the asked one first; the palette finds them."""

from pathlib import Path

import pytest

from dashboard.frame import palette
from dashboard.screens.glossary import page
from operations.core import terms
from operations.core.languages import LOCALES
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.mark.parametrize("language", LOCALES)
def test_every_term_is_shown_in_the_language_of_the_reader(language: str, scene: Running) -> None:
    with at_desk(scene, "bruno", language=language):
        shown = texts(page.layout())
    for term in terms.terms(language).values():
        assert term.term in shown
        assert term.meaning in shown


def test_the_codes_of_a_term_come_from_the_code_list(scene: Running) -> None:
    with at_desk(scene, "bruno", language="fr"):
        words = texts(page.layout())
    assert "V3 Validé au niveau national" in words
    assert "Notice rouge" in words


@pytest.mark.parametrize("word", ["V1", "v1", "sltd", "nothing", "<script>"])
def test_the_word_of_the_address_stands_first_and_any_other_is_ignored(word: str, scene: Running) -> None:
    with at_desk(scene, "bruno"):
        [first, *_rest] = found_in(page.layout(word=word), "Dl")
    found = found_in(first, "Dt")
    asked = terms.terms().get(word.lower())
    assert [texts(each) for each in found] == [asked.term] if asked else len(found) > 1


@pytest.mark.parametrize(
    ("sought", "language", "key"),
    [("lead", "en", "lead"), ("خيط", "ar", "lead"), ("resultat positif", "fr", "hit"), ("piste", "fr", "lead")],
)
def test_the_palette_finds_a_word_and_leads_to_it(sought: str, language: str, key: str, scene: Running) -> None:
    with at_desk(scene, "ana", language=language), scene.store.reading(scene["ana"]) as session:
        found = [entry for _name, entries in palette.groups(session, scene["ana"], sought) for entry in entries]
    assert f"/glossary?word={key}" in [entry.href for entry in found]
