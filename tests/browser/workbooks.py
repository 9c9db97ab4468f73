"""Workbooks in a browser: taken along, filled in as a spreadsheet program does, and brought back."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page

from dashboard.papers.form_book import FIRST
from tests.dashboard.filled_books import sheet_of


def take(page: Page, folder: Path) -> Path:
    """Take the workbook of this page along."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download the workbook").or_(
            page.get_by_role("link", name="Download the workbook")
        ).click()
    return Path(coming.value.path()).rename(folder / coming.value.suggested_filename)


def fill(workbook: Path, code: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Fill in the first rows of a sheet, by the codes of its columns; return the file that is made."""
    book, out = openpyxl.load_workbook(workbook), BytesIO()
    sheet = sheet_of(book, code)
    columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
    for number, row in enumerate(rows, start=FIRST + 1):
        for name, words in row.items():
            sheet.cell(number, columns[name]).value = words
    book.save(out)
    filled = workbook.with_name(f"filled-{workbook.name}")
    filled.write_bytes(out.getvalue())
    return filled


def bring(page: Page, name: str, file: Path) -> None:
    """Bring a file back as the workbook `name` of this page."""
    with page.expect_file_chooser() as choosing:
        page.locator(f"#book-{name}-file").click()
    choosing.value.set_files(file)
