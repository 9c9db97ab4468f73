"""File table: the content of a file before its columns have a meaning: texts, shapes, and what could not be read."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.events.points import Note

Shapes = NDArray[np.object_]


class IntakeFormat(StrEnum):
    """The kinds of files that are read."""

    CSV = "csv"
    GEOJSON = "geojson"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    KML = "kml"
    KMZ = "kmz"
    GPX = "gpx"
    SHAPEFILE = "shapefile"
    GEOPACKAGE = "geopackage"
    COT = "cot"
    TAK = "tak"


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """Limits on untrusted files; beyond them a file is refused.

    Sizes are in bytes; `unpacked` and `ratio` bound an archive, `ratio` being unpacked to packed; `zipped` is for one
    table of text or GeoJSON that comes in an archive. `vertices` counts lines and areas of one file, `shape_vertices`
    those of one shape; points count as rows. `cell` is in characters. Of refused rows the first `reasons` are kept in
    words, the rest are counted.
    """

    size: int = 10 * 2**20
    unpacked: int = 50 * 2**20
    zipped: int = 50 * 2**20
    ratio: int = 100
    members: int = 50
    workbook_members: int = 200
    package_members: int = 1_000
    rows: int = 1_000_000
    columns: int = 100
    cell: int = 10_000
    vertices: int = 50_000
    shape_vertices: int = 10_000
    rings: int = 500
    json_depth: int = 64
    xml_depth: int = 50
    xml_elements: int = 100_000
    sheets: int = 20
    sheet_rows: int = 20_000
    reasons: int = 1_000


LIMITS = IntakeLimits()


class RefusedFile(ValueError):
    """A file that is refused as a whole. `template` is English with {named} places for `params`."""

    def __init__(self, template: str, **params: Any) -> None:
        self.template, self.params = template, params
        super().__init__(template.format(**params))


class UnusableRow(ValueError):
    """One row or feature that cannot be used, while the rest of the file can. Worded as `RefusedFile`."""

    def __init__(self, template: str, **params: Any) -> None:
        self.template, self.params = template, params
        super().__init__(template.format(**params))


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row left out: its number as the reader counts it, the column ("" for the whole row), and the reason.

    Rows of tables are numbered as a spreadsheet does, headings being row 1; features from 1 in the order of the file.
    """

    row: int
    column: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)


@dataclass(frozen=True, eq=False)
class FileTable:
    """The content of one file. All cells are texts, "" where empty; the index is the row number.

    `geometry` has a shapely shape or None for each row, in the coordinates of the file (longitude first; of a shapefile
    and a GeoPackage already WGS 84), or is None for formats without shapes. Shapes are finite and valid, but not yet
    known to lie on Earth. `refused` holds the first refused rows, `refused_total` counts all. `notes` say how the file
    was understood.
    """

    format: IntakeFormat
    frame: pd.DataFrame
    geometry: Shapes | None = None
    refused: tuple[RefusedRow, ...] = ()
    refused_total: int = 0
    notes: tuple[Note, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings, cleaned and made different from each other."""
        return tuple(str(name) for name in self.frame.columns)

    def __len__(self) -> int:
        return len(self.frame)


class Refusals:
    """The refused rows of a file: the first ones are stored, all are counted."""

    def __init__(self, limits: IntakeLimits) -> None:
        self._most = limits.reasons
        self.kept: list[RefusedRow] = []
        self.total = 0

    def add(self, row: int, column: str, template: str, **params: Any) -> None:
        """Count one row, and keep its reason while there is room."""
        self.total += 1
        if len(self.kept) < self._most:
            self.kept.append(RefusedRow(row, column, template, params))


class Maker:
    """Builder of a table: adds row by row, adds columns as they appear, and enforces every limit."""

    def __init__(
        self, form: IntakeFormat, limits: IntakeLimits, most_rows: int | None = None, shapes: bool = False
    ) -> None:
        self._form, self._limits, self._shapes = form, limits, shapes
        self._most_rows = most_rows or limits.rows
        self._cells: dict[str, list[str]] = {}
        self._numbers: list[int] = []
        self._geometry: list[Any] = []
        self.refusals = Refusals(limits)
        self.notes: list[Note] = []

    def __len__(self) -> int:
        """How many rows there were, those that were refused among them."""
        return len(self._numbers) + self.refusals.total

    def head(self, columns: Sequence[str]) -> None:
        """State the columns before the first row, for formats that have a heading."""
        for name in columns:
            self._column(name)

    def row(self, number: int, values: Mapping[str, str], shape: Any = None) -> None:
        """Take one row: its number, its cells by cleaned column name, and its shape where the format has shapes."""
        if len(self._numbers) + self.refusals.total >= self._most_rows:
            raise RefusedFile("The file has more than {most:,} rows. Divide it.", most=self._most_rows)
        cleaned = {}
        for name, value in values.items():
            if len(value) > self._limits.cell:
                self.refuse(number, name, "The text is longer than {most:,} characters.", most=self._limits.cell)
                return
            cleaned[name] = plain(value)
        for name in cleaned:
            self._column(name)
        for name, cells in self._cells.items():
            cells.append(cleaned.get(name, ""))
        self._numbers.append(number)
        self._geometry.append(shape)

    def refuse(self, number: int, column: str, template: str, **params: Any) -> None:
        """Leave one row out, with its reason."""
        if len(self._numbers) + self.refusals.total >= self._most_rows:
            raise RefusedFile("The file has more than {most:,} rows. Divide it.", most=self._most_rows)
        self.refusals.add(number, column, template, **params)

    def note(self, template: str, **params: Any) -> None:
        """Add a sentence about how the file was understood."""
        self.notes.append(Note(template, params))

    def table(self) -> FileTable:
        """The table of what was taken."""
        frame = pd.DataFrame(self._cells, index=pd.Index(self._numbers, name="row", dtype="int64"), dtype="str")
        geometry = None
        if self._shapes:
            geometry = np.empty(len(self._geometry), dtype=object)
            geometry[:] = self._geometry
        kept = tuple(self.refusals.kept)
        return FileTable(self._form, frame, geometry, kept, self.refusals.total, tuple(self.notes))

    def _column(self, name: str) -> None:
        if name not in self._cells:
            if len(self._cells) >= self._limits.columns:
                raise RefusedFile("The file has more than {most} columns.", most=self._limits.columns)
            self._cells[name] = [""] * len(self._numbers)


# Control characters, marks that turn or hide text, halves of surrogate pairs, and what is no character at all. The
# joiners U+200C and U+200D stay: Arabic and Persian are not written without them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """`text` composed (NFC), without unseen characters and without space around it.

    >>> plain(" Agadez\\x00\\u202e ")
    'Agadez'
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text)).strip()


def headings(cells: Sequence[str], limits: IntakeLimits) -> list[str]:
    """Column names out of a heading row: cleaned, at most 120 characters, never empty, never twice the same.

    >>> headings(["lat", "", "lat"], LIMITS)
    ['lat', 'Column 2', 'lat (2)']
    """
    if len(cells) > limits.columns:
        raise RefusedFile("The file has more than {most} columns.", most=limits.columns)
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = wanted = heading(cell) or f"Column {place}"
        times = 1
        while name in names:
            times += 1
            name = f"{wanted} ({times})"
        names.append(name)
    return names


def heading(text: str) -> str:
    """One column name, on one line and cut at 120 characters; "" where nothing is left."""
    return " ".join(plain(text[:1000]).split())[:120]


@contextmanager
def or_refuse(template: str, **params: Any) -> Iterator[None]:
    """Whatever a library raises inside becomes `RefusedFile` in these words; what is `RefusedFile` already stays as it
    is.

    Nor is a want of memory the file's fault in these words: who set the limit says so.
    """
    try:
        yield
    except (RefusedFile, UnusableRow, MemoryError):
        raise
    except Exception as error:
        raise RefusedFile(template, **params) from error


def check_size(data: bytes, limits: IntakeLimits) -> None:
    """Refuse a file that is empty or too large."""
    if not data.strip():
        raise RefusedFile("The file is empty.")
    if len(data) > limits.size:
        raise RefusedFile("The file is larger than {most} MB. Divide it.", most=f"{limits.size / 2**20:.0f}")
