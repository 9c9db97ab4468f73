"""What a file is, by what is in it; its name only adds a remark where it says something else."""

from pathlib import PurePath

from geodata.events.points import Note
from geodata.intake import archive, encoding, markup
from geodata.intake.table import LIMITS, Format, Limits, Refused, check_size

_EXTENSIONS = {
    ".csv": (Format.CSV,),
    ".txt": (Format.CSV,),
    ".tsv": (Format.CSV,),
    ".geojson": (Format.GEOJSON,),
    ".json": (Format.GEOJSON,),
    ".xlsx": (Format.XLSX,),
    ".kml": (Format.KML,),
    ".kmz": (Format.KMZ,),
    ".gpx": (Format.GPX,),
    ".zip": (Format.SHAPEFILE, Format.KMZ),
}
_NAMES = {
    Format.CSV: "CSV",
    Format.GEOJSON: "GeoJSON",
    Format.XLSX: "XLSX",
    Format.KML: "KML",
    Format.KMZ: "KMZ",
    Format.GPX: "GPX",
    Format.SHAPEFILE: "Shapefile",
}
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "The file is an old or locked Office file. Save it as .xlsx without a password."),
    (b"%PDF", "The file is a PDF. Save the table in it as CSV or Excel."),
    (b"SQLite format 3\0", "The file is a database or GeoPackage. Save its layer as GeoJSON."),
    (b"PAR1", "The file is in the format Parquet. Save it as CSV."),
    (b"\x1f\x8b", "The file is packed. Unpack it first."),
    (b"7z\xbc\xaf", "The file is packed. Unpack it first."),
    (b"Rar!", "The file is packed. Unpack it first."),
    (b"\x89PNG", "The file is a picture."),
    (b"\xff\xd8\xff", "The file is a picture."),
    (b"\x00\x00\x27\x0a", "The file is one part of a shapefile. Put the .shp, .dbf and .prj into one zip archive."),
)


def sniff(data: bytes, limits: Limits = LIMITS) -> Format:
    """The format of a file. Raises `Refused`, which names what the file is where that can be told.

    >>> sniff(b"lat,lon\\n16.97,7.99\\n")
    <Format.CSV: 'csv'>
    >>> sniff(b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    Traceback (most recent call last):
    geodata.intake.table.Refused: The file is XML of the kind "OGRVRTDataSource". Only KML and GPX are read.
    """
    check_size(data, limits)
    for magic, sentence in _FOREIGN:
        if data.startswith(magic):
            raise Refused(sentence)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archived(data, limits)
    head = encoding.opening(data).lstrip()
    if head.startswith("<"):
        return _marked_up(data)
    if head.startswith(("{", "[")):
        return Format.GEOJSON
    return Format.CSV


def remark(form: Format, name: str) -> Note | None:
    """A sentence where the name of a file says another format than its content.

    >>> str(remark(Format.XLSX, "crossings.csv"))
    'The name of the file ends in .csv, but its content is XLSX. It was read as that.'
    """
    extension = PurePath(name).suffix.lower()[:10]
    if not extension or form in _EXTENSIONS.get(extension, ()):
        return None
    return Note(
        "The name of the file ends in {extension}, but its content is {format}. It was read as that.",
        {"extension": extension, "format": _NAMES[form]},
    )


def _archived(data: bytes, limits: Limits) -> Format:
    names = [name.lower() for name in archive.names(data, limits)]
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if any(name.endswith(".shp") for name in names):
        return Format.SHAPEFILE
    if any(name.endswith(".kml") for name in names):
        return Format.KMZ
    raise Refused(
        "The archive holds neither a shapefile, nor KML, nor an Excel workbook, nor one CSV or GeoJSON file alone."
    )


def _marked_up(data: bytes) -> Format:
    name = markup.root_name(data)
    if name in ("kml", "gpx"):
        return Format(name)
    raise Refused('The file is XML of the kind "{name}". Only KML and GPX are read.', name=name[:60])
