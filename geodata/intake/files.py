"""One door for all formats: bytes in, a table out."""

from dataclasses import replace

from geodata.intake import csv_, geojson, gpx, kml, shapefile, xlsx
from geodata.intake.sniff import remark, sniff
from geodata.intake.table import LIMITS, Format, Limits, Table, or_refuse

_READERS = {
    Format.CSV: csv_.read,
    Format.GEOJSON: geojson.read,
    Format.XLSX: xlsx.read,
    Format.KML: kml.read,
    Format.KMZ: kml.read_packed,
    Format.GPX: gpx.read,
    Format.SHAPEFILE: shapefile.read,
}


def read(data: bytes, name: str = "", limits: Limits = LIMITS) -> Table:
    """The content of a file, whatever its name says it is. Raises `table.Refused`, and nothing else.

    >>> table = read(b"lat,lon\\n16.97,7.99\\n", name="points.xlsx")
    >>> len(table), str(table.notes[0])
    (1, 'The name of the file ends in .xlsx, but its content is CSV. It was read as that.')
    """
    with or_refuse("The file cannot be read."):
        form = sniff(data, limits)
        table = _READERS[form](data, limits)
    said = remark(form, name)
    return table if said is None else replace(table, notes=(said, *table.notes))
