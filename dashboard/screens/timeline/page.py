"""Timeline: phases and tasks of an operation as bars, as a board and as a list, with the same data and actions in each.

A dropped bar is moved by the verb on the server. If the verb refuses, the bar goes back, with the sentence.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.address import in_address
from dashboard.frame.interactions import followed, follows, property_hash
from dashboard.frame.live_parts import own_for_user, same_for_role
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts.form import button
from dashboard.parts.grid import grid
from dashboard.parts.list_page import view_tabs
from dashboard.parts.timeline.frame import frame, wire
from dashboard.places import TIMELINE
from dashboard.screens.timeline import calendar as timeline_calendar
from dashboard.screens.timeline import edit as timeline_edit
from dashboard.screens.timeline.ids import Ids
from dashboard.screens.timeline.scene import scene
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.wording import _, sentences
from operations.core import clock
from operations.core.clock import offset
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.calendar import timeline
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation

NAV = TIMELINE
VIEW = "timeline-view"
in_address(VIEW, "view", "value", "bars")
wire(Ids.DATA)
clientside_callback(
    ClientsideFunction("muster_timeline", "opened"),
    Output("timeline-editing-seen", "data"),
    Input(Ids.EDITING, "data"),
    prevent_initial_call=True,
)
PARTS = (timeline_edit, timeline_calendar)
"""Modules of this page, imported so that their callbacks are registered."""


def layout(operation_id: str = "", view: str = "", **query: str) -> Component:
    """Return the timeline of one operation; `show` names what a calendar link points at, `view` the tab."""
    by = actor()
    with reading() as session:
        shown_scene = scene(session, known_id(operation_id), by)
        tasks, chart = board(session, shown_scene.operation, by, view), shown_scene.chart()
        columns, rows = shown_scene.list_columns(), shown_scene.list_rows() if view == "list" else None
        reads = may(by, Act.CALENDAR_FEED, plan.subject(shown_scene.operation))
        feeds = timeline_calendar.feeds(session, shown_scene.operation) if reads else []
    adding = [
        button(_("Add a task"), Ids.NEW_TASK, "primary", "plus"),
        button(_("Add a phase"), Ids.NEW_PHASE, "plain", "calendar-event"),
    ]
    more = button(_("Show more tasks"), Ids.MORE, "quiet", "arrow-down")
    listed = grid(
        Ids.GRID,
        columns,
        rows,
        selection="single",
        export="timeline",
        empty=_("No phase and no task yet: add one."),
    )
    calendar = timeline_calendar.panels(feeds, shown_scene.operation.id, imports=shown_scene.plans)
    tabs = {
        "bars": (_("Timeline"), frame(_("Timeline"), Ids.DATA, movable=shown_scene.plans, show=query.get("show"))),
        "board": (_("Board"), html.Div([followed(Ids.BOARD, tasks), html.Div(more, className="timeline-more")])),
        "list": (_("List"), html.Div(listed, className="timeline-list", id=Ids.ROWS, **property_hash(rows, Ids.ROWS))),
        **({"calendar": (_("Calendar"), calendar)} if reads else {}),
    }
    return page(
        _("Timeline"),
        dcc.Store(id=Ids.OPERATION, data=str(shown_scene.operation.id)),
        dcc.Store(id=Ids.DATA, data=chart),
        html.Div(id=Ids.BARS, hidden=True, **property_hash(chart, Ids.BARS)),
        html.Div(id=Ids.COLUMNS, hidden=True, **property_hash(columns, Ids.COLUMNS)),
        dcc.Store(id=Ids.EDITING),
        dcc.Store(id="timeline-editing-seen"),
        view_tabs(tabs, view if view in tabs else "bars", VIEW),
        html.Section(id=Ids.EDITOR, className="timeline-editor", tabIndex="-1", **{"aria-label": _("What is open")}),
        lead=day_words(shown_scene.operation),
        actions=[
            dcc.Link(_("All operations"), href="/timeline", className="overview-link"),
            *(adding if shown_scene.plans else []),
        ],
        wide=True,
    )


def day_words(operation: Operation) -> str:
    """Return when the official days of an operation begin, and in which zone."""
    now = clock.now()
    begins, _next = clock.day_bounds(
        clock.official_day(now, operation.zone, operation.day_cut), operation.zone, operation.day_cut
    )
    local = now.astimezone(clock.zone(operation.zone))
    return _(
        "The official day begins at {cut} in {zone} ({offset}): now at {utc} UTC.",
        cut=f"{operation.day_cut:%H:%M}",
        zone=operation.zone.replace("_", " "),
        offset=offset(local).replace("-", "\N{NON-BREAKING HYPHEN}"),
        utc=f"{begins.astimezone(UTC):%H:%M}",
    )


def contents(session: Session, operation: Operation, by: Actor, view: str = "") -> tuple[Any, ...]:
    """Return bars, list and its columns, which follow the pulse; the list has rows while its tab is open."""
    found = scene(session, operation.id, by)
    return found.chart(), found.list_rows() if view == "list" else None, found.list_columns()


def board(session: Session, operation: Operation, by: Actor, view: str = "", more: int | None = None) -> Component:
    """Return the board while its tab is open: it is most of the page, and the page opens on the bars.

    `more`: how often more cards were asked for.
    """
    return scene(session, operation.id, by).board(session, more or 0) if view == "board" else html.P(_("Loading"))


show = follows(
    contents,
    (Output(Ids.DATA, "data"), Ids.BARS),
    (Output(Ids.GRID, "rowData"), Ids.ROWS),
    (Output(Ids.GRID, "columnDefs"), Ids.COLUMNS),
    act=Act.OPERATION_READ,
    operation=Ids.OPERATION,
    audience=same_for_role,
    view=Input(VIEW, "value"),
)
show_board = follows(
    board,
    Ids.BOARD,
    act=Act.OPERATION_READ,
    operation=Ids.OPERATION,
    audience=own_for_user,
    view=Input(VIEW, "value"),
    more=Input(Ids.MORE, "n_clicks"),
)


@screen(
    Output(Ids.ANSWER, "data"),
    Input(Ids.MOVE, "data"),
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def moved(wanted: Mapping[str, Any] | None) -> Any:
    """Move a dropped bar. A refusal is a normal answer: the browser puts the bar back and shows the sentence."""
    if not wanted:
        return no_update
    undone = bool(wanted.get("undo"))
    try:
        with unit_of_work() as session:
            before = timeline.move(session, move_of(wanted), actor())
    except MusterError as refused:
        said = " ".join(dict.fromkeys(sentences(refused)))
        return {"done": False, "said": said, "undone": undone, "at": wanted.get("at")}
    said = _("Taken back.") if undone else _("Moved.") if len(before) < 2 else _("Moved, with what follows.")
    return {"done": True, "said": said, "undone": undone, "at": wanted.get("at")}


def move_of(wanted: Mapping[str, Any]) -> timeline.Move:
    """Parse the move that the browser asks for, in milliseconds since 1970. Raises RuleBroken."""
    moments = {name: _moment(wanted.get(name)) for name in ("starts", "ends")}
    rest = {name: wanted.get(name) for name in ("id", "version")}
    return parse(timeline.Move, {**rest, **moments, "following": bool(wanted.get("following"))})


def _moment(ms: object) -> datetime | None:
    return datetime.fromtimestamp(ms / 1000, UTC) if isinstance(ms, int | float) else None
