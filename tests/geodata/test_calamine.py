"""Workbooks from the tests of calamine (MIT, commit 263762c8 of 2026-08-15): the small ones, at every door.

Of all 132 workbooks there the layers' door reads 104, the door of rows 106 and that of whole workbooks 124.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geodata.intake import files, sheet
from geodata.intake.table import RefusedFile

BOOKS = Path(__file__).parent / "calamine" / "books.zip"
EMPTY = "The workbook is empty."
CLOSED = "The workbook is damaged, or has a password."
MACROS = "The workbook holds macros. Save it as .xlsx without them."
DAMAGED = {
    "issue252.xlsx": '"{name}" in the archive is damaged.',
    **dict.fromkeys(("issue_594_dos.ods", "pass_protected.ods", "pass_protected.xlsb", "pass_protected.xlsx"), CLOSED),
}
BLANK = {
    **{f"issue127.{form}": EMPTY for form in ("ods", "xls", "xlsb", "xlsx")},
    **dict.fromkeys(("capitalized_wbook_stream.xls", "empty_sheet.xlsx", "issue343.xls"), EMPTY),
    **dict.fromkeys(("issue_666_lost_sheets.xlsb", "issue_666_panic.xlsb"), EMPTY),
}
DOORS: dict[str, tuple[Callable[[bytes, str], Any], dict[str, str]]] = {
    "layers": (
        lambda data, name: files.read(data, name),
        DAMAGED | BLANK | {"issue_182.xlsb": MACROS, "vba.xlsm": MACROS},
    ),
    "rows": (lambda data, _name: sheet.rows(data), DAMAGED | BLANK | {"vba.xlsm": EMPTY}),
    "whole": (
        lambda data, _name: sheet.book(data),
        DAMAGED | {"too_small.xls": "This is no workbook that can be read here. Save it as .xlsx or .ods."},
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_workbook_is_read_or_refused_with_a_true_sentence(door: str) -> None:
    read, wanted = DOORS[door]
    refused = {}
    with zipfile.ZipFile(BOOKS) as archive:
        for name in archive.namelist():
            try:
                read(archive.read(name), name)
            except RefusedFile as why:
                refused[name] = why.template
        assert len(archive.namelist()) == 54
    assert refused == wanted


def test_the_same_dates_are_read_of_each_format() -> None:
    with zipfile.ZipFile(BOOKS) as archive:
        found = {name: sheet.book(archive.read(name)) for name in archive.namelist() if name.startswith("date.")}
    assert set(found) == {"date.xls", "date.xlsb", "date.xlsx"}
    assert len({str(each[0].rows) for each in found.values()}) == 1
    assert found["date.xls"][0].rows[0][0] == ["day", "2021-01-01"]
