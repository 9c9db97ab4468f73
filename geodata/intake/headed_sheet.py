"""Headed sheets: a sheet of any workbook as its headings and the rows below them, with typed cells."""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from geodata.intake.mapping import is_personal
from geodata.intake.sheet import Sheet, Typed

_HEAD_ROWS = 10
_MARKS = ("sheet:", "book:")
_TEXT_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T]+(\d{1,2}:\d\d)(?::\d\d)?)?")


@dataclass(frozen=True)
class HeadedSheet:
    """A sheet: its headings ("" for none), and its rows by number, counted from 0.

    `personal` are the headings that seem to be about persons: their cells are never taken.
    """

    name: str
    head: tuple[str, ...]
    at: int
    rows: Mapping[int, Sequence[Typed]]
    formulas: Sequence[str]
    personal: Sequence[str]

    @property
    def columns(self) -> list[str]:
        """The headings of columns that something can be taken from."""
        return [name for name in self.head if name and name not in self.personal]


def found_in(sheets: Iterable[Sheet], flaws: str) -> list[HeadedSheet]:
    """The sheets with a head and rows; `flaws` is the heading of a column that this project added, as its marks are."""
    return [made for sheet in sheets if (made := _headed(sheet, flaws)) is not None]


def _headed(sheet: Sheet, flaws: str) -> HeadedSheet | None:
    first = sheet.rows[:_HEAD_ROWS]
    at = max(range(len(first)), key=lambda row: (_texts(first[row]), -row), default=0)
    if not first or _texts(first[at]) < 2:
        return None
    seen: Counter[str] = Counter()
    head = []
    for cell in first[at]:
        said = " ".join(cell.split())[:180] if isinstance(cell, str) else ""
        said = "" if said == flaws or said.startswith(_MARKS) else said
        seen[said] += 1
        head.append(f"{said} ({seen[said]})" if said and seen[said] > 1 else said)
    while head and not head[-1]:
        head.pop()
    personal = [name for name in head if name and is_personal(name)]
    taken = [name not in personal for name in head]
    rows = {
        row: [cell if kept else None for cell, kept in zip(cells, taken, strict=False)]
        for row, cells in enumerate(sheet.rows)
        if row > at and any(cell is not None for cell in cells[: len(head)]) and not _is_head(cells, head)
    }
    return HeadedSheet(sheet.name[:80], tuple(head), at, rows, sheet.formulas, personal) if rows else None


def _texts(cells: Sequence[Typed]) -> int:
    return sum(isinstance(cell, str) for cell in cells)


def _is_head(cells: Sequence[Typed], head: Sequence[str]) -> bool:
    return all(cell == name for cell, name in zip(cells, head, strict=False) if name)


def packed(sheets: Sequence[HeadedSheet]) -> bytes:
    """Sheets as bytes."""
    return zlib.compress(json.dumps([asdict(sheet) for sheet in sheets], ensure_ascii=False).encode())


def unpacked(data: bytes) -> list[HeadedSheet]:
    """What `packed` made."""
    return [
        HeadedSheet(
            **{**said, "head": tuple(said["head"]), "rows": {int(row): cells for row, cells in said["rows"].items()}}
        )
        for said in json.loads(zlib.decompress(data))
    ]


def word(cells: Sequence[Typed], at: int) -> str:
    """A cell as the words of a person; "" for none."""
    cell = cells[at] if at < len(cells) else None
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return " ".join((cell if isinstance(cell, str) else cell[1] if cell else "").split())[:200]


def day_of_text(text: str, first: str = "") -> Typed:
    """A date that is written as text, where it is beyond doubt or `first` says what comes first; else the text.

    >>> day_of_text("13/04/2025"), day_of_text("3.4.2025"), day_of_text("3.4.2025 8:30", "day")
    (['day', '2025-04-13'], '3.4.2025', ['moment', '2025-04-03T08:30'])
    """
    found = _TEXT_DAY.fullmatch(text)
    if found is None:
        return text
    one, two, year = map(int, found.group(1, 2, 3))
    month_first = first == "month" or (not first and two > 12)
    if not first and one <= 12 and two <= 12 and one != two:
        return text
    day, month = (two, one) if month_first else (one, two)
    try:
        made = date(year, month, day).isoformat()
    except ValueError:
        return text
    return ["moment", f"{made}T{found[4]:0>5}"] if found[4] else ["day", made]
