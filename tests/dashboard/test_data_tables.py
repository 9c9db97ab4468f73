"""Tables as data: what others read of them without a word of ours, judged by frictionless and by pandas."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from sqlmodel import select

from dashboard.api.data_package import DESCRIPTOR, FLAGS
from dashboard.papers import paper_process
from dashboard.screens.hand_over import files
from dashboard.screens.reports.exports import export
from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.core.vocabulary import Level
from tests.interface import Interface, interface
from tests.makers import START, Running, arrest, detection, form, hit, let_out, send, tally


@pytest.fixture(autouse=True)
def _held(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(paper_process, "run_in_process", lambda make, *given: make(*given))
    with clock.at(START + timedelta(days=2)):
        yield


@pytest.fixture
def door(scene: Running) -> Interface:
    send(scene, form(scene, lines=[tally(142), arrest(2), hit(START + timedelta(hours=2))], remarks="=1+1 and calm"))
    send(scene, form(scene, "Agadez", kind="nil", lines=[]))
    send(scene, form(scene, "Bamako", lines=[tally(77), detection(4)]), by="mateo")
    return interface(scene)


def unpacked(content: bytes, folder: Path) -> frictionless.Package:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return frictionless.Package(str(folder / DESCRIPTOR))


def judged(package: frictionless.Package) -> None:
    report = package.validate()
    assert report.valid, report.flatten(["title", "fieldName", "rowNumber", "message"])


def test_what_is_taken_along_is_a_data_package_and_says_what_the_board_says(door: Interface, tmp_path: Path) -> None:
    content, name = files.data(door.scene.store, door.scene.operation, Level.V1, door.scene["ana"])
    assert name.endswith(".zip")
    package = unpacked(content, tmp_path)
    judged(package)
    figures = pd.read_csv(tmp_path / "tables/figures.csv").set_index("figure")
    assert figures.loc[Kpi.DATABASE_CHECKS, ["value", "level", "obs_flag"]].tolist() == [219, "V1", "p"]
    assert set(figures.loc[Kpi.RAW_HITS, ["classification", "operation_id"]]) == {
        "for_official_use",
        str(door.scene.operation),
    }
    assert figures.obs_flag.str.fullmatch(FLAGS).all()
    by_country = pd.read_csv(tmp_path / "tables/by_country.csv").set_index(["figure", "country"])
    assert by_country.loc[(Kpi.DATABASE_CHECKS, "NER"), "value"] == 142
    by_day = pd.read_csv(tmp_path / "tables/by_day.csv", parse_dates=["official_day", "as_of"])
    assert str(by_day.as_of.dt.tz) == "UTC"
    assert by_day[by_day.figure == Kpi.DATABASE_CHECKS].value.sum() == 219


def test_the_archive_of_an_operation_holds_the_data_too(door: Interface, tmp_path: Path) -> None:
    content, _name = files.archive(door.scene.store, door.scene.operation, Level.V3, door.scene["lena"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [each for each in archive.namelist() if each.startswith("data/")]
        archive.extractall(tmp_path)
    assert f"data/{DESCRIPTOR}" in names
    judged(frictionless.Package(str(tmp_path / "data" / DESCRIPTOR)))


def test_a_hidden_number_is_confidential_and_stands_nowhere(door: Interface, tmp_path: Path) -> None:
    let_out(door.scene)
    content, _name = files.data(door.scene.store, door.scene.operation, Level.V1, door.scene["lena"])
    unpacked(content, tmp_path)
    figures = pd.read_csv(tmp_path / "tables/figures.csv").set_index("figure")
    hidden = figures[figures.obs_flag.str.contains("c")]
    assert Kpi.DETECTIONS in hidden.index
    assert hidden.value.isna().all()
    undefined = figures[figures.obs_flag.str.contains("z")]
    assert len(undefined)
    assert undefined.value.isna().all()


def test_the_reports_of_a_country_are_read_without_a_parameter(door: Interface, tmp_path: Path) -> None:
    scene = door.scene
    packed, _name = export(scene.store, scene.operation, "zip", Level.V1, scene["chaima"])
    judged(unpacked(packed, tmp_path))
    content, _name = export(scene.store, scene.operation, "csv", Level.V1, scene["chaima"])
    assert content == (tmp_path / "tables/reports.csv").read_bytes()
    read = pd.read_csv(io.BytesIO(content))
    assert read.groupby("line_kind").quantity.sum().to_dict() == {"arrest": 2, "check_tally": 142, "hit": 1}
    assert set(read.country) == {"NER"}
    assert set(read.obs_flag) == {"p"}
    assert set(read.remarks.dropna()) == {"'=1+1 and calm"}, "no text is a formula"
    assert read.period_from.str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").all()


def test_a_corrected_report_is_flagged_as_revised(door: Interface) -> None:
    scene = door.scene
    first = form(scene, day=1, lines=[tally(5)])
    send(scene, first)
    again = {"id": new_id(), "supersedes_id": first["id"], "correction_reason": "typing"}
    send(scene, first | again | {"lines": [tally(6) | {"id": first["lines"][0]["id"]}]})
    content, _name = export(scene.store, scene.operation, "csv", Level.V1, scene["chaima"])
    read = pd.read_csv(io.BytesIO(content)).set_index("quantity")
    assert read.loc[6, "obs_flag"] == "pr"


def test_a_program_reads_description_tables_and_archive(door: Interface, tmp_path: Path) -> None:
    scene, system = door.scene, door.of("bruno")
    at = f"/operations/{scene.operation}"
    told = system.get(f"{at}/datapackage.json?level=V1")
    assert told.status_code == 200, told.text
    names = [each["path"] for each in told.json()["resources"]]
    assert names[0] == "tables/figures.csv?level=V1&reach=country"
    for path in names:
        table = system.get(f"{at}/{path}")
        assert (table.status_code, table.headers["content-type"]) == (200, "text/csv; charset=utf-8")
        held = tmp_path / path.partition("?")[0]
        held.parent.mkdir(exist_ok=True)
        held.write_bytes(table.content)
    described = told.json() | {
        "resources": [each | {"path": each["path"].partition("?")[0]} for each in told.json()["resources"]]
    }
    (tmp_path / DESCRIPTOR).write_text(json.dumps(described))
    judged(frictionless.Package(str(tmp_path / DESCRIPTOR)))
    figures = pd.read_csv(tmp_path / "tables/figures.csv").set_index("figure")
    assert figures.loc[Kpi.DATABASE_CHECKS, "value"] == 142, "its own country"
    whole = system.get(f"{at}/datapackage.zip?reach=operation")
    assert whole.headers["content-type"] == "application/zip"
    judged(unpacked(whole.content, tmp_path / "whole"))
    with scene.store.reading(System()) as session:
        trail = session.exec(select(AccessEntry).where(AccessEntry.act == "api.read")).all()
    assert [each.detail["what"] for each in trail] == ["tables"] * (len(names) + 2)


def test_a_token_reads_the_tables_of_its_scopes(door: Interface) -> None:
    at = f"/operations/{door.scene.operation}"
    figures, reports = door.of("bruno", "figures_read"), door.of("bruno", "reports_read")
    assert figures.get(f"{at}/tables/reports.csv").status_code == 404
    assert reports.get(f"{at}/tables/figures.csv").status_code == 404
    assert reports.get(f"{at}/tables/reports.csv").status_code == 200
    assert door.of("bruno", "plan_read").get(f"{at}/datapackage.json").status_code == 404
    assert door.of("mateo").get(f"{at}/tables/reports.csv?level=V1").text.count("NER") == 0
    assert figures.get(f"{at}/tables/passwords.csv").status_code == 422
