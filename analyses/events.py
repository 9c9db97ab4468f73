"""Events of a layer as one packed table: how they are kept, and how they come back (WGS 84, EPSG:4326)."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
from sqlmodel import Session

from geodata.crs import WGS84
from geodata.intake.events import Layer
from geodata.points import Unfit
from geodata.pyramid import Pyramid
from geodata.reference import Floats
from operations.core.vocabulary import LayerKind
from operations.policing import layers
from operations.policing.layer_imports import MarksBlock, PackedEvents

_SCHEMA = pa.schema(
    [
        ("row", pa.int32()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("day", pa.date32()),
        ("until", pa.date32()),
        ("quantity", pa.float64()),
        ("kind", pa.string()),
        ("accuracy", pa.string()),
        ("country", pa.string()),
    ]
)
"""What is kept of an event. Notes and sources of single rows are not: free text may name a person."""


def packed(layer: Layer) -> PackedEvents:
    """An accepted layer as it is kept: an Arrow stream of `_SCHEMA`, compressed, rows in the order of the file; and
    counted for the map.

    Indicators that only name an area have no position: their `lon` and `lat` are null.
    """
    frame = layer.frame
    there = ~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    lon, lat = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    lon[there], lat[there] = frame.geometry[there].x, frame.geometry[there].y
    table = pa.table(
        {
            "row": pa.array(frame["row"].to_numpy(), pa.int32()),
            "lon": pa.array(lon, from_pandas=True),
            "lat": pa.array(lat, from_pandas=True),
            **{
                name: pa.array(frame[name].to_numpy().astype("datetime64[D]"), pa.date32(), from_pandas=True)
                for name in ("day", "until")
            },
            "quantity": pa.array(frame["quantity"].to_numpy(dtype=float), from_pandas=True),
            **{name: pa.array(frame[name].astype(str)).cast(pa.string()) for name in ("kind", "accuracy", "country")},
        },
        schema=_SCHEMA,
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _SCHEMA, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table)
    bounds = (
        (float(lon[there].min()), float(lat[there].min()), float(lon[there].max()), float(lat[there].max()))
        if there.any()
        else None
    )
    marks = counted(lon[there], lat[there])
    return PackedEvents(sink.getvalue().to_pybytes(), len(frame), layer.refused_total, bounds, layer.findings, marks)


def counted(lon: Floats, lat: Floats) -> tuple[MarksBlock, ...]:
    """Positions as the map will ask for them."""
    return tuple(MarksBlock(**vars(each)) for each in Pyramid(lon, lat).blocks())


def unpacked(data: bytes) -> gpd.GeoDataFrame:
    """What `packed` kept: the columns of `_SCHEMA` and a point for each row, empty where the position is not known."""
    with pa.ipc.open_stream(data) as stream:
        frame = stream.read_all().to_pandas()
    for name in ("day", "until"):
        frame[name] = pd.to_datetime(frame[name])
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=WGS84)


def positions(data: bytes) -> tuple[Floats, Floats]:
    """Longitudes and latitudes alone of what `packed` kept, of the rows that have a position."""
    options = pa.ipc.IpcReadOptions(included_fields=[_SCHEMA.get_field_index(name) for name in ("lon", "lat")])
    with pa.ipc.open_stream(data, options=options) as stream:
        table = stream.read_all()
    lon, lat = (table[name].to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
    there = ~np.isnan(lon)
    return lon[there], lat[there]


def gathered(session: Session, versions: Sequence[layers.EventLayer]) -> gpd.GeoDataFrame:
    """The events with a position of some versions of layers, one after the other, `layer` naming the version.

    Indicators are totals of a place and a month, so they are not mixed with single events. Raises `Unfit` for nothing
    to take and for a mixture.
    """
    if not versions:
        raise Unfit("Choose at least one layer of events. Without one there is nothing to compute.")
    kinds = {each.kind for each in versions}
    if len(kinds) > 1 and LayerKind.INDICATORS in kinds:
        raise Unfit("Indicators are totals and cannot be mixed with single events. Choose layers of one sort.")
    parts = [unpacked(layers.content(session, each.id)).assign(layer=str(each.id)) for each in versions]
    every = pd.concat(parts, ignore_index=True)
    placed = every[every["lon"].notna()].reset_index(drop=True)
    if not len(placed):
        raise Unfit("No event of the chosen layers has a position.")
    return gpd.GeoDataFrame(placed, crs=WGS84)
