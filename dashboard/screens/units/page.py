"""The coordination units of an operation: what their clocks say, who is manned now, and whom they support."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, client_id
from dashboard.parts.icon import icon
from dashboard.parts.operation_tabs import UNITS, operation_tabs
from dashboard.parts.panel import empty_state
from dashboard.refusals import say
from dashboard.screens.units.card import unit_card
from dashboard.screens.units.form import FIELDS, content_of, seat_fields, unit_form
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.drafts import parse
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import ParticipationState
from operations.policing.map_plan import units as coordination_units
from operations.policing.map_plan.units import CoordinationUnit
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Coordination units"),
    path_template="/operations/<operation_id>/units",
    icon="building-community",
    order=5,
    act=Act.UNIT_READ,
    place=False,
)
FORM = Form("unit")
_OUT = (ParticipationState.DECLINED, ParticipationState.WITHDRAWN)


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "units-operation"
    OBJECT = "units-object"
    SEEN = "units-seen"
    LIST = "units-list"
    SAVE = "units-save"


def layout(operation_id: str = "", unit: str = "", **_query: str) -> Component:
    """The units as cards; with ?unit= the form of one of them."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        if unit and _mans(operation, by):
            return _edit_page(session, operation, known_id(unit))
        shown = contents(session, operation, by)
    return page(
        _("Coordination units"),
        operation_tabs(operation, by, UNITS),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        html.Div(shown, id=Ids.LIST),
        wide=True,
    )


def _mans(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.UNIT_MAN, plan.subject(operation)) and operation.state not in plan.ENDED


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """What follows the pulse: the cards, and the countries that no unit supports."""
    found = coordination_units.on_map(session, operation.id)
    draws = may(by, Act.PLAN_DRAW, plan.subject(operation))
    way = dcc.Link(
        [icon("map-pin-plus", 16), html.Span(_("Put a unit on the map"))],
        href=f"/operations/{operation.id}/plan",
        className="overview-link",
    )
    if not found:
        return [
            empty_state(
                _("No coordination unit is on the map"),
                _("Draw one on the plan first; who works there is said here."),
                "building-community",
                action=way if draws else None,
            )
        ]
    moment = now()
    base = NAV.href(operation.id)
    cards = [
        unit_card(drawn, unit, moment, f"{base}?unit={drawn.object_id}" if _mans(operation, by) else None)
        for drawn, unit in found
    ]
    return [
        html.Div(cards, className="units"),
        *_left_alone(session, operation, [unit for _drawn, unit in found if unit is not None]),
        *([way] if draws else []),
    ]


def _left_alone(session: Session, operation: plan.Operation, units: list[CoordinationUnit]) -> list[Component]:
    """Countries that take part and that no unit supports, as far as the reader knows of them."""
    taking = [each.country for each in plan.participations(session, operation.id) if each.state not in _OUT]
    alone = coordination_units.unsupported(units, taking)
    if not alone or not units:
        return []
    names = ", ".join(vocabulary.label("CL-COUNTRY", code, language()) for code in alone)
    return [
        html.P(
            [icon("alert-triangle", 18), html.Span(_("No unit supports: {countries}", countries=names))],
            className="units-alone",
            role="note",
        )
    ]


def _edit_page(session: Session, operation: plan.Operation, object_id: UUID) -> Component:
    found = {drawn.object_id: (drawn, unit) for drawn, unit in coordination_units.on_map(session, operation.id)}
    if object_id not in found:
        raise NotFound
    drawn, unit = found[object_id]
    return page(
        drawn.name,
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.OBJECT, data=str(object_id)),
        dcc.Store(id=Ids.SEEN, data=str(unit.id) if unit else None),
        client_id(FORM),
        unit_form(FORM, unit, operation.zone, None),
        html.Div(
            [
                button(_("Save"), id=Ids.SAVE, kind="primary", icon_name="check"),
                dcc.Link(_("Back without saving"), href=NAV.href(operation.id), className="overview-link"),
            ],
            className="m-row overview-form-end",
        ),
    )


# --------------------------------------------------------------------------------------------------- callbacks


@screen(
    Output(Ids.LIST, "children"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.UNIT_READ,
    prevent_initial_call=True,
)
def refresh(_pulse: int, operation_id: str) -> list[Component]:
    """Read the units anew."""
    by = actor()
    with reading() as session:
        return contents(session, plan.operation(session, known_id(operation_id), by), by)


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.SAVE, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "object_id": State(Ids.OBJECT, "data"),
        "seen": State(Ids.SEEN, "data"),
        "version_id": FORM.client_id_state(),
        "always": State(FORM.id("round_the_clock"), "checked"),
        "typed": FORM.states(*FIELDS, *seat_fields()),
    },
    act=Act.UNIT_MAN,
    form=FORM,
    prevent_initial_call=True,
)
def save(clicks: int | None, operation_id: str, typed: dict[str, Any], always: bool, **ids: str | None) -> Any:
    """Keep what was said of the unit and go back to all of them."""
    if not clicks:
        return no_update
    saved(operation_id, typed, always, **ids)
    say(_("The unit is saved."))
    return NAV.href(operation_id)


def saved(
    operation_id: str,
    typed: dict[str, Any],
    always: bool,
    object_id: str | None,
    seen: str | None,
    version_id: str | None,
) -> CoordinationUnit:
    """The unit as typed. What is wrong with it as a whole is said beside its hours or its first member."""
    content = content_of(typed, always) | {"id": version_id, "object_id": object_id, "supersedes_id": seen}
    try:
        draft = parse(coordination_units.UnitDraft, content)
    except RuleBroken as broken:
        raise RuleBroken.all(Flaw(_place(flaw), flaw.template, flaw.params) for flaw in broken.flaws) from None
    with unit_of_work() as session:
        return coordination_units.describe(session, known_id(operation_id), draft, actor())


def _place(flaw: Flaw) -> str:
    """Where on the form a flaw is said: "members.2.persons" is "persons_2"; of the whole form, beside the days."""
    parts = flaw.field.split(".")
    if parts[0] == "members" and len(parts) == 3:
        return f"{parts[2]}_{parts[1]}"
    return flaw.field or "days"
