"""Form workbooks with their flaws marked, and what the page is told of them."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from dashboard.papers import paper_process
from dashboard.papers.form_book import FormBook, FormSheet, Given, as_xlsx
from dashboard.papers.tables import TableFormat
from dashboard.parts.book.cells import Flaws, Place
from dashboard.wording import sentence
from operations.core.errors import Flaw
from operations.core.people import Actor
from operations.core.store import Store

BOOKS_TAKEN = ".xlsx,.xlsm,.xlsb,.xls,.ods"
"""The files that a browser offers where a workbook is brought back."""
SHOWN = 100
"""Flaws that the page lists; the workbook has all of them."""


class _Flawed(Exception):
    """Something is wrong: what was written is rolled back."""


def stored_or_marked(
    store: Store,
    by: Actor,
    flaws: Flaws,
    write: Callable[[Session], dict[str, Any]],
    marked: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Return what `write` says of all rows, stored at once; where it finds `flaws`, store nothing, return `marked`."""
    try:
        with store.unit_of_work(by, behind=True) as session:  # whoever types goes first
            done = write(session)
            if flaws.found:
                raise _Flawed
        return done
    except _Flawed:
        return marked()


def with_rows(
    made: FormBook, rows: Mapping[str, Mapping[int, Mapping[str, Given]]], flaws: Mapping[Place, str]
) -> FormBook:
    """Return the workbook with what was filled in by sheet and row, and the sentences by sheet, row and column."""
    return replace(made, sheets=[_filled(sheet, rows.get(sheet.code, {}), flaws) for sheet in made.sheets])


def _filled(sheet: FormSheet, rows: Mapping[int, Mapping[str, Given]], flaws: Mapping[Place, str]) -> FormSheet:
    codes = [column.code for column in sheet.columns]
    cells = {row: [given.get(code) for code in codes] for row, given in sorted(rows.items())}
    marked = {
        (row, codes.index(code) if code in codes else 0): words
        for (of, row, code), words in flaws.items()
        if of == sheet.code
    }
    return replace(sheet, rows=cells, flaws=marked)


def with_flaws(
    made: FormBook, rows: Mapping[str, Mapping[int, Mapping[str, Given]]], flaws: Mapping[Place, Flaw], filename: str
) -> dict[str, Any]:
    """Return what the page is told of a workbook with flaws: where they are, and the workbook with them marked."""
    said = {place: sentence(flaw) for place, flaw in flaws.items()}
    made = with_rows(made, rows, said)
    sheets = {sheet.code: (sheet.name, {column.code: column.head for column in sheet.columns}) for sheet in made.sheets}
    listed = [[*_where(sheets, place), words] for place, words in list(said.items())[:SHOWN]]
    return {"flaws": listed, "many": len(said), "marked": marked_file(made, filename)}


def marked_file(made: FormBook, filename: str) -> dict[str, Any]:
    """Return the marked workbook as `dcc.Download` takes it."""
    packed = base64.b64encode(paper_process.run_in_process(as_xlsx, made)).decode()
    return {"content": packed, "filename": filename, "base64": True, "type": TableFormat.XLSX.media}


def _where(sheets: dict[str, Any], place: Place) -> list[Any]:
    name, heads = sheets.get(place[0], (place[0], {}))
    return [name, place[1] + 1, heads.get(place[2], "")]
