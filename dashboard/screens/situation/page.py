"""Situation of one operation, live: figures, map, silent sites, latest events, phases, results.

Everything on the screen is read at one moment, and read again when the pulse reports a change of this operation; only
the parts that differ are sent.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from dash import ClientsideFunction, Input, Output, State, clientside_callback, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.frame.drill_down import behind_figure
from dashboard.frame.policy import screen
from dashboard.frame.pushed_parts import DRAWN
from dashboard.frame.shell import page
from dashboard.map.component import operation_map, wire
from dashboard.map.scene import scene, site_values
from dashboard.navigation import Nav
from dashboard.parts.datetimes import address_of
from dashboard.parts.kpi_board import (
    BoardChoice,
    BoardReading,
    chart_figures,
    default_level,
    frame_of,
    read_numbers,
    read_situation,
    tiles_of,
)
from dashboard.parts.kpi_tile import definition_panel, kpi_tile
from dashboard.parts.panel import empty_state
from dashboard.parts.snapshot_figures import LIVE, boards
from dashboard.screens.situation import past
from dashboard.screens.situation.ids import MAP, PARTS, Ids, tile_id
from dashboard.screens.situation.parts import below, definition, figures, past_bar, side, toolbar, written
from dashboard.screens.situation.wall import opener
from dashboard.server import live_boards
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE_ASKS
from dashboard.wording import N_, _, sentence
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.errors import RuleBroken
from operations.core.history import as_of
from operations.core.permissions import Act
from operations.figures.board import read_board
from operations.policing.operation import plan
from operations.results.restatements import restated_since_export

NAV = Nav(
    name=N_("Situation"),
    path_template="/operations/<operation_id>/situation",
    icon="activity",
    order=10,
    act=Act.TOTALS_READ,
    parts=("official",),
)
wire(MAP)


class DrawnSituation(NamedTuple):
    """The screen at one moment: the reader's choice, the data, the map, and the rendered parts."""

    choice: BoardChoice
    read: BoardReading
    places: tuple[dict[str, Any], dict[str, Any]]
    parts: dict[str, Any]


def _drawn(
    operation_id: str, level: str, scope: str, figure: str, at: str | None, begun: live_boards.Begun | None = None
) -> DrawnSituation:
    """Read and render the screen, now or as of an earlier moment. Raises RuleBroken where nothing was known then.

    `begun`: its figures, reused where nothing happened since.
    """
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        choice = BoardChoice.of(
            level or default_level(session, operation, at or ""), scope, figure, by, chart_figures(session, operation)
        )
        moment = past.look(session, operation, choice, by, at)
        with as_of(session, moment.told.seq if moment else None):
            first = begun if begun and begun.read.still(session) else None
            read = read_situation(session, operation, choice, by, first.read if first else None)
            places = scene(session, operation, by), site_values(session, frame_of(operation, choice, by), by)
            return DrawnSituation(choice, read, places, written(read, places, moment, first.parts if first else None))


def layout(
    operation_id: str = "", level: str = "", scope: str = "", figure: str = "", at: str = "", **_query: str
) -> Component:
    """Return the whole screen with its figures. The address can hold the choices, and a moment of the past."""
    by = actor()
    try:
        choice, read, places, parts = _drawn(operation_id, level, scope, figure, at)
    except RuleBroken as refusal:
        live = dcc.Link(_("Back to live"), href=f"/operations/{operation_id}/situation")
        return page(
            _("Situation"), html.Div([empty_state(_("Nothing to look back at"), sentence(refusal), "history"), live])
        )
    operation = read.operation
    tiles = [kpi_tile(words, tile_id(words.kpi), hidden=parts[f"no {words.kpi.value}"]) for words in read.tiles]
    return page(
        _("Situation"),
        html.Div(
            [
                dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
                html.Div(id=Ids.SHOWN, hidden=True, **{DRAWN: _kept(_marks(parts), read.board.seq)}),
                dcc.Store(id=Ids.MINUTES, data=0),
                past.store(at),
                toolbar(choice, by, parts, [boards(operation, LIVE), *opener(operation, by)]),
                past_bar(parts),
                html.Section(
                    tiles,
                    id=Ids.STRIP,
                    className="situation-strip",
                    style=parts["strip"],
                    **{"aria-label": _("Key figures")},
                ),
                html.Section(
                    operation_map(MAP, scene=places[0], values=places[1], operation_id=operation.id, legend=True),
                    className="situation-map",
                    **{"aria-label": _("Map")},
                ),
                side(parts),
                below(choice, parts),
                definition(),
            ],
            className="situation",
            id="situation-page",
        ),
        full=True,
    )


def _marks(parts: Mapping[str, Any]) -> dict[str, str]:
    return live_boards.part_marks({name: parts[name] for name in PARTS})


def _kept(marks: Mapping[str, str], number: int) -> str:
    """Return the page's state: the markers of its parts, and the operation's number for the reader.

    It is one string, because a store would set one more property each time, for which Dash scans the whole page again.
    """
    return json.dumps({"parts": marks, "number": number})


# --------------------------------------------------------------------------------------------------- callbacks


@screen(
    [Output(Ids.SHOWN, DRAWN), *PARTS.values()],
    Input(PULSE_ASKS, "data"),
    Input(Ids.MINUTES, "data"),
    Input(Ids.LEVEL, "value"),
    Input(Ids.SCOPE, "value"),
    Input(Ids.FIGURE, "value"),
    State(Ids.OPERATION, "data"),
    State(Ids.SHOWN, DRAWN),
    Input(Ids.AT, "data"),
    act=Act.TOTALS_READ,
    wall=True,
    prevent_initial_call=True,
)
def refresh(
    pulse: int | str,
    _minutes: int,
    level: str,
    scope: str,
    figure: str,
    operation_id: str,
    shown: str | None,
    at: str | None = None,
) -> list[Any]:
    """Read the screen again, and send the parts that differ from what this browser shows. The past is never redrawn."""
    if at and {PULSE_ASKS, Ids.MINUTES}.issuperset(ctx.triggered_prop_ids.values()) and not isinstance(pulse, str):
        raise PreventUpdate
    _choice, read, _places, parts = _drawn(operation_id, level, scope, figure, at)
    before, marks = json.loads(shown)["parts"] if shown else {}, _marks(parts)
    changed = (parts[name] if mark != before.get(name) else no_update for name, mark in marks.items())
    return [_kept(marks, read.board.seq), *changed]


def watched_board(
    operation_id: str, level: str, scope: str, figure: str, begun: live_boards.Begun | None = None
) -> live_boards.Parts:
    """Return the live screen, shared by all subscribers with the same choices."""
    return _drawn(operation_id, level, scope, figure, None, begun).parts


def watched_figures(operation_id: str, level: str, scope: str, figure: str) -> live_boards.Begun:
    """Return the figures of the live screen, which are sent before the rest of it."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        read = read_numbers(
            session, operation, BoardChoice.of(level, scope, figure, by, chart_figures(session, operation)), by
        )
        return live_boards.Begun(figures(read), read)


live_boards.board("situation", watched_board, PARTS, first=watched_figures, act=Act.TOTALS_READ, whole=True, wall=True)
clientside_callback(
    ClientsideFunction("muster_situation", "watch"),
    Input(Ids.SHOWN, DRAWN),
    State(Ids.OPERATION, "data"),
    State(Ids.LEVEL, "value"),
    State(Ids.SCOPE, "value"),
    State(Ids.FIGURE, "value"),
    State(Ids.AT, "data"),
)


@screen(
    output=[
        Output(Ids.DEFINITION, "hidden"),
        Output(Ids.DEFINITION_NAME, "children"),
        Output(Ids.DEFINITION_TEXT, "children"),
    ],
    inputs={
        "_tiles": [Input(tile_id(kpi), "n_clicks") for kpi in Kpi],
        "_close": Input(Ids.DEFINITION_CLOSE, "n_clicks"),
    },
    state={
        "level": State(Ids.LEVEL, "value"),
        "scope": State(Ids.SCOPE, "value"),
        "at": State(Ids.AT, "data"),
        "operation_id": State(Ids.OPERATION, "data"),
    },
    act=Act.TOTALS_READ,
    wall=True,
    prevent_initial_call=True,
)
def open_definition(
    _tiles: list[int], _close: int, level: str, scope: str, at: str | None, operation_id: str
) -> tuple[Any, Any, Any]:
    """Open the definition of the pressed tile beside the map, or close it."""
    chosen = next((kpi for kpi in Kpi if ctx.triggered_id == tile_id(kpi)), None)
    if chosen is None:
        return True, no_update, no_update
    return False, _(CATALOGUE[chosen].name), definition_of(chosen, operation_id, level, scope, at)


def definition_of(kpi: Kpi, operation_id: str, level: str, scope: str, at: str | None = None) -> list[Component]:
    """Return the definition of a figure, and why this reader does not see its number, where that is so."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        choice = BoardChoice.of(level, scope, None, by)
        moment = past.look(session, operation, choice, by, at)
        frame = replace(frame_of(operation, choice, by), at=moment.told.seq if moment else None)
        board, restated = read_board(session, frame, by), restated_since_export(session, frame, by)
        with as_of(session, frame.at):
            phases = plan.phases(session, operation.id)
        then = address_of(moment.told.at) if moment else ""
        stands = behind_figure(session, kpi, frame, operation, then)
    words = next(each for each in tiles_of(board, by, phases, restated=restated) if each.kpi is kpi)
    href = f"/operations/{operation.id}/figures?level={choice.level.name}&figure={kpi.value}{then and f'&at={then}'}"
    made_of = dcc.Link(_("What it is made of, and all key figures"), href=href)
    return [*definition_panel(kpi, words), *stands, made_of]
