"""Parser for monthly query counts in rows copied from a workbook or a CSV file."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from dashboard.server.lazy_modules import csv_
from dashboard.server.lazy_modules import table as intake
from dashboard.wording import language, sentence
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.ids import new_id
from operations.infrastructure.usage import WEEKDAYS, MonthCount, MonthDraft

COLUMNS = ("month", "database", "serial", "last_query", "queries", "passages", "source", *WEEKDAYS)
"""The accepted names of columns, in every language. In a row with both, day-of-week columns are counts of queries."""


def drafts_of(rows: str, serials: Mapping[str, UUID]) -> list[MonthDraft]:
    """Return the months of the rows, headings first; `serials` maps serial numbers to the post's devices.

    Raises RuleBroken on `rows` with every row that cannot be read.
    """
    try:
        table = csv_.read(rows.encode())
    except intake.RefusedFile as refused:
        raise RuleBroken("rows", refused.template, **refused.params) from None
    if missing := {"month"} - set(table.columns) or ({"queries", "passages"} if not _counts(table.columns) else set()):
        raise RuleBroken("rows", "The headings lack: {columns}.", columns=", ".join(sorted(missing)))
    months: list[MonthDraft] = []
    flaws = [Flaw("rows", each.template, each.params) for each in table.refused]
    for line, cells in zip(table.frame.index, table.frame.to_dict("records"), strict=True):
        try:
            months += _drafts(cells, serials)
        except RuleBroken as refused:
            flaws += [
                Flaw("rows", "Row {line}: {rule}", {"line": int(line), "rule": sentence(each)})
                for each in refused.flaws
            ]
    if flaws:
        raise RuleBroken.all(flaws)
    if not months:
        raise RuleBroken("rows", "There is no row beneath the headings.")
    return months


def _of(line: int, flaw: Flaw) -> Flaw:
    """Return a flaw prefixed with its row number."""
    return Flaw("rows", "Row {line}: {rule}", {"line": line, "rule": sentence(flaw)})


def _counts(columns: tuple[str, ...]) -> bool:
    return bool({"queries", "passages"} & set(columns))


def _drafts(cells: Mapping[str, Any], serials: Mapping[str, UUID]) -> Iterator[MonthDraft]:
    said = {name: str(cells.get(name) or "").strip() for name in COLUMNS}
    month = said["month"] if len(said["month"]) != len("2026-03") else f"{said['month']}-01"
    serial = said["serial"]
    if serial and serial not in serials:
        raise RuleBroken("serial", "The post has no device with the serial number {serial}.", serial=serial)
    about = {"month": month, "source": said["source"]}
    spread = {day: _count(said[day]) if said[day] else None for day in WEEKDAYS}
    if said["queries"]:
        asked = {"database": _database(said["database"]), "last_on": said["last_query"] or None}
        device = {"device_id": serials.get(serial), "count": _count(said["queries"])}
        yield parse(MonthDraft, {**about, **asked, **device, **spread, "id": new_id(), "counted": MonthCount.QUERIES})
    if said["passages"]:
        passed = {
            "counted": MonthCount.PASSAGES,
            "count": _count(said["passages"]),
            **({} if said["queries"] else spread),
        }
        yield parse(MonthDraft, {**about, **passed, "id": new_id()})


def _database(text: str) -> str:
    """Return a database by its code, or by its name in the reader's language or in English."""
    wanted = text.casefold()
    for code in vocabulary.codes("CL-DB"):
        if wanted in (code, *(vocabulary.label("CL-DB", code, each).casefold() for each in (language(), "en"))):
            return code
    return text


def _count(text: str) -> int | str:
    """Parse a whole number with any thousands separator; other text is returned unchanged, to be refused later."""
    plain = text.translate({ord(each): None for each in " \u00a0\u202f'"})
    return int(plain) if plain.isdecimal() else text
