"""What is handed over: what its reader sees and no more, saying of what it is, with its entry in the access trail."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from dashboard.papers import paper_process
from dashboard.screens.hand_over import files
from dashboard.screens.hand_over.content import SHEETS
from operations.catalogue.kpis import Kpi
from operations.core import clock, evidence, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.evaluation import debrief
from operations.figures.board import read_board
from operations.support import intelligence
from tests.dashboard.desks import open_scene
from tests.evaluations import ENDED, evaluated, recommend
from tests.makers import Running, arrest, form, lead_of, send, tally
from tests.operations.test_intelligence import part, suppose
from tests.teams import raise_request


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    monkeypatch.setattr(paper_process, "run_in_process", lambda make, *given: make(*given))
    made = open_scene(tmp_path)
    send(made, form(made, lines=[tally(142), arrest(2)]))
    send(made, form(made, "Bamako", lines=[tally(77), arrest(40)]), by="mateo")
    return made


def sheet(content: bytes, name: str) -> list[list[object]]:
    """The rows of a sheet below what it says of itself."""
    rows = [list(row) for row in load_workbook(io.BytesIO(content))[name].iter_rows(values_only=True)]
    return rows[next(place for place, row in enumerate(rows) if not any(row)) + 1 :]


def test_a_workbook_holds_what_the_board_shows_and_says_of_what_it_is(scene: Running) -> None:
    content, name = files.workbook(scene.store, scene.operation, Level.V1, scene["ana"])
    assert name.endswith(".xlsx")
    book = load_workbook(io.BytesIO(content))
    for each in book.worksheets:
        about = {row[0]: row[1] for row in each.iter_rows(min_row=1, max_row=9, max_col=2, values_only=True)}
        assert {"Operation", "Marking", "Level", "As of", "Entry", "Status"} <= about.keys(), each.title
        assert str(about["Level"]).startswith("V1")
    shown = {row[0]: row for row in sheet(content, "Key figures")[1:]}
    with scene.store.reading(scene["ana"]) as session:
        board = read_board(session, _frame(scene, Level.V1), scene["ana"])
    assert shown[Kpi.DATABASE_CHECKS.value][3] == board.figures[Kpi.DATABASE_CHECKS].value
    assert shown[Kpi.ARRESTS.value][3] == 42
    by_country = {(row[0], row[1]): row[2] for row in sheet(content, "By country")[1:]}
    assert by_country["Arrests", "Niger"] == 2


@pytest.mark.requirement("R76")
def test_leadership_takes_along_no_small_number_that_its_board_hides(scene: Running) -> None:
    content, _name = files.archive(scene.store, scene.operation, Level.V1, scene["lena"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("tables/by_country.csv").decode("utf-8-sig"))))
        parts = set(archive.namelist())
    arrests = {row[1]: row[2] for row in rows if row and row[0] == "Arrests"}
    assert arrests["Niger"].isdigit(), "suspects are shown to it exactly"
    detected = [row for row in rows if row and row[0] == "Irregular migrants detected"]
    assert {row[2] for row in detected} == {"0"}, "as it stood when reporting opened"
    assert all("countries and days since" in row[4] for row in detected)
    assert "tables/teams.csv" not in parts  # it reads the sums of teams only


@pytest.mark.requirement("ASVS 5.4.1")
def test_an_archive_is_read_without_muster_and_knows_its_own_parts(scene: Running) -> None:
    content, name = files.archive(scene.store, scene.operation, Level.V3, scene["ana"])
    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist() if each != evidence.MANIFEST}
    sums = dict(reversed(line.split("  ")) for line in parts.pop("SHA256SUMS").decode().splitlines())
    assert sums == {each: hashlib.sha256(held).hexdigest() for each, held in parts.items()}
    assert {f"tables/{each.file}.csv" for each in SHEETS} <= parts.keys()
    assert parts["plan/plan.pdf"].startswith(b"%PDF-")
    assert json.loads(parts["plan/plan.geojson"])["type"] == "FeatureCollection"
    page = parts["README.txt"].decode("utf-8-sig")
    assert "tables/journal.csv  Journal" in page
    assert all(each in page for each in parts if each != "README.txt")
    entries = parts["tables/journal.csv"].decode("utf-8-sig")
    assert "Niger" in entries


def test_an_archive_is_signed_with_the_head_of_the_journal(scene: Running, tmp_path: Path) -> None:
    file = tmp_path / "operation.zip"
    with scene.store.reading(System()) as session:
        head = journal.head_hash(session)
    file.write_bytes(files.archive(scene.store, scene.operation, Level.V3, scene["ana"])[0])
    with zipfile.ZipFile(file) as archive:
        assert evidence.MANIFEST in archive.read("README.txt").decode("utf-8-sig")
    found = evidence.verify_archive(file, evidence.public_key())
    assert (found["operation"], found["level"], found["head"]) == (str(scene.operation), "V3", head)


def test_what_leaves_stands_in_the_access_trail(scene: Running) -> None:
    files.table(scene.store, scene.operation, "sites", Level.V2, scene["ana"])
    with scene.store.reading(System()) as session:
        [entry] = session.exec(select(AccessEntry).where(AccessEntry.act == "operation.export")).all()
    assert entry.operation_id == scene.operation
    assert entry.detail["level"] == "V2"
    assert entry.detail["sheet"] == "sites"


@pytest.mark.parametrize("who", ["chaima", "bruno", "dov", "otto"])
def test_who_coordinates_or_leads_hands_over_and_nobody_else(scene: Running, who: str) -> None:
    for take in (files.workbook, files.archive, files.data):
        with pytest.raises(NotPermitted):
            take(scene.store, scene.operation, Level.V3, scene[who])
    with pytest.raises(NotFound):
        files.table(scene.store, scene.operation, "passwords", Level.V3, scene["ana"])
    with pytest.raises(NotFound):
        files.workbook(scene.store, uuid4(), Level.V3, scene["ana"])


def test_an_archive_speaks_its_readers_language(scene: Running) -> None:
    content, _name = files.archive(scene.store, scene.operation, Level.V3, replace(scene["ana"], language="fr"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "Opération" in archive.read("README.txt").decode("utf-8-sig")


def test_what_must_not_be_passed_on_is_in_no_file_and_each_sheet_counts_what_it_left_out(scene: Running) -> None:
    lead_of(scene, handling="h2", question="A white lorry at night?")
    lead_of(scene, handling="h1", question="A blue boat at dawn?")
    suppose(scene, handling="h3", statement="One group sells false visas.")
    free, held = part(scene), part(scene, kind="route", description="By the dry river.", handling="h2")
    with scene.store.unit_of_work(scene["dov"]) as session:
        draft = {"id": new_id(), "from_id": free.entity_id, "to_id": held.entity_id, "kind": "uses"}
        intelligence.link(session, scene.operation, parse(intelligence.TargetLinkDraft, draft), scene["dov"])
    raise_request(scene, title="Divers for the lake", handling="h2")
    content, name = files.workbook(scene.store, scene.operation, Level.V3, scene["ana"])
    assert name.startswith("muster-test")
    assert "-figures-" in name
    archive, _name = files.archive(scene.store, scene.operation, Level.V3, scene["ana"])
    book = load_workbook(io.BytesIO(content))
    left = {
        each.title: [row[1] for row in each.iter_rows(values_only=True) if row[0] == "Left out"]
        for each in book.worksheets
    }
    h2, h3 = "H2 – no dissemination without permission", "H3 – other restriction"
    assert left["Leads"] == [f"1 · {h2}"]
    assert left["Intelligence"] == [f"2 · {h2}", f"1 · {h3}"]
    assert left["Requests"] == [f"1 · {h2}"]
    assert not any(said for name, said in left.items() if name not in ("Leads", "Intelligence", "Requests"))
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        csvs = {name: parts.read(name).decode("utf-8-sig") for name in parts.namelist() if name.endswith(".csv")}
    text = str([[list(row) for row in each.iter_rows(values_only=True)] for each in book.worksheets])
    for words in ("white lorry", "false visas", "dry river", "Divers for the lake", "R1"):
        assert words not in text
        assert not any(words in each for each in csvs.values())
    [lead] = sheet(content, "Leads")[1:]
    assert (lead[0], lead[4]) == ("A blue boat at dawn?", "H1")
    assert f"1 · {h2}" in csvs["tables/leads.csv"]


def _frame(scene: Running, level: Level) -> BoardFrame:
    return BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level)


def test_the_debrief_and_what_became_of_its_recommendations_are_handed_over(scene: Running) -> None:
    made = recommend(evaluated(scene))
    content = {"worked": "The second line answered at once.", "failed": "Two phones for ten posts."}
    with clock.at(ENDED), scene.store.unit_of_work(scene["ana"]) as session:
        debrief.write(session, scene.operation, parse(debrief.DebriefDraft, content), 0, scene["ana"])
    content_, _name = files.workbook(scene.store, scene.operation, Level.V3, scene["ana"])
    assert ["What did not work", None, "Two phones for ten posts."] in sheet(content_, "Debrief")
    [head, row] = sheet(content_, "Recommendations")
    assert dict(zip(head, row, strict=True)) == {
        "Recommendation": made.text,
        "What it rests on": made.evidence,
        "Owner": "Niger",
        "Due": made.due.isoformat(),
        "State": "Proposed",
        "Reason": None,
    }
