"""Coordination units of an operation: local times, which are manned now, and the countries they support."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.shell import page
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.form import button, client_id
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.places import UNITS
from dashboard.screens.units.card import unit_card
from dashboard.screens.units.form import FORM, known_of, unit_form
from dashboard.server.access import known_id
from dashboard.wording import _, coded, joined
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.map_plan import coordination_units
from operations.policing.map_plan.coordination_units import CoordinationUnit
from operations.policing.operation import plan

NAV = UNITS
AUDIENCE = same_for_role


class Ids(StrEnum):
    """Element ids of this page."""

    OBJECT = "units-object"
    SEEN = "units-seen"
    LIST = "units-list"
    SAVE = "units-save"


@operation_page(NAV, wide=True)
def layout(session: Session, operation: plan.Operation, by: Actor, unit: str = "") -> Parts:
    """Return the units as cards; `unit` opens the form of one."""
    if unit and _mans(operation, by):
        return _edit_page(session, operation, known_id(unit))
    shown = contents(session, operation, by)
    return [
        followed(Ids.LIST, shown),
    ]


def _mans(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.UNIT_MAN, plan.subject(operation)) and operation.state not in plan.ENDED


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return what follows the pulse: the cards, and the countries that no unit supports."""
    units = coordination_units.mapped_units(session, operation.id)
    draws = may(by, Act.PLAN_DRAW, plan.subject(operation))
    way = dcc.Link(
        [icon("map-pin-plus", 16), html.Span(_("Put a unit on the map"))],
        href=f"/operations/{operation.id}/plan?tool=coordination_unit",
        className="overview-link",
    )
    if not units:
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
        for drawn, unit in units
    ]
    return [
        html.Div(cards, className="units"),
        *_left_alone(session, operation, [unit for _drawn, unit in units if unit is not None]),
        *([way] if draws else []),
    ]


def _left_alone(session: Session, operation: plan.Operation, units: list[CoordinationUnit]) -> list[Component]:
    """Return the participating countries that no unit supports, as far as the reader may know them."""
    taking = plan.countries(session, operation.id)
    alone = coordination_units.unsupported(units, taking)
    if not alone or not units:
        return []
    names = joined(sorted(coded("CL-COUNTRY", code) for code in alone))
    return [
        html.P(
            [icon("alert-triangle", 18), html.Span(_("No unit supports: {countries}", countries=names))],
            className="units-alone",
            role="note",
        )
    ]


def _edit_page(session: Session, operation: plan.Operation, object_id: UUID) -> Component:
    units = {drawn.object_id: (drawn, unit) for drawn, unit in coordination_units.mapped_units(session, operation.id)}
    if object_id not in units:
        raise NotFound
    drawn, unit = units[object_id]
    return page(
        drawn.name,
        dcc.Store(id=Ids.OBJECT, data=str(object_id)),
        client_id(FORM),
        unit_form(unit, operation.zone),
        *UNIT.kept(known_of(unit) or {"zone": operation.zone}, str(unit.id) if unit else None),
        tags.Div(
            button(_("Save"), id=Ids.SAVE, kind="primary", icon_name="check"),
            dcc.Link(_("Back without saving"), href=NAV.href(operation.id), className="overview-link"),
            className="m-row overview-form-end",
        ),
    )


# --------------------------------------------------------------------------------------------------- callbacks


refresh = follows(contents, Ids.LIST, act=Act.UNIT_READ, operation=OPERATION)


def _stands(session: Session, press: Press, object_id: str | None) -> tuple[dict[str, Any], str | None]:
    found = {str(drawn.object_id): unit for drawn, unit in coordination_units.mapped_units(session, press.operation_id)}
    unit = found.get(str(object_id))
    return known_of(unit), str(unit.id) if unit else None


UNIT = Versioned(FORM, Ids.SEEN, _stands, act=Act.UNIT_MAN)


@UNIT.saves(Ids.SAVE, client=True, operation=OPERATION, goes=True, given={"object_id": State(Ids.OBJECT, "data")})
def save(press: Press, object_id: str | None, version: str | None) -> Done:
    """Keep what was said of the unit and go back to all of them."""
    given = {"id": press.client, "object_id": object_id, "supersedes_id": version}
    draft = FORM.draft(coordination_units.UnitDraft, press.typed, **given)
    coordination_units.describe(press.session, press.operation_id, draft, press.by)
    return Done(_("The unit is saved."), to=NAV.href(press.operation_id))
