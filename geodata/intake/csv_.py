"""CSV reader: finds delimiter and encoding, is strict about quotes, and numbers every row."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from geodata.intake import bulk_csv
from geodata.intake.encoding import decoded
from geodata.intake.table import (
    LIMITS,
    FileTable,
    IntakeFormat,
    IntakeLimits,
    Maker,
    RefusedFile,
    check_size,
    headings,
    or_refuse,
)

_DELIMITERS = (";", "\t", ",", "|")
_SAMPLE = 64 * 2**10


def read(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """A table with headings in its first row that is not blank. Raises `RefusedFile`.

    Delimiters: semicolon, tabulator, comma, bar. Encodings: as `encoding.decoded`. A row with more cells than headings
    is refused by its number; one with fewer is filled up. Cells stay texts: nothing that looks like a formula, a number
    or a date is taken for one.

    >>> table = read("lat;lon\\n16,97;7,99\\n".encode())
    >>> table.columns, table.frame.loc[2].tolist()
    (('lat', 'lon'), ['16,97', '7,99'])
    """
    check_size(data, limits)
    text, guessed = decoded(data)
    text, delimiter = _delimited(text)
    maker = Maker(IntakeFormat.CSV, limits)
    if guessed is not None:
        maker.notes.append(guessed)
    with or_refuse("The table of text is damaged."):
        rows = _rows(text, delimiter)
        columns: list[str] = []
        for number, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = headings(_without_tail(cells), limits)
                whole = bulk_csv.read(text, columns, number, delimiter, limits) if len(cells) == len(columns) else None
                if whole is not None:
                    return replace(whole, notes=tuple(maker.notes))
                maker.head(columns)
            elif any(cell.strip() for cell in cells[len(columns) :]):
                maker.refuse(
                    number,
                    "",
                    "The row has {cells} cells, but there are {columns} headings.",
                    cells=len(cells),
                    columns=len(columns),
                )
            else:
                maker.row(number, dict(zip(columns, cells, strict=False)))
    if not columns:
        raise RefusedFile("The file is empty.")
    return maker.table()


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise RefusedFile(
            "The quotes around texts are wrong, or a text never ends, near line {line}.", line=reader.line_num
        ) from error


def _delimited(text: str) -> tuple[str, str]:
    """The text and its delimiter: stated by `sep=` as Excel does, else the one that cuts most rows alike."""
    first, _, rest = text.partition("\n")
    stated = first.strip().lower()
    if stated.startswith("sep=") and stated[4:] in (*_DELIMITERS, ""):
        return rest, stated[4:] or "\t"
    sample = text[:_SAMPLE]
    if len(sample) < len(text):
        sample = sample.rpartition("\n")[0] or sample
    return text, max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """How large a share of the first rows has the same number of cells, more than one; and that number."""
    try:
        rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 50))
    except csv.Error:
        return 0.0, 0
    widths = Counter(len(row) for row in rows if row)
    if not widths:
        return 0.0, 0
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (times / widths.total(), width) if width > 1 else (0.0, 1)


def _without_tail(cells: list[str]) -> list[str]:
    """Headings without the empty ones that a trailing delimiter makes."""
    last = max(place for place, cell in enumerate(cells) if cell.strip())
    return cells[: last + 1]
