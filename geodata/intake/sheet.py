"""Rows of any table as they are: workbooks of every kind (xlsx, xls, xlsb, ods) and delimited text.

No heading is asked for and nothing is left out: blank rows stay, so that numbers are those of the spreadsheet.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from geodata.intake import archive
from geodata.intake.encoding import decoded
from geodata.intake.table import LIMITS, IntakeLimits, RefusedFile, UnusableRow, check_size

_LISTS, _MARK = "lists", "sheet:"
"""In a workbook that Muster made: the sheet of its choices, and what the first row of a sheet to be filled in holds."""
_HEAD = 10
"""Rows above the first one that somebody fills in, at most."""
_SHEET = re.compile(rb"<sheet [^>]*?r:id=\"([^\"]+)\"")
_RELATION = re.compile(rb"<Relationship [^>]*?Id=\"([^\"]+)\"[^>]*?Target=\"([^\"]+)\"")
_RELATION_TOO = re.compile(rb"<Relationship [^>]*?Target=\"([^\"]+)\"[^>]*?Id=\"([^\"]+)\"")
_FORMULA = re.compile(rb"<c r=\"([A-Z]{1,3}[0-9]{1,7})\"[^>]*>\s*<f[ />]")
_ARCHIVE, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def rows(data: bytes, limits: IntakeLimits = LIMITS) -> list[list[str]]:
    """The cells of each row as text, of the first sheet that is not empty, or of Muster's form. Raises `RefusedFile`.

    Dates are ISO text and whole numbers have no point; of a formula it is the value that was stored. The cells of a
    text stand between tabs, semicolons or commas, whichever its first row holds.
    """
    check_size(data, limits)
    if data.startswith(_ARCHIVE):
        archive.unpack(data, limits, limits.workbook_members)  # only to see that it is no trap
    elif not data.startswith(_COMPOUND):
        return _between_marks(decoded(data)[0])
    with reading(data) as book:
        ours = _LISTS in book.sheet_names
        for name in book.sheet_names[: limits.sheets]:
            found = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=limits.sheet_rows)
            if ours and not any(str(cell).startswith(_MARK) for row in found[:1] for cell in row):
                continue
            if any(cell not in ("", None) for row in found for cell in row):
                return [[_said(cell) for cell in row] for row in found]
    raise RefusedFile("The workbook holds no text, number or date.")


def _between_marks(text: str) -> list[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = next((each for each in "\t;," if each in first), "\t")
    return list(csv.reader(text.splitlines(), delimiter=mark))


def _said(cell: Any) -> str:
    """A cell in words."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split()) if cell is not None else ""


@contextmanager
def reading(data: bytes, refusal: str = "The workbook is damaged, or has a password.") -> Iterator[CalamineWorkbook]:
    """Open a workbook. Whatever the library finds wrong with it inside the block is refused in these words."""
    try:
        yield CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (RefusedFile, UnusableRow, MemoryError):
        raise
    except Exception as error:
        raise RefusedFile(refusal) from error
    except BaseException as error:  # the library is Rust, and a panic in it is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedFile(refusal) from error


Typed = str | float | list[str] | None
"""A cell as it is: text, a number, or a moment as its kind ("day", "moment", "time") and ISO text."""


@dataclass(frozen=True)
class Sheet:
    """A sheet with its cells as they are, and the cells that hold a formula, such as "B7"."""

    name: str
    rows: list[list[Typed]]
    formulas: list[str]


def book(data: bytes, limits: IntakeLimits = LIMITS) -> list[Sheet]:
    """Every sheet of a workbook (xlsx, xlsm, ods, xls, xlsb), hidden ones too. Raises `RefusedFile`.

    Of a formula it is told where it stands: nothing is computed, and no stored value is believed. The binary formats
    (xls, xlsb) do not tell formulas apart: there it is the value that was stored. A sheet of more rows than allowed is
    refused, so that none is lost.
    """
    check_size(data, limits)
    if not data.startswith((_ARCHIVE, _COMPOUND)):
        raise RefusedFile("This is no workbook that can be read here. Save it as .xlsx or .ods.")
    members = archive.unpack(data, limits, limits.workbook_members) if data.startswith(_ARCHIVE) else {}
    with reading(data) as found:
        if len(found.sheet_names) > limits.sheets:
            raise RefusedFile("The workbook has more than {most} sheets.", most=limits.sheets)
        formulas = _formulas(members)
        kinds = [each.typ for each in found.sheets_metadata]
        return [
            _sheet(found, at, name, formulas.get(at, []), limits)
            for at, name in enumerate(found.sheet_names)
            if kinds[at] == SheetTypeEnum.WorkSheet
        ]


def _sheet(found: CalamineWorkbook, at: int, name: str, formulas: list[str], limits: IntakeLimits) -> Sheet:
    most = limits.sheet_rows + _HEAD
    rows = found.get_sheet_by_index(at).to_python(skip_empty_area=False, nrows=most + 1)
    while rows and all(cell in ("", None) for cell in rows[-1]):
        rows.pop()
    if len(rows) > most or any(len(row) > limits.columns for row in rows[:1]):
        raise RefusedFile(
            "The sheet is larger than {rows:,} rows and {columns} columns. Divide it.",
            rows=limits.sheet_rows,
            columns=limits.columns,
        )
    return Sheet(name, [[_typed(cell) for cell in row] for row in rows], formulas)


def _formulas(members: dict[str, bytes]) -> dict[int, list[str]]:
    """The cells with a formula by the place of their sheet."""
    if (content := members.get("content.xml")) is not None:
        tables = re.split(rb"<table:table ", content)[1:]
        return {at: [""] for at, table in enumerate(tables) if b"table:formula=" in table}
    targets = dict(_RELATION.findall(members.get("xl/_rels/workbook.xml.rels", b"")))
    targets |= {
        ident: target for target, ident in _RELATION_TOO.findall(members.get("xl/_rels/workbook.xml.rels", b""))
    }
    found = {}
    for at, ident in enumerate(_SHEET.findall(members.get("xl/workbook.xml", b""))):
        path = targets.get(ident, b"").decode("utf-8", "replace").lstrip("/").removeprefix("xl/")
        cells = _FORMULA.findall(members.get(f"xl/{path}", b""))
        if cells:
            found[at] = [cell.decode() for cell in cells]
    return found


def _typed(cell: Any) -> Typed:
    if isinstance(cell, datetime):
        kind = "day" if cell.time() == time(0) else "moment"
        return [kind, cell.date().isoformat() if kind == "day" else cell.isoformat(timespec="minutes")]
    if isinstance(cell, date):
        return ["day", cell.isoformat()]
    if isinstance(cell, time):
        return ["time", cell.isoformat(timespec="minutes")]
    if isinstance(cell, bool) or cell is None:
        return None if cell is None else str(cell).lower()
    if isinstance(cell, int | float):
        return float(cell)
    return str(cell).strip() or None
