"""Months of use in a workbook: taken along with what is known, and brought back as counts and corrections."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.papers.form_book import FIRST
from dashboard.screens.posts.usage import layout
from dashboard.screens.posts.usage_book import BOOK
from operations.core.errors import NotFound
from operations.infrastructure import equipment, usage
from operations.infrastructure.rows import EquipmentState
from operations.infrastructure.usage import WEEKDAYS
from tests.dashboard.desks import at_desk, open_scene, stored, texts
from tests.dashboard.filled_books import FilledBook, bring, flaws, marked, sheet_of
from tests.makers import Running
from tests.programme import BEGUN, counted, delivered, does, month_draft, planned, post_of, reads

LATER = datetime(2027, 3, 5, 9, tzinfo=UTC)
HERE = ("approved", "procured", "shipped", "handed_over", "installed")
WEEK = dict(zip(WEEKDAYS, (50, 50, 50, 50, 60, 40, 0), strict=True))


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def told(new: int = 0, changed: int = 0, same: int = 0) -> dict[str, object]:
    return {"read": {"name": "filled.xlsx", "rows": True, "new": new, "changed": changed, "same": same}}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_months_come_back_as_counts_and_the_same_file_again_changes_nothing(scene: Running, language: str) -> None:
    post = post_of(scene)
    delivered(scene, planned(scene, post), *HERE, serial="PR-1")
    book = FilledBook(scene, BOOK, post.id, "bruno", LATER, language)
    sheet = book.sheet("months")
    assert sheet.protection.sheet
    assert bool(sheet.sheet_view.rightToLeft) is (language == "ar")
    rules = {str(rule.sqref).split(":")[0]: rule.type for rule in sheet.data_validations.dataValidation}
    letters = {name: sheet.cell(1, at).column_letter for name, at in book.codes("months").items()}
    kinds = {"month": "date", "database": "list", "device_id": "list", "count": "whole", "counted": "list"}
    assert {name: rules[f"{letters[name]}3"] for name in kinds} == kinds
    devices = next(column for column in book.book["lists"].columns if "PR-1" in str(column[0].value))
    book.write("months", 0, month=date(2026, 1, 5), database="sltd", count=1_200)
    book.write("months", 1, month=date(2026, 1, 1), counted="passages", count=300, **WEEK)
    book.write("months", 2, month=date(2026, 3, 1), database="NOMINAL", device_id=devices[0].value, count=7)
    book.write("months", 2, last_on=date(2026, 3, 4))
    assert book.bring() == told(new=3)
    before = stored(scene)
    assert book.bring() == told(same=3)
    assert stored(scene) == before
    found = {(each.month.month, each.counted): each for each in reads(scene, "ana", usage.months, post.id)}
    assert {key: each.count for key, each in found.items()} == {
        (1, "queries"): 1_200,
        (1, "passages"): 300,
        (3, "queries"): 7,
    }
    assert [getattr(found[1, "passages"], day) for day in WEEKDAYS] == list(WEEK.values())
    assert found[3, "queries"].device_id is not None


def test_a_changed_row_is_a_correction_and_what_others_corrected_is_not_overwritten(scene: Running) -> None:
    post = post_of(scene)
    first = counted(scene, post, at=LATER)
    book, old = (FilledBook(scene, BOOK, post.id, "bruno", LATER) for _copy in range(2))
    assert (f"{book.read('months', 0, 'month'):%Y-%m-%d}", book.read("months", 0, "count")) == ("2026-02-01", 300)
    assert book.bring() == told(same=1)
    for count in (310, 320, 300):
        assert book.write("months", 0, count=count).bring() == told(changed=1)
        assert book.bring() == told(same=1)
        [now] = reads(scene, "ana", usage.months, post.id)
        assert (now.count, now.id != first.id) == (count, True)
    assert [each[3] for each in flaws(old.write("months", 0, count=9).bring())] == [
        "Somebody changed this after the workbook was made. Download the workbook anew."
    ]
    does(scene, "bruno", usage.count, post.id, month_draft(number=5, replaces=now.id), at=LATER)
    assert "Somebody changed this" in flaws(book.write("months", 0, count=11).bring())[0][3]
    assert [each.count for each in reads(scene, "ana", usage.months, post.id)] == [5]


def test_flaws_come_back_in_their_cells_and_nothing_is_half_saved(scene: Running) -> None:
    post = post_of(scene)
    book = FilledBook(scene, BOOK, post.id, "bruno", LATER)
    before = stored(scene)
    book.write("months", 0, month=date(2026, 1, 1), database="sltd", count=5)
    book.write("months", 1, month="01/02/2026", database="sltd", count=5)
    book.write("months", 2, month=date(2026, 3, 1), database="a library", count="many")
    book.write("months", 3, month=date(2026, 4, 1), counted="Persons who passed", database="sltd", count=2)
    book.write("months", 4, month=date(2026, 5, 1), database="sltd", device_id="Reader of nobody", count=2)
    book.write("months", 5, month=date(2026, 1, 1), database="sltd", count=6)
    book.write("months", 6, month=date(2026, 6, 1), database="sltd", count="=1+1")
    answer = book.bring()
    assert stored(scene) == before
    wrong = {(row - FIRST - 1, column): words for _sheet, row, column, words in flaws(answer)}
    assert {key: words.split(".")[0] for key, words in wrong.items() if key[0] in (0, 1, 3, 4, 5, 6)} == {
        (1, "Month"): "Write the day as a date, such as 2026-11-30",
        (3, "Database"): "Leave this cell empty: it does not belong to what this row says",
        (4, "Device"): "This is not on the list of this column",
        (5, "Month"): "2026-01 is counted already, with 5: correct that instead",
        (6, "Count"): "This cell holds a formula",
    }
    assert sorted(column for row, column in wrong if row == 2) == ["Count", "Database"]
    back = sheet_of(marked(answer), "months")
    assert back.cell(FIRST + 2, 1).fill.start_color.rgb == "FFF8D7DA"
    assert back.cell(FIRST + 2, 1).value == "01/02/2026"
    assert "Write the day" in [cell.value for cell in back[FIRST + 2] if cell.value][-1]


def test_two_rows_of_one_month_and_another_workbook_are_refused(scene: Running) -> None:
    post, other = post_of(scene), post_of(scene, name="Gaya", ref="")
    book = FilledBook(scene, BOOK, post.id, "bruno", LATER)
    for row in range(2):
        book.write("months", row, month=date(2026, 1, 1), database="sltd", count=5 + row)
    assert [each[2:] for each in flaws(book.bring())] == [
        ("Month", "2026-01 is counted already, with 5: correct that instead.")
    ]
    book.of = str(other.id)
    assert book.bring() == {"error": "This is not the workbook of this page. Download it from here."}
    empty = FilledBook(scene, BOOK, post.id, "bruno", LATER)
    assert empty.bring() == {"error": "The workbook is empty: nothing is filled in."}
    assert "error" in bring(scene, BOOK, post.id, b"PK\x03\x04 is no workbook", "bruno", LATER)
    assert not reads(scene, "ana", usage.months, post.id)


def test_what_was_counted_with_a_device_that_is_gone_holds_nothing_up(scene: Running) -> None:
    post = post_of(scene)
    device = delivered(scene, planned(scene, post), *HERE, serial="PR-1")
    counted(scene, post, "2026-03-01", device_id=device.id, last_on="2026-03-04", at=LATER)

    def retire(session: Any, by: Any) -> None:
        equipment.take(session, device.id, EquipmentState.RETIRED, by, "Worn out.")

    does(scene, "chaima", retire, at=LATER)
    book = FilledBook(scene, BOOK, post.id, "bruno", LATER)
    assert book.read("months", 0, "device_id") == "PR-1"
    book.write("months", 1, month=date(2026, 1, 1), database="sltd", count=5)
    assert book.bring() == told(new=1, same=1)


def test_a_workbook_of_too_many_rows_is_refused(scene: Running) -> None:
    post = post_of(scene)
    book = FilledBook(scene, BOOK, post.id, "bruno", LATER)
    for row in range(2_001):
        book.write("months", row, database="sltd")
    assert book.bring() == {"error": "The workbook has more than 2,000 new rows. Divide it."}


def test_who_may_not_count_has_no_workbook(scene: Running) -> None:
    post = post_of(scene)
    with at_desk(scene, "bruno", BEGUN):
        assert "Download the workbook" in texts(layout(show=str(post.id)))
    for name in ("ana", "moussa"):
        with at_desk(scene, name, BEGUN), pytest.raises(NotFound):
            BOOK.take(scene.store, str(post.id), "en", scene[name])
