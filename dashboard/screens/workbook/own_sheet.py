"""A country's own sheet: its head and rows, what its columns and words may mean, and the same rows as Muster's own."""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

from dashboard.papers.form_book import FLAW, FormBook, FormColumn, FormSheet, Given
from dashboard.screens.workbook.content import SITES, BookContext, columns
from dashboard.screens.workbook.reading import FORMULA, Flaws, Place, cell_place
from dashboard.server.lazy_modules import mapping as headings
from dashboard.wording import _, direction, in_language, sentence
from operations.core import vocabulary
from operations.core.ids import fingerprint
from operations.core.languages import LOCALES
from operations.exchange.sheet_mappings import SheetMapping, SheetMappingDraft

OWN = "own"
"""The code of a country's own sheet that Muster marked."""
LEFT_OUT = "muster:left-out"
"""What a word means whose rows are left out."""
WORDS_SHOWN = 60
"""Words of the sheet that a person can give a meaning; a column with more holds no codes."""
_HEAD_ROWS = 10
_TEXT_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T]+(\d{1,2}:\d\d)(?::\d\d)?)?")
_ROLES = {"day": "date", "count": "quantity", "site": "area"}
_SITE = (
    "site",
    "post",
    "border post",
    "crossing",
    "poste",
    "poste frontière",
    "puesto",
    "paso",
    "sitio",
    "المركز",
    "المعبر",
)
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class OwnSheet:
    """A sheet that is not of Muster: its headings ("" for none), and its rows by number, counted from 0.

    `personal` are the headings that seem to be about persons: their cells are never taken.
    """

    name: str
    head: tuple[str, ...]
    at: int
    rows: Mapping[int, Sequence[Given]]
    formulas: Sequence[str]
    personal: Sequence[str]

    @property
    def fingerprint(self) -> str:
        """What the sheet is known by: its headings in their order."""
        return fingerprint(list(self.head))

    @property
    def columns(self) -> list[str]:
        """The headings of columns that something can be taken from."""
        return [name for name in self.head if name and name not in self.personal]


def found_in(sheets: Iterable[Any]) -> list[OwnSheet]:
    """Return the sheets with a head and rows among those of `geodata.intake.sheet.book`."""
    return [made for sheet in sheets if (made := _own(sheet)) is not None]


def _own(sheet: Any) -> OwnSheet | None:
    first = sheet.rows[:_HEAD_ROWS]
    at = max(range(len(first)), key=lambda row: (_texts(first[row]), -row), default=0)
    if not first or _texts(first[at]) < 2:
        return None
    seen: Counter[str] = Counter()
    head = []
    for cell in first[at]:
        said = " ".join(cell.split())[:180] if isinstance(cell, str) else ""
        said = "" if said == FLAW or said.startswith(("sheet:", "book:")) else said
        seen[said] += 1
        head.append(f"{said} ({seen[said]})" if said and seen[said] > 1 else said)
    while head and not head[-1]:
        head.pop()
    personal = [name for name in head if name and headings.is_personal(name)]
    taken = [name not in personal for name in head]
    rows = {
        row: [cell if kept else None for cell, kept in zip(cells, taken, strict=False)]
        for row, cells in enumerate(sheet.rows)
        if row > at and any(cell is not None for cell in cells[: len(head)]) and not _is_head(cells, head)
    }
    return OwnSheet(sheet.name[:80], tuple(head), at, rows, sheet.formulas, personal) if rows else None


def _texts(cells: Sequence[Given]) -> int:
    return sum(isinstance(cell, str) for cell in cells)


def _is_head(cells: Sequence[Given], head: Sequence[str]) -> bool:
    return all(cell == name for cell, name in zip(cells, head, strict=False) if name)


def packed(sheets: Sequence[OwnSheet]) -> bytes:
    """Return the sheets as they are kept until they are stored or given up."""
    return zlib.compress(json.dumps([asdict(sheet) for sheet in sheets], ensure_ascii=False).encode())


def unpacked(data: bytes) -> list[OwnSheet]:
    """Return what `packed` made."""
    return [
        OwnSheet(
            **{**said, "head": tuple(said["head"]), "rows": {int(row): cells for row, cells in said["rows"].items()}}
        )
        for said in json.loads(zlib.decompress(data))
    ]


# ------------------------------------------------------------------------------------------- what it may mean


def guessed(sheet: OwnSheet, about: BookContext, kind: str = "") -> SheetMappingDraft:
    """Return what the headings and words of a sheet say, as a sheet of `kind`, else of the kind that fits best."""
    found = [_as_kind(sheet, one) for one in ([kind] if kind else about.kinds)]
    best = max(found, key=lambda made: len(made.columns))
    return best.model_copy(update={"words": meanings(sheet, best, about)})


def _as_kind(sheet: OwnSheet, kind: str) -> SheetMappingDraft:
    free, taken = sheet.columns, dict[str, str]()
    for find in (_named, _resembling):  # whole names first, wherever they stand
        for column in columns(kind):
            if column.code not in taken and (name := find(free, column.code, _labels(kind)[column.code])):
                taken[column.code] = name
                free = [each for each in free if each != name]
    return SheetMappingDraft(head=sheet.fingerprint, sheet=sheet.name, kind=kind, columns=taken, fixed={}, words={})


def _named(free: Sequence[str], code: str, labels: Sequence[str]) -> str | None:
    found: str | None = headings.named(free, [code, *labels, *(_SITE if code == "site" else ())], _ROLES.get(code, ""))
    return found


def _resembling(free: Sequence[str], _code: str, labels: Sequence[str]) -> str | None:
    """Return a heading all of whose words stand in a label, or that has all words of one."""
    known = [words for label in labels if (words := _long_words(label))]
    return next(
        (name for name in free if (said := _long_words(name)) and any(said <= w or w <= said for w in known)), None
    )


def _long_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


@cache
def _labels(kind: str) -> dict[str, list[str]]:
    """Return the labels of each column of a kind in every language."""
    found: dict[str, list[str]] = {}
    for code in LOCALES:
        with in_language(code):
            for column in columns(kind):
                found.setdefault(column.code, []).append(column.head)
    return found


def draft_of(mapping: SheetMapping) -> SheetMappingDraft:
    """Return a remembered mapping as a draft."""
    return SheetMappingDraft(**{name: getattr(mapping, name) for name in SheetMappingDraft.model_fields})


def choices(column: FormColumn, about: BookContext, language: str) -> list[dict[str, str]]:
    """Return what a word of a column can mean."""
    if column.choices == SITES:
        return [{"value": site.name, "label": site.name} for site in about.sites.values()]
    return vocabulary.options(column.choices, language)


def strange_words(sheet: OwnSheet, made: SheetMappingDraft, about: BookContext) -> dict[str, list[str]]:
    """Return the words of each mapped column of codes that Muster does not know by itself, in their order."""
    return {
        column.code: [word for word in _words(sheet, made.columns[column.code]) if not _known(column, word, about)]
        for column in columns(made.kind)
        if column.entry == "choice" and column.code in made.columns
    }


def _words(sheet: OwnSheet, column: str) -> list[str]:
    at = sheet.head.index(column)
    return list(dict.fromkeys(filter(None, (_word(cells, at) for cells in sheet.rows.values()))))


def _word(cells: Sequence[Given], at: int) -> str:
    cell = cells[at] if at < len(cells) else None
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return " ".join((cell if isinstance(cell, str) else cell[1] if cell else "").split())[:200]


def _known(column: FormColumn, word: str, about: BookContext) -> bool:
    if column.choices == SITES:
        return word.casefold() in {" ".join(site.name.casefold().split()) for site in about.sites.values()}
    return vocabulary.code_for(column.choices, word) in vocabulary.code_list(column.choices).codes


def meanings(sheet: OwnSheet, made: SheetMappingDraft, about: BookContext) -> dict[str, dict[str, str]]:
    """Return the remembered meaning of each strange word, else the code whose label it resembles, if any."""
    found: dict[str, dict[str, str]] = {code: dict(words) for code, words in made.words.items()}
    for column in columns(made.kind):
        known = found.setdefault(column.code, {})
        labels = _by_label(column, about) if column.entry == "choice" else {}
        for word in strange_words(sheet, made, about).get(column.code, ())[:WORDS_SHOWN]:
            near = get_close_matches(word.casefold(), labels, 1, 0.8)
            if word not in known and near:
                known[word] = labels[near[0]]
    return {code: words for code, words in found.items() if words and code in made.columns}


def _by_label(column: FormColumn, about: BookContext) -> dict[str, str]:
    return {each["label"].casefold(): each["value"] for code in LOCALES for each in choices(column, about, code)}


def missing(made: SheetMappingDraft) -> list[str]:
    """Return the heads of the needed fields that have neither a column nor a value."""
    said = {*made.columns, *made.fixed}
    return [column.head for column in columns(made.kind) if column.needed and column.code not in said]


def is_complete(sheet: OwnSheet, made: SheetMappingDraft, about: BookContext) -> bool:
    """Return whether nothing has to be asked about the sheet: every word of it has a meaning."""
    words = strange_words(sheet, made, about)
    return not missing(made) and all(word in made.words.get(code, {}) for code in words for word in words[code])


# ------------------------------------------------------------------------------------- as the rows of Muster


def translated(
    sheet: OwnSheet, made: SheetMappingDraft
) -> tuple[dict[str, dict[int, dict[str, Given]]], Flaws, list[int]]:
    """Return the rows as `reading.rows_of` does, their flaws, and the numbers of the rows that a word leaves out."""
    flaws, rows, out = Flaws(), dict[int, dict[str, Given]](), []
    places = {code: sheet.head.index(name) for code, name in made.columns.items() if name in sheet.head}
    entries = {column.code: column for column in columns(made.kind)}
    for row, cells in sheet.rows.items():
        said: dict[str, Given] = dict(made.fixed)
        for code, at in places.items():
            cell = cells[at] if at < len(cells) else None
            if cell is not None and code in entries:
                said[code] = _meant(entries[code], cell, _word(cells, at), made)
        if LEFT_OUT in said.values():
            out.append(row)
        else:
            rows[row] = said
    for cell in sheet.formulas:
        row, at = cell_place(cell)
        code = next((code for code, place in places.items() if place == at), "")
        if (row in rows and code) or at < 0:
            flaws.add((made.kind, row if at >= 0 else min(rows, default=sheet.at + 1), code), FORMULA)
    return {made.kind: rows}, flaws, out


def _meant(column: FormColumn, cell: Given, word: str, made: SheetMappingDraft) -> Given:
    if column.entry == "choice":
        return made.words.get(column.code, {}).get(word, word)
    if column.entry in ("day", "moment") and isinstance(cell, str):
        return _day(cell, made.dates)
    return cell


def _day(text: str, dates: str) -> Given:
    """Return a date that is written as text, where it is beyond doubt or somebody said what comes first."""
    found = _TEXT_DAY.fullmatch(text)
    if found is None:
        return text
    first, second, year = map(int, found.group(1, 2, 3))
    month_first = dates == "month" or (not dates and second > 12)
    if not dates and first <= 12 and second <= 12 and first != second:
        return text
    day, month = (second, first) if month_first else (first, second)
    try:
        made = date(year, month, day).isoformat()
    except ValueError:
        return text
    return ["moment", f"{made}T{found[4]:0>5}"] if found[4] else ["day", made]


# ------------------------------------------------------------------------------------------------- its flaws


def flaw_rows(sheet: OwnSheet, made: SheetMappingDraft, found: Mapping[Place, Any]) -> Iterator[tuple[int, int, str]]:
    """Yield the row and the column of each flaw, and its sentence; a field without a column is told at the first."""
    for (_kind, row, code), flaw in found.items():
        name = made.columns.get(code)
        yield row, sheet.head.index(name) if name in sheet.head else -1, sentence(flaw)


def marked(sheet: OwnSheet, made: SheetMappingDraft, flaws: Iterable[tuple[int, int, str]]) -> FormBook:
    """Return the sheet with its own columns and rows, each flaw marked in its cell."""
    entries = {made.columns[column.code]: column.entry for column in columns(made.kind) if column.code in made.columns}
    shown = [at for at, name in enumerate(sheet.head) if name and name not in sheet.personal]
    made_columns = [FormColumn(sheet.head[at], sheet.head[at], _look(entries.get(sheet.head[at]))) for at in shown]
    above = 1 - sheet.at  # the first row holds codes, the second the heads
    rows = {row + above: [cells[at] if at < len(cells) else None for at in shown] for row, cells in sheet.rows.items()}
    places = {(row + above, shown.index(at) if at in shown else 0): words for row, at, words in flaws}
    own = FormSheet(OWN, sheet.name, made_columns, rows, places)
    how = [
        _("Put the marked cells right, and bring the file again."),
        _("Rows stand below the head, as you gave them."),
    ]
    return FormBook(OWN, sheet.name, how, {}, [own], _("What is wrong"), _("How to fill it in"), direction() == "rtl")


def _look(entry: str | None) -> Any:
    return entry if entry in ("day", "moment", "count") else "text"


def with_reason(drafts: Sequence[tuple[Any, Any]], reason: str | None, confirmed: bool) -> list[tuple[Any, Any]]:
    """Return the drafts with the reason of the correction, and that unlikely figures are right."""
    code = vocabulary.code_for("CL-CORRECTION", reason) if reason else None
    return [
        (draft.model_copy(update={"correction_reason": code, "confirmed": confirmed}), group) for draft, group in drafts
    ]


def at_source(about: BookContext, made: SheetMappingDraft) -> BookContext:
    """Return what the reports of the sheet are about: each kind of result has reports of its own."""
    return replace(about, source=made.kind)
