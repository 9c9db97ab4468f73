"""The situation of one operation, live: figures, map, who is silent, what just happened, phases, results.

Everything on the screen is read at one moment, and read again when the pulse says that this operation changed; only the
parts that differ are sent.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from plotly.io.json import to_json_plotly

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map.component import operation_map, scene_id, values_id, wire
from dashboard.map.scene import scene, site_values
from dashboard.navigation import Nav
from dashboard.parts.badges import state_badge
from dashboard.parts.country_status import country_status, reports_due
from dashboard.parts.graph import graph
from dashboard.parts.icon import icon
from dashboard.parts.journal_list import journal_feed
from dashboard.parts.kpi_board import (
    LEVELS,
    OWN,
    WHOLE,
    Choice,
    Reading,
    charted,
    frame_of,
    read_situation,
    reported,
    tiles_of,
)
from dashboard.parts.kpi_tile import Tile, definition_panel, kpi_tile, tile_content
from dashboard.parts.look import Look, untold_words
from dashboard.parts.panel import panel
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.screens.situation.life_signs import life_signs
from dashboard.screens.situation.results import (
    by_name,
    level_words,
    long_day,
    results_by_country,
    results_by_day,
    without_holes,
)
from dashboard.screens.situation.table import kpi_table
from dashboard.server.access import actor, known_id, reading
from dashboard.server.live import PULSE
from dashboard.wording import N_, _, clock, language, number
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import Level
from operations.measures.board import read_board, reports_over
from operations.measures.kpis import CATALOGUE, Kpi
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Situation"),
    path_template="/operations/<operation_id>/situation",
    icon="activity",
    order=10,
    act=Act.TOTALS_READ,
)
MAP = "situation-map"
WIDEST = 12  # so many tiles stand in one row of a wall
wire(MAP)


def columns(tiles: int) -> int:
    """How many tiles stand in a row where there is room for them: rows that are as long as one another."""
    return -(-tiles // max(1, -(-tiles // WIDEST)))


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "situation-operation"
    SHOWN = "situation-shown"
    MINUTES = "situation-minutes"
    LEVEL = "situation-level"
    SCOPE = "situation-scope"
    FIGURE = "situation-figure"
    AS_OF = "situation-as-of"
    MARK = "situation-mark"
    SIGNS = "situation-signs"
    SILENT = "situation-silent"
    FEED = "situation-feed"
    PHASES = "situation-phases"
    COUNTRIES = "situation-countries"
    COUNTRIES_TABLE = "situation-countries-table"
    DAYS = "situation-days"
    DAYS_TABLE = "situation-days-table"
    DEFINITION = "situation-definition"
    DEFINITION_NAME = "situation-definition-name"
    DEFINITION_TEXT = "situation-definition-text"
    DEFINITION_CLOSE = "situation-definition-close"


def tile_id(kpi: Kpi) -> str:
    """The id of a figure's tile."""
    return f"situation-tile-{kpi.value}"


PARTS = {
    "as_of": Output(Ids.AS_OF, "children"),
    "mark": Output(Ids.MARK, "children"),
    "free": Output(Ids.LEVEL, "disabled"),
    "signs": Output(Ids.SIGNS, "children"),
    "silent": Output(Ids.SILENT, "children"),
    "feed": Output(Ids.FEED, "children"),
    "phases": Output(Ids.PHASES, "children"),
    "countries": Output(Ids.COUNTRIES, "figure"),
    "countries_table": Output(Ids.COUNTRIES_TABLE, "children"),
    "days": Output(Ids.DAYS, "figure"),
    "days_table": Output(Ids.DAYS_TABLE, "children"),
    "scene": Output(scene_id(MAP), "data"),
    "values": Output(values_id(MAP), "data"),
}


def layout(operation_id: str = "", level: str = "", scope: str = "", figure: str = "", **_query: str) -> Component:
    """The whole screen, with its figures already in it. Choices can stand in the address, for a wall."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        choice = Choice.of(level, scope, figure, by, charted(operation))
        read = read_situation(session, operation, choice, by)
        places = scene(session, operation, by), site_values(session, frame_of(operation, choice, by), by)
    parts = written(read, places)
    shown = {"tiles": {words.kpi.value: [words.number, 0] for words in read.tiles}, "parts": marks(parts)}
    tiles = [kpi_tile(words, tile_id(words.kpi), hidden=not reported(words.kpi, operation)) for words in read.tiles]
    return page(
        _("Situation"),
        html.Div(
            [
                dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
                dcc.Store(id=Ids.SHOWN, data=shown),
                dcc.Store(id=Ids.MINUTES, data=0),
                _toolbar(choice, by, parts),
                html.Section(
                    tiles,
                    className="situation-strip",
                    style={"--tiles": columns(sum(reported(words.kpi, operation) for words in read.tiles))},
                    **{"aria-label": _("Key figures")},
                ),
                html.Section(
                    operation_map(MAP, scene=places[0], values=places[1], operation_id=operation.id, legend=True),
                    className="situation-map",
                    **{"aria-label": _("Map")},
                ),
                _side(parts),
                _below(choice, charted(operation), parts),
                _definition(),
            ],
            className="situation",
            id="situation-page",
        ),
        full=True,
    )


# --------------------------------------------------------------------------------------------------- callbacks


@screen(
    [Output(Ids.SHOWN, "data"), *PARTS.values(), *(Output(tile_id(kpi), "children") for kpi in Kpi)],
    Input(PULSE, "data"),
    Input(Ids.MINUTES, "data"),
    Input(Ids.LEVEL, "value"),
    Input(Ids.SCOPE, "value"),
    Input(Ids.FIGURE, "value"),
    State(Ids.OPERATION, "data"),
    State(Ids.SHOWN, "data"),
    act=Act.TOTALS_READ,
    prevent_initial_call=True,
)
def refresh(
    _pulse: int, _minutes: int, level: str, scope: str, figure: str, operation_id: str, shown: dict[str, Any] | None
) -> list[Any]:
    """Read the screen anew and send what differs from what this browser shows."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        choice = Choice.of(level, scope, figure, by, charted(operation))
        read = read_situation(session, operation, choice, by)
        places = scene(session, operation, by), site_values(session, frame_of(operation, choice, by), by)
    parts = written(read, places)
    before = shown or {}
    now_marks, old_marks = marks(parts), before.get("parts", {})
    tiles, numbers = renewed(read.tiles, before.get("tiles", {}))
    changed = [parts[name] if now_marks[name] != old_marks.get(name) else no_update for name in PARTS]
    return [{"tiles": numbers, "parts": now_marks}, *changed, *tiles]


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
        "operation_id": State(Ids.OPERATION, "data"),
    },
    act=Act.TOTALS_READ,
    prevent_initial_call=True,
)
def open_definition(_tiles: list[int], _close: int, level: str, scope: str, operation_id: str) -> tuple[Any, Any, Any]:
    """The definition of the tile that was chosen, beside the map; or put it away."""
    chosen = next((kpi for kpi in Kpi if ctx.triggered_id == tile_id(kpi)), None)
    if chosen is None:
        return True, no_update, no_update
    return False, _(CATALOGUE[chosen].name), definition_of(chosen, operation_id, level, scope)


def definition_of(kpi: Kpi, operation_id: str, level: str, scope: str) -> list[Component]:
    """What a figure means, and why this reader does not see its number, where that is so."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        board = read_board(session, frame_of(operation, Choice.of(level, scope, None, by), by), by)
    words = next(each for each in tiles_of(board, by) if each.kpi is kpi)
    return definition_panel(kpi, words)


# ------------------------------------------------------------------------------------------------------- parts


def written(read: Reading, places: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """Each part of the screen, by the names of PARTS."""
    unit, level, look = _(CATALOGUE[read.choice.figure].unit), read.choice.level, Look.of_reader()
    at, below = level_words(level)
    name = _(CATALOGUE[read.choice.figure].name)
    return {
        "as_of": _as_of(read),
        "mark": [] if level >= Level.V3 else [state_badge(_("Includes results that no country has validated"), "warn")],
        "signs": [] if actor().national else life_signs(read.signs),
        "free": not read.choice.level_is_free(actor()),
        "silent": country_status(
            read.silent,
            read.sites_known,
            reports_due(read.phases, read.at),
            reports_over(read.phases, read.at),
            (read.board.sites_reporting, read.board.sites_planned),
        ),
        "feed": journal_feed(read.entries, read.operation, read.sites),
        "phases": phase_timeline(read.phases, read.operation.zone, read.at),
        "countries": results_by_country(read.countries, level, unit, look, language(), untold=read.more_than_shown),
        "countries_table": kpi_table(
            _("Country"),
            (at, below),
            [(country, row.verified, row.unverified) for country, row in by_name(read.countries, language())],
            _("{figure} by country", figure=name),
        ),
        "days": results_by_day(read.days, level, unit, look, untold=read.more_than_shown),
        "days_table": kpi_table(
            _("Official day"),
            (at, below),
            [(long_day(day), done, waiting) for day, done, waiting in reversed(without_holes(read.days))],
            _("{figure} by official day", figure=name),
            untold_words() if read.more_than_shown and not read.days else "",
        ),
        "scene": places[0],
        "values": places[1],
    }


def marks(parts: Mapping[str, Any]) -> dict[str, str]:
    """A short mark for each part, equal as long as the part is."""
    return {name: fingerprint(to_json_plotly(part, engine="json"))[:16] for name, part in parts.items()}


def renewed(tiles: tuple[Tile, ...], shown: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The inside of each tile, its number marked where it differs from the one shown, and what is shown from now on.

    Two classes with the same animation take turns, so that it plays again at each change and never without one.
    """
    contents, numbers = [], {}
    for words in tiles:
        before, turn = shown.get(words.kpi.value) or [words.number, 0]
        turn += before != words.number
        numbers[words.kpi.value] = [words.number, turn]
        contents.append(tile_content(words, f"kpi-number--new-{turn % 2}" if turn else ""))
    return contents, numbers


def _as_of(read: Reading) -> list[Component]:
    moment = clock(read.board.moved or read.board.as_of, read.operation.zone)
    validated = _(
        "{done} of {all} countries validated",
        done=number(read.board.countries_validated),
        all=number(read.board.countries_taking_part),
    )
    entry = _("as of {moment} · entry {entry}", moment=moment, entry=number(read.board.seq))
    return [html.Span(entry), html.Span(validated, className="situation-validated")]


def _toolbar(choice: Choice, by: Actor, parts: Mapping[str, Any]) -> Component:
    level = dmc.SegmentedControl(
        id=Ids.LEVEL,
        value=choice.level.name,
        data=[{"value": each.name, "label": each.name} for each in LEVELS],
        size="xs",
        disabled=parts["free"],
    )
    scope = dmc.SegmentedControl(
        id=Ids.SCOPE,
        value=choice.scope,
        size="xs",
        data=[{"value": OWN, "label": _("Our country")}, {"value": WHOLE, "label": _("Whole operation")}],
        className="" if by.national else "situation-absent",
    )
    return html.Div(
        [
            html.Div(
                [html.Span(_("Level"), className="situation-what", **{"aria-hidden": "true"}), level],
                className="situation-choice",
                role="group",
                **{"aria-label": _("Level")},
            ),
            html.Div(scope, className="situation-choice", role="group", **{"aria-label": _("What is counted")}),
            html.Div(parts["mark"], id=Ids.MARK, className="situation-mark"),
            html.Div(parts["signs"], id=Ids.SIGNS, className="situation-signs m-num"),
            html.Div(parts["as_of"], id=Ids.AS_OF, className="situation-as-of m-num m-dim"),
        ],
        className="situation-toolbar",
    )


def _side(parts: Mapping[str, Any]) -> Component:
    return html.Aside(
        [
            panel(
                _("Silent for 24 hours"),
                html.Div(parts["silent"], id=Ids.SILENT, className="situation-scroll", tabIndex=0),
                class_name="situation-panel situation-panel--silent",
                flush=True,
            ),
            panel(
                _("What just happened"),
                html.Div(parts["feed"], id=Ids.FEED, className="situation-scroll", tabIndex=0),
                class_name="situation-panel situation-panel--feed",
                flush=True,
            ),
        ],
        className="situation-side",
        **{"aria-label": _("Silent sites and latest events")},
    )


def _below(choice: Choice, figures: Sequence[Kpi], parts: Mapping[str, Any]) -> Component:
    figure = dmc.Select(
        id=Ids.FIGURE,
        value=choice.figure.value,
        size="xs",
        allowDeselect=False,
        className="situation-figure",
        data=[{"value": kpi.value, "label": _(CATALOGUE[kpi].name)} for kpi in figures],
        **{"aria-label": _("Figure of the charts")},
    )
    return html.Div(
        [
            panel(
                _("Phases"),
                html.Div(parts["phases"], id=Ids.PHASES, className="situation-scroll", tabIndex=0),
                class_name="situation-panel",
                flush=True,
            ),
            panel(
                _("Results by country"),
                _chart_and_table(Ids.COUNTRIES, Ids.COUNTRIES_TABLE, "countries", parts, _("Results by country")),
                actions=[figure],
                class_name="situation-panel",
                flush=True,
            ),
            panel(
                _("Results by official day"),
                _chart_and_table(Ids.DAYS, Ids.DAYS_TABLE, "days", parts, _("Results by official day")),
                class_name="situation-panel",
                flush=True,
            ),
        ],
        className="situation-below",
    )


def _chart_and_table(chart: str, table: str, name: str, parts: Mapping[str, Any], label: str) -> Component:
    return dmc.Tabs(
        [
            dmc.TabsList(
                [
                    dmc.TabsTab(icon("chart-bar", 16, _("Chart")), value="chart"),
                    dmc.TabsTab(icon("table", 16, _("Table")), value="table"),
                ],
                **{"aria-label": label},
            ),
            dmc.TabsPanel(graph(chart, parts[name], label=label, height="100%"), value="chart"),
            dmc.TabsPanel(html.Div(parts[f"{name}_table"], id=table, className="situation-fill"), value="table"),
        ],
        value="chart",
        className="situation-tabs",
    )


def _definition() -> Component:
    close = html.Button(
        icon("x", 18, _("Close")), id=Ids.DEFINITION_CLOSE, className="situation-close", type="button", n_clicks=0
    )
    return html.Section(
        [
            html.Div([html.H2(id=Ids.DEFINITION_NAME), close], className="situation-definition-head"),
            html.Div(id=Ids.DEFINITION_TEXT),
        ],
        id=Ids.DEFINITION,
        className="situation-definition",
        hidden=True,
        **{"aria-label": _("Definition"), "aria-live": "polite"},
    )
