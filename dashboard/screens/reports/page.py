"""Reports page: sites and days on one side, the entry form or a report in the middle, its history on the other side.

The form is drawn in the browser (`screens/reports/form.js`); it reaches the server through two stores, one to save as
typed and one to send. Every id that the browser sends is looked up with the permissions of the person who asks.
"""

import json
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts import tags
from dashboard.parts.file_button import file_button
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.screens.reports import entry, open_item
from dashboard.screens.reports.ids import Ids
from dashboard.screens.reports.places import parsed_day, sites_and_days
from dashboard.server import live_boards
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE, PULSE_ASKS
from dashboard.wording import N_, _
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation

__all__ = ["NAV", "entry", "layout", "open_item"]
NAV = Nav(
    name=N_("Reports"),
    path_template="/operations/<operation_id>/reports",
    icon="clipboard-list",
    order=30,
    act=Act.REPORT_READ,
)


def layout(
    operation_id: str = "", report: str = "", until: str = "", site: str = "", day: str = "", **_query: str
) -> Component:
    """Return the page of one operation; `report` opens one version, `until` shows the days up to an earlier one.

    `site` and `day` open the form of that day, or its report: reminders link to it.
    """
    ident = known_id(operation_id)
    with reading() as session:
        operation = plan.operation(session, ident, actor())
        writes = may(actor(), Act.REPORT_WRITE)
        asks = _asked(report, site, day)
        shown = sites_and_days(session, operation, parsed_day(until), asks, NAV.href(ident))
        by_key = html.Span([" ", _("N on a cell begins a nil report.")], className="m-by-key")
        hint = [_("Choose a day of a site."), *([by_key] if writes else [])]
    stores = {
        Ids.OPERATION: operation_id,
        Ids.UNTIL: until,
        Ids.ASK: asks,
        Ids.DRAWN: shown.marks,
    }
    empty = [Ids.FORM, Ids.SAVED, Ids.ANSWER, Ids.DISCARDED, Ids.SHOWN, Ids.ARRIVED, Ids.FOLLOWED]
    if may(actor(), Act.REPORT_CORRECT):  # readers have neither a form nor its requests
        empty += [Ids.TYPED, Ids.SEND, Ids.DISCARD]
    return page(
        _("Reports"),
        *(dcc.Store(id=name, data=data) for name, data in [*stores.items(), *((name, None) for name in empty)]),
        tags.Div(
            html.Aside(
                [html.Div(shown.unsent, id=Ids.UNSENT), html.Div(shown.matrix, id=Ids.PLACES)],
                className="reports-places",
                tabIndex=-1,  # keeps the focus while the matrix is redrawn
                **{"aria-label": _("Sites and days")},
            ),
            tags.Div(
                html.Div(id=Ids.HOST, hidden=True),
                html.Div(empty_state(_("Nothing chosen yet"), hint, "clipboard-list"), id=Ids.VIEW),
                className="reports-middle",
            ),
            html.Aside(id=Ids.SIDE, className="reports-side", **{"aria-label": _("History")}),
            className="reports-desk",
            **{
                "data-desk": Ids.ASK.value,
                "data-discard": Ids.DISCARD.value,
                **({"data-writes": "true"} if writes else {}),
            },
        ),
        actions=_exports(operation) if may(actor(), Act.REPORT_EXPORT) else (),
        wide=True,
    )


def _asked(report: str, site: str, day: str) -> dict[str, str] | None:
    """Return what the address asks for."""
    if report:
        return {"what": "version", "id": report}
    return {"what": "cell", "site": site, "day": day} if site and day else None


def _exports(operation: Operation) -> list[Component]:
    return [
        file_button(
            [icon("file-export"), label],
            f"/export/operations/{operation.id}/reports.{suffix}",
            "reports-export",
            title=_("All reports of your country, with their level"),
        )
        for suffix, label in (("xlsx", _("Export to Excel")), ("csv", _("Export as CSV")))
    ]


# --------------------------------------------------------------------------------------------- sites and days


@screen(
    Output(Ids.UNSENT, "children"),
    Output(Ids.PLACES, "children"),
    Output(Ids.DRAWN, "data"),
    Input(PULSE_ASKS, "data"),
    Input(Ids.FORM, "data"),
    Input(Ids.ANSWER, "data"),
    Input(Ids.DISCARDED, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.UNTIL, "data"),
    State(Ids.ASK, "data"),
    State(Ids.DRAWN, "data"),
    act=Act.REPORT_READ,
    prevent_initial_call=True,
)
def show_places(
    _pulse: int,
    _form: Any,
    _answer: Any,
    _gone: Any,
    operation_id: str,
    until: str,
    ask: dict[str, Any] | None,
    drawn: list[str],
) -> tuple[Any, Any, Any]:
    """Return the matrix after any change, here or elsewhere (the pulse). An unchanged matrix is not sent again."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        shown = sites_and_days(session, operation, parsed_day(until), ask, NAV.href(operation.id), drawn)
    unsent, matrix = (no_update if part is None else part for part in (shown.unsent, shown.matrix))
    return unsent, matrix, shown.marks


def board(operation_id: str, until: str, ask: str) -> live_boards.Parts:
    """Return drafts and matrix for subscribers; `ask`: what is open, as JSON, or nothing."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        asks = json.loads(ask) if ask else None
        shown = sites_and_days(session, operation, parsed_day(until), asks, NAV.href(operation.id))
    return {"unsent": shown.unsent, "matrix": shown.matrix}


live_boards.board(
    Ids.PLACES,
    board,
    {"unsent": Output(Ids.UNSENT, "children"), "matrix": Output(Ids.PLACES, "children")},
    act=Act.REPORT_READ,
    apart=lambda by: may(by, Act.REPORT_CORRECT),  # writers have drafts of their own
)
clientside_callback(
    ClientsideFunction("muster", "reportsWatched"),
    Input(Ids.DRAWN, "data"),
    Input(Ids.ASK, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.UNTIL, "data"),
)
clientside_callback(
    ClientsideFunction("muster", "reportsFollowed"),
    Output(Ids.FOLLOWED, "data"),
    Input(PULSE, "data"),
    State(Ids.SHOWN, "data"),
    prevent_initial_call=True,
)
clientside_callback(ClientsideFunction("muster", "reportOpened"), Input(Ids.FORM, "data"), State(Ids.HOST, "id"))
clientside_callback(ClientsideFunction("muster", "reportPlaced"), Input(Ids.DRAWN, "data"))
clientside_callback(ClientsideFunction("muster", "reportSaved"), Input(Ids.SAVED, "data"))
clientside_callback(ClientsideFunction("muster", "reportAnswered"), Input(Ids.ANSWER, "data"))
clientside_callback(
    ClientsideFunction("muster", "reportArrived"), Output(Ids.ARRIVED, "data"), Input(Ids.OPERATION, "data")
)
