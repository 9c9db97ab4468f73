"""Workbooks of drafts: declared by a screen as sheets of the forms that it has, taken along, and brought back.

browser -> POST /data/files/books/{name}/{of} -> server.upload_queue -> operations.analyses.sandbox -> one unit of work.
A row that says what is stored already changes nothing. Where something is wrong nothing is stored, and the answer holds
the workbook with every flaw marked in it. Rows that are pasted from a spreadsheet are rows of its first sheet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import IO, Any
from uuid import NAMESPACE_OID, UUID, uuid5

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component
from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.policy import screen
from dashboard.papers import paper_process
from dashboard.papers.downloads import By, Spoken, download_response
from dashboard.papers.form_book import FIRST, FormBook, FormSheet, as_xlsx
from dashboard.papers.tables import TableFormat
from dashboard.parts.book import draft_rows
from dashboard.parts.book.cells import Flaws, copy_of, rows_of
from dashboard.parts.book.draft_rows import DraftRow, KnownRow, Options
from dashboard.parts.book.marked import BOOKS_TAKEN, with_flaws, with_rows
from dashboard.parts.book.result_view import BookResult, result_view
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_button import file_button
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.server import access
from dashboard.server.gate import STREAMED
from dashboard.server.lazy_modules import sandbox, table
from dashboard.server.upload_queue import Arrival, UploadQueue, tell_part
from dashboard.wording import N_, _, direction, in_language, sentence
from operations.core import journal
from operations.core.clock import now
from operations.core.errors import Conflict, Flaw, MusterError, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store

ADDRESS = f"{STREAMED}books/"
MOST_BYTES = 8 * 2**20
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


class _Flawed(Exception):
    """Something is wrong: what was written is rolled back."""


class DraftBook:
    """The workbook `name` of drafts: `about(session, of, by)` says what that of a thing holds, and who may have it.

    `instructions` are messages above those of every workbook. Raises what `about` raises.
    """

    def __init__(
        self,
        name: str,
        act: Act,
        about: Callable[[Session, str, Actor], BookContent],
        sheets: Sequence[DraftSheet],
        instructions: Sequence[str] = (),
    ) -> None:
        self.name, self.act, self.about, self.instructions = name, act, about, (*instructions, *_INSTRUCTIONS)
        self.sheets = {sheet.code: sheet for sheet in sheets}
        BOOKS.append(self)
        self._follows()
        self._takes_pasted_rows()

    def address(self, of: object) -> str:
        """Return the URL of the workbook of a thing."""
        return f"/export/books/{self.name}/{of}.xlsx"

    def id(self, part: str) -> str:
        """Return the id of an element of its panel."""
        return f"book-{self.name}-{part}"

    # ----------------------------------------------------------------------------------------------------- panel

    def panel(self, of: object) -> Component:
        """Return the panel where the workbook of a thing is taken along and brought back."""
        drop = dcc.Upload(
            html.Div(
                [icon("file-spreadsheet", size=20), html.Strong(_("Drop the filled workbook here, or choose it"))],
                className="layers-drop",
            ),
            id=self.id("file"),
            accept=BOOKS_TAKEN,
            className="layers-upload",
            className_active="is-over",
        )
        to = f"{ADDRESS}{self.name}/{of}"
        inside = [
            html.P(_("Fill it in with any spreadsheet program. No network is needed.")),
            html.Div(file_button(_("Download the workbook"), self.address(of))),
            html.P(_("All of it is stored, or nothing.")),
            *file_place(drop, to, self.id("brought"), self.id("refused"), MOST_BYTES, _too_large()),
            *(dcc.Store(id=self.id(part)) for part in ("brought", "summary")),
            dcc.Download(id=self.id("download")),
            self._paste_fold(of),
            html.Div(id=self.id("result"), role="status", className="m-stack"),
        ]
        return panel(_("In a workbook"), html.Div(inside, className="m-stack"))

    def _paste_fold(self, of: object) -> Component:
        first = next(iter(self.sheets.values()))
        heads = ", ".join(
            column.head for column in draft_rows.columns(first.form, first.fields, {}, first.code) if column.head
        )
        rows = dmc.Textarea(
            id=self.id("rows"),
            label=_("Rows"),
            description=_("In the order of the columns: {columns}", columns=heads),
            autosize=True,
            minRows=3,
            maxRows=12,
        )
        stores = [dcc.Store(id=self.id("of"), data=str(of)), dcc.Store(id=self.id("client-id"), data=str(new_id()))]
        inside = [rows, html.Div(button(_("Store the rows"), self.id("paste"), "plain", "table")), *stores]
        return html.Details(
            [html.Summary(_("Or paste rows from a spreadsheet")), html.Div(inside, className="m-stack")]
        )

    def _takes_pasted_rows(self) -> None:
        """Store the rows that were pasted, as those of a file are."""
        copy = self.id("client-id")
        given = {
            "rows": State(self.id("rows"), "value"),
            "of": State(self.id("of"), "data"),
            "copy": State(copy, "data"),
        }
        shows = Output(self.id("brought"), "data"), Output(copy, "data"), Output(self.id("rows"), "value")

        @does(self.id("paste"), act=self.act, shows=shows, given=given)
        def paste(press: Press, rows: str | None, of: str | None, copy: str | None) -> Done:
            """Store pasted rows; where one is wrong they stay, under the same identifiers."""
            told = self.paste(access.store(), str(of), str(copy), str(rows or ""), press.by)
            return Done(shown=(told, copy, rows) if "flaws" in told else (told, str(new_id()), ""))

    def _follows(self) -> None:
        """Show what became of the workbook that was brought back, and hand over the marked one."""

        def result(brought: BookResult | None) -> list[Component]:
            """Return what became of the workbook."""
            return result_view(brought, self.id("marked")) if brought else []

        shown, told = Output(self.id("result"), "children"), Input(self.id("summary"), "data")
        screen(shown, told, act=self.act, prevent_initial_call=True)(result)
        clientside_callback(
            ClientsideFunction("muster", "workbook_summary"),
            Output(self.id("summary"), "data"),
            Input(self.id("brought"), "data"),
            prevent_initial_call=True,
        )
        clientside_callback(
            ClientsideFunction("muster", "workbook_marked"),
            Output(self.id("download"), "data"),
            Input(self.id("marked"), "n_clicks"),
            State(self.id("brought"), "data"),
            prevent_initial_call=True,
        )

    # ------------------------------------------------------------------------------------------ taken and brought

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

    def bring(self, store: Store, of: str, by: Actor, name: str, file: IO[bytes]) -> dict[str, Any]:
        """Store what the workbook of a thing holds, all or nothing; return what the page shows of it."""
        try:
            sheets = sandbox.READER.book(file)
        except Exception as refused:
            if not isinstance(refused, table.RefusedFile):
                raise
            return {"error": sentence(Flaw("", refused.template, refused.params))}
        try:
            with store.reading(by) as session:
                content = self.about(session, of, by)
            rows, flaws = rows_of(sheets, self.code(of, by), _FOREIGN)
            if sum(draft_rows.ID not in said for filled in rows.values() for said in filled.values()) > MOST_ROWS:
                raise RuleBroken("", "The workbook has more than {most} new rows. Divide it.", most=MOST_ROWS)
            return {"read": {"name": name[:200], **self._answer(store, of, content, copy_of(sheets), rows, flaws, by)}}
        except MusterError as refused:
            return {"error": sentence(refused)}

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
        try:
            with store.unit_of_work(by, behind=True) as session:  # whoever types goes first
                done = self._stored(session, of, rows, _uuid(copy), flaws, by)
                if flaws.found:
                    raise _Flawed
            return {"rows": True, **done}
        except _Flawed:
            made = self._book(content, f"{self.code(of, by)}/{copy}")
            return with_flaws(made, rows, flaws.found, self._file_name("-marked"))

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

    def router(self, store: Store, line: UploadQueue) -> APIRouter:
        """POST its address (`lang` as for papers), and /data/files/books/{name}/{of}?name=... of a filled one."""
        routes = APIRouter()

        @routes.post(f"/export/books/{self.name}/{{of}}.xlsx")
        def take(of: str, by: By, code: Spoken) -> Response:
            """Serve the workbook."""
            require(by, self.act)
            return download_response(*self.take(store, of, code, by), TableFormat.XLSX.media)

        @routes.post(f"{ADDRESS}{self.name}/{{of}}")
        async def bring(of: str, by: By, name: str = "") -> Response:
            """Bring the workbook back."""
            require(by, self.act)
            return Arrival(line, by.account_id, MOST_BYTES, _too_large(), partial(self.bring, store, of, by, name))

        return routes


BOOKS: list[DraftBook] = []
"""All workbooks of drafts."""


def _too_large() -> str:
    return _("The file is larger than {most} MB. Send the workbook alone.", most=MOST_BYTES // 2**20)


def _uuid(text: str) -> UUID:
    """Return the identifier of a copy. Raises RuleBroken where its mark was changed."""
    try:
        return UUID(text)
    except ValueError:
        raise RuleBroken("", _FOREIGN) from None
