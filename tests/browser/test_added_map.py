"""A map that an operator added is drawn over the ground while the server runs, where it lies and nowhere else."""

import pytest
from playwright.sync_api import Page
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

from dashboard import theme
from tests.browser.conftest import Open, Server

pytestmark = [pytest.mark.rest, pytest.mark.slow]

_TILE = 6, 33, 28
_WITHIN, _BESIDE = (19.0, 9.0), (16.0, 9.0)
"""Latitude and longitude of a place within the tile, and of one in the tile below it."""
_LAND = "#fffdf6"
"""The ground of a country that takes part: `--m-map-land-in` of map/map.css."""
_COLOUR = """([lat, lon]) => {
  const {map} = window.musterAtlas.maps.get('plan-map'), ground = document.querySelector('#plan-map .leaflet-base-pane canvas');
  const {x, y} = map.latLngToContainerPoint([lat, lon]), frame = map.getContainer().getBoundingClientRect();
  const box = ground.getBoundingClientRect(), ratio = ground.width / box.width;
  const ink = ground.getContext('2d').getImageData((frame.x + x - box.x) * ratio, (frame.y + y - box.y) * ratio, 1, 1).data;
  return '#' + [...ink].slice(0, 3).map((part) => part.toString(16).padStart(2, '0')).join('');
}"""
"""The colour of the ground at a place."""


def _field(number: int, body: bytes) -> bytes:
    """A field of a protocol buffer, of less than 128 bytes."""
    return bytes([number << 3 | 2, len(body)]) + body


def _buildings() -> bytes:
    """A vector tile whose layer of buildings has one, as large as the tile."""
    ring = b"\x09\x00\x00\x1a\x80\x40\x00\x00\x80\x40\xff\x3f\x00\x0f"
    feature = b"\x18\x03" + _field(4, ring)
    return _field(3, b"\x78\x02" + _field(1, b"buildings") + _field(2, feature) + b"\x28\x80\x20")


def _add(server: Server) -> None:
    maps = server.folder / "maps"
    maps.mkdir()
    west, south, east, north = 5.625, 16.64, 11.25, 21.94
    edges = {"min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north}
    kind = {"tile_type": TileType.MVT, "tile_compression": Compression.NONE}
    middle = {"center_zoom": 6, "center_lon_e7": 0, "center_lat_e7": 0}
    with write(maps / "tenere.pmtiles") as writer:
        writer.write_tile(zxy_to_tileid(*_TILE), _buildings())
        writer.finalize(kind | middle | {name: round(edge * 1e7) for name, edge in edges.items()}, {})


def _looks_there(page: Page) -> None:
    page.wait_for_selector('.atlas[data-ready="true"]')
    page.evaluate("(place) => window.musterAtlas.maps.get('plan-map').map.setView(place, 6, {animate: false})", _WITHIN)


def test_an_added_map_is_drawn_over_the_ground(server: Server, browser_page: Open) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/plan")
    _looks_there(page)
    page.wait_for_function(f"([place, colour]) => ({_COLOUR})(place) === colour", arg=[_WITHIN, _LAND])
    _add(server)
    page.reload()
    _looks_there(page)
    page.wait_for_function(
        f"([place, colour]) => ({_COLOUR})(place) === colour", arg=[_WITHIN, theme.colours(dark=False)["map-building"]]
    )
    assert page.evaluate(_COLOUR, _BESIDE) == _LAND
