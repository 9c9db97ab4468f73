"""Card of a coordination unit: staff, local time, whether it is manned now, and the countries it supports."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts
from dashboard.screens.units.form import FORM, day_name
from dashboard.wording import UNDEFINED, _, coded, joined, ngettext, number
from operations.policing.map_plan.coordination_units import CoordinationUnit, is_open
from operations.policing.map_plan.places import MapObject


def unit_card(drawn: MapObject, unit: CoordinationUnit | None, moment: datetime, edit: str | None) -> Component:
    """Return one unit of the map; with `edit`, the link to its form."""
    way = (
        [
            dcc.Link(
                [icon("edit", 16), html.Span(_("Say what it is") if unit is None else _("Change"))],
                href=edit,
                className="overview-link",
            )
        ]
        if edit
        else []
    )
    if unit is None:
        said = html.P(_("Nobody has said yet who works here."), className="m-dim")
        return html.Article([html.H3(html.Bdi(drawn.name)), said, *way], className="unit unit--unknown")
    open_now = is_open(unit, moment)
    head = tags.Header(
        html.H3(html.Bdi(drawn.name)),
        state_badge(_("manned now") if open_now else _("not manned now"), "good" if open_now else "muted"),
    )
    local = moment.astimezone(ZoneInfo(unit.zone))
    return tags.Article(
        head,
        tags.P(
            html.Strong(f"{local:%H:%M}", dir="ltr"),
            html.Span(day_name(local.weekday())),
            html.Span(unit.zone, className="m-dim m-small"),
            className="unit-clock m-num",
        ),
        facts(_facts(unit), "overview-facts"),
        *way,
        className="unit unit--open" if open_now else "unit",
    )


def _facts(unit: CoordinationUnit) -> list[tuple[str, Any]]:
    return [
        *FORM.facts(unit, "kind", "host_country", "region"),
        (_("Hours"), hours_of(unit)),
        (_("Members"), _members(unit)),
        *FORM.facts(unit, "supports", "note"),
    ]


def hours_of(unit: CoordinationUnit) -> str:
    """Return the unit's hours in its own zone: "round the clock", or days and hours."""
    if unit.round_the_clock:
        return _("round the clock")
    if unit.opens is None or unit.closes is None:
        return UNDEFINED
    days = _("every day") if len(unit.days) == 7 else joined(day_name(day) for day in unit.days)
    return f"{days}, \u2068{unit.opens:%H:%M}–{unit.closes:%H:%M}\u2069"


def _members(unit: CoordinationUnit) -> Component | str:
    if not unit.members:
        return _("nobody: the unit is not manned")
    rows = []
    for seat in unit.members:
        where = coded("CL-COUNTRY", seat["country"]) if seat["country"] else _("General Secretariat")
        function = coded("CL-OCUROLE", seat["function"])
        rows.append(html.Li(f"{number(seat['persons'])} × {function}, {where}"))
    return html.Div([ngettext("{n} person", "{n} persons", unit.persons), html.Ul(rows, className="unit-members")])
