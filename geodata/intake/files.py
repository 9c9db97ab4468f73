"""Entry point for all file formats: bytes in, a table out."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from geodata.intake import archive, cot, csv_, geojson, geopackage, gpx, kml, shapefile, workbook
from geodata.intake.sniff import remark, sniff
from geodata.intake.table import (
    LIMITS,
    FileTable,
    IntakeFormat,
    IntakeLimits,
    RefusedFile,
    check_size,
    or_refuse,
)

_READERS: dict[IntakeFormat, Callable[[bytes, IntakeLimits], FileTable]] = {
    IntakeFormat.CSV: csv_.read,
    IntakeFormat.GEOJSON: geojson.read,
    **{
        form: partial(workbook.read, form=form)
        for form in (IntakeFormat.XLSX, IntakeFormat.XLSB, IntakeFormat.XLS, IntakeFormat.ODS)
    },
    IntakeFormat.KML: kml.read,
    IntakeFormat.KMZ: kml.read_packed,
    IntakeFormat.GPX: gpx.read,
    IntakeFormat.SHAPEFILE: shapefile.read,
    IntakeFormat.GEOPACKAGE: geopackage.read,
    IntakeFormat.COT: cot.read,
    IntakeFormat.TAK: cot.read_packed,
}


def read(data: bytes, name: str = "", limits: IntakeLimits = LIMITS) -> FileTable:
    """The content of a file, whatever its name says it is. Raises `table.Refused`, and nothing else.

    >>> table = read(b"lat,lon\\n16.97,7.99\\n", name="points.xlsx")
    >>> len(table), str(table.notes[0])
    (1, 'The name of the file ends in .xlsx, but its content is CSV. It was read as that.')
    """
    with or_refuse("The file cannot be read."):
        check_size(data, limits)
        packed = archive.text(data, limits)
        if packed is not None:
            name, data = packed
            limits = replace(limits, size=limits.zipped)
        form = sniff(data, limits)
        if packed is not None and form not in (IntakeFormat.CSV, IntakeFormat.GEOJSON):
            raise RefusedFile('"{name}" in the archive is neither a table of text nor GeoJSON.', name=name[:60])
        table = _READERS[form](data, limits)
    said = remark(form, name)
    return table if said is None else replace(table, notes=(said, *table.notes))
