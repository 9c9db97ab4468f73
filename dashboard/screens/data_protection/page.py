"""Data subject requests: the list, the decisions that wait, and the form of a new request."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows, follows_list
from dashboard.frame.life_page import takes
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.list_page import link_rows, list_view, new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.places import DATA_PROTECTION, HOLDS
from dashboard.screens.data_protection import file, retention
from dashboard.screens.data_protection.ids import DECISIONS, FORM, KEPT_HREF, Ids, asked_words
from dashboard.server.access import actor, reading
from dashboard.wording import _, coded, date
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role
from operations.data_protection import requests as verbs
from operations.data_protection.rows import COPIES, REQUESTS, CopyState, DataRequest

NAV = DATA_PROTECTION

link_rows(Ids.LIST)


def layout(show: str = "", **_query: str) -> Component:
    """Return the requests and pending decisions; with `show`, the file of one request."""
    by = actor()
    with reading() as session:
        if show:
            back = dcc.Link(_("All requests"), href=NAV.href(), className="file-way")
            return page(
                _("Request about data"), html.Div(file.parts(session, by, show), className="m-stack"), actions=[back]
            )
        parts = [
            followed(Ids.WAITING, waiting(session, by), className="m-stack"),
            *_form(by),
            *_list(session, by),
            followed(Ids.ENDING, retention.ending(session, by)),
            followed(Ids.ERASED, retention.erased(session, by)),
        ]
    kept = dcc.Link(_("What is kept, and why"), href=KEPT_HREF, className="file-way")
    holds = dcc.Link(_("Legal holds"), href=HOLDS.href(), className="file-way")
    return page(
        _("Data protection"),
        html.Div(parts, className="m-stack"),
        lead=_(
            "Whoever asks what is kept about them, or wants it corrected or erased, is answered within a month. Who "
            "asks stands in your own file, and nowhere in Muster."
        ),
        actions=[holds, kept],
        wide=True,
    )


def waiting(session: Session, by: Actor) -> list[Component]:
    """Return the copies that this person has to decide on."""
    if not may(by, Act.DATA_DECIDE):
        return []
    found = [each for each in verbs.copies(session) if each.state == CopyState.FOUND.value]
    if not found:
        words = _("Nothing waits for your decision. What is found of yours for a request comes here.")
        return [panel(_("Copies to decide on"), html.P(words, className="m-dim"))]
    cards = [file.copy_card(session, each, by) for each in found]
    return [panel(_("Copies to decide on"), *cards, note=str(len(cards)))]


def _form(by: Actor) -> list[Component]:
    if not may(by, Act.DATA_HANDLE):
        return []
    draw = drawing(FORM)
    return [
        new_row_form(
            _("Write a request down"),
            client_id(FORM),
            *draw("asked"),
            pair(draw("file_ref", "received")),
            html.Div(button(_("Write it down"), Ids.RECEIVE, "primary", "user-search")),
        )
    ]


def _list(session: Session, by: Actor) -> list[Component]:
    if by.role is Role.RIGHTS_OFFICER:
        return []
    empty = _("No request about data came in yet.")
    return [list_view(Ids.LIST, table(session, by), empty)]


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    made = Listing(verbs.requests(session), lambda each: f"{NAV.href()}?show={each.id}")
    made.text("reference", _("Reference"), flex=0, width=150)
    made.text("file", _("Your own file"), "file_ref", flex=1, minWidth=140)
    made.text("asked", _("The person asks"), lambda each: asked_words(each.asked), flex=1, minWidth=160)
    made.text("by", _("Received by"), receiver, flex=1, minWidth=150)
    made.text("received", _("Received on"), lambda each: date(each.received), flex=0, width=140)
    made.text("until", _("Answer until"), lambda each: date(each.until), flex=0, width=140)
    made.text("state", _("State"), lambda each: _(REQUESTS.words[REQUESTS.now(each)]), flex=0, width=140)
    return made


def receiver(each: DataRequest) -> str:
    """Return the name of the country or unit that received the request."""
    return coded("CL-COUNTRY", each.country) if each.country else _("The coordination")


# --------------------------------------------------------------------------------------------------- callbacks

refresh_list = follows_list(table, Ids.LIST, act=Act.DATA_READ)
refresh_waiting = follows(waiting, Ids.WAITING, act=Act.DATA_READ)
refresh_ending = follows(retention.ending, Ids.ENDING, act=Act.DATA_READ)
refresh_erased = follows(retention.erased, Ids.ERASED, act=Act.DATA_READ)


def _received(made: DataRequest) -> str:
    return _(
        "Request {reference} is written down. Choose it in the list to look for what is kept.", reference=made.reference
    )


receive = calls(
    Ids.RECEIVE, verbs.receive, _received, act=Act.DATA_HANDLE, form=FORM, client=True, clears=("file_ref",)
)
decide = takes(DECISIONS, COPIES, verbs.decide, Act.DATA_DECIDE)
