"""Situation of one operation, live: figures, map, silent sites, latest events, phases, results.

Everything on the screen is read at one moment, and read again when this operation changes; only the parts that differ
are sent.
"""

from dataclasses import replace
from typing import Any

from dash import Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.drill_down import behind_figure
from dashboard.frame.live_parts import follows, named_hashes, same_for_role
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map.component import operation_map, wire
from dashboard.parts.datetimes import address_of
from dashboard.parts.kpi_board import (
    BoardChoice,
    chart_figures,
    frame_of,
    tiles_of,
)
from dashboard.parts.kpi_tile import definition_panel
from dashboard.parts.panel import empty_state
from dashboard.parts.snapshot_figures import LIVE, boards
from dashboard.places import SITUATION
from dashboard.screens.situation import past, report, selection, wall
from dashboard.screens.situation.headlines import headlines, other_figures
from dashboard.screens.situation.ids import MAP, PARTS, Ids, tile_id
from dashboard.screens.situation.parts import below, definition, past_bar, side, toolbar
from dashboard.screens.situation.rendering import draw, draw_figures
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, sentence
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core.errors import RuleBroken
from operations.core.history import as_of
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.figures.board import read_board
from operations.policing.operation import plan
from operations.results.restatements import restated_since_export

NAV = SITUATION
AUDIENCE = same_for_role
wire(MAP)


def layout(
    operation_id: str = "",
    level: str = "",
    scope: str = "",
    figure: str = "",
    at: str = "",
    opened: str = "",
    chosen: str = "",
    **_query: str,
) -> Component:
    """Return the whole screen with its figures. The address can hold the choices, and a moment of the past."""
    by = actor()
    try:
        with reading() as session:
            operation = plan.operation(session, known_id(operation_id), by)
            choice, read, places, parts = draw(session, operation, by, level, scope, figure, at)
            how = {"level": choice.level.name, "scope": choice.scope, "figure": choice.figure.value, "at": at}
            picked = selection.drawn(session, operation, by, chosen, **how)
    except RuleBroken as refusal:
        live = dcc.Link(_("Back to live"), href=f"/operations/{operation_id}/situation")
        return page(
            _("Situation"), html.Div([empty_state(_("Nothing to look back at"), sentence(refusal), "history"), live])
        )
    shown = next((kpi for kpi in Kpi if kpi == opened and read.stands(kpi)), None)
    ways = [boards(operation, LIVE), *wall.opener(operation, by), *report.buttons(operation, by, at)]
    defined = definition_of(shown, operation_id, choice.level.name, choice.scope, at) if shown else []
    return page(
        _("Situation"),
        html.Div(
            [
                dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
                html.Div(
                    id=Ids.SHOWN, hidden=True, **named_hashes({name: parts[name] for name in PARTS}, read.board.seq)
                ),
                past.store(at),
                toolbar(choice, by, parts, ways),
                past_bar(parts),
                headlines(read, parts),
                other_figures(read, parts),
                html.Section(
                    [
                        operation_map(MAP, scene=places[0], values=places[1], operation_id=operation.id, legend=True),
                        *picked,
                    ],
                    className="situation-map",
                    **{"aria-label": _("Map")},
                ),
                side(parts),
                below(choice, parts),
                *definition(shown, defined),
            ],
            className="situation",
            id="situation-page",
        ),
        full=True,
    )


# --------------------------------------------------------------------------------------------------- callbacks


def contents(
    session: Session,
    operation: plan.Operation,
    by: Actor,
    level: str,
    scope: str,
    figure: str,
    at: str | None = None,
) -> dict[str, Any]:
    """Return the parts of the screen, which follow the operation."""
    return draw(session, operation, by, level, scope, figure, at).parts


def tiles_first(
    session: Session, operation: plan.Operation, by: Actor, level: str, scope: str, figure: str
) -> dict[str, Any]:
    """Return the figures, which are sent before the rest of the screen."""
    choice = BoardChoice.of(level, scope, figure, by, chart_figures(session, operation))
    return draw_figures(session, operation, choice, by)[1]


refresh = follows(
    contents,
    PARTS,
    on=Ids.SHOWN,
    act=Act.TOTALS_READ,
    operation=Ids.OPERATION,
    audience=same_for_role,
    opening=tiles_first,
    wall=True,
    level=Input(Ids.LEVEL, "value"),
    scope=Input(Ids.SCOPE, "value"),
    figure=Input(Ids.FIGURE, "value"),
    at=Input(Ids.AT, "data"),
)


@screen(
    output=[
        Output(Ids.DEFINITION, "hidden"),
        Output(Ids.DEFINITION_NAME, "children"),
        Output(Ids.DEFINITION_TEXT, "children"),
        Output(Ids.OPENED, "data"),
        Output(Ids.FIGURE, "value"),
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
) -> tuple[Any, Any, Any, Any, Any]:
    """Open the definition of the pressed tile beside the map and show its figure in the charts, or close it."""
    chosen = next((kpi for kpi in Kpi if ctx.triggered_id == tile_id(kpi)), None)
    if chosen is None:
        return True, no_update, no_update, "", no_update
    words = definition_of(chosen, operation_id, level, scope, at)
    return False, _(CATALOGUE[chosen].name), words, chosen.value, chosen.value if chosen in COUNTED else no_update


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
