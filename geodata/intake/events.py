"""Events from a table, its mapping of columns and its provenance, with the findings about them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.events.points import Note
from geodata.ground.crs import WGS84
from geodata.ground.reference import Floats
from geodata.intake import axis_check, values
from geodata.intake.bulk_rows import Plain, plain_rows
from geodata.intake.findings import (
    COLUMNS,
    SENTENCES,
    SWAPPED_BY_COUNTRY,
    SWAPPED_BY_LAND,
    Check,
    LayerFinding,
    about_layer,
    finding,
    repeated,
)
from geodata.intake.mapping import Mapping, Nature, check, is_personal, month_of
from geodata.intake.provenance import Provenance
from geodata.intake.table import LIMITS, FileTable, IntakeLimits, Refusals, RefusedRow, UnusableRow

Place = tuple[float, float]

_ZERO = 1e-4
"""Degrees, 11 m: nearer to 0, 0 than that is nobody's position."""


@dataclass(frozen=True, eq=False)
class ImportedEvents:
    """Accepted events, with the provenance and findings that stay with them.

    `frame` has `COLUMNS` and a point on WGS 84 (None for an indicator that only names an area): `row` is the row or
    feature number in the file, `day` and `until` the first and last day (datetime64[s], NaT without a date), `quantity`
    in `unit` (1 where the file has no quantity, NaN where its cell is empty), the rest texts, "" where unknown.
    """

    frame: gpd.GeoDataFrame
    nature: Nature
    unit: str
    provenance: Provenance
    mapping: Mapping
    findings: tuple[LayerFinding, ...]
    refused: tuple[RefusedRow, ...]
    refused_total: int
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)


class _Left(UnusableRow):
    """A row left out, with the check that found it and the column it concerns."""

    def __init__(self, reason: Check, column: str, template: str, **params: Any) -> None:
        super().__init__(template, **params)
        self.check, self.column = reason, column


def accept(
    table: FileTable, mapping: Mapping, provenance: Provenance, today: date, limits: IntakeLimits = LIMITS
) -> ImportedEvents:
    """The events of a table. Rows that cannot be used are left out with their reason; doubts are findings.

    Raises `table.Refused` where the mapping does not fit the table (`mapping.check`). `today` is the day in UTC; a day
    more is granted, since somewhere it is tomorrow.

    >>> from geodata.intake.csv_ import read
    >>> from geodata.intake.mapping import proposed
    >>> table = read(b"lat,lon,date\\n16.97,7.99,2024-03-01\\n0,0,2024-03-02\\n")
    >>> source = Provenance("own reports", "internal", "March 2024", "100 m", date(2024, 4, 1))
    >>> layer = accept(table, proposed(table), source, today=date(2024, 4, 1))
    >>> len(layer), str(layer.frame.geometry[0])
    (1, 'POINT (7.99 16.97)')
    >>> str(layer.findings[0])
    '1 row has the position 0, 0, which stands for an unknown place. It was left out.'
    """
    check(mapping, table)
    reader = _Reader(table, mapping, today, limits)
    frame = reader.events()
    repeats = repeated(frame, table, mapping.nature)
    findings = [*reader.findings(), *about_layer(frame, mapping, repeats)]
    if mapping.once:
        frame = frame[~repeats].reset_index(drop=True)
    return ImportedEvents(
        frame,
        mapping.nature,
        mapping.unit,
        provenance,
        mapping,
        tuple(findings),
        (*table.refused, *reader.refusals.kept)[: limits.reasons],
        table.refused_total + reader.refusals.total,
        table.notes,
    )


class _Reader:
    """Goes through the rows of one table once, and remembers why it left which out."""

    def __init__(self, table: FileTable, mapping: Mapping, today: date, limits: IntakeLimits) -> None:
        self._table, self._mapping = table, mapping
        self._latest = today + timedelta(days=1)
        self.refusals = Refusals(limits)
        self._left: dict[Check, list[int]] = {}
        self._written: list[tuple[int, float, float, str]] = []
        self._days: dict[tuple[str, str], values.Span | UnusableRow] = {}
        self._quantities: dict[str, float | UnusableRow] = {}
        self._plain: Plain | None = None

    def events(self) -> gpd.GeoDataFrame:
        """The rows that can be used, in the order of the file: the plain ones all at once, the others one by one."""
        together = plain_rows(
            self._table,
            self._mapping,
            self._latest,
            lambda text: values.span(text, day_first=self._mapping.day_first, monthly=self._mapping.monthly),
            values.quantity,
        )
        if together is None:
            return self._one_by_one(np.arange(len(self._table)))
        others = np.ones(len(self._table), dtype=bool)
        others[together.at] = False
        alone = self._one_by_one(np.flatnonzero(others))
        self._plain = together
        return _in_order(_framed_together(together, self._table), alone)

    def _one_by_one(self, at: NDArray[np.int64]) -> gpd.GeoDataFrame:
        """The usable ones among some rows, each read for itself."""
        rows: list[tuple[Any, ...]] = []
        places: list[Place | None] = []
        some = self._table.frame.iloc[at]
        columns = {name: some[name].tolist() for name in dict.fromkeys(self._mapping.used)}
        for here, (place, number) in enumerate(zip(at.tolist(), some.index.tolist(), strict=True)):
            cells = {name: column[here] for name, column in columns.items()}
            try:
                found = self._row(number, cells, place)
            except _Left as left:
                self._left.setdefault(left.check, []).append(number)
                self.refusals.add(number, left.column, left.template, **left.params)
            else:
                rows += found[1]
                places += [found[0]] * len(found[1])
        return _framed(rows, places)

    def _row(self, number: int, cells: dict[str, str], place: int) -> tuple[Place | None, list[tuple[Any, ...]]]:
        mapping = self._mapping

        def cell(role: str) -> str:
            column = getattr(mapping, role)
            return cells[column] if column is not None else ""

        if cell("unless"):
            raise _Left(Check.MARKED, str(mapping.unless), "The file marks this row: {mark}.", mark=cell("unless")[:80])
        point = self._point(cells, place, cell("country"))
        area = cell("area") or mapping.area_name
        if point is None and not area:
            raise _Left(Check.UNPLACED, "", "The row has no position.")
        texts = (cell("kind") or mapping.kind_name, cell("accuracy"), cell("country"), area, cell("source"))
        totals = self._totals(cells)
        return point, [(number, *total, *texts, cell("note")) for total in totals]

    def _totals(self, cells: dict[str, str]) -> list[tuple[date | None, date | None, float]]:
        """Day, last day and quantity: one for a row, one for each filled month of a row with months."""
        mapping = self._mapping
        if mapping.months:
            filled = [name for name in mapping.months if cells[name]]
            return [(*values.span("{}-{:02}".format(*month_of(name))), self._quantity(name, cells)) for name in filled]
        first, last = self._span(cells)
        return [(first, last, self._quantity(mapping.quantity, cells))]

    def _quantity(self, column: str | None, cells: dict[str, str]) -> float:
        if column is None:
            return 1.0
        text = cells[column]
        if not text:
            return float("nan")
        if text not in self._quantities:
            self._quantities[text] = _tried(lambda: values.quantity(text))
        found = self._quantities[text]
        if isinstance(found, UnusableRow):
            raise _Left(Check.OTHER, column, found.template, **found.params)
        return found

    def _span(self, cells: dict[str, str]) -> tuple[date | None, date | None]:
        mapping = self._mapping
        if mapping.date is None or not cells[mapping.date]:
            return None, None
        first, last = self._day(mapping.date, cells)
        if mapping.until is not None and cells[mapping.until]:
            last = self._day(mapping.until, cells)[1]
        if first > self._latest:
            raise _Left(Check.FUTURE, mapping.date, "{day} lies in the future.", day=first.isoformat())
        if last < first:
            raise _Left(Check.OTHER, str(mapping.until), "The period ends before it begins.")
        return first, last

    def _day(self, column: str, cells: dict[str, str]) -> values.Span:
        mapping = self._mapping
        key = cells[column], cells[mapping.zone] if mapping.zone is not None else ""
        if key not in self._days:
            self._days[key] = _tried(
                lambda: values.span(key[0], day_first=mapping.day_first, monthly=mapping.monthly, zone=key[1])
            )
        found = self._days[key]
        if isinstance(found, UnusableRow):
            ambiguous = isinstance(found, values.AmbiguousDay)
            raise _Left(Check.AMBIGUOUS if ambiguous else Check.OTHER, column, found.template, **found.params)
        return found

    def _point(self, cells: dict[str, str], place: int, country: str) -> Place | None:
        """Longitude and latitude of a row on WGS 84, None where only an area places it."""
        column, written = self._pair(cells, place)
        if written is None:
            return None
        lat, lon = (written.lon, written.lat) if self._mapping.swapped else (written.lat, written.lon)
        self._written.append((place, lon, lat, country))
        if abs(lat) < _ZERO and abs(lon) < _ZERO:
            raise _Left(Check.ORIGIN, column, "The position is 0, 0, which stands for an unknown place.")
        if not -90 <= lat <= 90:
            raise _Left(Check.OUTSIDE, column, "Latitude {value} is not between -90 and 90.", value=f"{lat:g}")
        if not -180 <= lon <= 180:
            raise _Left(Check.OUTSIDE, column, "Longitude {value} is not between -180 and 180.", value=f"{lon:g}")
        return lon + 0.0, lat + 0.0

    def _pair(self, cells: dict[str, str], place: int) -> tuple[str, values.PositionPair | None]:
        mapping = self._mapping
        if mapping.latitude is not None and mapping.longitude is not None:
            lat, lon = cells[mapping.latitude], cells[mapping.longitude]
            if lat or lon:
                return mapping.latitude, self._read(mapping.latitude, lambda: values.pair(lat, lon))
        elif mapping.position is not None:
            text = cells[mapping.position]
            if text:
                return mapping.position, self._read(mapping.position, lambda: values.position(text))
        elif self._table.geometry is not None:
            shape = self._table.geometry[place]
            if shape is not None:
                if shape.geom_type != "Point":
                    raise _Left(Check.NO_POINT, "geometry", "This is no point, and a point is expected.")
                return "geometry", values.PositionPair(lat=shape.y, lon=shape.x)
        return "", None

    def _read(self, column: str, read: Callable[[], values.PositionPair]) -> values.PositionPair:
        try:
            return read()
        except UnusableRow as unfit:
            raise _Left(Check.OTHER, column, unfit.template, **unfit.params) from None

    def findings(self) -> list[LayerFinding]:
        """What the rows that were left out have in common, and whether the axes look exchanged."""
        mapping = self._mapping
        offers: dict[Check, tuple[Mapping, ...]] = {
            Check.AMBIGUOUS: (replace(mapping, day_first=True), replace(mapping, day_first=False)),
            Check.MARKED: (replace(mapping, unless=None),),
        }
        found = [
            finding(reason, rows, offers.get(reason, ())) for reason in SENTENCES if (rows := self._left.get(reason))
        ]
        if personal := [name for name in self._table.columns if is_personal(name)]:
            found.append(
                LayerFinding(
                    Check.PERSONAL,
                    "These columns seem to identify persons and are not imported: {columns}.",
                    {"columns": ", ".join(personal)},
                )
            )
        return [*self._exchanged(), *found]

    def _all_written(self) -> tuple[Floats, Floats, list[str]]:
        """Every position that was read, also of rows that were left out, and the country that its row names."""
        at, lon, lat, countries = zip(*self._written, strict=True) if self._written else ((), (), (), ())
        if self._plain is None:
            return np.array(lon), np.array(lat), list(countries)
        plain = self._plain
        order = np.argsort(np.concatenate([plain.at, np.array(at, dtype=np.int64)]))
        named = np.concatenate([plain.texts["country"], np.array(countries, dtype=object)])
        return (
            np.concatenate([plain.lon, np.array(lon, dtype=float)])[order],
            np.concatenate([plain.lat, np.array(lat, dtype=float)])[order],
            named[order].tolist(),
        )

    def _exchanged(self) -> list[LayerFinding]:
        lon, lat, countries = self._all_written()
        if not len(lon):
            return []
        fit = axis_check.fit(lon, lat, countries)
        if not fit.suspicious:
            return []
        shares = {"written": f"{fit.written:.0%}", "exchanged": f"{fit.exchanged:.0%}"}
        offers = (replace(self._mapping, swapped=not self._mapping.swapped),)
        return [
            LayerFinding(Check.SWAPPED, SWAPPED_BY_COUNTRY if fit.named else SWAPPED_BY_LAND, shares, offers=offers)
        ]


def _framed(rows: list[tuple[Any, ...]], places: list[Place | None]) -> gpd.GeoDataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    made: dict[str, Any] = {}
    for name, cells in zip(COLUMNS, columns, strict=True):
        if name in ("day", "until"):
            made[name] = np.array(cells, dtype="datetime64[D]").astype("datetime64[s]")
        elif name == "row":
            made[name] = np.array(cells, dtype="int64")
        elif name == "quantity":
            made[name] = np.array(cells, dtype="float64")
        else:
            made[name] = pd.array(list(cells), dtype="str")
    nowhere = np.array([place is None for place in places], dtype=bool)
    lonlat = np.array([place or (0.0, 0.0) for place in places], dtype=float).reshape(-1, 2)
    shapes = np.where(nowhere, None, shapely.points(lonlat))
    return gpd.GeoDataFrame(made, geometry=gpd.GeoSeries(shapes, crs=WGS84))


def _framed_together(plain: Plain, table: FileTable) -> gpd.GeoDataFrame:
    made: dict[str, Any] = {
        "row": table.frame.index.to_numpy()[plain.at],
        "day": plain.day.astype("datetime64[s]"),
        "until": plain.until.astype("datetime64[s]"),
        "quantity": plain.quantity,
        **{name: pd.array(cells, dtype="str") for name, cells in plain.texts.items()},
    }
    shapes = shapely.points(plain.lon, plain.lat)
    return gpd.GeoDataFrame({name: made[name] for name in COLUMNS}, geometry=gpd.GeoSeries(shapes, crs=WGS84))


def _in_order(together: gpd.GeoDataFrame, alone: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Both as one frame, in the order of their rows."""
    if alone.empty:
        return together
    if together.empty:
        return alone
    joined = pd.concat([together, alone], ignore_index=True)
    return gpd.GeoDataFrame(joined.sort_values("row", kind="stable", ignore_index=True), crs=WGS84)


def _tried(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except UnusableRow as unfit:
        return unfit
