"""Closed code lists, read from CSV files: their codes, and the labels of each code in every language.

`lists/*.csv` has one row per code, with the columns list, code, version, en and note. A row that belongs to several
lists names them all, joined by ";". `note` is English: the long form of an abbreviation, or what the code means. The
labels of another language are in `lists/labels/<language>.csv`, with the columns list, code and label; a code without
one has its English label. A code is never reused and never removed; a list that changes gets a new version (domain
1.7). A code that nobody may choose any more stays in its list, so that old rows have their words, and has a row in
`lists/retired/codes.csv`: list, code, and its successor where the list has one. Currencies come from Unicode CLDR;
`labels` names those that CLDR lacks.
"""

import csv
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from babel import Locale
from babel.core import get_global
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from operations.core.languages import ENGLISH, LOCALES, translations

__all__ = [
    "STORED",
    "Choices",
    "CodeList",
    "Country",
    "InList",
    "Nationality",
    "choices_among",
    "code_for",
    "code_list",
    "codes",
    "current_codes",
    "in_use",
    "label",
    "list_names",
    "note",
    "options",
    "order",
    "successor",
]
FOLDER = Path(__file__).parent / "lists"
SHORT = 60
"""The most codes that a schema writes out."""
LABELS = FOLDER / "labels"
RETIRED = FOLDER / "retired" / "codes.csv"
STORED = "stored"
"""The context of validation of what is read back from the database."""
_BY_NAME = frozenset(
    {"CL-COUNTRY", "CL-CURRENCY", "CL-NATIONALITY"}
)  # readers look for a name, as these have no order of their own


@dataclass(frozen=True)
class CodeList:
    """One closed list: its codes in order, and for each code its label by locale and its English note."""

    name: str
    version: int
    codes: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    notes: Mapping[str, str]

    def __contains__(self, code: object) -> bool:
        return code in self.labels


@cache
def _all_lists() -> Mapping[str, CodeList]:
    rows: dict[str, list[dict[str, str]]] = {}
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for name in row["list"].split(";"):
                    rows.setdefault(name, []).append(row)
    lists = {name: _list_of(name, found) for name, found in rows.items()}
    return MappingProxyType(lists | {"CL-CURRENCY": _currencies()})


def _list_of(name: str, rows: list[dict[str, str]]) -> CodeList:
    return CodeList(
        name=name,
        version=max(int(row["version"]) for row in rows),
        codes=tuple(row["code"] for row in rows),
        labels=MappingProxyType({row["code"]: _labels(row["list"], row["code"], row["en"]) for row in rows}),
        notes=MappingProxyType({row["code"]: row["note"] for row in rows}),
    )


def _labels(listed: str, code: str, english: str) -> Mapping[str, str]:
    """Return the label of a code by language: the English one where a language has none."""
    return MappingProxyType({locale: translations(LABELS, locale).get((listed, code), english) for locale in LOCALES})


_FIRST_YEAR = 2010
"""The year since when a currency must have been in use: older ones are in no report."""


@cache
def _lives() -> Mapping[str, tuple[tuple[date, date], ...]]:
    """Return when each currency of ISO 4217 was legal tender anywhere (Unicode CLDR): first and last days."""
    lives: dict[str, list[tuple[date, date]]] = {}
    for currencies in get_global("territory_currencies").values():
        for code, first, last, tender in currencies:
            if tender:
                ends = date(*last) if last else date.max
                lives.setdefault(code, []).append((date(*first) if first else date.min, ends))
    return {
        code: tuple(spans) for code, spans in lives.items() if max(last for _first, last in spans).year >= _FIRST_YEAR
    }


def in_use(currency: str, day: date) -> bool:
    """Whether a currency was legal tender anywhere on that day."""
    return any(first <= day <= last for first, last in _lives().get(currency, ()))


def _currencies() -> CodeList:
    found = tuple(sorted(_lives()))
    names = {locale: Locale.parse(locale).currencies for locale in LOCALES}
    notes = {code: names[ENGLISH][code] for code in found}
    labels = {
        code: MappingProxyType(
            {
                locale: f"{names[locale].get(code, named)} ({code})"
                for locale, named in _labels("CL-CURRENCY", code, notes[code]).items()
            }
        )
        for code in found
    }
    return CodeList("CL-CURRENCY", 1, found, MappingProxyType(labels), MappingProxyType(notes))


@cache
def _successors() -> Mapping[tuple[str, str], str]:
    """Return the successor of each retired code by list and code; "" where it has none."""
    with RETIRED.open(encoding="utf-8", newline="") as lines:
        return {(row["list"], row["code"]): row["successor"] for row in csv.DictReader(lines)}


def successor(name: str, code: str) -> str:
    """Return the code by which a list replaced a retired one; the code itself where nothing replaced it."""
    return _successors().get((name, code)) or code


def current_codes(name: str) -> list[str]:
    """Return the codes of a list that can be chosen, in order: all but the retired ones."""
    return [code for code in codes(name) if (name, code) not in _successors()]


def list_names() -> tuple[str, ...]:
    """Return the names of all lists, such as "CL-DB", in alphabetical order."""
    return tuple(sorted(_all_lists()))


def code_list(name: str) -> CodeList:
    """Return the list of this name. Raises KeyError if there is none."""
    try:
        return _all_lists()[name]
    except KeyError:
        raise KeyError(f"There is no code list named {name}.") from None


def codes(name: str) -> tuple[str, ...]:
    """Return the codes of a list in order."""
    return code_list(name).codes


def label(name: str, code: str, locale: str = "en") -> str:
    """Return the label of a code in a language of `LOCALES`. Raises KeyError, naming the list, if unknown."""
    return _holding(name, code).labels[code][_known(locale)]


def note(name: str, code: str) -> str:
    """Return the long form or meaning of a code, in English. Raises KeyError, naming the list, for an unknown code."""
    return _holding(name, code).notes[code]


def options(name: str, locale: str = "en", among: Collection[str] | None = None) -> list[dict[str, str]]:
    """Return a list as choices for a form, `[{"value": code, "label": words}, ...]`; `among` limits it to these codes.

    Retired codes are left out. Choices are in the order of the list; countries and nationalities in alphabetical order
    of their names, with codes that are no country (stateless, refugee, not known) at the end.
    """
    choices = _choices(name, locale)
    return [{"value": code, "label": words} for code, words in choices if among is None or code in among]


@cache
def order(name: str, locale: str = "en") -> Mapping[str, int]:
    """Return the place of each code among the choices of a list, which no two codes share."""
    return {code: place for place, (code, _words) in enumerate(_choices(name, locale))}


@cache
def _choices(name: str, locale: str) -> tuple[tuple[str, str], ...]:
    choices = [(code, label(name, code, locale)) for code in current_codes(name)]
    if name in _BY_NAME:
        choices.sort(key=lambda choice: (choice[0].startswith("XX"), _folded(choice[1])))
    return tuple(choices)


def code_for(name: str, word: str) -> str:
    """The code of a list that a code or a word of any language stands for; the word itself where it stands for none.

    >>> code_for("CL-LANGUAGE", "French"), code_for("CL-LANGUAGE", " FRANÇAIS "), code_for("CL-LANGUAGE", "Elvish")
    ('fr', 'fr', 'Elvish')
    """
    return _codes_by_word(name).get(_folded(" ".join(word.split())), word)


@cache
def _codes_by_word(name: str) -> dict[str, str]:
    found = code_list(name)
    by_label = {_folded(word): code for code, labels in found.labels.items() for word in labels.values()}
    return by_label | {_folded(code): code for code in found.codes}


class Choices(dict[str, Any]):
    """What can be chosen, as a parameter of a refusal: the `codes` of a `list`, or messages where that is "".

    It is told as its first MOST and how many more there are.
    """

    MOST = 12

    def __init__(self, codes: Collection[str], list: str = "") -> None:  # noqa: A002 - the name of the parameter
        super().__init__(codes=[*codes], list=list)

    def __str__(self) -> str:
        """In English, as for the log and the command line."""
        listed, shown = self["list"], self["codes"][: self.MOST]
        words = ", ".join(label(listed, code) if listed else code for code in shown)
        left = len(self["codes"]) - len(shown)
        return f"{words} and {left} more" if left > 0 else words


def choices_among(codes: Collection[str]) -> Choices:
    """Codes as choices, told by the words of the list that they are; by themselves where they are no list."""
    return Choices(codes, _lists_by_codes().get(frozenset(codes), ""))


@cache
def _lists_by_codes() -> dict[frozenset[str], str]:
    return {frozenset(found.codes): name for name, found in reversed([*_all_lists().items()])}


def _holding(name: str, code: str) -> CodeList:
    found = code_list(name)
    if code not in found:
        raise KeyError(f"{code} is not in the list {name}.")
    return found


def _known(locale: str) -> str:
    if locale not in LOCALES:
        raise KeyError(f"There are no labels in {locale}: choose one of {', '.join(LOCALES)}.")
    return locale


def _folded(words: str) -> str:
    """Return words without case and accents, so that Égypte sorts with E and Åland with A."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(mark))


@dataclass(frozen=True)
class InList:
    """Marks a string field of a draft as a code of one list: `Annotated[str, InList("CL-DB")]`.

    A code that is not in the list, or is retired, is refused as the error "unknown_code" with the parameters `code` and
    `list`. What is read back from the database (context STORED) keeps the codes of its day.
    """

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the list after the string itself. Raises KeyError if a draft names an unknown list."""
        code_list(self.name)
        return core_schema.with_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema of a code: the list is named, and a short one written out."""
        found = codes(self.name)
        short = {"enum": list(found)} if len(found) <= SHORT else {}
        return {**handler(schema), **short, "x-code-list": self.name}

    def check(self, code: str, about: core_schema.ValidationInfo | None = None) -> str:
        """Return the code. Raises PydanticCustomError("unknown_code") if nobody may choose it."""
        retired = (self.name, code) in _successors() and (about is None or about.context != STORED)
        if retired or code not in code_list(self.name):
            found = {"code": code, "list": self.name}
            raise PydanticCustomError("unknown_code", "{code} is not in the list {list}.", found)
        return code


Country = Annotated[str, InList("CL-COUNTRY")]
Nationality = Annotated[str, InList("CL-NATIONALITY")]
