"""Strangers' files in a process of their own: read as ever, ended when they take too long or too much; it lives on."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from geodata.intake import files, mapped_table, mapping, packing
from geodata.intake.table import LIMITS, RefusedFile
from operations.analyses import sandbox
from operations.analyses.sandbox import Sandbox
from tests.geodata import strangers
from tests.geodata.strangers import PLACEMARK, WAYPOINT, shapes, workbook
from tests.geodata.test_intake_hostile import HOSTILE
from tests.operations.test_calendars import file_of

ROOT = Path(__file__).parents[3]
HONEST = {
    "csv": b"lat;lon;name\n16,97;7,99;Agad\xc3\xa8s\n",
    "windows": "lat;lon;name\n16,97;7,99;Méchéria\n".encode("cp1252"),
    "geojson": strangers.geojson(strangers.point(7.99, 16.97), properties={"name": "Agadez"}),
    "kml": strangers.kml(PLACEMARK),
    "gpx": strangers.gpx(WAYPOINT),
    "xlsx": workbook([["lat", "lon"], [16.97, 7.99]]),
    "shapefile": shapes(),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[Sandbox]:
    found = Sandbox()
    yield found
    found.stop()


@pytest.mark.parametrize("form", HONEST)
def test_an_honest_file_is_read_as_it_is_here(reader: Sandbox, form: str) -> None:
    here, there = files.read(HONEST[form], form), reader.read(HONEST[form], form)
    assert there.frame.equals(here.frame)
    assert (there.format, there.refused, there.refused_total) == (here.format, here.refused, here.refused_total)
    assert list(map(str, there.notes)) == list(map(str, here.notes))
    assert (there.geometry is None) == (here.geometry is None)
    if here.geometry is not None and there.geometry is not None:
        assert list(map(str, there.geometry)) == list(map(str, here.geometry))


def test_every_hostile_file_is_refused_in_its_sentence_and_the_reader_lives(reader: Sandbox) -> None:
    reader.start()
    waiting = reader._process
    for name, (data, sentence) in HOSTILE.items():
        with pytest.raises(RefusedFile) as refused:
            reader.read(data, name)
        assert re.search(sentence, str(refused.value)), name
    assert reader._process is waiting


@pytest.mark.requirement("ASVS 15.2.2", "R28")
def test_a_file_that_takes_too_long_is_given_up(reader: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = b"a,b\n" + b"1,\xc3\xa9\n" * 900_000
    with monkeypatch.context() as less:
        less.setattr(sandbox, "WALL_SECONDS", 0.3)
        with pytest.raises(RefusedFile, match="took longer than"):
            reader.read(slow)
    assert len(reader.read(HONEST["csv"])) == 1


@pytest.mark.requirement("R28")
def test_a_file_that_takes_too_much_memory_is_refused(reader: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 30 * 2**20)
    with pytest.raises(RefusedFile, match=r"more memory|cannot be read"):
        reader.read(b"a,b,c,d,e,f\n" + b"1,2,3,4,5,\xc3\xa9\n" * 500_000)
    monkeypatch.undo()
    assert len(reader.read(HONEST["csv"])) == 1


def test_when_the_waiting_process_dies_another_takes_its_place(reader: Sandbox) -> None:
    reader.start()
    assert reader._process is not None
    reader._process.kill()
    reader._process.wait(10)
    assert len(reader.read(HONEST["csv"])) == 1


def test_the_limit_on_size_is_the_callers(reader: Sandbox) -> None:
    with pytest.raises(RefusedFile, match="larger than 1 MB"):
        reader.read(b"a,b\n" + b"1,2\n" * 300_000, limits=replace(LIMITS, size=2**20))


CONFINED = """
import os, socket, sys
from operations.analyses.sandbox_child import confine, warm
warm()
confine(5, 512 * 2**20)
tried = {
    "network": lambda: socket.socket(),
    "file": lambda: open("/etc/passwd"),
    "written": lambda: open("/tmp/muster-apart", "w"),
    "program": lambda: os.system("true"),
    "memory": lambda: bytearray(2 * 2**30),
}
for name, attempt in tried.items():
    try:
        attempt()
    except (PermissionError, FileNotFoundError, MemoryError) as refused:
        sys.stdout.write(f"{name}: {type(refused).__name__}\\n")
sys.stdout.write(f"uid {os.getuid()}\\n")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork there is no confinement beyond time")
@pytest.mark.requirement("ASVS 1.3.6", "ASVS 13.2.5", "R27", "R28")
def test_a_fork_has_no_network_no_files_no_programs_little_memory_and_is_nobody() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CONFINED], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    *refused, uid = ran.stdout.split("\n")[:-1]
    assert refused == [
        "network: PermissionError",
        "file: FileNotFoundError",
        "written: PermissionError",
        "program: PermissionError",
        "memory: MemoryError",
    ]
    assert uid != "uid 0"


# ------------------------------------------------------------------------------------- what a table becomes, apart

TODAY = date(2026, 11, 24)
ROWS = "".join(f"{16 + n / 1000:.3f},{8 + n / 2000:.4f},2024-03-{n % 28 + 1:02},{n % 5},Niger\n" for n in range(1_500))
TABLES = {
    "many rows": f"lat,lon,date,persons,country\n{ROWS}0,0,2024-03-01,1,Niger\n",
    "exchanged": "lat,lon,date,country\n" + "".join(f"{8 + n / 10},{17 + n / 9},2024-01-02,NER\n" for n in range(20)),
    "zones": (
        "lat,lon,date,time zone\n17,8,2024-03-01T23:30:00Z,Africa/Niamey\n"
        "17,8.1,2024-03-01T10:30:00Z,Pacific/Kiritimati\n17,8.2,2024-03-01T10:30:00Z,Mars/Base\n"
    ),
    "days in doubt": "lat,lon,date\n17,8,03/04/2024\n17,8.1,04/03/2024\n",
    "nothing usable": "lat,lon\n0,0\n",
    "no position": "date,persons\n2024-03-01,4\n",
    "totals": "Month,Encounters,Area\n2024-01,120,North\n2024-02,,South\n",
}


def table_of(name: str) -> bytes:
    return packing.packed(files.read(TABLES[name].encode(), name))


def told(found: mapped_table.MappedTable) -> str:
    return str(mapped_table.packed(found))  # a flaw is an exception, and two of them are never the same


@pytest.mark.parametrize("name", TABLES)
def test_a_table_becomes_apart_what_it_becomes_here(reader: Sandbox, name: str) -> None:
    here = mapped_table.read_as(packing.unpacked(table_of(name)), None, TODAY)
    there = reader.accepted(table_of(name), None, TODAY)
    assert told(there) == told(here)
    assert there.columns == tuple(TABLES[name].splitlines()[0].split(","))


def test_another_mapping_is_read_apart_as_well(reader: Sandbox) -> None:
    (swapped,) = [each for each in _layer(reader, "exchanged", None).findings if each.check.value == "swapped"]
    right = _layer(reader, "exchanged", swapped.offers[0])
    assert right.findings == ()
    assert [each.lat for each in right.first[:2]] == [17.0, pytest.approx(17.111, abs=0.001)]
    zones = reader.accepted(table_of("zones"), None, TODAY)
    assert zones.mapping.zone == "time zone"
    assert [each.day for each in _layer(reader, "zones", zones.mapping).first] == ["2024-03-02", "2024-03-02"]


def _layer(reader: Sandbox, name: str, wanted: mapping.Mapping | None) -> mapped_table.AcceptedEvents:
    found = reader.accepted(table_of(name), wanted, TODAY).layer
    assert found is not None
    return found


def test_a_mapping_that_does_not_fit_comes_back_with_its_flaw(reader: Sandbox) -> None:
    found = reader.accepted(table_of("no position"), None, TODAY)
    assert found.layer is None
    assert "Choose the columns for latitude and longitude" in str(found.flaw)


def test_a_table_that_is_none_or_takes_too_long_is_refused(reader: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedFile, match="cannot be read"):
        reader.accepted(b"no table", None, TODAY)
    with monkeypatch.context() as less:
        less.setattr(sandbox, "ACCEPTING_SECONDS", 0)
        with pytest.raises(RefusedFile, match="took longer than"):
            reader.accepted(table_of("many rows"), None, TODAY)
    assert len(_layer(reader, "many rows", None)) == 1_500


@pytest.mark.parametrize("data", [b"", b"\x00\x00\x00\x02{}", b"\xff" * 40])
@pytest.mark.requirement("ASVS 1.5.2")
def test_what_is_no_reading_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedFile):
        mapped_table.unpacked(data)


# --------------------------------------------------------------------------------------------- calendars, apart


def test_the_dates_of_a_calendar_are_found_apart_and_the_names_of_zones_of_other_programs_known(
    reader: Sandbox,
) -> None:
    rule = "DTSTART;TZID=Romance Standard Time:20260328T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    said, read_in_zone = reader.dates(io.BytesIO(file_of(rule, "DTSTART:20260401T100000")), "Africa/Niamey")
    assert [each["starts"] for each in said][:2] == ["2026-03-28 09:00:00+00:00", "2026-03-29 08:00:00+00:00"]
    assert [each["flaw"] is None for each in said] == [True, True, False]
    assert read_in_zone[2]["ends"] == "2026-04-01 09:00:00+00:00"


def test_a_calendar_that_repeats_beyond_measure_is_given_up_and_the_reader_lives(reader: Sandbox) -> None:
    every = "BYHOUR={};BYMINUTE={};BYSECOND={}".format(*(",".join(map(str, range(n))) for n in (24, 60, 60)))
    with pytest.raises(RefusedFile, match="The events of this file repeat too often"):
        reader.dates(file_of(f"DTSTART:20260101T100000Z\nRRULE:FREQ=DAILY;{every}"), "UTC")
    with pytest.raises(RefusedFile, match="holds no event"):
        reader.dates(file_of(), "UTC")
    assert len(reader.read(HONEST["csv"])) == 1


def test_a_file_that_lies_on_the_disk_is_read_as_one_in_memory(reader: Sandbox, tmp_path: Path) -> None:
    at = tmp_path / "events"
    at.write_bytes(HONEST["csv"])
    with at.open("rb") as file:
        assert reader.packed(file, "csv") == reader.packed(HONEST["csv"], "csv")


def test_of_those_who_ask_only_so_many_wait() -> None:
    busy = Sandbox(most=1)
    with busy._a_place(), pytest.raises(sandbox.Busy, match="Try again in a minute"):
        busy.read(HONEST["csv"])
    assert len(busy.read(HONEST["csv"])) == 1
    busy.stop()


@pytest.mark.requirement("R35")
def test_the_rows_of_a_workbook_are_read_apart_and_a_trap_is_refused(reader: Sandbox) -> None:
    file, made = io.BytesIO(), openpyxl.Workbook()
    made.worksheets[0].append(["Aïcha Ali", "national_officer", "NER"])
    made.save(file)
    assert reader.rows(file.getvalue()) == [["Aïcha Ali", "national_officer", "NER"]]
    with pytest.raises(RefusedFile):
        reader.rows(b"PK\x03\x04 of nothing")
