"""Tiles of a map in one file: a PMTiles archive, read piece by piece.

The ground that is bundled (`GROUND`) and the maps that an operator adds are files of one kind.
"""

import mmap
from functools import lru_cache
from pathlib import Path

from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from geodata.ground.reference import DATA

GROUND = DATA / "ground.pmtiles"
"""Land, water, boundaries, ways and towns of the world, made by `tools/ground_tiles.py`."""

_DEEPEST = 4
"""A directory may point to others, so many times."""

KINDS = {
    TileType.MVT: ("vector", "application/vnd.mapbox-vector-tile"),
    TileType.PNG: ("picture", "image/png"),
    TileType.JPEG: ("picture", "image/jpeg"),
    TileType.WEBP: ("picture", "image/webp"),
}
"""What tiles may hold, with their media type."""


class TileFile:
    """An open PMTiles archive. Raises ValueError for a file that is none, or that holds what no browser draws."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self.header: HeaderDict = deserialize_header(self._bytes[:127])
            self.kind, self.media_type = KINDS[self.header["tile_type"]]
        except Exception as error:
            raise ValueError(f"{path.name} is no PMTiles archive of vector tiles or pictures.") from error
        if self.header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
            raise ValueError(f"The tiles of {path.name} are compressed in a way that no browser unpacks.")
        self.gzipped = self.header["tile_compression"] == Compression.GZIP
        self.levels = self.header["min_zoom"], self.header["max_zoom"]
        self.bounds = tuple(
            self.header[f"{edge}_e7"] / 1e7  # type: ignore[literal-required]
            for edge in ("min_lon", "min_lat", "max_lon", "max_lat")
        )
        self._directory = lru_cache(maxsize=64)(self._unpacked)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return a tile as it is stored; None where the map is empty.

        >>> ground = TileFile(GROUND)
        >>> ground.tile(8, 128, 123) is not None, ground.tile(8, 120, 128)
        (True, None)
        """
        if not (0 <= z <= 26 and 0 <= x < 2**z and 0 <= y < 2**z):
            return None
        wanted = zxy_to_tileid(z, x, y)
        offset, length = self.header["root_offset"], self.header["root_length"]
        for _step in range(_DEEPEST):
            found = find_tile(self._directory(offset, length), wanted)
            if found is None:
                return None
            if found.run_length:
                return self._read(self.header["tile_data_offset"] + found.offset, found.length)
            offset, length = self.header["leaf_directory_offset"] + found.offset, found.length
        return None

    def _unpacked(self, offset: int, length: int) -> list[Entry]:
        entries: list[Entry] = deserialize_directory(self._read(offset, length))
        return entries

    def _read(self, offset: int, length: int) -> bytes:
        return self._bytes[offset : offset + length]
