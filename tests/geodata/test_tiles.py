"""The ground of the map: what is drawn where one plans, in how many bytes, and files that are no map."""

import gzip
import math
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.ground.tiles import GROUND, TileFile

LEVELS = (0, 2, 4, 6, 8)
WINDOW = 1440, 900
PLACES = {
    "Aflao, Lomé": (6.12, 1.19),
    "the bridges of the Suchiate": (14.68, -92.15),
    "Agadez": (16.97, 7.99),
    "Edirne": (41.67, 26.56),
    "Lampedusa": (35.5, 12.6),
    "Manila": (14.6, 121.0),
    "Bergen": (60.4, 5.3),
}


@pytest.fixture(scope="module")
def ground() -> TileFile:
    return TileFile(GROUND)


def _fields(body: bytes) -> Iterator[tuple[int, "int | bytes"]]:
    """The fields of a protocol buffer."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = body[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(body):
        key = number()
        if key & 7 == 2:
            size = number()
            at += size
            yield key >> 3, body[at - size : at]
        else:
            assert key & 7 == 0
            yield key >> 3, number()


def layers(ground: TileFile, z: int, x: int, y: int) -> dict[str, list[str]]:
    """The layers of a tile, each with the texts among its values."""
    found: dict[str, list[str]] = {}
    for _number, layer in _fields(gzip.decompress(ground.tile(z, x, y) or gzip.compress(b""))):
        assert isinstance(layer, bytes)
        parts = list(_fields(layer))
        name = next(told for number, told in parts if number == 1)
        texts = [said for number, told in parts if number == 4 for kind, said in _fields(told) if kind == 1]  # type: ignore[arg-type]
        found[name.decode()] = [said.decode() for said in texts]  # type: ignore[union-attr]
    return found


def column_row(lat: float, lon: float, level: int) -> tuple[float, float]:
    down = 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
    return (lon / 360 + 0.5) * 2**level, down * 2**level


def level_of(zoom: float) -> int:
    """The level of tiles that map/ground.js draws at a zoom."""
    return max(0, min(8, 2 * math.floor((zoom - 1) / 2)))


def view(ground: TileFile, lat: float, lon: float, zoom: float) -> int:
    """The bytes of a view of the window, once it is all fetched."""
    level = level_of(zoom)
    side = 256 * 2 ** (zoom - level)
    x, y = column_row(lat, lon, level)
    across, down = (length * 0.7 / side for length in WINDOW)  # with what is painted around the window
    columns = range(math.floor(x - across), math.floor(x + across) + 1)
    rows = range(max(0, math.floor(y - down)), min(2**level - 1, math.floor(y + down)) + 1)
    wanted = {(column % 2**level, row) for column in columns for row in rows}
    return sum(len(ground.tile(level, *tile) or b"") for tile in wanted)


def test_roads_rivers_boundary_and_towns_are_there_where_a_border_post_is_planned(ground: TileFile) -> None:
    for name in ("Aflao, Lomé", "the bridges of the Suchiate", "Edirne"):
        x, y = column_row(*PLACES[name], 8)
        assert {"land", "part", "river", "road", "boundary", "town"} <= set(layers(ground, 8, int(x), int(y))), name
    x, y = column_row(*PLACES["the bridges of the Suchiate"], 8)
    assert {"Ciudad Hidalgo", "Tapachula", "Ciudad Tecún Umán"} <= set(layers(ground, 8, int(x), int(y))["town"])


def test_the_land_of_a_tile_that_two_countries_share_says_whose_each_part_is(ground: TileFile) -> None:
    x, y = column_row(*PLACES["Aflao, Lomé"], 8)
    assert {"GHA", "TGO"} <= set(layers(ground, 8, int(x), int(y))["part"])
    x, y = column_row(*PLACES["Agadez"], 8)
    assert layers(ground, 8, int(x), int(y))["land"] == ["NER"]


def test_towns_after_which_a_time_zone_is_named_are_told_in_every_language(ground: TileFile) -> None:
    x, y = column_row(*PLACES["Aflao, Lomé"], 8)
    assert "لومي" in layers(ground, 8, int(x), int(y))["town"]


def test_open_sea_costs_nothing_and_what_lies_off_the_world_is_empty(ground: TileFile) -> None:
    assert ground.tile(8, 120, 128) is None
    assert ground.tile(8, 256, 0) is ground.tile(8, 0, -1) is ground.tile(40, 0, 0) is None
    assert ground.tile(7, 0, 0) is None, "only every second level is there"


def test_a_view_where_one_plans_is_50_kb_at_most_and_usually_half_of_that(ground: TileFile) -> None:
    sizes = sorted(view(ground, *at, zoom) for at in PLACES.values() for zoom in (10, 11, 12, 14))
    assert sizes[len(sizes) // 2] < 25_000
    assert sizes[int(len(sizes) * 0.9)] < 50_000, sizes[-8:]


def test_a_view_of_a_continent_is_a_third_of_the_700_kb_that_the_world_was(ground: TileFile) -> None:
    for place, at in PLACES.items():
        sizes = [view(ground, *at, zoom) for zoom in (2, 3, 4, 5, 6, 7, 8, 9)]
        assert max(sizes) < 240_000, place


def test_the_ground_leaves_room_for_the_rest_of_the_wheel() -> None:
    assert GROUND.stat().st_size < 30_000_000


def test_a_file_that_is_no_map_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for body in (b"x", b"PMTiles" + b"\x03" + b"\xff" * 119, struct.pack("<Q", 1) * 20):
        broken = tmp_path / "broken.pmtiles"
        broken.write_bytes(body)
        with pytest.raises(ValueError, match=r"broken\.pmtiles is no PMTiles archive"):
            TileFile(broken)
