"""Exports: one's own country only, written to the access trail, no cell that runs, 404 for everybody else."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from dashboard.papers.tables import TableFile, as_csv, as_xlsx
from dashboard.screens.reports import page
from dashboard.screens.reports.exports import MEDIA, export, router
from operations.core.errors import NotFound
from operations.core.journal import AccessEntry, Chain, verify
from operations.core.people import System
from operations.core.vocabulary import Level
from tests.dashboard.desks import at_desk, open_scene
from tests.makers import Running, arrest, form, send, tally
from tests.people import actor


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def trail(scene: Running) -> list[AccessEntry]:
    with scene.store.reading(System()) as session:
        return list(session.exec(select(AccessEntry).where(AccessEntry.act == "report.export")))


def test_an_export_holds_ones_own_country_and_says_what_it_is(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(142), arrest(2)], remarks="Calm day."))
    send(scene, form(scene, "Agadez", kind="nil", lines=[]))
    send(scene, form(scene, "Bamako", lines=[tally(77)], remarks="Bamako only."), by="mateo")
    sheet = load_workbook(io.BytesIO(export(scene.store, scene.operation, "xlsx", Level.V1, scene["chaima"])[0])).active
    about = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=7)}
    assert about["Marking"] == "INTERPOL FOR OFFICIAL USE ONLY"
    assert about["Country"] == "Niger"
    assert about["Level"].startswith("V1")
    assert about["As of"]
    assert about["Operation"].startswith("Test")
    content, name = export(scene.store, scene.operation, "csv", Level.V1, scene["chaima"])
    head, *found = rows(content)
    text = content.decode("utf-8-sig")
    assert "Bamako" not in text
    assert "77" not in [cell for row in found for cell in row]
    lines = [dict(zip(head, row, strict=True)) for row in found]
    assert {(line["country"], line["level"], line["classification"]) for line in lines} == {
        ("NER", "V1", "for_official_use")
    }
    assert sorted((line["site"], line["line_kind"], line["quantity"]) for line in lines) == [
        ("Agadez", "", "0"),
        ("Niamey", "arrest", "2"),
        ("Niamey", "check_tally", "142"),
    ]
    assert name.startswith("muster-test")
    assert "-NER-V1-" in name, "a file says of which operation it is, of whom, and how sure"
    assert name.endswith(".csv")


def test_a_level_leaves_out_what_has_not_reached_it(scene: Running) -> None:
    send(scene, form(scene))
    content, _name = export(scene.store, scene.operation, "csv", Level.V3, scene["chaima"])
    assert len(rows(content)) == 1


def test_every_export_is_in_the_access_trail_and_never_moves_the_journal(scene: Running) -> None:
    send(scene, form(scene))
    for form_ in MEDIA:
        export(scene.store, scene.operation, form_, Level.V1, scene["chaima"])
    entries = trail(scene)
    assert [(entry.detail["format"], entry.detail["rows"], entry.country) for entry in entries] == [
        ("xlsx", 1, "NER"),
        ("csv", 1, "NER"),
        ("zip", 1, "NER"),
    ]
    assert {entry.detail["recipients"][0] for entry in entries} == {str(actor("chaima").account_id)}
    with scene.store.reading(System()) as session:
        assert verify(session, Chain.ACCESS).broken_at is None


@pytest.mark.parametrize("name", ["bruno", "boubacar", "dov", "ana", "lena", "otto", "ada"])
@pytest.mark.requirement("R17")
def test_who_may_not_export_gets_what_is_not_there(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        export(scene.store, scene.operation, "xlsx", Level.V1, scene[name])
    assert trail(scene) == []


def test_a_country_outside_the_operation_gets_what_is_not_there(scene: Running) -> None:
    with pytest.raises(NotFound):
        export(scene.store, scene.operation, "csv", Level.V1, actor("chaima"))


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")']


@pytest.mark.requirement("R37")
def test_no_cell_of_a_workbook_is_a_formula_and_numbers_stay_numbers() -> None:
    found = TableFile([("=about", "@x")], ["=column", "n"], [[text, 5] for text in DANGEROUS])
    sheet = load_workbook(io.BytesIO(as_xlsx([found], "en"))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [5] * len(DANGEROUS)
    assert sheet["A1"].value == "=about"
    assert sheet["A1"].data_type == "s"


@pytest.mark.requirement("ASVS 1.2.1", "R37")
def test_no_cell_of_a_csv_begins_a_formula() -> None:
    found = rows(as_csv(TableFile([("=about", "@x")], ["n", "t"], [[-5, text] for text in DANGEROUS])))
    assert [row[1] for row in found[3:]] == [f"'{text}" for text in DANGEROUS]
    assert found[0] == ["'=about", "'@x"]
    assert found[3][0] == "-5", "a number is no formula"


def test_a_workbook_speaks_the_readers_language(scene: Running) -> None:
    from dataclasses import replace

    send(scene, form(scene))
    arabic = replace(scene["chaima"], language="ar")
    content, _name = export(scene.store, scene.operation, "xlsx", Level.V1, arabic)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet.sheet_view.rightToLeft
    assert any("\u0600" <= mark <= "\u06ff" for cell in sheet[10] for mark in str(cell.value or ""))


def test_no_other_form_of_an_export_is_there(scene: Running) -> None:
    with at_desk(scene, "chaima"):
        said = str(page.layout(str(scene.operation)).to_plotly_json())
    assert {form for form in ("xlsx", "csv", "zip", "pdf") if f"reports.{form}" in said} == set(MEDIA)
    [route] = router(scene.store).routes
    with pytest.raises(NotFound):
        route.endpoint(str(scene.operation), "pdf", scene["chaima"])  # type: ignore[attr-defined]
