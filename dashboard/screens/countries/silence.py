"""Silent countries: those with sites whose report of the day is overdue, selected and reminded together."""

from typing import Any

from dash import Output, State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.bulk_actions import bulk_action
from dashboard.frame.interactions import Done, Press, does, follows, pulse_of
from dashboard.frame.operation_page import OPERATION
from dashboard.parts.form import button
from dashboard.parts.grid import grid, number_column, text_column
from dashboard.parts.panel import panel
from dashboard.wording import _, coded, date, moment, ngettext
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import plan
from operations.timetable import reminders as verbs

GRID, REMIND = "countries-silent", "countries-silent-remind"


def reminding(session: Session, operation: plan.Operation) -> list[Component]:
    """Return the silent countries, and the button that reminds the selected ones."""
    columns = [
        text_column("country", _("Country"), minWidth=150),
        number_column("sites", _("Silent sites"), width=170),
        text_column("day", _("Day")),
        text_column("reminded", _("Reminded")),
    ]
    listed = grid(
        GRID,
        columns,
        rows(session, operation),
        selection="multiple",
        search=False,
        empty=_("No country is silent."),
        height=260,
    )
    hint = _("Choose with the space bar or all with Ctrl+A. Who was reminded less than two hours ago is left alone.")
    press = button(_("Remind those chosen"), REMIND, "primary", "bell")
    return [
        pulse_of(GRID),
        panel(
            _("Silent countries"),
            html.P(hint, className="m-dim m-small"),
            listed,
            html.Div(press, className="m-toolbar"),
        ),
    ]


def rows(session: Session, operation: plan.Operation) -> list[dict[str, Any]]:
    """Return a row for each silent country."""
    return [
        {
            "id": silence.country,
            "country": coded("CL-COUNTRY", silence.country),
            "sites": silence.sites,
            "day": date(silence.day),
            "reminded": moment(silence.reminded, operation.zone) if silence.reminded else _("not yet"),
        }
        for silence in verbs.silences(session, operation)
    ]


def _listed(session: Session, operation: plan.Operation, _by: Actor) -> list[dict[str, Any]]:
    return rows(session, operation)


follow_silent = follows(_listed, Output(GRID, "rowData"), act=Act.OPERATION_RUN, operation=OPERATION, of=GRID)


@does(REMIND, act=Act.OPERATION_RUN, operation=OPERATION, given={"chosen": State(GRID, "selectedRows")})
def remind(press: Press, *, chosen: list[dict[str, Any]] | None) -> Done:
    """Remind each of the selected countries, and report which were not reminded and why."""
    codes = [str(row.get("id")) for row in chosen or []]
    return bulk_action(
        [(coded("CL-COUNTRY", code), code) for code in codes],
        lambda session, code: verbs.remind(session, press.operation_id, code, press.by),
        lambda n: ngettext("{n} country is reminded.", "{n} countries are reminded.", n),
    )
