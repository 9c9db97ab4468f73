"""Events of a layer as one packed table: encoding and decoding (WGS 84, EPSG:4326)."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
from sqlmodel import Session

from geodata.events.points import UnfitEvents
from geodata.events.pyramid import Pyramid
from geodata.ground.crs import WGS84
from geodata.ground.reference import Floats
from geodata.intake.events import ImportedEvents
from geodata.intake.mapped_table import SCHEMA, AcceptedEvents, kept
from operations.core.vocabulary import LayerKind
from operations.policing.layers import layers
from operations.policing.layers.imports import MarksBlock, PackedEvents


def packed(layer: ImportedEvents) -> PackedEvents:
    """Return an accepted layer as it is stored: see `geodata.intake.mapped_table.kept`."""
    return packed_of(kept(layer))


def packed_of(found: AcceptedEvents) -> PackedEvents:
    """Return the accepted rows of a file as they are stored."""
    marks = tuple(MarksBlock(**vars(each)) for each in found.marks)
    return PackedEvents(found.data, found.accepted, found.refused_total, found.bounds, found.findings, marks)


def counted(lon: Floats, lat: Floats) -> tuple[MarksBlock, ...]:
    """Return the map marks of positions, in blocks."""
    return tuple(MarksBlock(**vars(each)) for each in Pyramid(lon, lat).blocks())


def unpacked(data: bytes) -> gpd.GeoDataFrame:
    """Return the table that `packed` encoded: the columns of `SCHEMA` and a point for each row, empty without a
    position.
    """
    with pa.ipc.open_stream(data) as stream:
        frame = stream.read_all().to_pandas()
    for name in ("day", "until"):
        frame[name] = pd.to_datetime(frame[name])
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=WGS84)


def positions(data: bytes) -> tuple[Floats, Floats]:
    """Return only longitudes and latitudes of a packed table, of the rows that have a position."""
    options = pa.ipc.IpcReadOptions(included_fields=[SCHEMA.get_field_index(name) for name in ("lon", "lat")])
    with pa.ipc.open_stream(data, options=options) as stream:
        table = stream.read_all()
    lon, lat = (table[name].to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
    there = ~np.isnan(lon)
    return lon[there], lat[there]


def layer_events(session: Session, versions: Sequence[layers.EventLayer]) -> gpd.GeoDataFrame:
    """Return the events with a position of some versions of layers, concatenated, `layer` naming the version.

    Indicators are totals of a place and a month, so they are not mixed with single events. Raises `UnfitEvents` where
    there is no event, and for a mixture.
    """
    if not versions:
        raise UnfitEvents("Choose at least one layer of events. Without one there is nothing to compute.")
    kinds = {each.kind for each in versions}
    if len(kinds) > 1 and LayerKind.INDICATORS in kinds:
        raise UnfitEvents("Indicators are totals and cannot be mixed with single events. Choose layers of one sort.")
    parts = [unpacked(layers.content(session, each.id)).assign(layer=str(each.id)) for each in versions]
    every = pd.concat(parts, ignore_index=True)
    placed = every[every["lon"].notna()].reset_index(drop=True)
    if not len(placed):
        raise UnfitEvents("No event of the chosen layers has a position.")
    return gpd.GeoDataFrame(placed, crs=WGS84)
