"""Export page: figures and lists as the reader sees them, and the whole operation in one archive."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.operation_page import Parts, operation_page
from dashboard.parts import tags
from dashboard.parts.file_button import file_button
from dashboard.parts.icon import icon
from dashboard.parts.kpi_board import LEVELS
from dashboard.parts.panel import panel
from dashboard.places import HAND_OVER
from dashboard.screens.hand_over.content import SHEETS
from dashboard.screens.hand_over.files import ARCHIVE, DATA, WORKBOOK, address
from dashboard.wording import N_, _, coded
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import Level
from operations.policing.operation import plan

NAV = HAND_OVER


@operation_page(
    NAV, N_("Everything is as you see it here and now. What was hidden from you is hidden in the files too.")
)
def layout(session: Session, operation: plan.Operation, by: Actor, level: str = "") -> Parts:
    """Return the files that can be exported at the level in the address."""
    require(by, Act.OPERATION_EXPORT, plan.subject(operation))
    wanted = next((each for each in LEVELS if each.name == level), Level.V3)
    sheets = [each for each in SHEETS if may(by, each.act, plan.subject(operation))]
    if not sheets:
        raise NotPermitted
    return [
        _levels(operation, wanted),
        tags.Div(
            panel(
                _("Figures and lists"),
                html.P(_("One workbook, a sheet for each list. Every sheet says level, moment and status.")),
                _download(operation, WORKBOOK, wanted, _("Workbook (XLSX)"), "file-spreadsheet"),
                _download(operation, DATA, wanted, _("Data for programs (ZIP)"), "file-export"),
                html.P(
                    _("CSV with codes, moments in UTC and flags after Eurostat. A file describes each field."),
                    className="m-dim m-small",
                ),
                html.H3(_("One list as CSV")),
                html.Ul(
                    [
                        html.Li(file_button(_(each.title), address(operation.id, f"{each.file}.csv", wanted)))
                        for each in sheets
                    ],
                    className="hand-over-lists",
                ),
            ),
            panel(
                _("The whole operation"),
                html.P(
                    _(
                        "One archive that is read without Muster: the workbook, every list as CSV, the plan on map "
                        "sheets and for map programs, and the fingerprint of each file."
                    )
                ),
                _download(operation, ARCHIVE, wanted, _("Archive (ZIP)"), "archive"),
                html.P(
                    _("Drawing the map takes a few seconds. Who took what along stands in the access trail."),
                    className="m-dim m-small",
                ),
            ),
            className="hand-over",
        ),
    ]


def _levels(operation: plan.Operation, wanted: Level) -> Component:
    """Return the levels as links; the chosen one is in the address."""
    links: list[Any] = [html.Span(_("Level"), className="m-dim")]
    for level in LEVELS:
        words = f"{level.name} {coded('CL-LEVEL', level.name)}"
        current: dict[str, Any] = {"aria-current": "true"} if level is wanted else {}
        href = f"{NAV.href(operation.id)}?level={level.name}"
        links.append(html.Span(dcc.Link(words, href=href, className="hand-over-level"), **current))
    return html.Nav(links, className="m-toolbar hand-over-levels", **{"aria-label": _("Level")})


def _download(operation: plan.Operation, name: str, level: Level, words: str, sign: str) -> Component:
    return file_button([icon(sign, size=18), html.Span(words)], address(operation.id, name, level), "hand-over-file")
