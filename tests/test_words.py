"""Every sentence that a person may read is in the catalogues, in four languages."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from dashboard import wording

ROOT = Path(__file__).parents[1]


@cache
def _words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "tools" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["template"] = cache(module.template)  # every message of the source: it takes seconds to find them
    return module


def test_no_sentence_waits_for_a_translation() -> None:
    assert len(_words().template()) > 500
    assert _words().main(check=True) == 0, "run tools/words.py and translate what it lists"


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_a_catalogue_holds_the_sentences_of_today_and_nothing_beside_them(language: str, tmp_path: Path) -> None:
    words = _words()
    words.write(tmp_path / "fresh.po", words.updated(language, words.template()))
    kept = (ROOT / "dashboard" / "locale" / language / "LC_MESSAGES" / "muster.po").read_bytes()
    assert kept == (tmp_path / "fresh.po").read_bytes(), "run tools/words.py"


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


# ------------------------------------------------------------------------------------------------ forms of numbers

_FORMS = {"zero": 0, "one": 1, "two": 2, "few": 3, "other": 4, "many": 5}
"""Where the header of the Arabic catalogue, which is Babel's, has the form of each kind of number."""
_COUNT = r"⁨?\{(?:n|lines|all)\}⁩?"
_COUNTED = re.compile(rf"{_COUNT} ([\w\u064b-\u0652]+)")


def _plurals(language: str) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    """Each sentence that counts, and its forms: in English those of the source."""
    if language == "en":
        return [(source, source) for source, _forms in _plurals("fr")]
    with (ROOT / "dashboard" / "locale" / language / "LC_MESSAGES" / "muster.po").open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    return [(message.id, message.string) for message in catalogue if isinstance(message.id, list | tuple)]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 11, 25, 100])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_number_takes_the_form_that_its_language_has_for_it(language: str, number: int) -> None:
    kind = Locale.parse(language).plural_form(number)
    for (one, many), forms in _plurals(language):
        said = wording._catalogue(language).ngettext(one, many, number)
        expected = _FORMS[kind] if language == "ar" else 0 if kind == "one" else 1
        assert said == forms[expected], f"{many}: {number}"
        if number > 2:
            assert re.search(_COUNT, said), f"{many}: {number} is not said"
        if language == "ar":
            assert not _wrong(said, kind), f"{many}: {number}: {said}"


def _wrong(said: str, kind: str) -> bool:
    """Whether what is counted stands in a form that Arabic does not use after such a number.

    11 to 99 take the singular in the accusative (a final alif unless it ends in ta marbuta), 100 the singular as it
    is; one and two are said by the noun itself, and no digit stands before them.
    """
    counted = _COUNTED.search(said)
    if counted is None:
        return False
    noun = counted[1].rstrip("ًٌٍ")
    if kind in ("one", "two"):
        return True
    if kind == "many":
        return not noun.endswith(("ا", "ة")) and noun not in ("أخرى", "من", "في")
    return kind == "other" and noun.endswith("ا")


def test_no_label_of_persons_reads_as_something_else_without_vowels() -> None:
    """Who was handed over is no Muslim, who was smuggled no smuggler: written alike, as nobody writes the vowels."""
    files = [
        *(ROOT / "operations" / "core" / "lists").glob("*.csv"),
        ROOT / "dashboard/locale/ar/LC_MESSAGES/muster.po",
    ]
    said = [row for path in files for row in path.read_text(encoding="utf-8").splitlines()]
    alike = re.compile(r"(?<!\w)(?:[وف]?(?:ال|لل|بال|كال)?)(?:مسلم|مسلمون|مسلمين|مسلمة|مسلمات|مهربون)(?!\w)")
    assert [row for row in said if alike.search(re.sub("[\u064b-\u0652]", "", row))] == []
