"""Reports page: sites and days on one side, the entry form or a report in the middle, its history on the other side.

The form is drawn in the browser (`screens/reports/form.js`); it reaches the server through two stores, one to save as
typed and one to send. Every id that the browser sends is looked up with the permissions of the person who asks.
"""

from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.address import in_address
from dashboard.frame.live_parts import DRAWN, followed, follows
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.field_link import field_link
from dashboard.parts.file_button import file_button
from dashboard.parts.icon import icon
from dashboard.parts.page_keys import declared_keys
from dashboard.parts.panel import empty_state
from dashboard.places import REPORTS, VOICE, WORKBOOK
from dashboard.screens.reports import entry, open_item
from dashboard.screens.reports.ids import Ids
from dashboard.screens.reports.matrix_keys import KEYS
from dashboard.screens.reports.places import parsed_day, sites_and_days
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation

__all__ = ["NAV", "entry", "layout", "open_item"]
NAV = REPORTS
in_address(Ids.SHOWN, "report")


def layout(
    operation_id: str = "",
    report: str = "",
    until: str = "",
    site: str = "",
    day: str = "",
    country: str = "",
    **_query: str,
) -> Component:
    """Return the page of one operation; `report` opens one version, `until` shows the days up to an earlier one.

    `site` and `day` open the form of that day, or its report: reminders link to it. `country`: whose sites are shown,
    where there are too many for one page.
    """
    ident = known_id(operation_id)
    with reading() as session:
        operation = plan.operation(session, ident, actor())
        writes = may(actor(), Act.REPORT_WRITE)
        asks = _asked(report, site, day)
        unsent, matrix = places(session, operation, actor(), until, asks, country)
        by_key = html.Span([" ", _("N on a cell begins a nil report.")], className="m-by-key")
        hint = [_("Choose a day of a site."), *([by_key] if writes else [])]
    stores = {
        Ids.OPERATION: operation_id,
        Ids.UNTIL: until,
        Ids.COUNTRY: country,
        Ids.ASK: asks,
    }
    empty = [Ids.FORM, Ids.SAVED, Ids.ANSWER, Ids.DISCARDED, Ids.SHOWN, Ids.ARRIVED, Ids.FOLLOWED]
    if may(actor(), Act.REPORT_CORRECT):  # readers have neither a form nor its requests
        empty += [Ids.TYPED, Ids.SEND, Ids.DISCARD]
    return page(
        _("Reports"),
        *(dcc.Store(id=name, data=data) for name, data in [*stores.items(), *((name, None) for name in empty)]),
        tags.Div(
            html.Aside(
                [followed(Ids.UNSENT, unsent), followed(Ids.PLACES, matrix)],
                className="reports-places",
                tabIndex=-1,  # keeps the focus while the matrix is redrawn
                **{"aria-label": _("Sites and days"), **declared_keys(KEYS)},
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
        actions=[
            *_doors(operation),
            *field_link(actor()),
            *(_exports(operation) if may(actor(), Act.REPORT_EXPORT) else ()),
        ],
        wide=True,
    )


def _asked(report: str, site: str, day: str) -> dict[str, str] | None:
    """Return what the address asks for."""
    if report:
        return {"what": "version", "id": report}
    return {"what": "cell", "site": site, "day": day} if site and day else None


def _doors(operation: Operation) -> list[Component]:
    """Return the links to the workbook that is filled in without a network, and to reports that are said."""
    subject = plan.subject(operation)
    return [
        dcc.Link([icon(door.icon), _(door.name)], href=door.href(operation.id), className="reports-export")
        for door, allowed in ((WORKBOOK, may(actor(), WORKBOOK.act)), (VOICE, may(actor(), VOICE.act, subject)))
        if allowed
    ]


def _exports(operation: Operation) -> list[Component]:
    return [
        file_button(
            [icon("file-export"), label],
            f"/export/operations/{operation.id}/reports.{suffix}",
            "reports-export",
            title=_("All reports of your country, with their level"),
        )
        for suffix, label in (
            ("xlsx", _("Export to Excel")),
            ("csv", _("Export as CSV")),
            ("zip", _("Data for programs (ZIP)")),
        )
    ]


# --------------------------------------------------------------------------------------------- sites and days


def places(
    session: Session,
    operation: Operation,
    _by: Actor,
    until: str | None,
    ask: dict[str, Any] | None,
    country: str | None = "",
    **_signs: Any,
) -> tuple[list[Component], list[Component]]:
    """Return drafts and matrix; `ask` is what is open."""
    return sites_and_days(session, operation, parsed_day(until or ""), ask, NAV.href(operation.id), country or "")


show_places = follows(
    places,
    Ids.UNSENT,
    Ids.PLACES,
    act=Act.REPORT_READ,
    operation=Ids.OPERATION,
    audience=lambda by: may(by, Act.REPORT_CORRECT),  # writers have drafts of their own
    until=State(Ids.UNTIL, "data"),
    ask=State(Ids.ASK, "data"),
    country=State(Ids.COUNTRY, "data"),
    _form=Input(Ids.FORM, "data"),
    _answer=Input(Ids.ANSWER, "data"),
    _gone=Input(Ids.DISCARDED, "data"),
)
clientside_callback(
    ClientsideFunction("muster", "reportsFollowed"),
    Output(Ids.FOLLOWED, "data"),
    Input(PULSE, "data"),
    State(Ids.SHOWN, "data"),
    prevent_initial_call=True,
)
clientside_callback(ClientsideFunction("muster", "reportOpened"), Input(Ids.FORM, "data"), State(Ids.HOST, "id"))
clientside_callback(ClientsideFunction("muster", "reportPlaced"), Input(Ids.PLACES, DRAWN))
clientside_callback(ClientsideFunction("muster", "reportSaved"), Input(Ids.SAVED, "data"))
clientside_callback(ClientsideFunction("muster", "reportAnswered"), Input(Ids.ANSWER, "data"))
clientside_callback(
    ClientsideFunction("muster", "reportArrived"), Output(Ids.ARRIVED, "data"), Input(Ids.OPERATION, "data")
)
