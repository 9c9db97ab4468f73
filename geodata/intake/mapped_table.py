"""Mapped table: a table after its mapping of columns, as the events to store and the texts that a screen shows.

It is made where a table may take time and memory, and handed over as bytes. What comes back is built anew from numbers
and texts, because whoever made it had a stranger's file in their hands.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from geodata.events.points import Note
from geodata.events.pyramid import Pyramid, PyramidBlock
from geodata.ground.grid import Bounds
from geodata.intake.events import ImportedEvents, accept
from geodata.intake.findings import Check, LayerFinding
from geodata.intake.mapping import Mapping, Nature, proposed
from geodata.intake.provenance import Provenance
from geodata.intake.table import LIMITS, FileTable, IntakeLimits, RefusedFile, RefusedRow, or_refuse

PREVIEW = 8
"""So many events, and so many rows left out, go along to be shown."""

SCHEMA = pa.schema(
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


@dataclass(frozen=True)
class Event:
    """One event for display: `lon`, `lat` in degrees, None where only an `area` places it; `day` is ISO or ""."""

    row: int
    lon: float | None
    lat: float | None
    day: str
    quantity: float
    kind: str
    country: str
    area: str


@dataclass(frozen=True)
class AcceptedEvents:
    """Events in the form in which they are stored, with the findings about them.

    `data` is an Arrow stream of `SCHEMA`, compressed, rows in the order of the file; `marks` what the map will ask for.
    `bounds` are in degrees, None where nothing has a place; `period` is the first and the last day named, ISO.
    """

    data: bytes
    marks: tuple[PyramidBlock, ...]
    accepted: int
    refused_total: int
    bounds: Bounds | None
    period: tuple[str, str] | None
    findings: tuple[LayerFinding, ...]
    refused: tuple[RefusedRow, ...]
    notes: tuple[Note, ...]
    first: tuple[Event, ...]

    def __len__(self) -> int:
        return self.accepted


@dataclass(frozen=True)
class MappedTable:
    """A table by its `columns`, read with a mapping: the events, or the `flaw` of the mapping."""

    columns: tuple[str, ...]
    mapping: Mapping
    layer: AcceptedEvents | None = None
    flaw: RefusedFile | None = None


def read_as(table: FileTable, wanted: Mapping | None, today: date, limits: IntakeLimits = LIMITS) -> MappedTable:
    """Read a table with a mapping, or with the one that its headings suggest."""
    chosen = wanted or replace(proposed(table), source=None, note=None)
    nowhere = Provenance("-", "-", "-", "-", today)  # who brings it in has not said it yet
    try:
        return MappedTable(table.columns, chosen, kept(accept(table, chosen, nowhere, today, limits)))
    except RefusedFile as refused:
        return MappedTable(table.columns, chosen, flaw=refused)


def kept(layer: ImportedEvents) -> AcceptedEvents:
    """An accepted layer as it is kept. Indicators that only name an area have no position: `lon`, `lat` are null."""
    frame = layer.frame
    there = ~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    lon, lat = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    lon[there], lat[there] = frame.geometry[there].x, frame.geometry[there].y
    columns = {
        "row": pa.array(frame["row"].to_numpy(), pa.int32()),
        "lon": pa.array(lon, from_pandas=True),
        "lat": pa.array(lat, from_pandas=True),
        **{
            name: pa.array(frame[name].to_numpy().astype("datetime64[D]"), pa.date32(), from_pandas=True)
            for name in ("day", "until")
        },
        "quantity": pa.array(frame["quantity"].to_numpy(dtype=float), from_pandas=True),
        **{name: pa.array(frame[name].astype(str)).cast(pa.string()) for name in ("kind", "accuracy", "country")},
    }
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, SCHEMA, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(pa.table(columns, schema=SCHEMA))
    placed_lon, placed_lat = lon[there], lat[there]
    bounds = (
        (float(placed_lon.min()), float(placed_lat.min()), float(placed_lon.max()), float(placed_lat.max()))
        if there.any()
        else None
    )
    dated = bool(frame["day"].notna().any())
    return AcceptedEvents(
        data=sink.getvalue().to_pybytes(),
        marks=tuple(Pyramid(placed_lon, placed_lat).blocks()),
        accepted=len(frame),
        refused_total=layer.refused_total,
        bounds=bounds,
        period=(str(frame["day"].min().date()), str(frame["until"].max().date())) if dated else None,
        findings=layer.findings,
        refused=layer.refused[:PREVIEW],
        notes=layer.notes,
        first=tuple(_shown(row) for _at, row in frame.head(PREVIEW).iterrows()),
    )


def _shown(row: Any) -> Event:
    point = row.geometry
    placed = point is not None and not point.is_empty
    return Event(
        row=int(row["row"]),
        lon=float(point.x) if placed else None,
        lat=float(point.y) if placed else None,
        day="" if row["day"] is None or str(row["day"]) == "NaT" else str(row["day"].date()),
        quantity=float(row["quantity"]),
        **{name: str(row[name]) for name in ("kind", "country", "area")},
    )


# ------------------------------------------------------------------------------------------------------ as bytes


def packed(reading: MappedTable) -> bytes:
    """A reading as bytes: the length of its header, the header as JSON, the events, the marks."""
    layer, flaw = reading.layer, reading.flaw
    header: dict[str, Any] = {"columns": reading.columns, "mapping": asdict(reading.mapping)}
    pieces: list[bytes] = []
    if flaw is not None:
        header["flaw"] = [flaw.template, flaw.params]
    if layer is not None:
        pieces = [layer.data, *(each.data for each in layer.marks)]
        about = {name: value for name, value in vars(layer).items() if name not in ("data", "marks")}
        marks = [[each.zoom, each.number, each.bounds, each.marks] for each in layer.marks]
        header |= {"layer": about, "marks": marks, "sizes": [len(each) for each in pieces]}
    head = json.dumps(header, default=asdict).encode()
    return b"".join([len(head).to_bytes(4, "big"), head, *pieces])


def unpacked(data: bytes) -> MappedTable:
    """What `packed` made. Raises `RefusedFile` for anything else."""
    with or_refuse("The file cannot be read."):
        start = 4 + int.from_bytes(data[:4], "big")
        header = json.loads(data[4:start])
        columns, chosen = tuple(map(str, header["columns"])), mapping_from(header["mapping"])
        if "flaw" in header:
            template, params = header["flaw"]
            return MappedTable(columns, chosen, flaw=RefusedFile(str(template), **params))
        pieces = []
        for size in header["sizes"]:
            pieces.append(data[start : start + int(size)])
            start += int(size)
        return MappedTable(columns, chosen, _layer(header["layer"], header["marks"], pieces))


def mapping_from(said: dict[str, Any]) -> Mapping:
    """A mapping out of what `dataclasses.asdict` made of one."""
    return Mapping(**said | {"months": tuple(said["months"]), "nature": Nature(said["nature"])})


def _layer(about: dict[str, Any], marks: list[Any], pieces: list[bytes]) -> AcceptedEvents:
    findings = tuple(
        LayerFinding(
            Check(each["check"]),
            str(each["template"]),
            dict(each["params"]),
            tuple(map(int, each["rows"])),
            tuple(mapping_from(offer) for offer in each["offers"]),
        )
        for each in about["findings"]
    )
    blocks = tuple(
        PyramidBlock(int(zoom), int(number), _bounds(bounds), int(many), data)
        for (zoom, number, bounds, many), data in zip(marks, pieces[1:], strict=True)
    )
    period = about["period"]
    return AcceptedEvents(
        data=pieces[0],
        marks=blocks,
        accepted=int(about["accepted"]),
        refused_total=int(about["refused_total"]),
        bounds=None if about["bounds"] is None else _bounds(about["bounds"]),
        period=None if period is None else (str(period[0]), str(period[1])),
        findings=findings,
        refused=tuple(
            RefusedRow(int(each["row"]), str(each["column"]), str(each["template"]), dict(each["params"]))
            for each in about["refused"]
        ),
        notes=tuple(Note(str(each["template"]), dict(each["params"])) for each in about["notes"]),
        first=tuple(Event(**each) for each in about["first"]),
    )


def _bounds(said: list[float]) -> Bounds:
    west, south, east, north = map(float, said)
    return west, south, east, north
