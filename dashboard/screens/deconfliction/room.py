"""One deconfliction room: the form for new entries, the own entries, and the matches."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.verb_buttons import calls
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table, table_row
from dashboard.screens.deconfliction.ids import Ids, countries_words, in_browser, words
from dashboard.server.access import known_id
from dashboard.wording import _, coded, date, language, moment, number
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.exchange import deconfliction as verbs
from operations.exchange.deconfliction_rows import (
    ROOM,
    SIDE,
    DeconflictionRoom,
    DeconflictionSide,
    RoomState,
    SideState,
)
from operations.policing.operation import plan

ENTER = DraftForm("deconfliction-enter", verbs.EntriesDraft)
ROOMS, SAYS = StepIds("deconfliction-room"), StepIds("deconfliction")


def parts(session: Session, by: Actor, room: DeconflictionRoom) -> list[Component]:
    """Return the parts of the page."""
    show = str(room.id)
    return [
        dcc.Store(id=Ids.SHOWN, data=show),
        _spaced(
            followed(Ids.MATCHES, matches(session, by, show), className="m-stack"),
            *(_enter_form(room) if _takes(room) else []),
            followed(Ids.OWN, own(session, by, show)),
            followed(Ids.FILE, file(session, by, show)),
        ),
    ]


def _takes(room: DeconflictionRoom) -> bool:
    return room.state == RoomState.OPEN and room.until >= now().date()


def _enter_form(room: DeconflictionRoom) -> list[Component]:
    about = {"id": str(room.id), "check": room.check_value, "rounds": room.rounds, "stretch": room.stretch}
    return [
        panel(
            _("Enter what your country works on"),
            _spaced(
                dcc.Store(id=Ids.ROOM, data=about),
                dcc.Store(id=Ids.TAGS),
                dcc.Store(id=Ids.OUTCOME),
                dcc.Store(id=Ids.WORDS, data=words()),
                pair(
                    [
                        dmc.PasswordInput(
                            id=Ids.PHRASE,
                            label=_("Phrase of the room"),
                            description=_("It stays in this browser."),
                            attributes={"input": {"autoComplete": "off", "dir": "ltr"}},
                        ),
                        *drawing(ENTER)("contact"),
                    ]
                ),
                dmc.Select(
                    id=Ids.KIND,
                    label=_("Kind"),
                    data=vocabulary.options("CL-DECONFLICT", language()),
                    value="route",
                ),
                dmc.Textarea(
                    id=Ids.VALUES,
                    label=_("Values, one a line"),
                    autosize=True,
                    minRows=4,
                    maxRows=14,
                    description=_(
                        "They stay in this browser. One leg of a route a line, such as Agadez > Sabha; sites, notices "
                        "and groups by the code or name that your countries agreed on, in one alphabet. No persons."
                    ),
                    attributes={"input": {"spellCheck": "false"}},
                ),
                html.P(id=Ids.SAID, role="alert", className="deconfliction-said"),
                html.Div(button(_("Enter"), Ids.ENTER, "primary", "lock")),
                html.Div(id=Ids.RESULT, role="status", className="m-scroll"),
            ),
        )
    ]


def _spaced(*parts: Component) -> Component:
    return html.Div(list(parts), className="m-stack")


def matches(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the countries to talk to, and what both have answered so far."""
    found = verbs.sides(session, known_id(shown), by)
    if not found:
        hint = _("When another country enters the same, both are told here with whom to talk.")
        return [empty_state(_("No match"), hint, "affiliate")]
    return [_match(by, *each) for each in found]


def _match(by: Actor, mine: verbs.MatchView, other: DeconflictionSide) -> Component:
    side, name = mine.side, coded("CL-COUNTRY", mine.side.other)
    kind = coded("CL-DECONFLICT", side.kind)
    pairs = [
        (_("Kind"), kind),
        (_("Own entry"), number(mine.number) if mine.number is not None else ""),
        *ENTER.facts(side, "contact"),
        (_("Your country says"), _(SIDE.words[SideState(side.state)])),
        (_("The other country says"), _(SIDE.words[SideState(other.state)])),
        (_("Told"), moment(side.told_at, "UTC")),
    ]
    acts = SAYS.drawn(side.match_id, verbs.answers(side, by))
    title = _("{country} and your country work on the same: talk to each other", country=name)
    return panel(title, _spaced(facts(pairs), *acts))


def own(session: Session, by: Actor, shown: str) -> Component:
    """Return the own entries by number: Muster stores no more of them."""
    entries = verbs.entries(session, known_id(shown))
    head = [_("Number"), _("Kind"), _("Entered"), _("By"), ""]
    lines = [
        table_row(
            number(tag.number),
            coded("CL-DECONFLICT", tag.kind),
            moment(tag.made_at, "UTC"),
            html.Bdi(tag.author_name),
            _("Withdrawn")
            if tag.withdrawn_at
            else button(
                _("Withdraw"),
                {"type": "deconfliction-withdraw", "of": str(tag.id)},
                "quiet",
                **confirmation_attributes("deconfliction.withdraw"),
            ),
        )
        for tag in entries
    ]
    left = verbs.left_today(session, known_id(shown), by.country)
    note = _("{left} more can be entered today", left=number(left))
    if not entries:
        return panel(_("Own entries"), html.P(_("Your country has entered nothing yet.")), note=note)
    return panel(_("Own entries"), table(head, lines, label=_("Own entries")), note=note)


def file(session: Session, by: Actor, shown: str) -> Component:
    """Return the facts of the room, and the button that closes it."""
    room = verbs.room(session, known_id(shown))
    operation = plan.operation(session, room.operation_id, by).title if room.operation_id else _("Standing room")
    pairs = [
        (_("State"), _(ROOM.words[RoomState(room.state)])),
        (_("Operation"), operation),
        (_("Countries"), countries_words(room.members)),
        (_("Mark of the phrase"), html.Code(f"{room.check_value[:4]}-{room.check_value[4:]}", dir="ltr")),
        (_("Open until"), date(room.until)),
    ]
    return panel(_("The room"), _spaced(facts(pairs), *ROOMS.drawn(room.id, verbs.offers(room, by))))


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh_matches = follows(matches, Ids.MATCHES, act=Act.DECONFLICT, **_HERE)
refresh_own = follows(own, Ids.OWN, act=Act.DECONFLICT, **_HERE)
refresh_file = follows(file, Ids.FILE, act=Act.DECONFLICT, **_HERE)
in_browser(
    "enter",
    Output(Ids.TAGS, "data"),
    Output(Ids.SAID, "children"),
    Input(Ids.ENTER, "n_clicks"),
    State(Ids.KIND, "value"),
    State(Ids.ROOM, "data"),
    State(Ids.WORDS, "data"),
)
in_browser("drawn", Output(Ids.RESULT, "data-drawn"), Input(Ids.OUTCOME, "data"), State(Ids.WORDS, "data"))


@does(
    Input(Ids.TAGS, "data"),
    act=Act.DECONFLICT,
    form=ENTER,
    typed=("contact",),
    given={**_HERE, "made": State(Ids.TAGS, "data")},
    shows=(Output(Ids.OUTCOME, "data"),),
)
def enter(press: Press, shown: str, made: dict[str, Any]) -> Done:
    """Enter the tags that the browser made; the result of each is returned by its tag."""
    draft = press.draft(verbs.EntriesDraft, check_value=made.get("check"), values=made.get("tags"))
    found = verbs.enter(press.session, known_id(shown), draft, press.by)
    outcome = [{"tag": each.tag, "number": number(each.number), "said": _became(each)} for each in found]
    return Done(_("Entered: {n}.", n=number(sum(each.new for each in found))), shown=(outcome,))


def _became(each: verbs.Entered) -> str:
    said = _("New.") if each.new else _("Entered before.")
    if not each.with_:
        return said
    talk = _("{countries}: talk to each other.", countries=countries_words(list(each.with_)))
    return f"{said} {talk}"


@does(SAYS.buttons, act=Act.DECONFLICT, beside=SAYS.beside)
def say(press: Press) -> Done:
    """Record for a match that the two countries spoke, or have nothing in common."""
    to = SideState(press.subject["to"])
    verbs.say(press.session, press.of, to, press.by)
    return Done(_("Your country says: {state}.", state=_(SIDE.words[to])))


@does(ROOMS.buttons, act=Act.DECONFLICT, beside=ROOMS.beside)
def close(press: Press) -> Done:
    """Close the room; its entries are erased."""
    verbs.close(press.session, press.of, press.by)
    return Done(_("The room is closed, and its entries are erased."))


withdraw = calls(
    {"type": "deconfliction-withdraw", "of": ALL},
    verbs.withdraw,
    lambda found: _("Entry {number} is withdrawn.", number=number(found.number)),
    act=Act.DECONFLICT,
)
