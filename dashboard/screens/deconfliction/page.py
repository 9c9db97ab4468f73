"""Deconfliction: rooms of countries that share a phrase, what the own country entered, and with whom it should talk."""

from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.form import button, client_id
from dashboard.parts.irreversible import asks
from dashboard.parts.list_page import folded
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.parts.programme_tabs import DECONFLICTION, programme_tabs
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table, table_row
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _, date, language, moment, number
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import deconfliction as verbs
from operations.exchange.deconfliction_rows import (
    ROOM,
    ROUNDS,
    SIDE,
    DeconflictionRoom,
    DeconflictionSide,
    RoomState,
    SideState,
)
from operations.policing.operation import plan

NAV = Nav(name=N_("Deconfliction"), path="/deconfliction", icon="affiliate", order=7, act=Act.DECONFLICT, place=False)
FORM = DraftForm("deconfliction-room", verbs.RoomDraft, stands={"check_value": "name"})
ENTER = DraftForm("deconfliction-enter", verbs.EntriesDraft)
ROOMS, SAYS = StepIds("deconfliction-room"), StepIds("deconfliction")


class Ids(StrEnum):
    """The elements of this page."""

    LIST = "deconfliction-list"
    NEW_PHRASE = "deconfliction-new-phrase"
    MAKE = "deconfliction-make"
    OPEN = "deconfliction-open"
    CHECK = "deconfliction-check"
    OPEN_SAID = "deconfliction-open-said"
    SHOWN = "deconfliction-shown"
    FILE = "deconfliction-file"
    MATCHES = "deconfliction-matches"
    OWN = "deconfliction-own"
    PHRASE = "deconfliction-phrase"
    VALUES = "deconfliction-values"
    KIND = "deconfliction-kind"
    ENTER = "deconfliction-send"
    SAID = "deconfliction-said"
    TAGS = "deconfliction-tags"
    OUTCOME = "deconfliction-outcome"
    RESULT = "deconfliction-result"
    ROOM = "deconfliction-room-data"
    WORDS = "deconfliction-words"
    ROUNDS = "deconfliction-rounds"


def layout(show: str = "", **_query: str) -> Component:
    """The rooms of the own country; with `show`, one with its form, its matches and the own entries."""
    by = actor()
    with reading() as session:
        if show:
            room = verbs.room(session, known_id(show))
            back = dcc.Link(_("All rooms"), href=NAV.href(), className="file-way")
            return page(
                html.Bdi(room.name),
                dcc.Store(id=Ids.SHOWN, data=str(room.id)),
                followed(Ids.MATCHES, matches(session, by, show), className="m-stack"),
                *(_enter_form(room) if _takes(room) else []),
                followed(Ids.OWN, own(session, by, show)),
                followed(Ids.FILE, file(session, by, show)),
                actions=[back],
            )
        found, form = contents(session, by), _room_form(session, by)
    return page(
        _("Deconfliction"),
        programme_tabs(by, DECONFLICTION),
        *form,
        followed(Ids.LIST, found, className="m-stack"),
        lead=_("Countries that work on the same learn that they should talk. Muster never learns of what."),
    )


# ------------------------------------------------------------------------------------------------------- rooms


def contents(session: Session, by: Actor) -> list[Component]:
    """The rooms, open ones first."""
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
        (_("Matches not spoken of yet"), number(waiting)),
    ]
    link = dcc.Link(html.Bdi(each.name), href=href_of(each))
    return panel(link, facts(pairs), note=_("until {day}", day=date(each.until)))  # type: ignore[arg-type]


def href_of(each: DeconflictionRoom) -> str:
    """Where a room is."""
    return f"{NAV.href()}?show={each.id}"


def countries_words(codes: list[str]) -> str:
    """Countries by their names."""
    named = [vocabulary.label("CL-COUNTRY", each, language()) for each in codes]
    return ("، " if language() == "ar" else ", ").join(named)


def _room_form(session: Session, by: Actor) -> list[Component]:
    """The form of a new room, folded, with the phrase that never leaves the browser."""
    if not may(by, Act.DECONFLICT):
        return []
    countries = [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] != by.country]
    draw = drawing(FORM, choices={"operation_id": operations(session, by), "countries": countries})
    phrase = dmc.TextInput(
        id=Ids.NEW_PHRASE, label=_("Phrase"), autoComplete="off", className="m-num",
        description=_("It stays in this browser. Tell it to the other countries outside of Muster, by voice."),
        attributes={"input": {"spellCheck": "false", "dir": "ltr"}},
    )  # fmt: skip
    return [
        folded(
            _("Open a room"),
            client_id(FORM),
            dcc.Store(id=Ids.CHECK),
            dcc.Store(id=Ids.ROUNDS, data=ROUNDS),
            dcc.Store(id=Ids.WORDS, data=_words()),
            *draw("name"),
            pair(draw("operation_id", "countries")),
            *draw("until"),
            phrase,
            html.Div(button(_("Make a phrase"), Ids.MAKE, "plain", "key")),
            html.P(id=Ids.OPEN_SAID, role="alert", className="m-error"),
            html.Div(button(_("Open the room"), Ids.OPEN, "primary", "affiliate")),
        )
    ]


def operations(session: Session, by: Actor) -> list[dict[str, str]]:
    """The operations for which a room can be opened."""
    running = [each for each in plan.operations(session, by) if each.state not in plan.ENDED]
    return [{"value": str(each.id), "label": each.title} for each in running]


def _words() -> dict[str, Any]:
    """What the script says, in the language of the page."""
    return {
        "insecure": _("This browser makes no tags over an unencrypted connection: open Muster by its https address."),
        "short": _("A phrase needs at least 20 letters and digits: use the one that Muster makes."),
        "empty": _("Choose the kind, and type or paste at least one value."),
        "many": _("Enter at most {most} values at once.", most=number(verbs.AT_ONCE)),
        "vague": _("Too short to be told from others:"),
        "other": _("This is not the phrase of this room: it is mistyped, or belongs to another room or operation."),
        "head": [_("Number"), _("Value"), _("What became of it")],
        "save": _("Save this list as CSV"),
    }


# ---------------------------------------------------------------------------------------------------- one of them


def _takes(room: DeconflictionRoom) -> bool:
    return room.state == RoomState.OPEN and room.until >= now().date()


def _enter_form(room: DeconflictionRoom) -> list[Component]:
    about = {"id": str(room.id), "check": room.check_value, "rounds": room.rounds, "stretch": room.stretch}
    return [
        panel(
            _("Enter what your country works on"),
            dcc.Store(id=Ids.ROOM, data=about),
            dcc.Store(id=Ids.TAGS),
            dcc.Store(id=Ids.OUTCOME),
            dcc.Store(id=Ids.WORDS, data=_words()),
            pair(
                [
                    dmc.PasswordInput(
                        id=Ids.PHRASE, label=_("Phrase of the room"), description=_("It stays in this browser."),
                        attributes={"input": {"autoComplete": "off", "dir": "ltr"}},
                    ),
                    *drawing(ENTER)("contact"),
                ]
            ),
            dmc.Select(
                id=Ids.KIND, label=_("Kind"), data=vocabulary.options("CL-DECONFLICT", language()), value="route",
                allowDeselect=False,
            ),
            dmc.Textarea(
                id=Ids.VALUES, label=_("Values, one a line"), autosize=True, minRows=4, maxRows=14,
                description=_(
                    "They stay in this browser. One leg of a route a line, such as Agadez > Sabha; sites, notices and "
                    "groups by the code or name that your countries agreed on, in one alphabet. No persons."
                ),
                attributes={"input": {"spellCheck": "false"}},
            ),
            html.P(id=Ids.SAID, role="alert", className="m-error"),
            html.Div(button(_("Enter"), Ids.ENTER, "primary", "lock")),
            html.Div(id=Ids.RESULT, role="status", className="m-scroll"),
        )
    ]  # fmt: skip


def matches(session: Session, by: Actor, shown: str) -> list[Component]:
    """With whom to talk, and what both said so far."""
    found = verbs.sides(session, known_id(shown), by)
    if not found:
        hint = _("When another country enters the same, both are told here with whom to talk.")
        return [empty_state(_("No match"), hint, "affiliate")]
    return [_match(by, *each) for each in found]


def _match(by: Actor, mine: verbs.Shown, other: DeconflictionSide) -> Component:
    side, name = mine.side, vocabulary.label("CL-COUNTRY", mine.side.other, language())
    kind = vocabulary.label("CL-DECONFLICT", side.kind, language())
    pairs = [
        (_("Kind"), kind),
        (_("Own entry"), number(mine.number) if mine.number is not None else ""),
        (_("Office to talk to"), side.contact),
        (_("Your country says"), _(SIDE.words[SideState(side.state)])),
        (_("The other country says"), _(SIDE.words[SideState(other.state)])),
        (_("Told"), moment(side.told_at, "UTC")),
    ]
    acts = SAYS.drawn(side.match_id, verbs.answers(side, by))
    title = _("{country} and your country work on the same: talk to each other", country=name)
    return panel(title, facts(pairs), *acts)


def own(session: Session, by: Actor, shown: str) -> Component:
    """The own entries by number: Muster knows no more of them."""
    found = verbs.entries(session, known_id(shown))
    head = [_("Number"), _("Kind"), _("Entered"), _("By"), ""]
    lines = [
        table_row(
            number(each.number), vocabulary.label("CL-DECONFLICT", each.kind, language()), moment(each.made_at, "UTC"),
            html.Bdi(each.author_name),
            _("Withdrawn")
            if each.withdrawn_at
            else button(
                _("Withdraw"), {"type": "deconfliction-withdraw", "of": str(each.id)}, "quiet",
                **asks("deconfliction.withdraw"),
            ),
        )
        for each in found
    ]  # fmt: skip
    left = verbs.left_today(session, known_id(shown), by.country)
    note = _("{left} more can be entered today", left=number(left))
    if not found:
        return panel(_("Own entries"), html.P(_("Your country has entered nothing yet.")), note=note)
    return panel(_("Own entries"), table(head, lines, label=_("Own entries")), note=note)


def file(session: Session, by: Actor, shown: str) -> Component:
    """What is known of the room, and its end."""
    room = verbs.room(session, known_id(shown))
    operation = plan.operation(session, room.operation_id, by).title if room.operation_id else _("Standing room")
    pairs = [
        (_("State"), _(ROOM.words[RoomState(room.state)])),
        (_("Operation"), operation),
        (_("Countries"), countries_words(room.members)),
        (_("Mark of the phrase"), html.Code(f"{room.check_value[:4]}-{room.check_value[4:]}", dir="ltr")),
        (_("Open until"), date(room.until)),
    ]
    return panel(_("The room"), facts(pairs), *ROOMS.drawn(room.id, verbs.offers(room, by)))


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh = follows(contents, Ids.LIST, act=Act.DECONFLICT)
refresh_operations = follows(operations, Output(FORM.id("operation_id"), "data"), act=Act.DECONFLICT)
refresh_matches = follows(matches, Ids.MATCHES, act=Act.DECONFLICT, **_HERE)
refresh_own = follows(own, Ids.OWN, act=Act.DECONFLICT, **_HERE)
refresh_file = follows(file, Ids.FILE, act=Act.DECONFLICT, **_HERE)


def _in_browser(name: str, *dependencies: Any) -> None:
    """A callback of the script beside this file: it alone reads phrase and values."""
    clientside_callback(ClientsideFunction("muster_deconfliction", name), *dependencies, prevent_initial_call=True)


_in_browser("new_phrase", Output(Ids.OPEN_SAID, "children", allow_duplicate=True), Input(Ids.MAKE, "n_clicks"))
_in_browser(
    "open_room", Output(Ids.CHECK, "data"), Output(Ids.OPEN_SAID, "children"), Input(Ids.OPEN, "n_clicks"),
    FORM.client_id_state(), State(Ids.ROUNDS, "data"), State(Ids.WORDS, "data"),
)  # fmt: skip
_in_browser(
    "enter", Output(Ids.TAGS, "data"), Output(Ids.SAID, "children"), Input(Ids.ENTER, "n_clicks"),
    State(Ids.KIND, "value"), State(Ids.ROOM, "data"), State(Ids.WORDS, "data"),
)  # fmt: skip
_in_browser("drawn", Output(Ids.RESULT, "data-drawn"), Input(Ids.OUTCOME, "data"), State(Ids.WORDS, "data"))


@does(
    Input(Ids.CHECK, "data"), act=Act.DECONFLICT, form=FORM, typed=FORM.inputs(), client=True, goes=True,
    given={"made": State(Ids.CHECK, "data")},
)  # fmt: skip
def open_room(press: Press, made: dict[str, Any]) -> Done:
    """Open a room with the check value that the browser made of its phrase."""
    draft = FORM.draft(verbs.RoomDraft, press.typed, id=press.client, check_value=made.get("check"))
    room = verbs.open_room(press.session, draft, press.by)
    return Done(_("The room is open. Tell its countries the phrase outside of Muster."), to=href_of(room))


@does(
    Input(Ids.TAGS, "data"), act=Act.DECONFLICT, form=ENTER, typed=("contact",),
    given={**_HERE, "made": State(Ids.TAGS, "data")}, shows=(Output(Ids.OUTCOME, "data"),),
)  # fmt: skip
def enter(press: Press, shown: str, made: dict[str, Any]) -> Done:
    """Enter the tags that the browser made; what became of each goes back by its tag."""
    draft = ENTER.draft(
        verbs.EntriesDraft, press.typed, check_value=made.get("check"), values=made.get("tags")
    )  # fmt: skip
    found = verbs.enter(press.session, known_id(shown), draft, press.by)
    outcome = [{"tag": each.tag, "number": number(each.number), "said": _became(each)} for each in found]
    return Done(_("Entered: {n}.", n=number(sum(each.new for each in found))), shown=(outcome,))


def _became(each: verbs.Entered) -> str:
    said = _("New.") if each.new else _("Entered before.")
    if not each.with_:
        return said
    return f"{said} {_('{countries}: talk to each other.', countries=countries_words(list(each.with_)))}"


@does(SAYS.buttons, act=Act.DECONFLICT, beside=SAYS.beside)
def say(press: Press) -> Done:
    """Say of a match that the two countries spoke, or have nothing in common."""
    to = SideState(press.subject["to"])
    verbs.say(press.session, known_id(press.subject["of"]), to, press.by)
    return Done(_("Your country says: {state}.", state=_(SIDE.words[to])))


@does(ROOMS.buttons, act=Act.DECONFLICT, beside=ROOMS.beside)
def close(press: Press) -> Done:
    """Close the room; its entries are erased."""
    verbs.close(press.session, known_id(press.subject["of"]), press.by)
    return Done(_("The room is closed, and its entries are erased."))


@does({"type": "deconfliction-withdraw", "of": ALL}, act=Act.DECONFLICT)
def withdraw(press: Press) -> Done:
    """Take an entry back."""
    found = verbs.withdraw(press.session, known_id(press.subject["of"]), press.by)
    return Done(_("Entry {number} is withdrawn.", number=number(found.number)))
