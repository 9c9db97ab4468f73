"""Workbooks of drafts that somebody takes along, fills in with a spreadsheet program, and brings back."""

import base64
import io
from datetime import datetime
from typing import Any

import openpyxl

from dashboard.frame.draft_book import DraftBook
from dashboard.papers.form_book import FIRST
from tests.dashboard.desks import at_desk
from tests.makers import Running


class FilledBook:
    """The workbook of a thing in somebody's hands."""

    def __init__(
        self, scene: Running, book: DraftBook, of: object, name: str, moment: datetime, language: str = "en"
    ) -> None:
        self.scene, self.made, self.of, self.name, self.moment = scene, book, str(of), name, moment
        with at_desk(scene, name, moment, language):
            packed, self.filename = book.take(scene.store, self.of, language, scene[name])
        self.book = openpyxl.load_workbook(io.BytesIO(packed))

    def sheet(self, code: str) -> Any:
        """The sheet of a code."""
        return sheet_of(self.book, code)

    def codes(self, code: str) -> dict[str, int]:
        """The columns of a sheet by their codes, counted from 1."""
        return {cell.value: cell.column for cell in self.sheet(code)[1] if cell.value}

    def write(self, code: str, row: int, **values: Any) -> "FilledBook":
        """Fill in a row, counted from 0 below the heads; a double underscore stands for the point of a column."""
        sheet, columns = self.sheet(code), self.codes(code)
        for name, value in values.items():
            sheet.cell(row + FIRST + 1, columns[name.replace("__", ".")]).value = value
        return self

    def read(self, code: str, row: int, name: str) -> Any:
        """What stands in a cell."""
        return self.sheet(code).cell(row + FIRST + 1, self.codes(code)[name]).value

    def bring(self, name: str = "") -> dict[str, Any]:
        """Bring it back; what the page is told."""
        out = io.BytesIO()
        self.book.save(out)
        return bring(self.scene, self.made, self.of, out.getvalue(), name or self.name, self.moment)


def bring(scene: Running, book: DraftBook, of: object, data: bytes, name: str, moment: datetime) -> dict[str, Any]:
    """Bring any file back as the workbook of a thing; what the page is told."""
    with at_desk(scene, name, moment):
        return book.bring(scene.store, str(of), scene[name], "filled.xlsx", io.BytesIO(data))


def flaws(answer: dict[str, Any]) -> list[tuple[str, int, str, str]]:
    """The sheet, row, column and sentence of each flaw."""
    return [tuple(each) for each in answer["read"]["flaws"]]


def marked(answer: dict[str, Any]) -> Any:
    """The workbook with its flaws marked."""
    return openpyxl.load_workbook(io.BytesIO(base64.b64decode(answer["read"]["marked"]["content"])))


def sheet_of(book: Any, code: str) -> Any:
    """The sheet of a code in any workbook."""
    return next(each for each in book.worksheets if f"sheet:{code}" in [cell.value for cell in each[1]])
