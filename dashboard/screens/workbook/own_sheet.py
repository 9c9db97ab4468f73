"""A country's own sheet: its head and rows, what its columns and words may mean, and the same rows as Muster's own."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from dashboard.papers.form_book import FormBook, FormColumn, FormSheet, Given
from dashboard.parts.book.cells import FORMULA, Flaws, Place, cell_place
from dashboard.screens.workbook.content import SITES, BookContext, columns
from dashboard.server.lazy_modules import headed_sheet
from dashboard.server.lazy_modules import mapping as headings
from dashboard.wording import _, direction, in_language, sentence
from operations.core import vocabulary
from operations.core.ids import fingerprint
from operations.core.languages import LOCALES
from operations.exchange.sheet_mappings import SheetMapping, SheetMappingDraft

if TYPE_CHECKING:
    from geodata.intake.headed_sheet import HeadedSheet

OWN = "own"
"""The code of a country's own sheet that Muster marked."""
LEFT_OUT = "muster:left-out"
"""What a word means whose rows are left out."""
WORDS_SHOWN = 60
"""Words of the sheet that a person can give a meaning; a column with more holds no codes."""
_ROLES = {"day": "date", "count": "quantity", "site": "area"}
_SITE = (
    "site",
    "post",
    "border post",
    "crossing",
    "poste",
    "poste frontière",
    "puesto",
    "puesto fronterizo",
    "paso",
    "sitio",
    "المركز",
    "المعبر",
)
MarkedCell = tuple[int, int, str]
"""A row, a column (-1 for none), and what is wrong there."""


def head_of(sheet: "HeadedSheet") -> str:
    """Return what a sheet is known by: the fingerprint of its headings in their order."""
    return fingerprint(list(sheet.head))


# ------------------------------------------------------------------------------------------- what it may mean


def guessed(sheet: "HeadedSheet", about: BookContext, kind: str = "") -> SheetMappingDraft:
    """Return what the headings and words of a sheet say, as a sheet of `kind`, else of the kind that fits best."""
    found = [_as_kind(sheet, one) for one in ([kind] if kind else about.kinds)]
    best = max(found, key=lambda made: len(made.columns))
    return best.model_copy(update={"words": meanings(sheet, best, about)})


def _as_kind(sheet: "HeadedSheet", kind: str) -> SheetMappingDraft:
    free, taken = sheet.columns, dict[str, str]()
    for find in (_named, _resembling):  # whole names first, wherever they stand
        for column in columns(kind):
            if column.code not in taken and (name := find(free, column.code, _labels(kind)[column.code])):
                taken[column.code] = name
                free = [each for each in free if each != name]
    return SheetMappingDraft(head=head_of(sheet), sheet=sheet.name, kind=kind, columns=taken, fixed={}, words={})


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


def strange_words(sheet: "HeadedSheet", made: SheetMappingDraft, about: BookContext) -> dict[str, list[str]]:
    """Return the words of each mapped column of codes that Muster does not know by itself, in their order."""
    return {
        column.code: [word for word in _words(sheet, made.columns[column.code]) if not _known(column, word, about)]
        for column in columns(made.kind)
        if column.entry == "choice" and column.code in made.columns
    }


def _words(sheet: "HeadedSheet", column: str) -> list[str]:
    at = sheet.head.index(column)
    return list(dict.fromkeys(filter(None, (headed_sheet.word(cells, at) for cells in sheet.rows.values()))))


def _known(column: FormColumn, word: str, about: BookContext) -> bool:
    if column.choices == SITES:
        return word.casefold() in {" ".join(site.name.casefold().split()) for site in about.sites.values()}
    return vocabulary.code_for(column.choices, word) in vocabulary.code_list(column.choices).codes


def meanings(sheet: "HeadedSheet", made: SheetMappingDraft, about: BookContext) -> dict[str, dict[str, str]]:
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


def is_complete(sheet: "HeadedSheet", made: SheetMappingDraft, about: BookContext) -> bool:
    """Return whether nothing has to be asked about the sheet: every word of it has a meaning."""
    words = strange_words(sheet, made, about)
    return not missing(made) and all(word in made.words.get(code, {}) for code in words for word in words[code])


# ------------------------------------------------------------------------------------- as the rows of Muster


def translated(
    sheet: "HeadedSheet", made: SheetMappingDraft
) -> tuple[dict[str, dict[int, dict[str, Given]]], Flaws, list[int]]:
    """Return the rows as `rows_of` does, their flaws, and the numbers of the rows that a word leaves out."""
    flaws, rows, out = Flaws(), dict[int, dict[str, Given]](), []
    places = {code: sheet.head.index(name) for code, name in made.columns.items() if name in sheet.head}
    entries = {column.code: column for column in columns(made.kind)}
    for row, cells in sheet.rows.items():
        said: dict[str, Given] = dict(made.fixed)
        for code, at in places.items():
            cell = cells[at] if at < len(cells) else None
            if cell is not None and code in entries:
                said[code] = _meant(entries[code], cell, headed_sheet.word(cells, at), made)
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
        return headed_sheet.day_of_text(cell, made.dates)
    return cell


# ------------------------------------------------------------------------------------------------- its flaws


def flaw_rows(sheet: "HeadedSheet", made: SheetMappingDraft, found: Mapping[Place, Any]) -> Iterator[MarkedCell]:
    """Yield the row and the column of each flaw, and its sentence; a field without a column is told at the first."""
    for (_kind, row, code), flaw in found.items():
        name = made.columns.get(code)
        yield row, sheet.head.index(name) if name in sheet.head else -1, sentence(flaw)


def marked(sheet: "HeadedSheet", made: SheetMappingDraft, flaws: Iterable[MarkedCell]) -> FormBook:
    """Return the sheet as it came, each flaw marked in its cell; of columns about persons the headings alone."""
    entries = {made.columns[column.code]: column.entry for column in columns(made.kind) if column.code in made.columns}
    shown = [at for at, name in enumerate(sheet.head) if name]
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
