"""Workbooks of drafts: declared by a screen as sheets of the forms that it has, taken along, and brought back.

browser -> POST /data/files/books/{name}/{of} -> server.upload_queue -> operations.analyses.sandbox -> one unit of work:
see `book_rows`. What stands here is the panel, its callbacks and the routes.
"""

from collections.abc import Callable, Sequence
from functools import partial

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component
from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from dashboard.frame.book_rows import BookContent, BookRows, DraftSheet
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.policy import screen
from dashboard.papers.downloads import By, Spoken, download_response
from dashboard.papers.tables import TableFormat
from dashboard.parts.book import draft_rows
from dashboard.parts.book.marked import BOOKS_TAKEN
from dashboard.parts.book.result_view import BookResult, result_view
from dashboard.parts.file_button import file_button
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.server import access
from dashboard.server.gate import STREAMED
from dashboard.server.upload_queue import Arrival, UploadQueue
from dashboard.wording import _
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store

ADDRESS = f"{STREAMED}books/"
MOST_BYTES = 8 * 2**20


class DraftBook(BookRows):
    """A workbook of drafts on its screen: who may `act` on its rows takes it along and brings it back."""

    def __init__(
        self,
        name: str,
        act: Act,
        about: Callable[[Session, str, Actor], BookContent],
        sheets: Sequence[DraftSheet],
        instructions: Sequence[str] = (),
    ) -> None:
        super().__init__(name, about, sheets, instructions)
        self.act = act
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

    def router(self, store: Store, line: UploadQueue) -> APIRouter:
        """POST its address (`lang` as for papers), and /data/files/books/{name}/{of}?name=... of a filled one."""
        routes = APIRouter()

        @routes.post(f"/export/books/{self.name}/{{of}}.xlsx")
        def take(of: str, by: By, code: Spoken) -> Response:
            """Serve the workbook."""
            require(by, self.act)
            return download_response(*self.take(store, of, code, by), TableFormat.XLSX.media)

        @routes.post(f"{ADDRESS}{self.name}/{{of}}")
        async def bring(of: str, by: access.SignedIn, name: str = "") -> Response:
            """Bring the workbook back."""
            require(by, self.act)
            return Arrival(line, by.account_id, MOST_BYTES, _too_large(), partial(self.bring, store, of, by, name))

        return routes


BOOKS: list[DraftBook] = []
"""All workbooks of drafts."""


def _too_large() -> str:
    return _("The file is larger than {most} MB. Send the workbook alone.", most=MOST_BYTES // 2**20)
