"""Table files (CSV, XLSX): facts about the table above its columns, and no cell that a spreadsheet executes (R37)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dashboard.wording import direction, in_language
from operations.lazy_import import lazy_module

if TYPE_CHECKING:
    import openpyxl.cell
    import openpyxl.styles
    import openpyxl.utils
    from openpyxl.worksheet.worksheet import Worksheet
else:
    openpyxl = lazy_module("openpyxl")

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_WIDEST = 60  # characters of a column
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
    book = openpyxl.Workbook(write_only=True)
    with in_language(language):
        for found in tables:
            _sheet(book, found)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, found: TableFile) -> None:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", found.name)[:31] or None)
    sheet.sheet_view.rightToLeft = direction() == "rtl"
    sheet.freeze_panes = f"C{len(found.about) + 3}"
    for place, widest in enumerate(_widths(found)):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place + 1)].width = widest
    for name, value in found.about:
        sheet.append(_cells(sheet, [name, value], bold_first=True))
    sheet.append([])
    sheet.append(_cells(sheet, found.columns, bold=True))
    for row in found.rows:
        sheet.append(_cells(sheet, row))


def _widths(found: TableFile) -> list[int]:
    columns = zip(found.columns, *found.rows, strict=True) if found.rows else ((each,) for each in found.columns)
    return [min(max(len(str(value)) for value in column if value is not None) + 2, _WIDEST) for column in columns]


def _cells(sheet: "Worksheet", values: Iterable[Cell], *, bold: bool = False, bold_first: bool = False) -> list[Any]:
    made = []
    for place, value in enumerate(values):
        cell = openpyxl.cell.WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            cell.value = value.replace("\0", "")
            cell.data_type = "s"
        if bold or (bold_first and place == 0):
            cell.font = openpyxl.styles.Font(bold=True)
        made.append(cell)
    return made
