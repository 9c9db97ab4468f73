"""Excel reader: one sheet, read as a stream; stored values only, never a formula."""

import io
import math
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from geodata.intake import archive
from geodata.intake.table import (
    LIMITS,
    FileTable,
    IntakeFormat,
    IntakeLimits,
    Maker,
    RefusedFile,
    check_size,
    headings,
    or_refuse,
)

_LAST_ROW = 1_048_576
_ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-8|us-ascii|ascii)""", re.IGNORECASE)


def read(data: bytes, limits: IntakeLimits = LIMITS, sheet: str | None = None) -> FileTable:
    """One sheet: the named one, else the first that is not empty. Raises `RefusedFile`.

    Headings stand in the first row that is not blank. Of a formula the value is read that the spreadsheet stored when
    it was saved; nothing is computed. Dates become ISO text. The size that the sheet declares is not believed.
    Workbooks with macros or links to other files are refused.
    """
    check_size(data, limits)
    _check_members(archive.unpack(data, limits, limits.workbook_members))
    maker = Maker(IntakeFormat.XLSX, limits, most_rows=limits.sheet_rows)
    with or_refuse("The workbook is damaged."), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library, about styles and extensions that do not matter here
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            _fill(maker, book, sheet, limits)
        finally:
            book.close()
    return maker.table()


def _check_members(members: dict[str, bytes]) -> None:
    for name, content in members.items():
        low = name.lower()
        if low.endswith(("vbaproject.bin", ".xlm")) or b"macroEnabled" in content[:100_000]:
            raise RefusedFile("The workbook holds macros. Save it as .xlsx without them.")
        if low.startswith("xl/externallinks/"):
            raise RefusedFile("The workbook holds links to other files. Break them, or copy the values to a new one.")
        if low.endswith((".xml", ".rels")) and (
            _ENTITIES.search(content)
            or _OTHER_ENCODING.match(content)
            or content.startswith((b"\xff\xfe", b"\xfe\xff"))
            or b"\0" in content[:8]
        ):
            raise RefusedFile("The workbook holds XML that no spreadsheet program writes.")


def _fill(maker: Maker, book: Any, wanted: str | None, limits: IntakeLimits) -> None:
    names = [sheet.title for sheet in book.worksheets]
    if len(names) > limits.sheets:
        raise RefusedFile("The workbook has more than {most} sheets.", most=limits.sheets)
    if wanted is not None and wanted not in names:
        raise RefusedFile('The workbook has no sheet "{name}".', name=wanted[:60])
    for sheet in book.worksheets:
        if wanted in (None, sheet.title) and _take(maker, sheet, limits):
            if len(names) > 1 and wanted is None:
                maker.note('The workbook has {count} sheets. "{name}" was read.', count=len(names), name=sheet.title)
            return
    raise RefusedFile("The workbook is empty.")


def _take(maker: Maker, sheet: Any, limits: IntakeLimits) -> bool:
    """Fill in the rows of one sheet; False where it has none."""
    columns: list[str] = []
    for number, cells in _rows(sheet, limits):
        if not columns:
            columns = headings(cells, limits)
            maker.head(columns)
        elif any(cells[len(columns) :]):
            maker.refuse(number, "", "The row has cells beyond the last heading.")
        else:
            maker.row(number, dict(zip(columns, cells, strict=False)))
    return bool(columns)


def _rows(sheet: Any, limits: IntakeLimits) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with their number, up to their last cell. Cells touched are counted, empty ones too."""
    sheet.reset_dimensions()
    touched = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        touched += len(values)
        if number > _LAST_ROW or touched > limits.sheet_rows * limits.columns:
            raise RefusedFile(
                "The sheet is larger than {rows:,} rows and {columns} columns. Divide it.",
                rows=limits.sheet_rows,
                columns=limits.columns,
            )
        cells = [_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > limits.columns:
            raise RefusedFile("The file has more than {most} columns.", most=limits.columns)
        if cells:
            yield number, cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
