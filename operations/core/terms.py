"""The term base: the words of the field, each with its meaning, where it is used, and its source, in every language.

`term_base/terms.csv` has one row for each term, in English; `term_base/words/<language>.csv` has its term and meaning
in another language, and what is missing there is English. `place` is the place of Muster where the term is used (a
message id of its name), `list` the code list whose codes are kinds of it. `term_base/choices.csv` says by which words a
sentence translates a term: tools/words.py and the tests hold the catalogues to it.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from operations.core.languages import translations

FOLDER = Path(__file__).parent / "term_base"
WORDS = FOLDER / "words"
_PLACES = re.compile(r"\{[^}]*\}")
"""What is filled in, and is no word of the sentence."""


@dataclass(frozen=True)
class Term:
    """One term in one language: `key` is the same in all of them."""

    key: str
    term: str
    meaning: str
    place: str
    list: str
    source: str


@dataclass(frozen=True)
class WordChoice:
    """By which words a language says a term: what holds `english` holds `chosen`, and nothing of `avoided`.

    `alone`: the chosen words say nothing else. All are regular expressions; "" holds nothing.
    """

    language: str
    english: re.Pattern[str]
    chosen: re.Pattern[str] | None
    avoided: re.Pattern[str] | None
    alone: bool

    def wrong(self, english: str, words: str) -> bool:
        """Return whether a translation says the term by another word, or its word for something else."""
        named = bool(self.english.search(_PLACES.sub("{}", english)))
        right = bool(self.chosen and self.chosen.search(words))
        if not named:
            return self.alone and right
        return bool(self.chosen and not right) or bool(self.avoided and self.avoided.search(words))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def terms(language: str = "en") -> Mapping[str, Term]:
    """Return the terms by their key, in the order of the table."""
    words = translations(WORDS, language)
    found = {}
    for row in _rows("terms.csv"):
        said = {part: words.get((row["key"], part), row[part]) for part in ("term", "meaning")}
        found[row["key"]] = Term(**row | said)
    return MappingProxyType(found)


def english() -> dict[tuple[str, ...], str]:
    """Return the words that every other language has, by key and part."""
    return {(term.key, part): getattr(term, part) for term in terms().values() for part in ("term", "meaning")}


@cache
def choices(language: str) -> tuple[WordChoice, ...]:
    """Return the choices of words in a language."""

    def pattern(words: str) -> re.Pattern[str] | None:
        return re.compile(words, re.IGNORECASE) if words else None

    return tuple(
        WordChoice(
            language,
            re.compile(row["english"], re.IGNORECASE),
            pattern(row["chosen"]),
            pattern(row["avoided"]),
            row["alone"] == "1",
        )
        for row in _rows("choices.csv")
        if row["language"] == language
    )
