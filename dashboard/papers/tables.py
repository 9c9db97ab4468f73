"""Table files (CSV, XLSX): facts about the table above its columns, and no cell that a spreadsheet executes (R37)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import xlsxwriter

from dashboard.wording import direction, in_language

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_WIDEST = 60  # characters of a column
_LONGEST = 32_767  # characters in a cell
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | None


class TableFormat(StrEnum):
    """File formats of tables."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media(self) -> str:
        """The media type."""
        return "text/csv; charset=utf-8" if self is TableFormat.CSV else _XLSX


@dataclass(frozen=True)
class TableFile:
    """A table: facts about it, column names, and rows; `name` is that of its worksheet."""

    about: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    name: str = ""


def harmless(value: Cell) -> Cell:
    """Return text that a spreadsheet would run as a formula with a leading apostrophe; other values unchanged."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value


def as_csv(found: TableFile) -> bytes:
    """Return the table as UTF-8 with a byte order mark, all texts quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    for row in (*found.about, (), found.columns, *found.rows):
        writer.writerow(["" if value is None else harmless(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(tables: Sequence[TableFile], language: str) -> bytes:
    """Return a workbook with one sheet for each table; texts are stored as texts, numbers as numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book, in_language(language):
        for found in tables:
            _sheet(book, found)
    return out.getvalue()


def _sheet(book: Any, found: TableFile) -> None:
    sheet, bold = book.add_worksheet(_free_name(book, found.name)), book.add_format({"bold": True})
    if direction() == "rtl":
        sheet.right_to_left()
    head = len(found.about) + 1
    sheet.freeze_panes(head + 1, 2)
    for place, widest in enumerate(_widths(found)):
        sheet.set_column(place, place, widest)
    for at, (name, value) in enumerate(found.about):
        _write(sheet, at, [name], bold)
        _write(sheet, at, [value], first=1)
    _write(sheet, head, found.columns, bold)
    for at, row in enumerate(found.rows, start=head + 1):
        _write(sheet, at, row)


def _free_name(book: Any, name: str) -> str | None:
    """Return a name of a worksheet that no other sheet has; None for one that the library counts up."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip("'")[:31]
    taken = {sheet.name.lower() for sheet in book.worksheets()}
    names = (plain, *(f"{plain[:28]} {number}" for number in range(2, 100)))
    return next((each for each in names if each.lower() not in taken), None) if plain else None


def _widths(found: TableFile) -> list[int]:
    columns = zip(found.columns, *found.rows, strict=True) if found.rows else ((each,) for each in found.columns)
    return [min(max(len(str(value)) for value in column if value is not None) + 2, _WIDEST) for column in columns]


def _write(sheet: Any, at: int, values: Iterable[Cell], look: Any = None, first: int = 0) -> None:
    """Write cells from column `first` on: a text is never taken for a formula, a number or an address."""
    for place, value in enumerate(values, start=first):
        if isinstance(value, str) and value:
            sheet.write_string(at, place, value.replace("\0", "")[:_LONGEST], look)
        elif value not in (None, ""):
            sheet.write_number(at, place, value, look)
