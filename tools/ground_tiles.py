# /// script
# requires-python = ">=3.11"
# dependencies = ["Babel", "geopandas", "netCDF4", "numpy", "pandas", "pmtiles", "pyarrow", "scipy", "shapely"]
# ///
"""Makes the ground of the map: vector tiles of land, water, boundaries, ways and towns, in one file.

The tiles are bundled as `geodata/data/ground.pmtiles`; nobody needs this tool but to make them anew. It takes the
binned files of GSHHG 2.3.7 in full resolution (Debian package `gmt-gshhg-full`), the unpacked `scgraph_data` 2.0.0
(PyPI), and the other bundled layers. It wants 6 GB of memory and a quarter of an hour.

    python tools/ground_tiles.py GSHHG_FOLDER SCGRAPH_DATA_FOLDER

Levels are 0, 2, 4, 6 and 8; the map draws each over two steps of its zoom, and the last one from zoom 9 on. Within a
tile each layer has one feature for each class. Layers: `land` and `part` (`iso3`; the parts of a tile that several
countries share), `lake`, `isle`, `river` (`class` 1 large to 4 dry at times), `boundary` (`differs`), `road` (`class`
1 to 3), `rail`, and `town` (`name`, `name_fr`, `name_es`, `name_ar` where it differs, `people`, `capital`).
"""

import ast
import gzip
import multiprocessing
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import netCDF4
import numpy as np
import pandas as pd
import shapely
from babel import Locale
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely import STRtree

DATA = Path(__file__).resolve().parent.parent / "geodata" / "data"
LEVELS = {0: 0.3, 2: 0.08, 4: 0.02, 6: 0.005, 8: 0.0006}
"""Levels with the tolerance of their lines, in degrees: a pixel where they are shown closest."""
LAST = max(LEVELS)
_CUT = 6
"""From this level on land is GSHHG's, cut where a boundary runs. Before, it is the countries of Natural Earth."""
EXTENT = 4096
MARGIN = 48
BIN = 65535
"""GSHHG counts a degree in so many steps."""
ROUND = 360 * BIN
POLE = 85.05
"""Where the square of the web map ends."""
SOUTH = -60
"""South of here GSHHG tells ice and rock apart; Natural Earth's Antarctica is drawn instead."""

Shapes = Any
Layer = dict[tuple[str, tuple[tuple[str, Any], ...]], Shapes]
"""Shapes by the layer and the properties that they share."""


# ------------------------------------------------------------------------------------------- what goes in


def coast(folder: Path) -> dict[int, Shapes]:
    """Return the polygons of GSHHG by level (1 land, 2 lakes, 3 islands in lakes), in degrees."""
    data = netCDF4.Dataset(folder / "binned_GSHHS_f.nc")
    coded = data["Embedded_npts_levels_exit_entry_for_a_segment"][:].filled()
    lon, lat = _positions(data, coded >> 9)
    pieces: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    first = data["Id_of_first_point_in_a_segment"][:].filled()
    for segment, (start, count, polygon, level) in enumerate(
        zip(first, coded >> 9, data["Id_of_GSHHS_ID"][:].filled(), (coded >> 6) & 7, strict=True)
    ):
        pieces[int(level), int(polygon)].append((lon[start : start + count], lat[start : start + count], segment))
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for (level, _polygon), parts in pieces.items():
        if max(y.max() for _x, y, _s in parts) < SOUTH * BIN:
            continue
        rings = [np.column_stack((x, y)) for x, y, _s in parts]
        if min(r[:, 0].min() for r in rings) < 20 * BIN and max(r[:, 0].max() for r in rings) > 340 * BIN:
            rings = [r - [ROUND, 0] if r[:, 0].min() > 270 * BIN else r for r in rings]
        closed = [r for r in rings if len(r) > 3 and (r[0] == r[-1]).all()]
        open_ = [shapely.linestrings(r) for r in rings if len(r) > 1 and not (r[0] == r[-1]).all()]
        shapes = [shapely.polygons(r / BIN) for r in closed]
        if open_:
            lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(open_)))
            for line in lines:
                corners = shapely.get_coordinates(line)
                if len(corners) > 3:
                    shapes.append(shapely.polygons(np.vstack((corners, corners[:1])) / BIN))
        found[level] += shapes
    return {level: shapely.make_valid(np.array(shapes)) for level, shapes in found.items()}


def rivers(folder: Path) -> dict[int, Shapes]:
    """Return the rivers of GSHHG by class: 1 large, 2 other rivers, 3 small ones, 4 dry at times, in degrees."""
    data = netCDF4.Dataset(folder / "binned_river_f.nc")
    counts = data["N_points_for_a_segment"][:].filled()
    lon, lat = _positions(data, counts)
    classes = {0: 1, 1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 6: 4, 7: 4, 8: 3, 9: 3, 10: 3}
    found: defaultdict[int, list[Any]] = defaultdict(list)
    levels = data["Hierarchial_level_of_a_segment"][:].filled()
    for start, count, level in zip(data["Id_of_first_point_in_a_segment"][:].filled(), counts, levels, strict=True):
        if count > 1:
            line = np.column_stack((lon[start : start + count], lat[start : start + count]))
            found[classes[int(level)]].append(shapely.linestrings(line))
    return {kind: _scaled(_merged(lines)) for kind, lines in found.items()}


def _positions(data: Any, counts: Any) -> tuple[Any, Any]:
    """Return each point's place on a grid of `BIN` steps a degree, east and north."""
    across = int(data["N_bins_in_360_longitude_range"][0])
    per_bin = data["N_segments_in_a_bin"][:].filled().astype(int)
    bins = np.repeat(np.arange(len(per_bin)), per_bin)
    of_point = np.repeat(bins, counts)
    names = ("Relative_longitude_from_SW_corner_of_bin", "Relative_latitude_from_SW_corner_of_bin")
    within = [data[name][:].filled().astype(np.uint16).astype(np.int64) for name in names]
    return (of_point % across) * BIN + within[0], (89 - of_point // across) * BIN + within[1]


def _scaled(shapes: Shapes) -> Shapes:
    return shapely.transform(shapes, lambda xy: xy / BIN)


def _merged(lines: list[Any]) -> Shapes:
    return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))


def ways(file: Path) -> tuple[Any, Any, Any]:
    """Return the nodes (lon, lat) of a graph of `scgraph_data` and its edges, each once, with their km."""
    text = file.read_text()
    graph = ast.literal_eval(text[text.index("graph=") + 6 : text.index("\nnodes")])
    nodes = np.array(ast.literal_eval(text[text.index("nodes=") + 6 : text.index("]]") + 2]))[:, ::-1]
    edges = np.array([(u, v, km) for u, near in enumerate(graph) for v, km in near.items() if u < v])
    return nodes, edges[:, :2].astype(int), edges[:, 2]


def road_classes(nodes: Any, edges: Any, km: Any) -> Any:
    """Return the class of each road: 1 between large towns and capitals, 2 between towns, 3 else.

    The source knows none, so it is read off the network: the quickest ways from each town to those around it.
    """
    places = pd.read_parquet(DATA / "places.parquet", columns=["population", "is_capital", "lon", "lat"])
    near = cKDTree(_ball(nodes))
    classes = np.full(len(edges), 3)
    size = len(nodes)
    weights = coo_matrix((np.maximum(km, 0.001), (edges[:, 0], edges[:, 1])), shape=(size, size)).tocsr()
    row = {(int(u), int(v)): at for at, (u, v) in enumerate(edges)}
    for kind, people, neighbours, far in ((2, 60_000, 5, 250), (1, 500_000, 6, 700)):
        chosen = places[(places["population"] >= people) | (places["is_capital"] & (kind == 1))]
        away, ends = near.query(_ball(chosen[["lon", "lat"]].to_numpy()))
        ends = np.unique(ends[away < 25 / 6371])
        for start in range(0, len(ends), 40):
            block = ends[start : start + 40]
            reached, before = dijkstra(weights, False, block, return_predecessors=True, limit=far)
            for at, source in enumerate(block):
                there = ends[np.isfinite(reached[at][ends])]
                for end in there[np.argsort(reached[at][there])[1 : neighbours + 1]]:
                    while end != source:
                        previous = before[at, end]
                        classes[row[min(end, previous), max(end, previous)]] = kind
                        end = previous
    return classes


def _ball(lonlat: Any) -> Any:
    lon, lat = np.radians(lonlat).T
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def lines_of(nodes: Any, edges: Any) -> Shapes:
    """Return the edges of a graph as lines, joined end to end."""
    return _merged(list(shapely.linestrings(nodes[edges])))


def towns() -> dict[int, pd.DataFrame]:
    """Return the towns of each level: those for display, and in the last one all of the gazetteer."""
    display = pd.read_parquet(DATA / "places.parquet")
    every = pd.read_parquet(DATA / "gazetteer.parquet")
    shown = set(display["geonameid"])
    capitals = set(display.loc[display["is_capital"], "geonameid"])
    every = every.assign(is_capital=every["geonameid"].isin(capitals))
    missing = display[~display["geonameid"].isin(every["geonameid"])]
    every = pd.concat([every, missing[every.columns]])
    names = _names()
    until = {0: 2, 2: 4, 4: 6, 6: 9}
    found = {level: display[display["min_zoom"] <= most] for level, most in until.items()}
    found[6] = pd.concat([found[6], every[(every["population"] >= 15_000) & ~every["geonameid"].isin(shown)]])
    found[LAST] = every
    return {level: _translated(frame, names) for level, frame in found.items()}


def _translated(frame: pd.DataFrame, names: dict[tuple[str, str], dict[str, str]]) -> pd.DataFrame:
    keys = list(zip(frame["timezone"], frame["name"], strict=True))
    return frame.assign(
        **{f"name_{code}": [names.get(key, {}).get(code) for key in keys] for code in ("fr", "es", "ar")}
    )


def _names() -> dict[tuple[str, str], dict[str, str]]:
    """Return what CLDR calls the town that a time zone is named after, by zone and English name."""
    english = Locale("en").time_zones
    found: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for code in ("fr", "es", "ar"):
        for zone, told in Locale(code).time_zones.items():
            own = told.get("city")
            name = english.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
            if own and own != name:
                found[zone, name][code] = own
    return dict(found)


# ------------------------------------------------------------------------------------------- what comes out


def mercator(shapes: Shapes) -> Shapes:
    """Return shapes in degrees on the square of the web map, 0 to 1 eastward and southward."""

    def project(xy: Any) -> Any:
        lat = np.radians(np.clip(xy[:, 1], -85.0511, 85.0511))
        return np.column_stack((xy[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)))

    return shapely.transform(shapes, project)


def around(shapes: Shapes) -> Shapes:
    """Return shapes with those again that cross the edges of the square, on its other side."""
    west, _south, east, _north = shapely.bounds(shapes).T
    moved = [
        shapely.transform(shapes[beyond], lambda xy, by=by: xy + np.array([by, 0]))
        for beyond, by in ((east > 1, -1), (west < 0, 1))
    ]
    return np.concatenate([shapes, *moved])


def simplified(shapes: Shapes, level: int, smallest: float = 0.0) -> Shapes:
    """Return shapes with the detail of a level, those left out that are smaller than so many of its tolerances."""
    tolerance = LEVELS[level]
    if smallest:
        west, south, east, north = shapely.bounds(shapes).T
        shapes = shapes[np.maximum(east - west, north - south) > smallest * tolerance]
    made = shapely.simplify(shapes, tolerance, preserve_topology=False)
    if not (shapely.get_type_id(shapes) == 3).any():
        return made
    crossed = ~shapely.is_valid(made)
    return np.concatenate([made[~crossed], _areas(shapely.make_valid(made[crossed]))])


def countries(level: int) -> tuple[Shapes, list[str]]:
    """Return the countries with the detail of a level, which still fit together, and their codes."""
    frame = gpd.read_parquet(DATA / "countries_10m.parquet", columns=["iso3", "geometry"])
    shapes = shapely.clip_by_rect(frame.geometry.to_numpy(), -180, -POLE, 180, POLE)
    if level < LAST:
        shapes = shapely.coverage_simplify(shapes, LEVELS[level])
    if level < _CUT:
        shapes = np.array([_large(shape, 3 * LEVELS[level]) for shape in shapes], dtype=object)
    return shapes, frame["iso3"].tolist()


def _large(shape: Any, least: float) -> Any:
    """Return a country without the islands that nobody would see, but never without its largest."""
    parts = shapely.get_parts(shape)
    west, south, east, north = shapely.bounds(parts).T
    kept = np.maximum(east - west, north - south) > least
    kept[np.argmax(shapely.area(parts))] = True
    return shapely.multipolygons(parts[kept])


def cut(shapes: Layer, box: tuple[float, float, float, float]) -> Layer:
    """Return the parts of all shapes within a box."""
    left, top, right, bottom = box
    found = {}
    for key, items in shapes.items():
        west, north, east, south = shapely.bounds(items).T
        inside = (west <= right) & (east >= left) & (north <= bottom) & (south >= top)
        if not inside.any():
            continue
        whole = (west >= left) & (east <= right) & (north >= top) & (south <= bottom)
        across = items[inside & ~whole]
        clipped = shapely.clip_by_rect(across, left, top, right, bottom) if len(across) else across
        kept = np.concatenate([items[whole], clipped[~shapely.is_empty(clipped)]])
        if len(kept):
            found[key] = kept
    return found


def tiles(level: int, shapes: Layer, under: tuple[int, int, int]) -> Iterator[tuple[int, int, Layer]]:
    """Yield the tiles of a level under another tile with what lies in them, by halving it again and again."""
    margin = MARGIN / EXTENT / 2**level
    stack = [(*under, shapes)]
    while stack:
        z, x, y, held = stack.pop()
        side = 2.0**-z
        held = cut(held, (x * side - margin, y * side - margin, (x + 1) * side + margin, (y + 1) * side + margin))
        if not held:
            continue
        if z == level:
            yield x, y, held
        else:
            stack += [(z + 1, 2 * x + dx, 2 * y + dy, held) for dx in (0, 1) for dy in (0, 1)]


def with_countries(held: Layer, tree: STRtree, iso3: list[str], level: int) -> Layer:
    """Return the tile with the countries of its land, and parts of land where there are several."""
    owners = {dict(key[1])["iso3"]: items for key, items in held.items() if key[0] == "country"}
    made = {key: items for key, items in held.items() if key[0] not in ("country", "land", "isle")}
    if level < _CUT:
        return made | {("land", (("iso3", code),)): items for code, items in owners.items()}
    for layer in ("land", "isle"):
        land = held.get((layer, ()))
        if land is None:
            continue
        owner = ""
        if len(owners) == 1:
            [owner] = owners
        elif not owners:
            owner = iso3[int(tree.nearest(land[0]))]
        made[layer, (("iso3", owner),)] = land
        if owner:
            continue
        whole = shapely.make_valid(shapely.union_all(shapely.make_valid(land)))
        left = whole
        for code, items in owners.items():
            own = shapely.make_valid(shapely.union_all(shapely.make_valid(items)))
            part = _areas(shapely.intersection(whole, own))
            left = shapely.difference(left, own)
            if len(part):
                made["part", (("iso3", code),)] = np.concatenate(
                    [made.get(("part", (("iso3", code),)), part[:0]), part]
                )
        names = list(owners)
        areas = [shapely.union_all(shapely.make_valid(owners[name])) for name in names]
        near = STRtree(areas)
        for piece in [] if all(shapely.is_empty(areas)) else _areas(left):
            key = ("part", (("iso3", names[int(near.nearest(piece))]),))
            made[key] = np.append(made.get(key, np.array([], dtype=object)), piece)
    return made


def _areas(shape: Any) -> Shapes:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]


# ------------------------------------------------------------------------------------------- Mapbox vector tiles


def varint(value: int) -> bytes:
    """Return a number, seven bits a byte."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def varints(values: Any) -> bytes:
    """Return many numbers, each below 2 ** 28."""
    if not len(values):
        return b""
    values = values.astype(np.uint32)
    sizes = 1 + (values > 0x7F) + (values > 0x3FFF) + (values > 0x1FFFFF)
    spread = np.zeros((len(values), 4), dtype=np.uint8)
    for at in range(4):
        spread[:, at] = (values >> (7 * at)) & 0x7F | np.where(sizes > at + 1, 0x80, 0)
    return spread[np.arange(4) < sizes[:, None]].tobytes()


def field(number: int, body: bytes) -> bytes:
    """Return a field of a protocol buffer with a length."""
    return varint(number << 3 | 2) + varint(len(body)) + body


def strokes(shapes: Shapes, x: int, y: int, level: int) -> tuple[int, bytes]:
    """Return the type of geometry and its commands, in the units of a tile."""
    parts = shapely.get_parts(shapes)
    parts = parts[shapely.get_type_id(parts) != 7] if (shapely.get_type_id(parts) == 7).any() else parts
    kind = int(shapely.get_type_id(parts[0]))
    parts = parts[shapely.get_type_id(parts) == kind]
    numbers: list[Any] = []
    cursor = np.zeros((1, 2), dtype=np.int64)
    if kind == 3:
        parts = shapely.get_rings(shapely.orient_polygons(parts, exterior_cw=False))
    for part in parts:
        at = np.round((shapely.get_coordinates(part) * 2**level - [x, y]) * EXTENT).astype(np.int64)
        if kind == 3:
            at = at[:-1]
        if kind and len(at) > 1:
            at = at[np.append(True, (np.diff(at, axis=0) != 0).any(axis=1))]
        if len(at) < (3 if kind == 3 else 2 if kind else 1):
            continue
        steps = np.diff(np.vstack((cursor, at)), axis=0)
        coded = ((steps << 1) ^ (steps >> 63)).ravel()
        numbers += [[9], coded[:2]]
        if len(at) > 1:
            numbers += [[(len(at) - 1) << 3 | 2], coded[2:]]
        if kind == 3:
            numbers.append([15])
        cursor = at[-1:]
    return {0: 1, 1: 2, 3: 3}[kind], varints(np.concatenate(numbers)) if numbers else b""


def value(told: Any) -> bytes:
    """Return the value of a property as a message."""
    if isinstance(told, bool | np.bool_):
        return b"\x38" + varint(int(told))
    if isinstance(told, int | np.integer):
        return b"\x28" + varint(int(told))
    return field(1, str(told).encode())


class TileLayer:
    """A layer of a tile in the making."""

    def __init__(self, name: str) -> None:
        self._name, self._features = name, b""
        self._keys: dict[str, int] = {}
        self._values: dict[bytes, int] = {}

    def add(self, kind: int, commands: bytes, told: dict[str, Any]) -> None:
        """Add a feature with its properties."""
        if not commands:
            return
        tags = b"".join(
            varint(self._keys.setdefault(key, len(self._keys)))
            + varint(self._values.setdefault(value(said), len(self._values)))
            for key, said in told.items()
        )
        self._features += field(2, (field(2, tags) if tags else b"") + b"\x18" + varint(kind) + field(4, commands))

    def body(self) -> bytes:
        """Return the layer as a field of the tile."""
        if not self._features:
            return b""
        keys = b"".join(field(3, key.encode()) for key in self._keys)
        values = b"".join(field(4, said) for said in self._values)
        made = b"\x78\x02" + field(1, self._name.encode()) + self._features + keys + values + b"\x28" + varint(EXTENT)
        return field(3, made)


ORDER = ("land", "part", "lake", "isle", "river", "rail", "road", "boundary", "town")


def packed(held: Layer, x: int, y: int, level: int, towns_here: pd.DataFrame | None) -> bytes:
    """Return a tile."""
    layers = {name: TileLayer(name) for name in ORDER}
    for (name, told), shapes in sorted(held.items(), key=str):
        kind, commands = strokes(shapes, x, y, level)
        layers[name].add(kind, commands, {key: said for key, said in told if said != ""})
    if towns_here is not None:
        for town in towns_here.itertuples():
            at = np.round((np.array([town.x, town.y]) * 2**level - [x, y]) * EXTENT).astype(np.int64)
            told = {"name": town.name, "people": int(town.population)}
            told |= {
                key: said for key in ("name_fr", "name_es", "name_ar") if isinstance(said := getattr(town, key), str)
            }
            told |= {"capital": True} if town.is_capital else {}
            layers["town"].add(1, varint(9) + varints(((at << 1) ^ (at >> 63)).ravel()), told)
    return b"".join(layers[name].body() for name in ORDER)


def main(gshhg: Path, scgraph: Path) -> None:
    """Make all levels, and write them as each is ready."""
    shore, streams = coast(gshhg), rivers(gshhg)
    print({level: len(items) for level, items in shore.items()}, {kind: len(items) for kind, items in streams.items()})
    nodes, edges, km = ways(scgraph / "world_highways.py")
    classes = road_classes(nodes, edges, km)
    print("roads", len(edges), np.bincount(classes))
    roads = {kind: lines_of(nodes, edges[classes == kind]) for kind in (1, 2, 3)}
    rail_nodes, rail_edges, _km = ways(scgraph / "world_railways.py")
    rails = lines_of(rail_nodes, rail_edges)
    frame = gpd.read_parquet(DATA / "land_boundaries.parquet")
    differs = (frame["note"] != "").to_numpy()
    boundaries = {told: frame.geometry.to_numpy()[differs == told] for told in (False, True)}
    [ice] = shapely.clip_by_rect(
        gpd.read_parquet(DATA / "countries_10m.parquet").query("iso3 == 'ATA'").geometry, -180, -POLE, 180, POLE
    )
    land = np.concatenate([shapely.get_parts(shapely.get_parts(shore[1])), shapely.get_parts(ice)])
    named = towns()
    most_river, most_road = {0: 0, 2: 1, 4: 2, 6: 3, 8: 4}, {0: 0, 2: 0, 4: 1, 6: 2, 8: 3}
    kept: dict[int, Layer] = {}
    finer: Layer = {
        ("land", ()): land,
        ("lake", ()): shapely.get_parts(shore[2]),
        ("isle", ()): shapely.get_parts(shore[3]),
    }
    finer |= {("river", (("class", kind),)): items for kind, items in streams.items()}
    finer |= {("road", (("class", kind),)): items for kind, items in roads.items()} | {("rail", ()): rails}
    finer |= {("boundary", (("differs", told),)): shapely.get_parts(items) for told, items in boundaries.items()}
    for level in sorted(LEVELS, reverse=True):  # each from the next finer one, which costs a fraction
        smallest = {"land": 3, "lake": 12 if level < _CUT else 4, "isle": 8, "river": 4, "road": 3, "rail": 6}
        finer = {
            key: simplified(items, level, smallest.get(key[0], 0) if level < LAST else 0)
            for key, items in finer.items()
            if dict(key[1]).get("class", 0) <= {"river": most_river, "road": most_road}.get(key[0], {level: 0})[level]
            and (key[0] != "rail" or level == LAST)
        }
        finer = {key: items[~shapely.is_empty(items)] for key, items in finer.items()}
        kept[level] = finer = {key: items for key, items in finer.items() if len(items)}
        print(level, {key[0]: len(items) for key, items in kept[level].items()}, flush=True)
    made: dict[int, bytes] = {}
    for level in LEVELS:
        areas, iso3 = countries(level)
        held = kept[level] | {
            ("country", (("iso3", code),)): shapely.get_parts(area) for code, area in zip(iso3, areas, strict=True)
        }
        held = {key: around(mercator(items)) for key, items in held.items()}
        global _job  # what the forked processes read
        _job = level, held, _spots(named[level], level), STRtree(mercator(areas)), iso3
        parts = [(2, x, y) for x in range(4) for y in range(4)] if level > 2 else [(0, 0, 0)]
        with multiprocessing.get_context("fork").Pool() as pool:
            for part in pool.imap_unordered(_part, parts):
                made |= part
        print(level, len(made), sum(map(len, made.values())), flush=True)
        save(made)


_job: Any = None


def _part(under: tuple[int, int, int]) -> dict[int, bytes]:
    """Return the tiles under a tile of a coarser level, packed."""
    level, held, spots, tree, iso3 = _job
    made = {}
    for x, y, cut_out in tiles(level, held, under):
        inside = _northern(cut_out, y) if level == LAST else cut_out
        if body := packed(with_countries(inside, tree, iso3, level), x, y, level, spots.get((x, y))):
            made[zxy_to_tileid(level, x, y)] = gzip.compress(body, 9, mtime=0)
    return made


def _northern(held: Layer, row: int) -> Layer:
    """Return a tile of the last level with less detail where degrees are short, and few people look."""
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (row + 0.5) / 2**LAST))))
    times = next((times for above, times in ((66, 6), (60, 3), (50, 2)) if abs(lat) > above), 1)
    if times == 1:
        return held
    tolerance = times * LEVELS[LAST] / 360
    made = {
        key: shapely.simplify(items, tolerance, preserve_topology=key[0] != "river")
        for key, items in held.items()
        if key[0] in ("land", "lake", "isle", "river")
    }
    return held | {key: items[~shapely.is_empty(items)] for key, items in made.items() if len(items)}


def _spots(frame: pd.DataFrame, level: int) -> dict[tuple[int, int], pd.DataFrame]:
    """Return the towns of each tile, the largest first."""
    points = shapely.get_coordinates(mercator(shapely.points(frame[["lon", "lat"]].to_numpy())))
    columns = (points * 2**level).astype(int).T
    frame = frame.assign(x=points[:, 0], y=points[:, 1], column=columns[0], row=columns[1])
    frame = frame.sort_values("population", ascending=False)
    return {(int(x), int(y)): group for (x, y), group in frame.groupby(["column", "row"], sort=False)}


def save(made: dict[int, bytes]) -> None:
    """Write the tiles in order of their place, so that neighbours lie side by side in the file."""
    with (DATA / "ground.pmtiles").open("wb") as file:
        writer = Writer(file)
        for tile_id in sorted(made):
            writer.write_tile(tile_id, made[tile_id])
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": 0, "max_zoom": LAST,
            "min_lon_e7": -1800000000, "min_lat_e7": -850000000, "max_lon_e7": 1800000000, "max_lat_e7": 850000000,
            "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
        }  # fmt: skip
        writer.finalize(header, {"name": "ground", "vector_layers": [{"id": name, "fields": {}} for name in ORDER]})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
