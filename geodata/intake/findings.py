"""Findings about a layer, in sentences: about rows that were left out, and about the events as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.ground.reference import Floats
from geodata.intake.mapping import Mapping, Nature
from geodata.intake.table import FileTable

COLUMNS = (
    "row",
    "day",
    "until",
    "quantity",
    "kind",
    "accuracy",
    "country",
    "area",
    "source",
    "note",
)
"""The columns of accepted events beside their geometry."""

_SHOWN = 20
"""So many row numbers go with a finding."""


class Check(StrEnum):
    """The kinds of findings about a layer."""

    EMPTY = "empty"
    UNPLACED = "unplaced"
    NO_POINT = "no_point"
    OUTSIDE = "outside"
    ORIGIN = "origin"
    SWAPPED = "swapped"
    AMBIGUOUS = "ambiguous"
    FUTURE = "future"
    UNDATED = "undated"
    MARKED = "marked"
    DUPLICATES = "duplicates"
    ONE_PLACE = "one_place"
    CROWDED = "crowded"
    PERSONAL = "personal"
    OTHER = "other"


@dataclass(frozen=True)
class LayerFinding:
    """A sentence about a layer: English `template`, its `params`, the first rows it is about, and what to do.

    `offers` are mappings with which the layer can be accepted again, the likeliest first.
    """

    check: Check
    template: str
    params: dict[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    offers: tuple[Mapping, ...] = ()

    def __str__(self) -> str:
        return self.template.format(**self.params)


SENTENCES = {
    Check.UNPLACED: (
        "1 row has no position. It was left out.",
        "{count:,} rows have no position. They were left out.",
    ),
    Check.NO_POINT: (
        "1 feature is a line or an area where a point is expected. It was left out.",
        "{count:,} features are lines or areas where points are expected. They were left out.",
    ),
    Check.OUTSIDE: (
        "1 row lies off the Earth: beyond 90 degrees of latitude or 180 of longitude. It was left out.",
        "{count:,} rows lie off the Earth: beyond 90 degrees of latitude or 180 of longitude. They were left out. "
        "Perhaps the coordinates are metres of a national grid: save the layer in WGS 84.",
    ),
    Check.ORIGIN: (
        "1 row has the position 0, 0, which stands for an unknown place. It was left out.",
        "{count:,} rows have the position 0, 0, which stands for an unknown place. They were left out.",
    ),
    Check.AMBIGUOUS: (
        "1 date can be two different days. Say whether the day or the month comes first; until then it is left out.",
        "{count:,} dates can be two different days. Say whether the day or the month comes first; until then they are "
        "left out.",
    ),
    Check.FUTURE: (
        "1 row is dated in the future. It was left out.",
        "{count:,} rows are dated in the future. They were left out.",
    ),
    Check.MARKED: (
        "1 row is marked as doubtful by the file. It was left out.",
        "{count:,} rows are marked as doubtful by the file. They were left out.",
    ),
    Check.OTHER: (
        "1 row could not be read. It was left out.",
        "{count:,} rows could not be read. They were left out.",
    ),
    Check.UNDATED: (
        "1 event has no date. It is on the map, but in no analysis over time.",
        "{count:,} events have no date. They are on the map, but in no analysis over time.",
    ),
    Check.DUPLICATES: (
        "1 row says the same as an earlier one.",
        "{count:,} rows say the same as an earlier one.",
    ),
}
"""Of the checks that are about rows: the sentence for one row and for many."""

SWAPPED_BY_COUNTRY = (
    "Latitude and longitude seem exchanged: as written {written} of the points lie in the country that their rows "
    "name, exchanged {exchanged}."
)
SWAPPED_BY_LAND = (
    "Latitude and longitude seem exchanged: as written {written} of the points lie on land, exchanged {exchanged}."
)


def finding(reason: Check, rows: Sequence[int], offers: tuple[Mapping, ...] = ()) -> LayerFinding:
    """A finding about rows, in the sentence for one or for many."""
    one, many = SENTENCES[reason]
    template = one if len(rows) == 1 else many
    return LayerFinding(reason, template, {"count": len(rows)}, tuple(rows[:_SHOWN]), offers)


def about_layer(frame: gpd.GeoDataFrame, mapping: Mapping, repeats: NDArray[np.bool_]) -> list[LayerFinding]:
    """What the accepted events show as a whole."""
    if frame.empty:
        return [LayerFinding(Check.EMPTY, "The layer is empty: no row could be used.")]
    found = []
    undated = frame["row"][frame["day"].isna()].tolist()
    if undated:
        found.append(finding(Check.UNDATED, undated))
    again = frame["row"][repeats].tolist()
    if again and not mapping.once:
        found.append(finding(Check.DUPLICATES, again, (replace(mapping, once=True),)))
    return found + _crowded(frame)


def repeated(frame: gpd.GeoDataFrame, table: FileTable, nature: Nature) -> NDArray[np.bool_]:
    """True for each event that says the same as an earlier one in everything but its row.

    Totals are divided by more columns than a mapping takes (nationality, age): they repeat only if the whole row does.
    """
    if nature is Nature.INDICATOR:
        same: NDArray[np.bool_] = frame["row"].isin(table.frame.index[table.frame.duplicated()]).to_numpy(dtype=bool)
        return same
    if frame.empty:
        return np.zeros(0, dtype=bool)
    lon, lat = _lonlat(frame)
    said = frame[[name for name in COLUMNS if name != "row"]].assign(lon=lon + 0.0, lat=lat + 0.0)
    # Rows without a quantity or a day can repeat each other: to pandas one missing value is like another.
    repeats: NDArray[np.bool_] = pd.DataFrame(said).duplicated().to_numpy(dtype=bool)
    return repeats


def _crowded(frame: gpd.GeoDataFrame) -> list[LayerFinding]:
    lon, lat = _lonlat(frame)
    placed = np.isfinite(lon)
    if placed.sum() < 2:
        return []
    places, first, counts = np.unique(  # as one complex number, a place is compared in one step
        lon[placed].round(6) + 1j * lat[placed].round(6), return_index=True, return_counts=True
    )
    busiest = int(counts.argmax())
    count = int(counts[busiest])
    where = {"count": count, "lat": f"{places[busiest].imag:.4f}", "lon": f"{places[busiest].real:.4f}"}
    rows = tuple(frame["row"][placed].iloc[[first[busiest]]].tolist())
    if len(places) == 1:
        return [
            LayerFinding(
                Check.ONE_PLACE,
                "All {count:,} events are in one place, {lat}, {lon}: no pattern can be found in them.",
                where,
                rows,
            )
        ]
    if count >= 20 and count >= 0.01 * placed.sum():
        return [
            LayerFinding(
                Check.CROWDED,
                "{count:,} events have exactly the same position, {lat}, {lon}: perhaps a town or an office that "
                "stands for places nobody knows.",
                where,
                rows,
            )
        ]
    return []


def _lonlat(frame: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    return shapely.get_x(frame.geometry.to_numpy()), shapely.get_y(frame.geometry.to_numpy())
