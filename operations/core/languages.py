"""The languages of Muster: one row of `languages.csv` for each, English first.

Every screen, tool and test reads this list. The words of a language are files that carry its code, and what a file
lacks is English: `core/lists/labels`, `templates/shipped`, `templates/outlines`, `dashboard/locale` and
`geodata/data/country_names`. CONTRIBUTING tells how to add a language.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent / "languages.csv"


@dataclass(frozen=True)
class Language:
    """One language: its direction ("ltr" or "rtl"), its marks between items, and its week; Sunday is day 0."""

    code: str
    direction: str
    comma: str
    semicolon: str
    week_start: int
    weekend: tuple[int, ...]


def _read() -> Mapping[str, Language]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        found = [
            Language(
                row["code"],
                row["direction"],
                row["comma"],
                row["semicolon"],
                int(row["week_start"]),
                tuple(map(int, row["weekend"].split())),
            )
            for row in csv.DictReader(lines)
        ]
    return MappingProxyType({language.code: language for language in found})


LANGUAGES = _read()
"""The languages by code."""
LOCALES = tuple(LANGUAGES)
"""Their codes, English first."""
ENGLISH, *_others = LOCALES
TRANSLATED = tuple(_others)
"""The codes of all but English, which is its own translation."""


@cache
def translations(folder: Path, locale: str) -> Mapping[tuple[str, ...], str]:
    """Return the words of `<folder>/<locale>.csv`: the last column by the columns before it; none without a file."""
    path = folder / f"{locale}.csv"
    if not path.exists():
        return MappingProxyType({})
    with path.open(encoding="utf-8", newline="") as lines:
        _heading, *rows = csv.reader(lines)
    return MappingProxyType({tuple(row[:-1]): row[-1] for row in rows if row[-1]})
