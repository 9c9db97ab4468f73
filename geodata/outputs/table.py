"""Plan table: the objects of a plan as CSV and as a workbook, in which no cell is executed."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from geodata.ground.formats import Position
from geodata.ground.formats import write as written
from geodata.outputs.objects import FileMetadata, PlanObject, degrees, legal, unique

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_LONGEST = 32_767
"""Characters in one cell of a workbook."""


def harmless(text: str) -> str:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it; any other as it is.

    >>> harmless("=HYPERLINK(1)"), harmless(" @SUM(1)"), harmless("Agadez")
    ("'=HYPERLINK(1)", "' @SUM(1)", 'Agadez')
    """
    return f"'{text}" if text.startswith(_DANGEROUS) or text.lstrip().startswith(_DANGEROUS) else text


def as_csv(objects: Sequence[PlanObject], about: FileMetadata) -> bytes:
    """UTF-8 with a byte order mark, every text quoted; the first rows say what the file is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    for row in _rows(objects, about):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().replace("\0", "").encode("utf-8", "replace")


def as_xlsx(objects: Sequence[PlanObject], about: FileMetadata) -> bytes:
    """A workbook with one sheet. Texts are forced to be texts, so they need no apostrophe; numbers stay numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Plan")
        for at, row in enumerate(_rows(objects, about)):
            for place, value in enumerate(row):
                if isinstance(value, str) and value:
                    sheet.write_string(at, place, legal(value)[:_LONGEST])
                elif isinstance(value, float):
                    sheet.write_number(at, place, value)
    return out.getvalue()


def _rows(objects: Sequence[PlanObject], about: FileMetadata) -> list[list[str | float]]:
    unique(objects)
    head: list[list[str | float]] = [[name, text] for name, text in about.texts.items()]
    columns: list[str | float] = [
        *("id", "kind", "name", "state", "note", "classification", "sources"),
        *("shape", "latitude", "longitude", "mgrs", "wkt"),
    ]
    return [*head, [], columns, *(_row(each) for each in objects)]


def _row(each: PlanObject) -> list[str | float]:
    """Attributes, a point on the object in three writings, and the whole shape as WKT."""
    shape = each.shape
    on_it = shape if shape.geom_type == "Point" else shape.representative_point()
    lat, lon = float(degrees(on_it.y)), float(degrees(on_it.x))
    # MGRS ends near the poles where UTM does; the square of a pole itself is not written.
    grid = written(Position(lat, lon), "mgrs") if -80 <= lat <= 84 else ""
    return [*each.attributes.values(), str(each.geometry["type"]), lat, lon, grid, shape.wkt]
