"""World graph: built from the bundled roads, lanes, ports and crossings. Ask `world()` for it.

A port is joined by straight lines to the nearest node of a lane within `LANE_KM` and of a road within `ROAD_KM`; the
lines may cross land, since lanes are coarse near the coast and ports may lie up rivers. Ports beyond are left out. A
port without a road nearby (an island) is joined to the lane only.
"""

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geodata.ground import reference
from geodata.ground.distances import chord_km, on_sphere
from geodata.ground.reference import Floats
from geodata.ways.network import KnownSite, Network, assemble

LANE_KM = 100.0
ROAD_KM = 50.0

_DEGREE_KM = 111.195
"""Of latitude, mean."""


@cache
def world() -> Network:
    """The bundled graph of the world, built once per process (about a second) and then shared.

    >>> world().n_nodes > 110_000, world().n_edges > 190_000
    (True, True)
    """
    return build()


def build() -> Network:
    """Roads, lanes and ports as one network; ids of roads as in the files, then those of lanes, then ports."""
    road_nodes, roads = _roads()
    sea_nodes, lanes = _lanes(first_id=len(road_nodes))
    port_nodes, links, ports = _ports(road_nodes, sea_nodes)
    crossings = [
        KnownSite(f"crossing:{row.crossing_id}", row.name, row.lon, row.lat)
        for row in reference.border_crossings()[["crossing_id", "name", "lon", "lat"]].itertuples(index=False)
    ]
    return assemble(
        pd.concat([road_nodes, sea_nodes, port_nodes], ignore_index=True),
        pd.concat([roads, lanes, links], ignore_index=True),
        [*crossings, *ports],
    )


def _roads() -> tuple[pd.DataFrame, pd.DataFrame]:
    nodes = pd.read_parquet(reference.DATA / "road_nodes.parquet", columns=["node_id", "iso3", "lat", "lon"])
    columns = ["u", "v", "km", "border_id", "geometry"]
    edges = pd.read_parquet(reference.DATA / "road_edges.parquet", columns=columns)
    edges["geometry"] = shapely.from_wkb(edges["geometry"].to_numpy())
    edges["border_id"] = edges["border_id"].fillna("")
    return nodes, edges.join(nearest_crossings(edges, reference.border_crossings()))


def nearest_crossings(edges: pd.DataFrame, crossings: pd.DataFrame) -> pd.DataFrame:
    """For each edge with a `border_id`, the crossing of that border nearest to its line: `site` (ref), `site_km`.

    The index is that of the edges that cross a border which has known crossings. Distances are measured in degrees
    stretched at the crossing's latitude, to within 1 % for the few km that matter.
    """
    crossing = crossings[["crossing_id", "border_id", "lon", "lat"]].sort_values("crossing_id")
    pairs = edges.loc[edges["border_id"] != "", ["border_id", "geometry"]].reset_index(names="edge")
    pairs = pairs.merge(crossing, on="border_id")
    stretch = np.cos(np.radians(pairs["lat"].to_numpy()))
    points, line = shapely.get_coordinates(pairs["geometry"].to_numpy(), return_index=True)
    points[:, 0] *= stretch[line]
    lines = shapely.linestrings(points, indices=line) if len(pairs) else np.empty(0, dtype=object)
    at = shapely.points(pairs["lon"].to_numpy() * stretch, pairs["lat"].to_numpy())
    pairs["site_km"] = shapely.distance(lines, at) * _DEGREE_KM
    best = pairs.sort_values(["edge", "site_km", "crossing_id"]).drop_duplicates("edge").set_index("edge")
    return pd.DataFrame({"site": "crossing:" + best["crossing_id"].astype(str), "site_km": best["site_km"]})


def _lanes(first_id: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    lanes = pd.DataFrame(gpd.read_parquet(reference.DATA / "sea_lanes.parquet"))[
        ["u", "v", "km", "passage", "geometry"]
    ]
    lines = lanes["geometry"].to_numpy()
    ends = shapely.get_coordinates(np.stack([shapely.get_point(lines, 0), shapely.get_point(lines, -1)], axis=1))
    places = pd.DataFrame({"node_id": lanes[["u", "v"]].to_numpy().ravel(), "lon": ends[:, 0], "lat": ends[:, 1]})
    # A node on 180° is written on either side; the eastern one is as good as the western.
    nodes = places.sort_values(["node_id", "lon"]).drop_duplicates("node_id").assign(iso3="")
    nodes["node_id"] += first_id
    lanes[["u", "v"]] += first_id
    return nodes, lanes.assign(mode="sea")


def _ports(roads: pd.DataFrame, lanes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[KnownSite]]:
    """The ports within reach of a lane: their nodes, their links, and who they are."""
    ports = pd.DataFrame(reference.ports()[["wpi_number", "name", "iso3", "lon", "lat"]]).sort_values("wpi_number")
    to_lane, lane = _nearest(ports, lanes)
    ports = ports.assign(lane=lane, lane_km=to_lane)[to_lane <= LANE_KM]
    to_road, road = _nearest(ports, roads)
    ports = ports.assign(road=road, road_km=to_road, port="port:" + ports["wpi_number"])
    ports["node_id"] = lanes["node_id"].max() + 1 + np.arange(len(ports))
    by_sea = pd.DataFrame({"u": ports["lane"], "v": ports["node_id"], "km": ports["lane_km"], "mode": "sea"})
    by_road = pd.DataFrame({"u": ports["road"], "v": ports["node_id"], "km": ports["road_km"], "mode": "road"})
    by_road = by_road.assign(site=ports["port"], transfer=True)[ports["road_km"] <= ROAD_KM]
    links = pd.concat([by_sea.assign(site=ports["port"], transfer=False), by_road])
    at = pd.concat([roads, lanes, ports])[["node_id", "lon", "lat"]].set_index("node_id")
    ends = [at.loc[links[end], ["lon", "lat"]].to_numpy(dtype=float) for end in ("u", "v")]
    lines = np.stack(ends, axis=1)
    lines[:, 1, 0] += 360 * np.rint((lines[:, 0, 0] - lines[:, 1, 0]) / 360)
    links["geometry"] = shapely.linestrings(lines)
    known = [
        KnownSite(ref, name, lon, lat)
        for ref, name, lon, lat in ports[["port", "name", "lon", "lat"]].itertuples(index=False, name=None)
    ]
    return ports[["node_id", "iso3", "lon", "lat", "port"]], links, known


def _nearest(points: pd.DataFrame, nodes: pd.DataFrame) -> tuple[Floats, Floats]:
    """Km to the nearest of the nodes, and its id."""
    vectors = [
        on_sphere(frame["lon"].to_numpy(dtype=float), frame["lat"].to_numpy(dtype=float)) for frame in (points, nodes)
    ]
    far, row = cKDTree(vectors[1]).query(vectors[0])
    return chord_km(far), nodes["node_id"].to_numpy()[row]
