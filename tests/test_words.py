"""Every sentence that a person may read is in the catalogues, in four languages."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]


def _words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "tools" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_sentence_waits_for_a_translation() -> None:
    assert len(_words().template()) > 500
    assert _words().main(check=True) == 0, "run tools/words.py and translate what it lists"


@pytest.mark.parametrize(
    "sentence",
    [
        "{count} of {total} points have no date and were left out.",  # a key of a table
        "The file is a PDF. Save the table in it as CSV or Excel.",  # in a constant
        "counts, half-life 6 months",  # put together when it is needed
    ],
)
def test_sentences_that_no_keyword_marks_are_found(sentence: str) -> None:
    assert sentence in _words().template()


def test_a_sentence_in_pieces_is_found_whole() -> None:
    found = [message.id for message in _words().template() if isinstance(message.id, str)]
    assert any(each.startswith("{hot} hot") and each.endswith("Events of {first} to {last}.") for each in found)
    assert not [each for each in found if each.startswith(" ")]


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_a_translation_keeps_the_places_that_are_filled(language: str) -> None:
    with (ROOT / "dashboard" / "locale" / language / "LC_MESSAGES" / "muster.po").open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    assert len(catalogue) > 500
    for message in catalogue:
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        said = message.string if isinstance(message.string, list | tuple) else (message.string,)
        for each in said if message.id else ():
            assert set(re.findall(r"\{\w+\}", each)) <= set(re.findall(r"\{\w+\}", ids[-1])), ids
