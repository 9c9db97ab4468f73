"""The workbook of reports: taken along, brought back, and what became of it."""

from enum import StrEnum
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.live_parts import OF_PROGRAMME, followed, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.book.marked import BOOKS_TAKEN
from dashboard.parts.book.result_view import MARKED, result_view
from dashboard.parts.file_button import file_button
from dashboard.parts.file_drop import file_place
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.places import WORKBOOK
from dashboard.screens.workbook import content, files
from dashboard.screens.workbook.own_sheet_steps import ANSWER, DOWNLOAD, REMEMBERED, SUMMARY, WORK, remembered
from dashboard.screens.workbook.own_sheet_view import STORED, TOLD
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, ngettext
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation.plan import Operation

NAV = WORKBOOK


class Ids(StrEnum):
    """Element ids of this page."""

    FILE = "workbook-file"
    BROUGHT = "workbook-brought"
    RESULT = "workbook-result"
    SITES = "workbook-sites"


def layout(operation_id: str = "", **_query: str) -> Component:
    """Return the workbook's download, its drop area, and the place of the result."""
    with reading() as session:
        about = content.context(session, known_id(operation_id), actor())
        sites = sites_told(session, about.operation, actor())
        known = remembered(session, about.operation, actor())
    return page(
        _("Workbook"),
        dcc.Store(id=Ids.BROUGHT),
        dcc.Store(id=SUMMARY),
        *(dcc.Store(id=each) for each in (ANSWER, STORED, TOLD)),
        dcc.Download(id=DOWNLOAD),
        tags.Div(
            panel(
                _("Take it along"),
                html.Div(
                    [
                        html.P(_("Fill it in with any spreadsheet program. No network is needed.")),
                        followed(Ids.SITES, sites),
                        html.Div(file_button(_("Download the workbook"), files.address(operation_id))),
                        html.Ul(
                            [html.Li(words) for words in content.book(about).instructions], className="workbook-how"
                        ),
                    ],
                    className="m-stack",
                ),
                class_name="workbook-take",
            ),
            panel(
                _("Bring it back"),
                html.Div(
                    [
                        html.P(_("All of it is stored, or nothing.")),
                        html.P(_("A sheet of your own can come too. Muster asks once what its columns mean.")),
                        html.P(
                            _("Of formulas in old Excel files (.xls, .xlsb) the stored values are read."),
                            className="m-dim m-small",
                        ),
                        *_drop(operation_id),
                        html.P(
                            _(
                                "You can leave this page while the bar runs. "
                                "If the reports are missing afterwards, bring the file again to see why."
                            ),
                            className="m-dim m-small",
                        ),
                        html.Div(id=Ids.RESULT, role="status", className="m-stack"),
                        html.H3(_("Sheets that Muster knows")),
                        followed(REMEMBERED, known, **OF_PROGRAMME),
                    ],
                    className="m-stack",
                ),
            ),
            className="workbook-grid",
        ),
        html.Div(id=WORK, className="workbook-work"),
        lead=_("Reports of many sites and days in one file, for posts without a network."),
        actions=[
            dcc.Link(
                [icon("clipboard-list", 16), _("Reports")],
                href=f"/operations/{operation_id}/reports",
                className="workbook-link",
            )
        ],
        wide=True,
    )


def sites_told(session: Session, operation: Operation, by: Actor) -> str:
    """Return for how many sites the workbook is."""
    about = content.context(session, operation.id, by)
    return ngettext("It is for {n} site.", "It is for {n} sites.", len(about.sites))


refresh = follows(sites_told, Ids.SITES, act=Act.REPORT_WRITE, operation=OPERATION)


def _drop(operation_id: str) -> list[Component]:
    drop = dcc.Upload(
        html.Div(
            [
                icon("file-spreadsheet", size=20),
                html.Strong(_("Drop the filled workbook or your own sheet here, or choose it")),
            ],
            className="layers-drop",
        ),
        id=Ids.FILE,
        accept=BOOKS_TAKEN,
        className="layers-upload",
        className_active="is-over",
    )
    to = f"{files.ADDRESS}{operation_id}"
    return file_place(drop, to, Ids.BROUGHT, f"{Ids.FILE}-refused", files.MOST_BYTES, files.too_large())


@screen(Output(Ids.RESULT, "children"), Input(SUMMARY, "data"), act=Act.REPORT_WRITE, prevent_initial_call=True)
def result(brought: Any) -> list[Component]:
    """Return what became of Muster's own workbook; what a country's own sheet holds is shown below."""
    if not isinstance(brought, dict) or "token" in brought:
        return []
    return result_view(brought)


clientside_callback(
    ClientsideFunction("muster", "workbook_summary"),
    Output(SUMMARY, "data"),
    Input(Ids.BROUGHT, "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("muster", "workbook_marked"),
    Output(DOWNLOAD, "data"),
    Input(MARKED, "n_clicks"),
    State(Ids.BROUGHT, "data"),
    prevent_initial_call=True,
)
