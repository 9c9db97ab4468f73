"""Frame of a timeline: tools above, the chart, and the facts of the selected bar below."""

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.form import button
from dashboard.parts.page_keys import PageKey, declared_keys
from dashboard.wording import N_, _

CHART, MOVE, ANSWER = "timeline-chart", "timeline-move", "timeline-answer"
CHOSEN, OPENED, FOLLOWING, UNDO = "timeline-chosen", "timeline-opened", "timeline-following", "timeline-undo"


def _tool(act: str, label: str, icon_name: str, id_: str | None = None, **more: Any) -> Component:
    return button(label, id_, "quiet", icon_name, size="compact-md", **{"data-timeline": act, **more})


KEYS = (
    PageKey(N_("Up, down"), N_("choose a bar"), ("ArrowUp", "ArrowDown")),
    PageKey(N_("Enter"), N_("open it"), ("Enter",)),
    PageKey("+, -", N_("closer, farther"), ("+", "-")),
    PageKey("Home", N_("go to now"), ("Home",)),
)
MOVING = (
    PageKey(N_("Left, right"), N_("move it by a day; with Ctrl by an hour"), ("ArrowLeft", "ArrowRight")),
    PageKey(N_("Shift"), N_("stretch its end")),
    PageKey(N_("Escape"), N_("take it back"), ("Escape",)),
)
"""The keys of the timeline, as screens/timeline/timeline.js binds them, and those that move its bars."""


def frame(label: str, data_id: str, *, movable: bool, show: str | None = None, elsewhere: bool = False) -> Component:
    """Return the timeline called `label` of the data in store `data_id`; with controls to move bars if `movable`.

    `show` is the bar selected first. `elsewhere`: a bar opens on the page of its operation.
    """
    moving = [
        dmc.Switch(id=FOLLOWING, label=_("Move what follows too"), size="sm", checked=False),
        _tool("undo", _("Undo"), "arrow-back-up", UNDO, disabled=True),
    ]
    keys = [*KEYS, *(MOVING if movable else [])]
    told = [part for key in keys for part in (html.Kbd(_(key.shown)), f" {_(key.words)} · ")]
    told[-1] = str(told[-1]).removesuffix(" · ")
    return tags.Section(
        dcc.Store(id=MOVE),
        dcc.Store(id=ANSWER),
        dcc.Store(id="timeline-answered"),
        dcc.Store(id=f"{data_id}-drawn"),
        dcc.Store(id=CHOSEN),
        dcc.Store(id=OPENED),
        tags.Div(
            _tool("now", _("Now"), "current-location"),
            _tool("all", _("Everything"), "arrows-maximize"),
            _tool("in", _("Closer"), "plus"),
            _tool("out", _("Farther"), "minus"),
            html.Div(className="m-grow"),
            *(moving if movable else []),
            className="timeline-tools",
        ),
        html.Div(
            id=CHART,
            className="timeline-chart",
            tabIndex="0",
            role="application",
            **{
                "aria-label": label,
                "aria-describedby": "timeline-keys",
                **({"data-show": show} if show else {}),
                **({"data-elsewhere": "yes"} if elsewhere else {}),
                **declared_keys(keys),
            },
        ),
        tags.Div(
            tags.Div(
                html.P(id="timeline-status", className="timeline-status", role="status"),
                html.P(told, id="timeline-keys", className="timeline-keys"),
            ),
            html.Div(id="timeline-facts", className="timeline-facts"),
            className="timeline-foot",
        ),
        className="timeline-frame",
        **{"aria-label": label},
    )


def wire(data_id: str) -> None:
    """Let the browser draw the data in store `data_id` whenever it changes."""
    clientside_callback(
        ClientsideFunction("muster_timeline", "draw"), Output(f"{data_id}-drawn", "data"), Input(data_id, "data")
    )


clientside_callback(
    ClientsideFunction("muster_timeline", "answered"),
    Output("timeline-answered", "data"),
    Input(ANSWER, "data"),
    prevent_initial_call=True,
)
