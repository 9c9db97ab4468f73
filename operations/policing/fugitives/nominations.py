"""Bulk nominations: a pasted table or CSV becomes drafts, with flaws for each row.

A row holds codes or the words for them in any of the four languages. A cell that cannot be read is kept as typed.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlmodel import Session, select

from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.people import Actor
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.fugitives.cases import CaseDraft

COLUMNS = ("notice_ref", "offence", "wanted_for", "priority", "believed_in", "warrant", "extradition", "art3")
_HEADINGS = (
    *("notice_ref", "notice", "control number of the notice"),
    *("numéro de contrôle de la notice", "número de control de la notificación", "رقم مراقبة النشرة"),
)
"""What stands in the first cell of a heading, as the screen names the column."""
MOST_ROWS = 2000
_LISTS = {
    "offence": "CL-OFFENCE",
    "wanted_for": "CL-WANTED",
    "priority": "CL-CASEPRIORITY",
    "warrant": "CL-LEGALCHECK",
    "extradition": "CL-LEGALCHECK",
    "art3": "CL-ART3",
}


@dataclass(frozen=True)
class NominationRow:
    """A row of the table: its number and line as typed, and the draft or its flaws."""

    number: int
    line: str
    draft: CaseDraft | None = None
    flaws: tuple[Flaw, ...] = ()


def read(session: Session, operation_id: UUID, text: str, batch: UUID, by: Actor) -> list[NominationRow]:
    """Read a table of nominations of the asker's country. Nothing is stored.

    `batch` is made on the client: the same line of the same batch always becomes the same case.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_ROWS:
        raise RuleBroken("table", "The table has more than {most} rows. Divide it.", most=MOST_ROWS)
    taken = set(
        session.exec(
            select(FugitiveCase.notice_ref).where(
                FugitiveCase.operation_id == operation_id, FugitiveCase.requesting_country == by.country
            )
        )
    )
    return list(_rows(lines, batch, str(by.country), taken))


def _rows(lines: Sequence[tuple[int, str]], batch: UUID, country: str, taken: set[str]) -> Iterator[NominationRow]:
    for number, line in lines:
        cells = [cell.strip() for cell in _cells(line)]
        if cells[0].casefold() in _HEADINGS:
            continue
        try:
            draft = parse(CaseDraft, _content(cells, batch, country))
        except RuleBroken as refused:
            yield NominationRow(number, line, flaws=refused.flaws)
            continue
        if draft.notice_ref in taken:
            yield NominationRow(
                number, line, flaws=(Flaw("notice_ref", "Your country has nominated this notice already."),)
            )
            continue
        taken.add(draft.notice_ref)
        yield NominationRow(number, line, draft)


def _cells(line: str) -> list[str]:
    """Return the cells of a line, separated by tabs, semicolons or commas, whichever occurs first in this order."""
    mark = next((mark for mark in "\t;," if mark in line), "\t")
    return next(csv.reader([line], delimiter=mark), [""]) or [""]


def _content(cells: Sequence[str], batch: UUID, country: str) -> dict[str, object]:
    if len(cells) > len(COLUMNS):
        raise RuleBroken(
            "",
            "This row has {cells} cells, but only {most} columns are known. Remove the others.",
            cells=len(cells),
            most=len(COLUMNS),
        )
    typed = dict(zip(COLUMNS, cells, strict=False))
    content: dict[str, object] = {
        name: vocabulary.code_for(_LISTS[name], value) if name in _LISTS else value
        for name, value in typed.items()
        if value
    }
    if "believed_in" in content:
        content["believed_in"] = [
            vocabulary.code_for("CL-COUNTRY", part) for part in str(content["believed_in"]).split()
        ]
    case_id = uuid5(batch, typed["notice_ref"])
    return {
        **content,
        "id": uuid5(case_id, "\t".join(cells)),
        "case_id": case_id,
        "requesting_country": country,
        "notice_ref": content.get("notice_ref", ""),
    }
