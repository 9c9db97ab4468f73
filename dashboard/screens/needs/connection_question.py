"""Connection planning: which posts to connect under a budget so that most traffic and the worst gaps are covered."""

from enum import StrEnum
from typing import Any

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, followed, follows, follows_list
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.map.answers import answer_id, wire_answers
from dashboard.map.component import wire
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import link_rows, list_view, new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.places import CONNECT
from dashboard.screens.needs import connection_plan, post_map
from dashboard.screens.needs.connection_plan import state_words
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _, moment
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import JobState
from operations.posts import register
from operations.programme import connections
from operations.programme.connection_rows import AdoptDraft, ConnectDraft, ConnectionPlan

NAV = CONNECT
FORM = DraftForm("connect", ConnectDraft)
ADOPT = DraftForm("connect-adopt", AdoptDraft)


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "connect-list"
    SHOWN = "connect-shown"
    FILE = "connect-file"
    FORMS = "connect-forms"
    STOP = "connect-stop"


link_rows(Ids.LIST)
MAP = "connect-map"
wire(MAP)
wire_answers(MAP)


def layout(show: str = "", **_query: str) -> Component:
    """Return the question and earlier ones; with `show`, one plan in full."""
    by = actor()
    with reading() as session:
        if show:
            shown = dcc.Store(id=Ids.SHOWN, data=str(known_id(show)))
            full = followed(Ids.FILE, file(session, by, show), className="m-stack")
            seen = adoptable(session, by, show)
            typed = followed(Ids.FORMS, forms(session, by, show), seen=seen, className="m-stack")
            where = post_map.post_map(
                MAP, marked(session, by, show), _("Posts of the plan"), post_map.CHOSEN, post_map.OTHER, of=show
            )
            back = dcc.Link(_("All connection plans"), href=NAV.href(), className="file-way")
            return page(
                _("Connection plan"),
                shown,
                html.Div([full, panel(_("On the map"), where, flush=True), typed], className="m-stack"),
                actions=[back],
                wide=True,
            )
        listing = table(session, by)
    return page(
        _("Connect under a budget"),
        *_form(by, first=not listing),
        list_view(Ids.LIST, listing, _("No plan was asked for yet.")),
        lead=_(
            "The posts whose link covers most traffic and the worst gaps for the money, with proof that no plan covers "
            "more, what is lost without each, and plans that are almost as good."
        ),
        wide=True,
    )


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list, newest first."""
    made = Listing(connections.plans(session), lambda each: f"{NAV.href()}?show={each.id}")
    made.text("asked", _("Asked"), lambda each: moment(each.asked_at, "UTC"), minWidth=250)
    made.text("by", _("By"), "author_name", minWidth=140)
    made.number("budget", _("Budget"), lambda each: each.question["budget"], width=140)
    made.text("currency", _("Currency"), lambda each: each.question["currency"], flex=0, width=110)
    made.text("state", _("State"), state_words, minWidth=130)
    made.number(
        "posts", _("Posts to connect"), lambda each: len(each.result["plan"]) if each.result else None, width=150
    )
    made.number("cost", _("Cost"), lambda each: each.result["cost"] if each.result else None, width=130)
    made.text("adopted", _("Adopted by"), "adopted_name", minWidth=140)
    return made


def _form(by: Actor, *, first: bool) -> list[Component]:
    if not may(by, Act.CONNECT_PLAN):
        return []
    fields = whole_form(
        FORM,
        _("Find the best plan"),
        "plug-connected",
        ("budget", "currency"),
        "areas",
        ("traffic", "share"),
        "floor",
        "widest",
        "works",
    )
    return [new_row_form(_("Plan connections"), *fields, first=first)]


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one plan in full: question, result, and the links made from it. Raises NotFound."""
    found = connections.plan(session, known_id(shown))
    stop = (
        [html.Div(button(_("Stop"), Ids.STOP, "danger", "player-stop"))]
        if not found.ended and may(by, Act.CONNECT_PLAN)
        else []
    )
    return connection_plan.drawn(session, found, stop)


def marked(session: Session, _by: Actor, shown: str) -> list[post_map.Marked]:
    """Return the candidate posts, each marked with whether the plan connects it."""
    found = connections.plan(session, known_id(shown))
    asked = connections.candidates(found)
    return post_map.planned(
        (each for each in register.posts(session) if str(each.id) in asked), found.result.get("plan", ())
    )


def on_map(session: Session, by: Actor, shown: str) -> dict[str, Any]:
    """Return the candidate posts as data for the map."""
    return post_map.drawn(marked(session, by, shown), shown)


def adoptable(session: Session, by: Actor, shown: str) -> int:
    """Return how many of its plans this person may adopt now; 0 for none."""
    found = connections.plan(session, known_id(shown))
    if found.state != JobState.DONE or found.adopted_at is not None or not may(by, Act.CONNECT_PLAN):
        return 0
    return 1 + len(found.result["alternatives"])


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the form that adopts a plan."""
    count = adoptable(session, by, shown)
    if not count:
        return []
    which = [
        {"value": each, "label": _(words)} for each, words in ADOPT.said["choice"].choices.items() if int(each) < count
    ]
    lines = ("choice", "promised"), ("technology", "hours")
    fields = whole_form(ADOPT, _("Write its links down"), "link", *lines, choices={"choice": which})
    return [panel(_("Adopt a plan"), *fields, note=_("Each post gets a link that its country agrees to next."))]


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh_list = follows_list(table, Ids.LIST, act=Act.CONNECT_READ)
refresh_file = follows(file, Ids.FILE, act=Act.CONNECT_READ, **_HERE)
refresh_map = follows(on_map, Output(answer_id(MAP), "data"), act=Act.CONNECT_READ, **_HERE)
refresh_forms = follows(forms, Ids.FORMS, act=Act.CONNECT_READ, unless=adoptable, **_HERE)
ask = calls(
    FORM,
    connections.ask,
    lambda made: Done(_("The plan is being made."), to=f"{NAV.href()}?show={made.id}"),
    act=Act.CONNECT_PLAN,
    goes=True,
)
stop = calls(Ids.STOP, connections.cancel, N_("The plan is stopped."), act=Act.CONNECT_PLAN, given=_HERE)


def _adopted(made: ConnectionPlan) -> str:
    left = len(made.adopted["left"])
    if left:
        return _("Its links are written down, but for posts with a link meanwhile: {count}.", count=left)
    return _("Its links are written down; each country agrees next.")


adopt = calls(ADOPT, connections.adopt, _adopted, act=Act.CONNECT_PLAN, given=_HERE)
