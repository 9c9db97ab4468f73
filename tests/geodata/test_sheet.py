"""Rows of any table as they stand: workbooks of several programs, and text between marks."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from geodata.intake import sheet
from geodata.intake.table import IntakeLimits, RefusedFile

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"


def workbook(*rows: tuple[object, ...]) -> bytes:
    """An Excel workbook whose first sheet is empty."""
    made, file = openpyxl.Workbook(), io.BytesIO()
    people = made.create_sheet("people")
    for row in rows:
        people.append(row)
    made.save(file)
    return file.getvalue()


def open_document(*rows: tuple[str, ...]) -> bytes:
    """A workbook as LibreOffice writes it."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{each}</text:p></table:table-cell>' for each in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="people">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_OPEN_DOCUMENT}"/></manifest:manifest>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", _OPEN_DOCUMENT)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return file.getvalue()


def test_a_workbook_of_excel_keeps_its_row_numbers_and_says_dates_and_numbers_as_text() -> None:
    found = sheet.rows(workbook(("Aïcha Ali", "NER", date(2026, 12, 31)), (), ("Omar\nIdi", 7.0, 1.5)))
    assert found == [["Aïcha Ali", "NER", "2026-12-31"], ["", "", ""], ["Omar Idi", "7", "1.5"]]


def test_a_workbook_of_libreoffice_is_read() -> None:
    rows = [["Zoé", "team_leader"], ["عمر", "NER"]]
    assert sheet.rows(open_document(*map(tuple, rows))) == rows


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_text_between_marks_is_read_in_any_encoding(mark: str) -> None:
    cells = ["Zoé Ali", "national_officer", "NER"]
    for text in (f"{mark.join(cells)}\n\nx\n".encode("cp1252"), f"\ufeff{mark.join(cells)}\r\n\r\nx\r\n".encode()):
        assert sheet.rows(text) == [cells, [], ["x"]]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 of nothing", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", "damaged"),
        (workbook(), "no text, number or date"),
        (b"\0\1\2", "no text"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(RefusedFile, match=why):
        sheet.rows(data)


def test_a_trap_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 20_000_000)
    with pytest.raises(RefusedFile, match="unpacks to more"):
        sheet.rows(file.getvalue(), IntakeLimits(unpacked=1_000_000))
