"""The workbook of reports: what it offers, what it takes, and that nothing is stored unless all of it is right."""

import base64
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from dashboard.papers.form_book import FIRST
from dashboard.screens.workbook import files, page
from dashboard.screens.workbook.own_sheet_view import ADDRESS
from dashboard.server.access import SCOPE, RequestContext
from dashboard.server.upload_queue import UploadQueue
from operations.catalogue.kpis import Kpi
from operations.core import clock, proof
from operations.core.errors import NotFound
from operations.core.vocabulary import Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.policing.operation import plan
from operations.policing.reports import reports
from tests.dashboard.desks import at_desk, open_scene, stored, texts
from tests.makers import START, Running, form, send

NOW = START + timedelta(days=2)
DAY = START.date()


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


class Filler:
    """A workbook that somebody fills in with a spreadsheet program."""

    def __init__(self, scene: Running, name: str = "bruno", language: str = "en") -> None:
        with at_desk(scene, name, NOW, language):
            packed, self.name = files.workbook(scene.store, scene.operation, language, scene[name])
        self.book = openpyxl.load_workbook(io.BytesIO(packed))
        self.scene = scene

    def sheet(self, code: str) -> Any:
        """The sheet of a code."""
        for sheet in self.book.worksheets:
            if f"sheet:{code}" in [cell.value for cell in sheet[1]]:
                return sheet
        raise KeyError(code)

    def write(self, code: str, row: int, **values: Any) -> "Filler":
        """Fill in a row, counted from 0 below the heads."""
        sheet = self.sheet(code)
        columns = {cell.value: cell.column for cell in sheet[1]}
        for name, value in values.items():
            sheet.cell(row + FIRST + 1, columns[name]).value = value
        return self

    def tally(self, row: int = 0, count: Any = 140, site: str = "Niamey", day: Any = DAY, **more: Any) -> "Filler":
        """Fill in a check."""
        said = {"check_kind": "Database query", "database": "sltd", "entity_type": "Document"}
        channel = "Fixed workstation"
        return self.write("check_tally", row, site=site, day=day, count=count, channel=channel, **{**said, **more})

    def bring(self, name: str = "bruno") -> dict[str, Any]:
        """Bring it back; what the page is told."""
        out = io.BytesIO()
        self.book.save(out)
        return bring(self.scene, out.getvalue(), name)


def bring(scene: Running, data: bytes, name: str = "bruno") -> dict[str, Any]:
    with at_desk(scene, name, NOW):
        return files.bring_back(scene.store, scene.operation, scene[name], "reports.xlsx", io.BytesIO(data))


def flaws(answer: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(sheet, row, column) for sheet, row, column, _words in answer["read"]["flaws"]]


# --------------------------------------------------------------------------------------------------- what it offers


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_it_has_a_sheet_for_each_kind_with_lists_locked_heads_and_real_numbers(scene: Running, language: str) -> None:
    filler = Filler(scene, language=language)
    sheet = filler.sheet("check_tally")
    assert sheet.protection.sheet
    assert bool(sheet.sheet_view.rightToLeft) is (language == "ar")
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules[f"{columns['database']}3"].type == "list"
    assert rules[f"{columns['count']}3"].type == "whole"
    assert rules[f"{columns['day']}3"].type == "date"
    assert sheet[f"{columns['count']}2"].protection.locked
    assert not sheet.column_dimensions[columns["count"]].protection.locked
    assert filler.book["lists"].sheet_state == "veryHidden"
    assert len(filler.book.worksheets) == 2 + 3, "instructions, lists, reports and two kinds of lines"


def test_only_own_sites_are_offered_and_nobody_else_has_a_workbook(scene: Running) -> None:
    words = [cell.value for cell in Filler(scene).book["lists"]["A"] if cell.value]
    assert words == ["Agadez", "Niamey"]
    for name in ("chaima", "ana", "lena", "dov"):
        with at_desk(scene, name, NOW), pytest.raises(NotFound):
            files.workbook(scene.store, scene.operation, "en", scene[name])


# ----------------------------------------------------------------------------------------------------- what it takes


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.requirement("R64")
def test_what_was_filled_in_is_a_report_like_any_other(scene: Running, language: str) -> None:
    filler = Filler(scene, language=language).tally(0, 1_400)
    filler.write(
        "hit", 0, site="Niamey", day=DAY, database="sltd", hit_kind="stolen",
        raw_at=datetime.fromisoformat(f"{DAY}T09:30"), action_taken="questioned",
    )  # fmt: skip
    filler.write("days", 0, site="Agadez", day=DAY, kind="nil")
    answer = filler.bring()
    assert answer == {"read": {"name": "reports.xlsx", "new": 2, "corrected": 0, "same": 0}}
    with scene.store.reading(scene["bruno"]) as session:
        found = {each.kind: each for each in reports.newest(session, scene.operation)}
        assert sorted(found) == ["daily", "nil"]
        lines = reports.lines_of(session, found["daily"].id)
        assert [(line.kind, line.quantity) for line in lines] == [("check_tally", 1_400), ("hit", 1)]
        assert lines[1].attributes["raw_at"].startswith(f"{DAY}T09:30:00+01:00"), "the time of the site"
        owner = session.get_one(plan.Operation, scene.operation)
        frame = BoardFrame(owner.id, owner.zone, owner.classification, owner.day_cut, Level.V1, "NER")
        assert read_board(session, frame, scene["bruno"]).figures[Kpi.DATABASE_CHECKS].value == 1_400


def test_the_same_file_again_changes_nothing_and_a_changed_row_is_a_correction_with_its_reason(scene: Running) -> None:
    filler = Filler(scene).tally().tally(1, 20, "Agadez")
    assert filler.bring()["read"]["new"] == 2
    before = stored(scene)
    assert filler.bring()["read"] == {"name": "reports.xlsx", "new": 0, "corrected": 0, "same": 2}
    assert stored(scene) == before
    filler.tally(0, 150)
    refused = filler.bring()
    assert "reason of the correction" in refused["read"]["flaws"][0][3]
    assert stored(scene) == before
    filler.write("days", 0, site="Niamey", day=DAY, correction_reason="Typing error")
    assert filler.bring()["read"] == {"name": "reports.xlsx", "new": 0, "corrected": 1, "same": 1}
    assert filler.bring()["read"]["same"] == 2
    with scene.store.reading(scene["bruno"]) as session:
        newest = next(each for each in reports.newest(session, scene.operation) if each.version == 2)
        assert (newest.correction_reason, reports.lines_of(session, newest.id)[0].quantity) == ("typing", 150)


def test_what_was_corrected_elsewhere_is_not_overwritten(scene: Running) -> None:
    filler = Filler(scene).tally()
    filler.bring()
    with scene.store.reading(scene["bruno"]) as session:
        [first] = reports.newest(session, scene.operation)
    again = form(scene, report_id=str(first.report_id), supersedes_id=str(first.id), correction_reason="typing")
    send(scene, again, at=NOW)
    assert filler.bring()["read"]["same"] == 1
    filler.tally(0, 150).write("days", 0, site="Niamey", day=DAY, correction_reason="typing")
    assert "outside the workbook" in filler.bring()["read"]["flaws"][0][3]


# --------------------------------------------------------------------------------------------------------- bad input


def test_nothing_is_stored_where_one_cell_is_wrong_and_the_file_comes_back_with_it_marked(scene: Running) -> None:
    filler = Filler(scene).tally().tally(1, "many").tally(2, 5, "Atlantis").tally(3, 5, day="04/10/2026")
    filler.tally(4, 5, database="Nonsense").tally(5, 1.5).tally(6, None)
    before = stored(scene)
    answer = filler.bring()
    assert stored(scene) == before
    places = {(row, words) for _sheet, row, _column, words in answer["read"]["flaws"]}
    assert {row for row, _words in places} == {4, 5, 6, 7, 8, 9}
    assert (6, "Write the day as a date, such as 2026-11-30.") in places
    back = openpyxl.load_workbook(io.BytesIO(base64.b64decode(answer["read"]["marked"]["content"])))
    sheet = next(each for each in back.worksheets if "sheet:check_tally" in [cell.value for cell in each[1]])
    columns = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(5, columns["site"]).value == "Atlantis"
    assert sheet.cell(5, columns["site"]).fill.fgColor.rgb == "FFF8D7DA"
    assert "no open site" in sheet.cell(5, columns["flaw"]).value
    assert sheet.cell(3, columns["count"]).value == 140
    assert sheet.cell(3, columns["flaw"]).value is None


def test_the_marked_file_can_be_put_right_and_brought_again(scene: Running) -> None:
    answer = Filler(scene).tally().tally(1, 5, "Atlantis").bring()
    filler = Filler(scene)
    filler.book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(answer["read"]["marked"]["content"])))
    assert filler.tally(1, 5, "Agadez").bring()["read"] == {"name": "reports.xlsx", "new": 2, "corrected": 0, "same": 0}


def test_formulas_and_two_sheets_of_one_kind_and_foreign_files_are_refused(scene: Running) -> None:
    answer = Filler(scene).tally(0, "=1+1").bring()
    assert [each[3] for each in answer["read"]["flaws"]] == ["This cell holds a formula. Write the value itself."]
    assert answer["read"]["flaws"][0][1] == 3
    twice = Filler(scene).tally()
    twice.book.copy_worksheet(twice.sheet("check_tally"))
    assert "hold the same rows" in twice.bring()["error"]
    assert "not the workbook of this operation" in Filler(scene, "mateo").bring("bruno")["error"]
    plain = openpyxl.Workbook()
    out = io.BytesIO()
    plain.save(out)
    assert "not the workbook of this operation" in bring(scene, out.getvalue())["error"]
    half = io.BytesIO()
    Filler(scene).tally().book.save(half)
    cut = half.getvalue()[: len(half.getvalue()) // 2]
    for data in (b"", b"a;b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", out.getvalue()[:900], cut):
        assert bring(scene, data)["error"]
    assert bring(scene, cut)["error"] == "The archive is damaged or cut off."
    assert "nothing is filled in" in Filler(scene).bring()["error"]
    assert stored(scene) == (0, 0, 0)


def test_a_day_twice_a_doubt_and_a_nil_report_with_lines_are_told_in_their_row(scene: Running) -> None:
    filler = Filler(scene).tally(0, 60_000).write("days", 0, site="Niamey", day=DAY)
    assert "no hit" in filler.bring()["read"]["flaws"][0][3]
    filler.write("days", 0, confirmed="Yes")
    assert filler.bring()["read"]["new"] == 1
    filler = Filler(scene).tally(0, 5, "Agadez")
    filler.write("days", 0, site="Agadez", day=DAY, kind="nil").write("days", 1, site="Agadez", day=DAY)
    assert ("Reports", 4, "Day") in flaws(filler.bring())
    filler.write("days", 1, site=None, day=None)
    assert "nil report has no lines" in filler.bring()["read"]["flaws"][0][3]


def test_a_personal_number_in_the_remarks_is_refused(scene: Running) -> None:
    filler = Filler(scene).tally().write("days", 0, site="Niamey", day=DAY, remarks="Call +227 96 12 34 56")
    assert flaws(filler.bring()) == [("Reports", 3, "Remarks")]


# --------------------------------------------------------------------------------------------------------- the screen


def test_the_page_tells_what_was_stored_and_what_is_wrong(scene: Running) -> None:
    with at_desk(scene, "bruno", NOW):
        assert "Download the workbook" in texts(page.layout(operation_id=str(scene.operation)))
    done = Filler(scene).tally().bring()["read"]
    wrong = Filler(scene).tally(0, 5, "Atlantis").bring()["read"]
    with at_desk(scene, "bruno", NOW):
        assert "1 report is new." in texts(page.result(done))
        said = texts(page.result({name: value for name, value in wrong.items() if name != "marked"}))
    assert "Nothing was stored: 1 cell is wrong." in said
    assert "no open site" in said


def test_it_is_brought_back_hours_after_somebody_signed_in(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file was filled in meanwhile; what is taken along needs a proof, and what is brought needs none."""
    filled = Filler(scene)
    monkeypatch.setattr(proof, "fresh", lambda _by: False)
    outer = FastAPI(openapi_url=None)
    outer.include_router(files.router(scene.store, UploadQueue()))

    async def asked(scope: Any, receive: Any, send_: Any) -> None:
        if scope["type"] == "http":
            scope[SCOPE] = RequestContext(scene["bruno"], scene.store)
        await outer(scope, receive, send_)

    client, out = TestClient(asked), io.BytesIO()
    filled.tally().book.save(out)
    with clock.at(NOW):
        answer = client.post(f"{files.ADDRESS}{scene.operation}?name=reports.xlsx", content=out.getvalue())
        refused = client.post(f"{ADDRESS}{scene.operation}", content=b"{}")
    assert json.loads(answer.text.rpartition("data: ")[2])["read"]["new"] == 1, answer.text
    assert "error" in json.loads(refused.text.rpartition("data: ")[2])
    with pytest.raises(proof.ProofNeeded):
        client.post(files.address(scene.operation))
