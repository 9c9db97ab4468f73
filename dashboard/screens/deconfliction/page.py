"""Deconfliction rooms: countries that share a phrase, the entries of the own country, and its matches."""

from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.parts.badges import state_badge
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.places import DECONFLICTION
from dashboard.screens.deconfliction import room
from dashboard.screens.deconfliction.ids import Ids, countries_words, in_browser, words
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, date, language, number
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import deconfliction as verbs
from operations.exchange.deconfliction_rows import (
    ROOM,
    ROUNDS,
    DeconflictionRoom,
    RoomState,
    SideState,
)
from operations.policing.operation import plan

NAV = DECONFLICTION
FORM = DraftForm("deconfliction-room", verbs.RoomDraft, stands={"check_value": "name"})


def layout(show: str = "", **_query: str) -> Component:
    """Return the rooms of the own country; with `show`, one room with its form, its matches and the own entries."""
    by = actor()
    with reading() as session:
        if show:
            found = verbs.room(session, known_id(show))
            back = dcc.Link(_("All rooms"), href=NAV.href(), className="file-way")
            return page(html.Bdi(found.name), *room.parts(session, by, found), actions=[back])
        listed, form = contents(session, by), _room_form(session, by)
    return page(
        _("Deconfliction"),
        *form,
        followed(Ids.LIST, listed, className="m-stack"),
        lead=_("Countries that work on the same learn that they should talk. Muster never learns of what."),
    )


# ------------------------------------------------------------------------------------------------------- rooms


def contents(session: Session, by: Actor) -> list[Component]:
    """Return the rooms, open ones first."""
    hint = _("Open one with the countries with which yours shares a phrase.")
    return [_room(session, by, each) for each in verbs.rooms(session)] or [
        empty_state(_("No room is open yet"), hint, "affiliate")
    ]


def _room(session: Session, by: Actor, each: DeconflictionRoom) -> Component:
    waiting = sum(shown.side.state == SideState.TOLD for shown, _other in verbs.sides(session, each.id, by))
    pairs = [
        (_("State"), _(ROOM.words[RoomState(each.state)])),
        (_("Countries"), countries_words(each.members)),
        (_("Own entries"), number(len(verbs.entries(session, each.id)))),
        (_("Matches not spoken of yet"), state_badge(number(waiting), "warn") if waiting else number(0)),
    ]
    link = dcc.Link(html.Bdi(each.name), href=href_of(each))
    return panel(link, facts(pairs), note=_("until {day}", day=date(each.until)))


def href_of(each: DeconflictionRoom) -> str:
    """Return the URL of a room."""
    return f"{NAV.href()}?show={each.id}"


def _room_form(session: Session, by: Actor) -> list[Component]:
    """Return the form of a new room, folded; its phrase never leaves the browser."""
    if not may(by, Act.DECONFLICT):
        return []
    countries = [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] != by.country]
    draw = drawing(FORM, choices={"operation_id": operations(session, by), "countries": countries})
    phrase = dmc.TextInput(
        id=Ids.NEW_PHRASE,
        label=_("Phrase"),
        autoComplete="off",
        className="m-num",
        description=_("Write it down, and tell it to the other countries by voice: only this browser knows it."),
        attributes={"input": {"spellCheck": "false", "dir": "ltr"}},
    )
    return [
        new_row_form(
            _("Open a room"),
            client_id(FORM),
            dcc.Store(id=Ids.CHECK),
            dcc.Store(id=Ids.ROUNDS, data=ROUNDS),
            dcc.Store(id=Ids.WORDS, data=words()),
            *draw("name"),
            pair(draw("operation_id", "countries")),
            *draw("until"),
            phrase,
            html.Div(button(_("Make a phrase"), Ids.MAKE, "plain", "key")),
            html.P(id=Ids.OPEN_SAID, role="alert", className="deconfliction-said"),
            html.Div(button(_("Open the room"), Ids.OPEN, "primary", "affiliate")),
        )
    ]


def operations(session: Session, by: Actor) -> list[dict[str, str]]:
    """Return the operations for which a room can be opened, as options."""
    running = [each for each in plan.operations(session, by) if each.state not in plan.ENDED]
    return [{"value": str(each.id), "label": each.title} for each in running]


# --------------------------------------------------------------------------------------------------- callbacks

refresh = follows(contents, Ids.LIST, act=Act.DECONFLICT)
refresh_operations = follows(operations, Output(FORM.id("operation_id"), "data"), act=Act.DECONFLICT)
in_browser("new_phrase", Output(Ids.OPEN_SAID, "children", allow_duplicate=True), Input(Ids.MAKE, "n_clicks"))
in_browser(
    "open_room",
    Output(Ids.CHECK, "data"),
    Output(Ids.OPEN_SAID, "children"),
    Input(Ids.OPEN, "n_clicks"),
    FORM.client_id_state(),
    State(Ids.ROUNDS, "data"),
    State(Ids.WORDS, "data"),
)


@does(
    Input(Ids.CHECK, "data"),
    act=Act.DECONFLICT,
    form=FORM,
    client=True,
    goes=True,
    given={"made": State(Ids.CHECK, "data")},
)
def open_room(press: Press, made: dict[str, Any]) -> Done:
    """Open a room with the check value that the browser derived from its phrase."""
    draft = press.draft(verbs.RoomDraft, check_value=made.get("check"))
    made_room = verbs.open_room(press.session, draft, press.by)
    return Done(_("The room is open. Tell its countries the phrase outside of Muster."), to=href_of(made_room))
