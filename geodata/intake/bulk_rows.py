"""Fast parser for plain rows: decimal positions of whole files at once, where row by row takes too long.

Only what is beyond doubt is taken here. A row with anything unusual in it is left to `events`, which reads it alone
and says what is wrong with it; so both ways give the same events, and this one a million of them in a few seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.ground.reference import Floats
from geodata.intake.mapping import Mapping
from geodata.intake.table import FileTable, UnusableRow

_DECIMAL = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_NEAR_ZERO = 1e-4

Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Plain:
    """The plain rows of a table: `at` are their row numbers; the other arrays have one value for each.

    `lon` and `lat` are as they are used, axes exchanged where the mapping says so; `day` and `until` are
    datetime64[D], NaT without a date; `texts` has kind, accuracy, country, area, source and note.
    """

    at: NDArray[np.int64]
    lon: Floats
    lat: Floats
    day: Days
    until: Days
    quantity: Floats
    texts: dict[str, NDArray[np.object_]]


def plain_rows(
    table: FileTable,
    mapping: Mapping,
    latest: date,
    span: Callable[[str], tuple[date, date]],
    quantity: Callable[[str], float],
) -> Plain | None:
    """The plain rows; None where the mapping asks for more than this way can do, or the table is small.

    `span` and `quantity` read one cell each and raise `UnusableRow`; they are asked once for each different text.
    """
    beyond = mapping.months or mapping.until or mapping.zone
    if beyond or mapping.latitude is None or mapping.longitude is None or len(table) < 1_000:
        return None
    lat, lat_fits = _decimals(table, mapping.latitude)
    lon, lon_fits = _decimals(table, mapping.longitude)
    if mapping.swapped:
        lat, lon = lon, lat
    fits = lat_fits & lon_fits & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    fits &= (np.abs(lat) >= _NEAR_ZERO) | (np.abs(lon) >= _NEAR_ZERO)
    if mapping.unless is not None:
        fits &= _texts(table, mapping.unless) == ""
    day, until, dated = _days(table, mapping.date, latest, span)
    amount, counted = _quantities(table, mapping.quantity, quantity)
    at = np.flatnonzero(fits & dated & counted)
    texts = {
        role: _texts(table, getattr(mapping, role))[at]
        for role in ("kind", "accuracy", "country", "area", "source", "note")
    }
    for role, otherwise in (("kind", mapping.kind_name), ("area", mapping.area_name)):
        if otherwise:
            texts[role] = np.where(texts[role] == "", otherwise, texts[role])
    return Plain(at, lon[at] + 0.0, lat[at] + 0.0, day[at], until[at], amount[at], texts)


def _arrow(table: FileTable, column: str) -> pa.Array:
    found = pa.array(table.frame[column], pa.large_string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _texts(table: FileTable, column: str | None) -> NDArray[np.object_]:
    if column is None:
        return np.full(len(table), "", dtype=object)
    return table.frame[column].to_numpy(dtype=object)


def _decimals(table: FileTable, column: str) -> tuple[Floats, Flags]:
    """The numbers of a column, and which of its cells are plain decimal ones."""
    cells = pc.replace_substring(_arrow(table, column), ",", ".", max_replacements=1)
    fits = pc.match_substring_regex(cells, _DECIMAL)
    numbers = pc.cast(pc.if_else(fits, cells, "0"), pa.float64())
    return numbers.to_numpy(zero_copy_only=False), fits.to_numpy(zero_copy_only=False)


def _each(table: FileTable, column: str, read: Callable[[str], Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """What each different text of a column is, None where it is not plain; and which of them each row has."""
    coded = _arrow(table, column).dictionary_encode()
    found: list[Any] = []
    for text in coded.dictionary.to_pylist():
        try:
            found.append(read(text))
        except UnusableRow:
            found.append(None)
    return found, coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _days(
    table: FileTable, column: str | None, latest: date, span: Callable[[str], tuple[date, date]]
) -> tuple[Days, Days, Flags]:
    nothing = np.datetime64("NaT", "D")
    if column is None:
        return np.full(len(table), nothing), np.full(len(table), nothing), np.ones(len(table), dtype=bool)
    spans, which = _each(table, column, lambda text: span(text) if text else (None, None))
    spans = [None if each is None or (each[0] is not None and each[0] > latest) else each for each in spans]
    first, last = (
        np.array(
            [nothing if each is None or each[side] is None else np.datetime64(each[side], "D") for each in spans],
            dtype="datetime64[D]",
        )
        for side in (0, 1)
    )
    fits = np.array([each is not None for each in spans], dtype=bool)
    return first[which], last[which], fits[which]


def _quantities(table: FileTable, column: str | None, read: Callable[[str], float]) -> tuple[Floats, Flags]:
    if column is None:
        return np.ones(len(table)), np.ones(len(table), dtype=bool)
    amounts, which = _each(table, column, lambda text: read(text) if text else float("nan"))
    values = np.array([np.nan if each is None else each for each in amounts], dtype=float)
    fits = np.array([each is not None for each in amounts], dtype=bool)
    return values[which], fits[which]
