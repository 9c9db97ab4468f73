"""Workbook reader: one sheet of a file of Excel or OpenDocument; stored values only, never a formula."""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from geodata.intake import archive, sheet
from geodata.intake.table import (
    LIMITS,
    FileTable,
    IntakeFormat,
    IntakeLimits,
    Maker,
    RefusedFile,
    check_size,
    headings,
)

_LAST_ROW = 1_048_576
_ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-8|us-ascii|ascii)""", re.IGNORECASE)
_TAG = re.compile(rb"""<(?:\w+:)?(row|c)\b((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>""")
_PLACE = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
"""The place of a row or cell: the letters of its column, and its row."""


def read(
    data: bytes, limits: IntakeLimits = LIMITS, wanted: str | None = None, form: IntakeFormat = IntakeFormat.XLSX
) -> FileTable:
    """One sheet: the named one, else the first that is not empty. Raises `RefusedFile`.

    Headings stand in the first row that is not blank. Of a formula the value is read that the spreadsheet stored when
    it was saved; nothing is computed. Dates become ISO text. The size that the sheet declares is not believed.
    Macros are neither run nor kept, and a note says so. Workbooks with links to other files are refused: what they
    show may be old.
    """
    check_size(data, limits)
    members: dict[str, bytes] = {}
    if form is not IntakeFormat.XLS:
        members = archive.unpack(data, limits, limits.workbook_members)
        _check_members(members)
        for name, content in members.items():
            if name.lower().endswith(".xml") and b"sheetData" in content:
                _check_size(content, limits)
    maker = Maker(form, limits, most_rows=limits.sheet_rows)
    if any(_is_macro(name.lower()) for name in members):
        maker.note("The workbook holds macros. They were left out.")
    with sheet.reading(data) as book:
        _fill(maker, book, wanted, limits)
    return maker.table()


def _check_size(content: bytes, limits: IntakeLimits) -> None:
    """Refuse a sheet whose cells lie so far apart that the room between them is larger than what may be read."""
    last, lowest, rightmost = 0, 0, b""
    for name, attributes in _TAG.findall(content):
        place = _PLACE.search(attributes)
        if place is None:
            continue
        letters, row = place[1], int(place[2][:12])
        last = max(last, row)
        if name == b"c" and not attributes.endswith(b"/"):  # a cell that is not empty
            lowest, rightmost = max(lowest, row), max(rightmost, letters, key=lambda column: (len(column), column))
    columns = 0
    for letter in rightmost[:4]:
        columns = columns * 26 + letter - 64
    if columns > limits.columns:
        raise RefusedFile("The file has more than {most} columns.", most=limits.columns)
    if last > _LAST_ROW or lowest * columns > limits.sheet_rows * limits.columns:
        raise _too_large(limits)


def _too_large(limits: IntakeLimits) -> RefusedFile:
    return RefusedFile(
        "The sheet is larger than {rows:,} rows and {columns} columns. Divide it.",
        rows=limits.sheet_rows,
        columns=limits.columns,
    )


def _is_macro(member: str) -> bool:
    return member.endswith(("vbaproject.bin", ".xlm")) or member.startswith(("basic/", "xl/macrosheets/"))


def _check_members(members: dict[str, bytes]) -> None:
    for name, content in members.items():
        low = name.lower()
        if low.startswith("xl/externallinks/"):
            raise RefusedFile("The workbook holds links to other files. Break them, or copy the values to a new one.")
        if (
            low.endswith((".xml", ".rels"))
            and not low.startswith("customxml/")
            and (
                _ENTITIES.search(content)
                or _OTHER_ENCODING.match(content)
                or content.startswith((b"\xff\xfe", b"\xfe\xff"))
                or b"\0" in content[:8]
            )
        ):
            raise RefusedFile("The workbook holds XML that no spreadsheet program writes.")


def _fill(maker: Maker, book: CalamineWorkbook, wanted: str | None, limits: IntakeLimits) -> None:
    names = [found.name for found in book.sheets_metadata if found.typ == SheetTypeEnum.WorkSheet]
    if len(names) > limits.sheets:
        raise RefusedFile("The workbook has more than {most} sheets.", most=limits.sheets)
    if wanted is not None and wanted not in names:
        raise RefusedFile('The workbook has no sheet "{name}".', name=wanted[:60])
    for name in names:
        if wanted in (None, name) and _take(maker, book.get_sheet_by_name(name), limits):
            if len(names) > 1 and wanted is None:
                maker.note('The workbook has {count} sheets. "{name}" was read.', count=len(names), name=name)
            return
    raise RefusedFile("The workbook holds no text, number or date.")


def _take(maker: Maker, found: CalamineSheet, limits: IntakeLimits) -> bool:
    """Fill in the rows of one sheet; False where it has none."""
    columns: list[str] = []
    for number, cells in _rows(found, limits):
        if not columns:
            columns = headings(cells, limits)
            maker.head(columns)
        elif any(cells[len(columns) :]):
            maker.refuse(number, "", "The row has cells beyond the last heading.")
        else:
            maker.row(number, dict(zip(columns, cells, strict=False)))
    return bool(columns)


def _rows(found: CalamineSheet, limits: IntakeLimits) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with their number, up to their last cell."""
    if found.total_width > limits.columns:
        raise RefusedFile("The file has more than {most} columns.", most=limits.columns)
    if found.total_height * found.total_width > limits.sheet_rows * limits.columns:
        raise _too_large(limits)
    for number, values in enumerate(found.to_python(skip_empty_area=False), start=1):
        cells = [_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
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
