"""Rows of any table as they are: workbooks of every kind (xlsx, xls, xlsb, ods) and delimited text.

No heading is asked for and nothing is left out: blank rows stay, so that numbers are those of the spreadsheet.
"""

import csv
import io
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from geodata.intake import archive
from geodata.intake.encoding import decoded
from geodata.intake.table import LIMITS, IntakeLimits, RefusedFile, check_size

_ARCHIVE, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def rows(data: bytes, limits: IntakeLimits = LIMITS) -> list[list[str]]:
    """The cells of each row as text, of the first sheet that is not empty. Raises `RefusedFile`.

    Dates are ISO text and whole numbers have no point; of a formula it is the value that was stored. The cells of a
    text stand between tabs, semicolons or commas, whichever its first row holds.
    """
    check_size(data, limits)
    if data.startswith(_ARCHIVE):
        archive.unpack(data, limits, limits.workbook_members)  # only to see that it is no trap
    elif not data.startswith(_COMPOUND):
        return _between_marks(decoded(data)[0])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names[: limits.sheets]:
            found = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=limits.sheet_rows)
            if any(cell not in ("", None) for row in found for cell in row):
                return [[_said(cell) for cell in row] for row in found]
    except CalamineError:
        raise RefusedFile("The workbook is damaged, or has a password.") from None
    raise RefusedFile("The workbook is empty.")


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
