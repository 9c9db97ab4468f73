"""The routes of the map's tiles, and maps that an operator adds to the folder."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from dashboard.map import tiles
from tests.dashboard.conftest import Site

TILE = gzip.compress(b"\x1a\x00")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = tiles._Folder.path
    tiles.serve(tmp_path)
    yield tmp_path
    tiles._Folder.path = before


def add(folder: Path, name: str) -> None:
    with (folder / f"{name}.pmtiles").open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(10, 515, 494), TILE)
        header = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "min_zoom": 10,
            "max_zoom": 10,
            "min_lon_e7": 10000000,
            "min_lat_e7": 60000000,
            "max_lon_e7": 13000000,
            "max_lat_e7": 65000000,
        }
        writer.finalize(header | {"center_zoom": 10, "center_lon_e7": 0, "center_lat_e7": 0}, {})


def test_the_ground_comes_packed_and_is_kept_for_good(site: Site, folder: Path) -> None:
    [ground] = tiles.sources()
    answer = site.signed_in().get(f"{ground['url']}/0/0/0?v={ground['version']}")
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
    assert "immutable" in answer.headers["cache-control"]
    assert b"land" in answer.content


def test_where_a_map_is_empty_nothing_is_sent(site: Site, folder: Path) -> None:
    [ground] = tiles.sources()
    assert site.signed_in().get(f"{ground['url']}/8/120/128").status_code == 204


@pytest.mark.requirement("ASVS 5.3.2")
def test_no_tile_answers_without_a_session_and_no_file_outside_the_folder_at_all(site: Site, folder: Path) -> None:
    assert site.visitor().get("/data/map/tiles/ground/0/0/0").status_code == 401
    (folder.parent / "other.pmtiles").write_bytes(b"x")
    for name in ("nowhere", "..%2Fother", "%2e%2e%2fother"):
        assert site.signed_in().get(f"/data/map/tiles/{name}/0/0/0").status_code == 404


def test_a_map_in_the_folder_is_drawn_over_the_ground_without_a_restart(site: Site, folder: Path) -> None:
    assert [source["name"] for source in tiles.sources()] == ["ground"]
    add(folder, "lome")
    (folder / "broken.pmtiles").write_bytes(b"no map")
    ground, lome = tiles.sources()
    assert (lome["name"], lome["kind"], lome["levels"], lome["bounds"]) == (
        "lome",
        "vector",
        (10, 10),
        (1.0, 6.0, 1.3, 6.5),
    )
    assert "bounds" not in ground
    assert site.signed_in().get(f"{lome['url']}/10/515/494").content == gzip.decompress(TILE)
    assert site.signed_in().get("/data/map/tiles/broken/0/0/0").status_code == 404
