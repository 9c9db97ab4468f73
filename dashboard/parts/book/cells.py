"""Cells of a form workbook that was brought back: its filled rows, what a cell says, and flaws by cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.papers.form_book import FIRST, Given
from dashboard.wording import N_
from operations.core.drafts import NEEDED
from operations.core.errors import Flaw, RuleBroken

Place = tuple[str, int, str]
"""The place of a flaw: the code of the sheet, the row counted from 0, and the code of the column."""

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NO_DAY = N_("Write the day as a date, such as 2026-11-30.")
_NO_MOMENT = N_("Write the time as a date and time, such as 2026-11-30 14:00.")
FORMULA = N_("This cell holds a formula. Write the value itself.")
_SAME_KIND = N_('The sheets "{first}" and "{second}" hold the same rows. Keep one of them.')


@dataclass
class Flaws:
    """The flaws of a workbook by their places, in order."""

    found: dict[Place, Flaw] = field(default_factory=dict)

    def add(self, place: Place, flaw: Flaw | str) -> None:
        """Add a flaw; the first one of a cell stays."""
        self.found.setdefault(place, Flaw("", flaw) if isinstance(flaw, str) else flaw)


def rows_of(sheets: Sequence[Any], code: str, foreign: str) -> tuple[dict[str, dict[int, dict[str, Given]]], Flaws]:
    """Return the filled rows of each sheet by its code, of the workbook `code`.

    `sheets` are those of `geodata.intake.sheet.book`. Raises RuleBroken for another workbook, with the words `foreign`,
    and for one kind of rows in two sheets.
    """
    found: dict[str, dict[int, dict[str, Given]]] = {}
    names: dict[str, str] = {}
    flaws = Flaws()
    for sheet in sheets:
        head = [cell if isinstance(cell, str) else "" for cell in sheet.rows[0]] if sheet.rows else []
        marks = dict(cell.split(":", 1) for cell in head if cell.startswith(("sheet:", "book:")))
        if "sheet" not in marks:
            continue
        if marks.get("book", "").partition("/")[0] != code:
            raise RuleBroken("", foreign)
        kind = marks["sheet"]
        if kind in names:
            raise RuleBroken("", _SAME_KIND, first=names[kind], second=sheet.name[:60])
        names[kind] = sheet.name[:60]
        found[kind] = {
            row: {name: cell for name, cell in zip(head, cells, strict=False) if name and cell is not None}
            for row, cells in enumerate(sheet.rows)
            if row >= FIRST and any(cell is not None for cell in cells[: len(head) - 3])
        }
        for cell in sheet.formulas:
            row, at = cell_place(cell)
            flaws.add((kind, row, head[at] if 0 <= at < len(head) else ""), FORMULA)
    if not names:
        raise RuleBroken("", foreign)
    return found, flaws


def copy_of(sheets: Sequence[Any]) -> str:
    """Return which copy of a workbook was brought back; "" where its workbook has no copies."""
    cells = (cell for sheet in sheets for cell in (sheet.rows or [[]])[0] if isinstance(cell, str))
    return next((cell.partition("/")[2] for cell in cells if cell.startswith("book:")), "")


def cell_place(cell: str) -> tuple[int, int]:
    """Return the row and the column of a cell such as "B7", counted from 0; column -1 where it is not known."""
    letters, digits = re.fullmatch(r"([A-Z]*)(\d*)", cell).groups()  # type: ignore[union-attr]
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return int(digits or FIRST + 1) - 1, at - 1


def day_of(cell: Given) -> date | str:
    """Return the day of a cell, or the sentence that refuses it: a text in another order is never guessed."""
    if cell is None:
        return NEEDED
    if not isinstance(cell, str | float) and cell[0] in ("day", "moment"):
        return datetime.fromisoformat(cell[1]).date()
    if isinstance(cell, str) and _ISO_DAY.fullmatch(cell):
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return _NO_DAY
    return _NO_DAY


def moment_of(cell: Given, day: date, zone: str) -> datetime | str:
    """Return the moment of a cell in the zone of the site; a time alone is one of the day of its row."""
    try:
        if isinstance(cell, str):
            at = (
                datetime.fromisoformat(cell)
                if _ISO_DAY.match(cell)
                else datetime.combine(day, time.fromisoformat(cell))
            )
        elif cell is None or isinstance(cell, float):
            return _NO_MOMENT
        else:
            kind, text = cell
            at = datetime.combine(day, time.fromisoformat(text)) if kind == "time" else datetime.fromisoformat(text)
    except ValueError:
        return _NO_MOMENT
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def count_of(cell: Given) -> Any:
    """Return the number of a cell; what is none is returned unchanged, to be refused later."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    plain = re.sub("[ \u00a0\u202f']", "", cell) if isinstance(cell, str) else cell
    return int(plain) if isinstance(plain, str) and plain.isdecimal() else plain


def text_of(cell: Given) -> str:
    """Return the text of a cell."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return cell if isinstance(cell, str) or cell is None else cell[1]  # type: ignore[return-value]
