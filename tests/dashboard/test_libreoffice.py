"""Workbooks that LibreOffice opened and saved in its own formats come back as they were filled in."""

import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.screens.posts.usage_book import BOOK
from operations.infrastructure import usage
from tests.dashboard.desks import open_scene
from tests.dashboard.filled_books import FilledBook, bring
from tests.programme import post_of, reads

OFFICE = shutil.which("soffice")
LATER = datetime(2027, 3, 5, 9, tzinfo=UTC)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed here")
def test_a_workbook_saved_in_another_format_is_the_same(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    post = post_of(scene)
    book = FilledBook(scene, BOOK, post.id, "bruno", LATER, "ar")
    book.write("months", 0, month=date(2026, 1, 1), database="sltd", count=1_200)
    book.write("months", 2, month=date(2026, 1, 1), counted="passages", count=300, source="Log of the NCB")
    path = tmp_path / "filled.xlsx"
    book.book.save(path)
    outcomes = []
    for form in ("ods", "xls", "xlsx"):
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [
            str(OFFICE),
            profile,
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(tmp_path / form),
            str(path),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        data = (tmp_path / form / f"filled.{form}").read_bytes()
        told = bring(scene, BOOK, post.id, data, "bruno", LATER)
        outcomes.append([told["read"][each] for each in ("new", "changed", "same")])
    assert outcomes == [[2, 0, 0], [0, 0, 2], [0, 0, 2]]
    found = reads(scene, "ana", usage.months, post.id)
    assert {(each.counted, each.count, each.source) for each in found} == {
        ("queries", 1_200, ""),
        ("passages", 300, "Log of the NCB"),
    }
