"""Every sentence that a person may read is in the catalogues, in four languages."""

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from dashboard import wording
from geodata.ground import reference
from operations.core import terms
from operations.core.languages import LOCALES
from tests.syntax_trees import syntax_tree

ROOT = Path(__file__).parents[1]


LOCALE = ROOT / "dashboard" / "locale"
TABLES = (
    "operations/core/lists/labels/{}.csv",
    "operations/templates/shipped/{}.csv",
    "geodata/data/country_names/{}.csv",
    "operations/core/term_base/words/{}.csv",
)
"""The words in data, by language."""


def test_there_is_one_list_of_languages() -> None:
    """What is found by its files has those of this list: `geodata` imports nothing of `operations`."""
    assert set(reference.LOCALES) == set(LOCALES)
    assert {path.name for path in LOCALE.iterdir() if path.is_dir()} | {"en"} == set(LOCALES)
    assert wording.LANGUAGES == {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of languages as `tools/words.py` writes them today, by a process that no other test has touched."""
    folder = tmp_path_factory.mktemp("words")
    subprocess.run([sys.executable, ROOT / "tools" / "words.py", "--into", folder], check=True, cwd=ROOT, timeout=240)
    return folder


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_a_catalogue_holds_the_sentences_of_today_and_nothing_beside_them(language: str, fresh: Path) -> None:
    for file in (f"dashboard/locale/{language}/LC_MESSAGES/muster.po", *(path.format(language) for path in TABLES)):
        kept, today = ((folder / file).read_text(encoding="utf-8").splitlines() for folder in (ROOT, fresh))
        assert sorted(set(kept) ^ set(today)) == [], "run tools/words.py"
        assert kept == today, "run tools/words.py"


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_no_sentence_waits_for_a_translation(language: str, fresh: Path) -> None:
    said = {message.id: message.string for message in _catalogue(fresh, language) if message.id}
    assert len(said) > 500
    missing = [each for each, words in said.items() if not all(words if isinstance(words, list | tuple) else [words])]
    for path in TABLES:
        with (fresh / path.format(language)).open(encoding="utf-8", newline="") as lines:
            missing += [row for row in csv.reader(lines) if not row[-1]]
    assert missing == [], "run tools/words.py and translate what it lists"


def test_no_sentence_hides_where_the_extraction_does_not_look(fresh: Path) -> None:
    ids = [message.id for message in _catalogue(fresh, "ar")]
    known = {each for some in ids for each in ([some] if isinstance(some, str) else some)}
    said = [
        (path.name, call.lineno, call.args[0].value)
        for path in (*ROOT.glob("dashboard/**/*.py"), *ROOT.glob("operations/**/*.py"))
        for call in ast.walk(syntax_tree(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_", "ngettext")
        if isinstance(call.args[0], ast.Constant)
    ]
    assert len(said) > 500
    assert [each for each in said if each[2] not in known] == [], "a string inside of an f-string is not found"


def _catalogue(folder: Path, language: str) -> Any:
    with (folder / "dashboard" / "locale" / language / "LC_MESSAGES" / "muster.po").open("rb") as lines:
        return read_po(lines, locale=language)


@pytest.mark.parametrize(
    "sentence",
    [
        "{count} of {total} points have no date and were left out.",  # a key of a table
        "The file is a PDF. Save the table in it as CSV or Excel.",  # in a constant
        "counts, half-life 6 months",  # put together when it is needed
    ],
)
def test_sentences_that_no_keyword_marks_are_found(sentence: str, fresh: Path) -> None:
    assert sentence in _catalogue(fresh, "fr")


def test_a_sentence_in_pieces_is_found_whole(fresh: Path) -> None:
    found = [message.id for message in _catalogue(fresh, "fr") if isinstance(message.id, str)]
    assert any(each.startswith("{hot} hot") and each.endswith("Events of {first} to {last}.") for each in found)
    assert not [each for each in found if each.startswith(" ")]


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
@pytest.mark.requirement("ASVS 1.3.10")
def test_a_translation_keeps_the_places_that_are_filled(language: str) -> None:
    for message in _catalogue(ROOT, language):
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        said = message.string if isinstance(message.string, list | tuple) else (message.string,)
        for each in said if message.id else ():
            assert set(re.findall(r"\{\w+\}", each)) <= set(re.findall(r"\{\w+\}", ids[-1])), ids


# ------------------------------------------------------------------------------------------------- words for terms


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_a_term_is_said_by_the_word_that_was_chosen_for_it(language: str) -> None:
    found = []
    for message in _catalogue(ROOT, language):
        ids, said = (
            " ".join(words) if isinstance(words, list | tuple) else words for words in (message.id, message.string)
        )
        found += [
            (choice.english.pattern, ids, said) for choice in terms.choices(language) if ids and choice.wrong(ids, said)
        ]
    assert found == [], "say it by the word of operations/core/term_base/choices.csv"


@pytest.mark.parametrize(
    ("language", "english", "said"),
    [
        ("ar", "Send the lead", "إرسال الدليل"),
        ("ar", "Evidence", "خيط"),
        ("fr", "Raw hits", "Réponses brutes"),
        ("es", "Status", "Situación"),
        ("es", "Journal", "Diario"),
        ("ar", "Shifts", "النوبات"),
    ],
)
def test_another_word_for_a_term_is_noticed(language: str, english: str, said: str) -> None:
    assert any(choice.wrong(english, said) for choice in terms.choices(language))


def test_each_choice_of_a_word_is_about_some_sentence() -> None:
    for language in ("fr", "es", "ar"):
        sentences = [
            " ".join(each.id) if isinstance(each.id, tuple) else each.id for each in _catalogue(ROOT, language)
        ]
        for choice in terms.choices(language):
            assert any(choice.english.search(each) for each in sentences), choice.english.pattern


# ------------------------------------------------------------------------------------------------ forms of numbers

_FORMS = {"zero": 0, "one": 1, "two": 2, "few": 3, "other": 4, "many": 5}
"""Where the header of the Arabic catalogue, which is Babel's, has the form of each kind of number."""
_COUNT = r"⁨?\{(?:n|lines|all)\}⁩?"
_COUNTED = re.compile(rf"{_COUNT} ([\w\u064b-\u0652]+)")


def _plurals(language: str) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    """Each sentence that counts, and its forms: in English those of the source."""
    if language == "en":
        return [(source, source) for source, _forms in _plurals("fr")]
    catalogue = _catalogue(ROOT, language)
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
        *(ROOT / table.format("ar") for table in TABLES),
        ROOT / "dashboard/locale/ar/LC_MESSAGES/muster.po",
    ]
    said = [row for path in files for row in path.read_text(encoding="utf-8").splitlines()]
    alike = re.compile(r"(?<!\w)(?:[وف]?(?:ال|لل|بال|كال)?)(?:مسلم|مسلمون|مسلمين|مسلمة|مسلمات|مهربون)(?!\w)")
    assert [row for row in said if alike.search(re.sub("[\u064b-\u0652]", "", row))] == []
