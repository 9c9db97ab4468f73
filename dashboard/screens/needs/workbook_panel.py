"""Workbook panel: download of the workbook for a post without a network, and its upload."""

from enum import StrEnum
from typing import Any

from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.policy import screen
from dashboard.parts.file_button import file_button
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.screens.needs import workbook
from dashboard.server.access import known_id
from dashboard.wording import _, ngettext
from operations.core.errors import RuleBroken
from operations.core.permissions import Act
from operations.needs import assessments


class Ids(StrEnum):
    """Element ids of this panel."""

    FILE = "needs-workbook"
    READ = "needs-workbook-read"
    NAME = "needs-workbook-name"
    TAKE = "needs-workbook-take"


def panel_of(shown: str) -> Component:
    """Return the download link, and the drop area."""
    drop = dcc.Upload(
        html.Div(
            [icon("file-spreadsheet", size=20), html.Strong(_("Drop the filled workbook here, or choose it"))],
            className="layers-drop",
        ),
        id=Ids.FILE,
        accept=workbook.ACCEPTED,
        className="layers-upload",
        className_active="is-over",
    )
    place = file_place(
        drop, workbook.ADDRESS, Ids.READ, f"{Ids.FILE}-refused", workbook.MOST_BYTES, workbook.too_large()
    )
    inside = [
        html.P(_("Take the workbook along, fill it in at the post, and bring it back here: nothing is typed twice.")),
        html.Div(file_button(_("Download the workbook"), workbook.address(shown))),
        dcc.Store(id=Ids.READ),
        *place,
        html.P(id=Ids.NAME, role="status", className="m-small"),
        html.Div(button(_("Take it over"), Ids.TAKE, "plain", "file-spreadsheet")),
    ]
    return panel(_("Without a network"), html.Div(inside, className="m-stack"))


@screen(Output(Ids.NAME, "children"), Input(Ids.READ, "data"), act=Act.NEEDS_ANSWER, prevent_initial_call=True)
def named(read: dict[str, Any] | None) -> str:
    """Return the name of the workbook that waits to be saved."""
    name = _kept(read).get("name")
    return _("{name} is read: take it over.", name=name) if isinstance(name, str) else ""


def _kept(read: object) -> dict[str, Any]:
    """Return the workbook's content as kept on the page; empty where the browser sent anything else."""
    return read if isinstance(read, dict) else {}


@does(
    Ids.TAKE,
    act=Act.NEEDS_ANSWER,
    given={"shown": State("needs-shown", "data"), "read": State(Ids.READ, "data")},
)
def take_over(press: Press, shown: str, read: dict[str, Any] | None) -> Done:
    """Save the content of the workbook, all or none."""
    rows = _kept(read).get("rows")
    if not isinstance(rows, list):
        raise RuleBroken("", "Choose the filled workbook first.")
    given = [[str(cell) for cell in row] for row in rows if isinstance(row, list)]
    scores, findings, seen = workbook.drafts_of(given, known_id(shown))
    try:
        new = assessments.fill_in(press.session, known_id(shown), scores, findings, seen, press.by)
    except RuleBroken as refused:
        raise workbook.at_cells(given, refused) from None
    return Done(ngettext("{n} part of the workbook is new.", "{n} parts of the workbook are new.", new))
