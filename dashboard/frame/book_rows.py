"""The rows of workbooks of drafts: those that are known, and those that are brought back, stored all or none.

A row that says what is stored already changes nothing. Where something is wrong nothing is stored, and the answer holds
the workbook with every flaw marked in it. Rows that are pasted from a spreadsheet are rows of its first sheet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlmodel import Session

from dashboard.papers import paper_process
from dashboard.papers.form_book import FIRST, FormBook, FormSheet, as_xlsx
from dashboard.parts.book import draft_rows
from dashboard.parts.book.cells import Flaws, copy_of, rows_of
from dashboard.parts.book.draft_rows import DraftRow, KnownRow, Options
from dashboard.parts.book.marked import stored_or_marked, with_flaws, with_rows
from dashboard.parts.draft_form import DraftForm
from dashboard.server.lazy_modules import sandbox
from dashboard.server.upload_queue import file_answer, tell_part
from dashboard.wording import N_, _, direction, in_language
from operations.core import journal
from operations.core.clock import now
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.store import Store

MOST_ROWS = 2_000
"""New rows of a workbook: each is a verb, and all of them are one turn to write."""
MOST_PASTED = 200
"""Pasted rows: they are stored while somebody waits."""
_FOREIGN = N_("This is not the workbook of this page. Download it from here.")
_TOO_MANY_CELLS = N_("This row has more cells than there are columns.")
_NOT_NOW = N_("A sheet of this workbook cannot be brought in now. Download the workbook anew.")
_INSTRUCTIONS = (
    N_("A head with * must be filled in. Choose from the lists; no names and no documents of persons."),
    N_("Write days as dates, never as text, and no formulas."),
    N_("Bring the file back on the page that it is from. Nothing is stored unless all of it is right."),
    N_("The same file again changes nothing. A row that you change is a correction."),
    N_("Leave rows where they are. Add new rows below. What is wrong comes back marked in the file."),
)


class RowOutcome(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


Write = Callable[[Session, str, DraftRow, Actor], RowOutcome]
"""Stores a row of the workbook of a thing; see `DraftRow.draft`. Raises what the verb raises."""


@dataclass(frozen=True)
class DraftSheet:
    """A sheet: its code and name, the `fields` of a form that are its columns, and what stores a row.

    `told` are the heads of locked columns, by code, which say what a known row is about.
    """

    code: str
    name: str
    form: DraftForm
    fields: tuple[str, ...]
    write: Write
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BookContent:
    """What a workbook of a thing holds: its title, choices and known rows by sheet, and of what the trail tells.

    Sheets that `rows` does not name are left out.
    """

    title: str
    rows: Mapping[str, Sequence[KnownRow]]
    options: Mapping[str, Options] = field(default_factory=dict)
    trail: Mapping[str, Any] = field(default_factory=dict)


class BookRows:
    """The rows of the workbook `name`: `about(session, of, by)` says what that of a thing holds, and who may have it.

    `instructions` are messages above those of every workbook. Raises what `about` raises.
    """

    def __init__(
        self,
        name: str,
        about: Callable[[Session, str, Actor], BookContent],
        sheets: Sequence[DraftSheet],
        instructions: Sequence[str] = (),
    ) -> None:
        self.name, self.about, self.instructions = name, about, (*instructions, *_INSTRUCTIONS)
        self.sheets = {sheet.code: sheet for sheet in sheets}

    def code(self, of: str, by: Actor) -> str:
        """Return the identifier of the workbook of a thing for the people of a country."""
        return str(uuid5(NAMESPACE_OID, f"{self.name} {of} {by.country}"))

    def take(self, store: Store, of: str, language: str, by: Actor) -> tuple[bytes, str]:
        """Return the workbook with what is known, and its name. Raises NotFound, NotPermitted."""
        with journal.disclosing(store, by) as session, in_language(language):
            content = self.about(session, of, by)
            made = self._filled(content, f"{self.code(of, by)}/{new_id()}")
            journal.record_download(session, by, "workbook.take_drafts", None, "xlsx", book=self.name, **content.trail)
        return paper_process.run_in_process(as_xlsx, made), self._file_name("")

    def _file_name(self, more: str) -> str:
        return f"muster-{self.name}-{now():%Y%m%d}{more}.xlsx"

    def _filled(self, content: BookContent, code: str) -> FormBook:
        """Return the workbook with the rows that are known."""
        rows = {
            sheet.code: dict(enumerate(self._known(sheet, content).values(), start=FIRST))
            for sheet in self._offered(content)
        }
        return with_rows(self._book(content, code), rows, {})

    def _offered(self, content: BookContent) -> list[DraftSheet]:
        return [sheet for sheet in self.sheets.values() if sheet.code in content.rows]

    def _known(self, sheet: DraftSheet, content: BookContent) -> dict[UUID, dict[str, Any]]:
        options = content.options.get(sheet.code, {})
        known = content.rows.get(sheet.code, ())
        return {row.id: draft_rows.cells(sheet.form, sheet.fields, row, options) for row in known}

    def _book(self, content: BookContent, code: str) -> FormBook:
        """Return the workbook with nothing filled in, in the language of the request."""
        lists: dict[str, Sequence[str]] = {}
        sheets = []
        for sheet in self._offered(content):
            options = content.options.get(sheet.code, {})
            lists |= dict(draft_rows.lists(sheet.form, sheet.fields, options, sheet.code))
            known = list(self._known(sheet, content).values())
            columns = list(draft_rows.columns(sheet.form, sheet.fields, sheet.told, sheet.code, known))
            sheets.append(FormSheet(sheet.code, _(sheet.name), columns))
        return FormBook(
            code,
            content.title,
            [_(words) for words in self.instructions],
            lists,
            sheets,
            flaw_head=_("What is wrong"),
            first_sheet=_("How to fill it in"),
            rtl=direction() == "rtl",
        )

    @file_answer
    def bring(self, store: Store, of: str, by: Actor, name: str, file: IO[bytes]) -> dict[str, Any]:
        """Store what the workbook of a thing holds, all or nothing; return what the page shows of it."""
        sheets = sandbox.READER.book(file)
        with store.reading(by) as session:
            content = self.about(session, of, by)
        rows, flaws = rows_of(sheets, self.code(of, by), _FOREIGN)
        if sum(draft_rows.ID not in said for filled in rows.values() for said in filled.values()) > MOST_ROWS:
            raise RuleBroken("", "The workbook has more than {most} new rows. Divide it.", most=MOST_ROWS)
        return {"name": name[:200], **self._answer(store, of, content, copy_of(sheets), rows, flaws, by)}

    def paste(self, store: Store, of: str, copy: str, text: str, by: Actor) -> dict[str, Any]:
        """Store pasted rows of the first sheet, all or nothing; return what the page shows. Raises MusterError."""
        with store.reading(by) as session:
            content = self.about(session, of, by)
        first = self._offered(content)[0]
        heads = [each for each in draft_rows.columns(first.form, first.fields, {}, first.code) if not each.hidden]
        lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
        if lines and lines[0][0].casefold() == heads[0].head.casefold():
            del lines[0]
        if len(lines) > MOST_PASTED:
            raise RuleBroken("", "Paste {most} rows at most. Bring more of them in the workbook.", most=MOST_PASTED)
        filled: dict[int, dict[str, Any]] = {
            number: {column.code: cell for column, cell in zip(heads, cells, strict=False) if cell}
            for number, cells in enumerate(lines, start=FIRST)
        }
        flaws = Flaws()
        for number, cells in enumerate(lines, start=FIRST):
            if any(cells[len(heads) :]):
                flaws.add((first.code, number, ""), _TOO_MANY_CELLS)
        return self._answer(store, of, content, copy, {first.code: filled}, flaws, by)

    def _answer(
        self,
        store: Store,
        of: str,
        content: BookContent,
        copy: str,
        rows: Mapping[str, Mapping[int, Any]],
        flaws: Flaws,
        by: Actor,
    ) -> dict[str, Any]:
        """Store all rows and return what became of them, or return the flaws with the marked workbook."""

        def write(session: Session) -> dict[str, Any]:
            return {"rows": True, **self._stored(session, of, rows, _uuid(copy), flaws, by)}

        def marked() -> dict[str, Any]:
            made = self._book(content, f"{self.code(of, by)}/{copy}")
            return with_flaws(made, rows, flaws.found, self._file_name("-marked"))

        return stored_or_marked(store, by, flaws, write, marked)

    def _stored(
        self, session: Session, of: str, rows: Mapping[str, Mapping[int, Any]], copy: UUID, flaws: Flaws, by: Actor
    ) -> dict[str, int]:
        """Write every row; return how many became what. Whoever finds `flaws` afterwards must not commit."""
        content = self.about(session, of, by)
        if any(rows[code] for code in rows.keys() - content.rows.keys()):
            raise RuleBroken("", _NOT_NOW)
        done = dict.fromkeys([each.value for each in RowOutcome], 0)
        for sheet in self._offered(content):
            known, filled = self._known(sheet, content), rows.get(sheet.code, {})
            for at, (number, said) in enumerate(filled.items()):
                tell_part(at / len(filled))
                place = copy, sheet.code, number
                options = content.options.get(sheet.code, {})
                row, wrong = draft_rows.read(sheet.form, sheet.fields, place, said, options)
                if wrong and row.mark != said.get(draft_rows.SEEN):  # what nobody touched is nobody's flaw
                    for column, flaw in wrong.items():
                        flaws.add((sheet.code, number, column), flaw)
                    continue
                try:
                    done[self._written(session, of, sheet, row, said, known, by)] += 1
                except RuleBroken as refused:
                    for flaw in refused.flaws:
                        flaws.add((sheet.code, number, flaw.field), flaw)
                except (Conflict, NotFound) as refused:
                    flaws.add((sheet.code, number, ""), Flaw("", refused.template, refused.params))
        if not any(done.values()) and not flaws.found:
            raise RuleBroken("", "The workbook is empty: nothing is filled in.")
        return done

    def _written(
        self,
        session: Session,
        of: str,
        sheet: DraftSheet,
        row: DraftRow,
        said: Mapping[str, Any],
        known: Mapping[UUID, Mapping[str, Any]],
        by: Actor,
    ) -> RowOutcome:
        found = draft_rows.to_write(row, said, known)
        return RowOutcome.SAME if found is None else sheet.write(session, of, found, by)


def _uuid(text: str) -> UUID:
    """Return the identifier of a copy. Raises RuleBroken where its mark was changed."""
    try:
        return UUID(text)
    except ValueError:
        raise RuleBroken("", _FOREIGN) from None
