"""The workbook of reports: taken along, brought back, and what became of it."""

from enum import StrEnum
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.live_parts import followed, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.file_button import file_button
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.places import WORKBOOK
from dashboard.screens.workbook import content, files
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, ngettext, number
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation.plan import Operation

NAV = WORKBOOK


class Ids(StrEnum):
    """Element ids of this page."""

    FILE = "workbook-file"
    BROUGHT = "workbook-brought"
    SUMMARY = "workbook-summary"
    RESULT = "workbook-result"
    MARKED = "workbook-marked"
    SITES = "workbook-sites"
    DOWNLOAD = "workbook-download"


def layout(operation_id: str = "", **_query: str) -> Component:
    """Return the workbook's download, its drop area, and the place of the result."""
    with reading() as session:
        about = content.context(session, known_id(operation_id), actor())
        sites = sites_told(session, about.operation, actor())
    return page(
        _("Workbook"),
        dcc.Store(id=Ids.BROUGHT),
        dcc.Store(id=Ids.SUMMARY),
        dcc.Download(id=Ids.DOWNLOAD),
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
            ),
            panel(
                _("Bring it back"),
                html.Div(
                    [
                        html.P(_("All of it is stored, or nothing.")),
                        *_drop(operation_id),
                        html.Div(id=Ids.RESULT, role="status", className="m-stack"),
                    ],
                    className="m-stack",
                ),
            ),
            className="workbook-grid",
        ),
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
            [icon("file-spreadsheet", size=20), html.Strong(_("Drop the filled workbook here, or choose it"))],
            className="layers-drop",
        ),
        id=Ids.FILE,
        accept=".xlsx,.xlsm,.ods",
        className="layers-upload",
        className_active="is-over",
    )
    to = f"{files.ADDRESS}{operation_id}"
    return file_place(drop, to, Ids.BROUGHT, f"{Ids.FILE}-refused", files.MOST_BYTES, files.too_large())


@screen(Output(Ids.RESULT, "children"), Input(Ids.SUMMARY, "data"), act=Act.REPORT_WRITE, prevent_initial_call=True)
def result(brought: Any) -> list[Component]:
    """Return what became of the workbook: what was stored, or what is wrong with it."""
    if not isinstance(brought, dict):
        return []
    if "flaws" not in brought:
        return [
            html.Strong(_("Stored")),
            html.Ul(
                [
                    html.Li(ngettext("{n} report is new.", "{n} reports are new.", brought["new"])),
                    html.Li(ngettext("{n} report was corrected.", "{n} reports were corrected.", brought["corrected"])),
                    html.Li(
                        ngettext("{n} report was known already.", "{n} reports were known already.", brought["same"])
                    ),
                ],
                className="workbook-how",
            ),
        ]
    head = [_("Sheet"), _("Row"), _("Column"), _("What is wrong")]
    rows = [
        html.Tr([html.Td(sheet), html.Td(number(row)), html.Td(column), html.Td(words)])
        for sheet, row, column, words in brought["flaws"]
    ]
    many = ngettext(
        "Nothing was stored: {n} cell is wrong.", "Nothing was stored: {n} cells are wrong.", brought["many"]
    )
    return [
        html.Strong(many),
        html.P(_("Take the file back with these cells marked, put them right, and bring it again.")),
        html.Div(button(_("Download the marked file"), Ids.MARKED, "primary", "file-export")),
        html.Div(table(head, rows, "workbook-flaws", _("What is wrong")), className="workbook-scroll"),
    ]


clientside_callback(
    ClientsideFunction("muster", "workbook_summary"),
    Output(Ids.SUMMARY, "data"),
    Input(Ids.BROUGHT, "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("muster", "workbook_marked"),
    Output(Ids.DOWNLOAD, "data"),
    Input(Ids.MARKED, "n_clicks"),
    State(Ids.BROUGHT, "data"),
    prevent_initial_call=True,
)
