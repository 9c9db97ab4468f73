"""Format detection: a file's format by its content; a file name that says otherwise only adds a remark."""

from pathlib import PurePath

from geodata.events.points import Note
from geodata.intake import archive, cot, encoding, geopackage, markup
from geodata.intake.table import LIMITS, IntakeFormat, IntakeLimits, RefusedFile, check_size

_EXTENSIONS = {
    ".csv": (IntakeFormat.CSV,),
    ".txt": (IntakeFormat.CSV,),
    ".tsv": (IntakeFormat.CSV,),
    ".geojson": (IntakeFormat.GEOJSON,),
    ".json": (IntakeFormat.GEOJSON,),
    ".xlsx": (IntakeFormat.XLSX,),
    ".xlsm": (IntakeFormat.XLSX,),
    ".xlsb": (IntakeFormat.XLSB,),
    ".xls": (IntakeFormat.XLS,),
    ".ods": (IntakeFormat.ODS,),
    ".kml": (IntakeFormat.KML,),
    ".kmz": (IntakeFormat.KMZ,),
    ".gpx": (IntakeFormat.GPX,),
    ".zip": (IntakeFormat.SHAPEFILE, IntakeFormat.KMZ, IntakeFormat.TAK),
    ".gpkg": (IntakeFormat.GEOPACKAGE,),
    ".cot": (IntakeFormat.COT,),
    ".dpk": (IntakeFormat.TAK,),
}
_NAMES = {
    IntakeFormat.CSV: "CSV",
    IntakeFormat.GEOJSON: "GeoJSON",
    IntakeFormat.XLSX: "XLSX",
    IntakeFormat.XLSB: "XLSB",
    IntakeFormat.XLS: "XLS",
    IntakeFormat.ODS: "ODS",
    IntakeFormat.KML: "KML",
    IntakeFormat.KMZ: "KMZ",
    IntakeFormat.GPX: "GPX",
    IntakeFormat.SHAPEFILE: "Shapefile",
    IntakeFormat.GEOPACKAGE: "GeoPackage",
    IntakeFormat.COT: "Cursor on Target",
    IntakeFormat.TAK: "TAK data package",
}
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""The container of Excel's older files, and of those with a password."""
_FOREIGN = (
    (b"%PDF", "The file is a PDF. Save the table in it as CSV or Excel."),
    (b"PAR1", "The file is in the format Parquet. Save it as CSV."),
    (b"\x1f\x8b", "The file is packed. Unpack it first."),
    (b"7z\xbc\xaf", "The file is packed. Unpack it first."),
    (b"Rar!", "The file is packed. Unpack it first."),
    (b"\x89PNG", "The file is a picture."),
    (b"\xff\xd8\xff", "The file is a picture."),
    (b"\x00\x00\x27\x0a", "The file is one part of a shapefile. Put the .shp, .dbf and .prj into one zip archive."),
)


def sniff(data: bytes, limits: IntakeLimits = LIMITS) -> IntakeFormat:
    """The format of a file. Raises `RefusedFile`, which names what the file is where that can be told.

    >>> sniff(b"lat,lon\\n16.97,7.99\\n")
    <IntakeFormat.CSV: 'csv'>
    >>> sniff(b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    Traceback (most recent call last):
    geodata.intake.table.RefusedFile: The file is XML of the kind "OGRVRTDataSource". Only KML, GPX and CoT are read.
    """
    check_size(data, limits)
    for magic, sentence in _FOREIGN:
        if data.startswith(magic):
            raise RefusedFile(sentence)
    if data.startswith(_COMPOUND):
        return IntakeFormat.XLS
    if data.startswith(geopackage.MAGIC):
        return IntakeFormat.GEOPACKAGE
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archived(data, limits)
    head = encoding.opening(data).lstrip()
    if head.startswith("<"):
        return _marked_up(data)
    if head.startswith(("{", "[")):
        return IntakeFormat.GEOJSON
    return IntakeFormat.CSV


def remark(form: IntakeFormat, name: str) -> Note | None:
    """A sentence where the name of a file says another format than its content.

    >>> str(remark(IntakeFormat.XLSX, "crossings.csv"))
    'The name of the file ends in .csv, but its content is XLSX. It was read as that.'
    """
    extension = PurePath(name).suffix.lower()[:10]
    if not extension or form in _EXTENSIONS.get(extension, ()):
        return None
    return Note(
        "The name of the file ends in {extension}, but its content is {format}. It was read as that.",
        {"extension": extension, "format": _NAMES[form]},
    )


def _archived(data: bytes, limits: IntakeLimits) -> IntakeFormat:
    names = [name.lower().replace("\\", "/") for name in archive.names(data, limits)]
    if {"xl/workbook.xml", "workbook.xml"} & set(names):
        return IntakeFormat.XLSX
    if "xl/workbook.bin" in names:
        return IntakeFormat.XLSB
    if {"content.xml", "mimetype"} <= set(names):
        return IntakeFormat.ODS
    if any(name.endswith(".shp") for name in names):
        return IntakeFormat.SHAPEFILE
    if any(name.endswith(".kml") for name in names):
        return IntakeFormat.KMZ
    if any(name.endswith(".cot") for name in names):
        return IntakeFormat.TAK
    raise RefusedFile(
        "The archive holds neither a shapefile, nor KML, nor CoT, nor a workbook, nor one CSV or GeoJSON file alone."
    )


def _marked_up(data: bytes) -> IntakeFormat:
    name = markup.root_name(data)
    if name in ("kml", "gpx"):
        return IntakeFormat(name)
    if name in cot.ROOTS:
        return IntakeFormat.COT
    raise RefusedFile('The file is XML of the kind "{name}". Only KML, GPX and CoT are read.', name=name[:60])
