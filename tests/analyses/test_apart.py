"""Strangers' files in a process of their own: read as ever, ended when they take too long or too much; it lives on."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analyses import apart
from analyses.apart import Apart
from geodata.intake import files
from geodata.intake.table import LIMITS, Refused
from tests.geodata import strangers
from tests.geodata.strangers import PLACEMARK, WAYPOINT, shapes, workbook
from tests.geodata.test_intake_hostile import HOSTILE

ROOT = Path(__file__).parents[2]
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
def reader() -> Iterator[Apart]:
    found = Apart()
    yield found
    found.stop()


@pytest.mark.parametrize("form", HONEST)
def test_an_honest_file_is_read_as_it_is_here(reader: Apart, form: str) -> None:
    here, there = files.read(HONEST[form], form), reader.read(HONEST[form], form)
    assert there.frame.equals(here.frame)
    assert (there.format, there.refused, there.refused_total) == (here.format, here.refused, here.refused_total)
    assert list(map(str, there.notes)) == list(map(str, here.notes))
    assert (there.geometry is None) == (here.geometry is None)
    if here.geometry is not None and there.geometry is not None:
        assert list(map(str, there.geometry)) == list(map(str, here.geometry))


def test_every_hostile_file_is_refused_in_its_sentence_and_the_reader_lives(reader: Apart) -> None:
    reader.start()
    waiting = reader._process
    for name, (data, sentence) in HOSTILE.items():
        with pytest.raises(Refused) as refused:
            reader.read(data, name)
        assert re.search(sentence, str(refused.value)), name
    assert reader._process is waiting


def test_a_file_that_takes_too_long_is_given_up(reader: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = b"a,b\n" + b"1,\xc3\xa9\n" * 900_000
    with monkeypatch.context() as less:
        less.setattr(apart, "WALL_SECONDS", 0.3)
        with pytest.raises(Refused, match="took longer than"):
            reader.read(slow)
    assert len(reader.read(HONEST["csv"])) == 1


def test_a_file_that_takes_too_much_memory_is_refused(reader: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MEMORY_BYTES", 30 * 2**20)
    with pytest.raises(Refused, match=r"more memory|cannot be read"):
        reader.read(b"a,b,c,d,e,f\n" + b"1,2,3,4,5,\xc3\xa9\n" * 500_000)
    monkeypatch.undo()
    assert len(reader.read(HONEST["csv"])) == 1


def test_when_the_waiting_process_dies_another_takes_its_place(reader: Apart) -> None:
    reader.start()
    assert reader._process is not None
    reader._process.kill()
    reader._process.wait(10)
    assert len(reader.read(HONEST["csv"])) == 1


def test_the_limit_on_size_is_the_callers(reader: Apart) -> None:
    with pytest.raises(Refused, match="larger than 1 MB"):
        reader.read(b"a,b\n" + b"1,2\n" * 300_000, limits=replace(LIMITS, size=2**20))


CONFINED = """
import os, socket, sys
from analyses.apart_child import confine, warm
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
    except (PermissionError, MemoryError) as refused:
        sys.stdout.write(f"{name}: {type(refused).__name__}\\n")
sys.stdout.write(f"uid {os.getuid()}\\n")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork there is no confinement beyond time")
def test_a_fork_has_no_network_no_files_no_programs_little_memory_and_is_nobody() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CONFINED], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    *refused, uid = ran.stdout.split("\n")[:-1]
    assert refused == [
        "network: PermissionError",
        "file: PermissionError",
        "written: PermissionError",
        "program: PermissionError",
        "memory: MemoryError",
    ]
    assert uid != "uid 0"
