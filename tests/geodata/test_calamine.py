"""Workbooks from the tests of calamine (MIT, commit 263762c8 of 2026-08-15), at every door.

Here are the small ones and those that a door refuses, but for five that hold pictures and nothing else (`picture.ods`,
`.xls`, `.xlsb`, `.xlsx` and `picture_richdata.xlsx`): layers and rows find no text, number or date in them.
Of all 132 workbooks there the layers' door reads 106, the door of rows 106 and that of whole workbooks 124.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geodata.intake import files, sheet
from geodata.intake.table import RefusedFile

BOOKS = Path(__file__).parent / "calamine" / "books.zip"
EMPTY = "The workbook holds no text, number or date."
CLOSED = "The workbook is damaged, or has a password."
LINKS = "The workbook holds links to other files. Break them, or copy the values to a new one."
LOCKED = ("issue_385.xls", "pass_protected.ods", "pass_protected.xlsb", "pass_protected.xlsx")
DAMAGED = {
    "issue252.xlsx": '"{name}" in the archive is damaged.',
    "issue_594_dos.ods": CLOSED,  # a cell repeated a billion times
    "OOM_alloc3.xls": CLOSED,  # a record that asks for more memory than there is
    **dict.fromkeys(LOCKED, CLOSED),
}
BLANK = {
    **{f"issue127.{form}": EMPTY for form in ("ods", "xls", "xlsb", "xlsx")},
    **dict.fromkeys(("capitalized_wbook_stream.xls", "empty_sheet.xlsx", "issue343.xls"), EMPTY),
    **dict.fromkeys(("issue_666_lost_sheets.xlsb", "issue_666_panic.xlsb", "misc_biff5_parsing.xls"), EMPTY),
    **dict.fromkeys(("issue281.xlsm", "vba.xlsm"), EMPTY),  # of macros alone
    "pictures_in_cell_and_over_cell.xlsx": EMPTY,
}
DOORS: dict[str, tuple[Callable[[bytes, str], Any], dict[str, str]]] = {
    "layers": (lambda data, name: files.read(data, name), DAMAGED | BLANK | {"errors.xlsx": LINKS}),
    "rows": (lambda data, _name: sheet.rows(data), DAMAGED | BLANK | {"errors.xlsx": EMPTY}),  # of #DIV/0! and the like
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
        assert len(archive.namelist()) == 61
    assert refused == wanted


def test_the_same_dates_are_read_of_each_format() -> None:
    with zipfile.ZipFile(BOOKS) as archive:
        found = {name: sheet.book(archive.read(name)) for name in archive.namelist() if name.startswith("date.")}
    assert set(found) == {"date.xls", "date.xlsb", "date.xlsx"}
    assert len({str(each[0].rows) for each in found.values()}) == 1
    assert found["date.xls"][0].rows[0][0] == ["day", "2021-01-01"]


@pytest.mark.parametrize("name", ["issue_182.xlsb", "issues.xlsb"])
def test_macros_are_left_out_and_told(name: str) -> None:
    with zipfile.ZipFile(BOOKS) as archive:
        read = files.read(archive.read(name), name)
    assert len(read) > 0
    assert next(str(note) for note in read.notes) == "The workbook holds macros. They were left out."
