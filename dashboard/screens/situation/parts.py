"""Parts of the situation screen, rendered from data read at one moment."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.map.packing import packed_scene, packed_values
from dashboard.parts.badges import state_badge
from dashboard.parts.country_status import country_status, reports_due
from dashboard.parts.figure_text import ages_words
from dashboard.parts.figure_theme import FigureTheme, untold_words
from dashboard.parts.graph import graph
from dashboard.parts.icon import icon
from dashboard.parts.journal_list import journal_feed
from dashboard.parts.kpi_board import LEVELS, OWN, WHOLE, BoardChoice, BoardReading, ScreenFigures
from dashboard.parts.kpi_tile import tile_content
from dashboard.parts.life_signs import life_signs
from dashboard.parts.panel import panel
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.screens.situation.headlines import late_countries, leading
from dashboard.screens.situation.ids import Ids, columns
from dashboard.screens.situation.past import PastMoment, bar, looks_back
from dashboard.screens.situation.results import (
    Day,
    by_name,
    fill_gaps,
    level_words,
    long_day,
    results_by_country,
    results_by_day,
    shown,
    shown_of,
)
from dashboard.screens.situation.table import FigureCell, TableFigure, kpi_table
from dashboard.server.access import actor, dark
from dashboard.wording import _, language, moment, number
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.people import Actor
from operations.core.vocabulary import Level
from operations.figures.board import CountryRow, reports_over


def figures(read: ScreenFigures) -> dict[str, Any]:
    """Return the figures, by the names of PARTS; they are sent first."""
    stands = {kpi: read.stands(kpi) for kpi in Kpi}
    others = sum(stands[kpi] for kpi in Kpi if kpi not in leading(read.operation.type))
    return {
        "as_of": _as_of(read),
        "strip": {"--tiles": columns(others)},
        **{f"no {kpi.value}": not stands[kpi] for kpi in Kpi},
        **{f"tile {each.kpi.value}": tile_content(each) if stands[each.kpi] else [] for each in read.tiles},
    }


def written(
    read: BoardReading,
    places: tuple[dict[str, Any], dict[str, Any]],
    moment: PastMoment | None = None,
    told: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return each part of the screen, by the names of PARTS.

    `moment`: the moment of the past that is shown. `told`: the figures, where they are rendered already.
    """
    return around(read, places, moment, told) | charts(read)


def around(
    read: BoardReading,
    places: tuple[dict[str, Any], dict[str, Any]],
    moment: PastMoment | None = None,
    told: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the parts that are the same whichever figure is in the charts."""
    level = read.choice.level
    return {
        **(figures(read) if told is None else told),
        "mark": [] if level >= Level.V3 else [state_badge(_("Includes results that no country has validated"), "warn")],
        "past": bar(read, moment),
        "signs": [] if actor().national or moment is not None else life_signs(read.signs),
        "free": not read.choice.level_is_free(actor()),
        "late": late_countries(read),
        "silent": country_status(
            read.silent,
            read.sites_known,
            reports_due(read.phases, read.at),
            reports_over(read.phases, read.at),
            (read.board.sites_reporting, read.board.sites_planned),
        ),
        "feed": journal_feed(read.entries, read.operation, read.sites),
        "phases": phase_timeline(read.phases, read.operation.zone, read.at),
        "scene": packed_scene(places[0]),
        "values": packed_values(places[1]),
        "charted": [{"value": kpi.value, "label": _(CATALOGUE[kpi].name)} for kpi in read.charted],
    }


def charts(read: BoardReading) -> dict[str, Any]:
    """Return the charts of the chosen figure, with their tables."""
    unit, level, look = _(CATALOGUE[read.choice.figure].unit), read.choice.level, FigureTheme.of_reader()
    at, under = level_words(level)
    name = _(CATALOGUE[read.choice.figure].name)
    caveats = " · ".join(read.chosen.caveats)
    reader = (language(), number(1_234), number(12_345_678), dark())
    days = _days(tuple(read.days), TableFigure.of(read), level, caveats, reader, untold=read.more_than_shown)
    return {
        "restated": _care(name, caveats),
        "countries": results_by_country(read.countries, level, unit, look, language(), untold=read.more_than_shown),
        "countries_table": kpi_table(
            _("Country"),
            (at, under),
            _country_rows(read),
            _("{figure} by country", figure=name),
            caveats,
        ),
    } | days


def _country_rows(read: BoardReading) -> tuple[tuple[str, FigureCell, FigureCell], ...]:
    """Return the rows of the countries' table: the number of the tile in that of the country that the board is of."""
    frame, by, figure, own = read.board.frame, actor(), TableFigure.of(read), TableFigure.of(read, waits=False)

    def cells(row: CountryRow) -> tuple[FigureCell, FigureCell]:
        said = read.chosen.number if frame.country == row.country else shown_of(row, frame.zone)
        waits = not (by.national and by.country == row.country)
        return (figure if waits else own).cells(row.country, said, shown(row.unverified))

    return tuple((name, *cells(row)) for name, row in by_name(read.countries, language()))


@lru_cache(maxsize=16)
def _days(
    days: tuple[Day, ...], figure: TableFigure, level: Level, caveats: str, _reader: tuple[Any, ...], *, untold: bool
) -> dict[str, Any]:
    """Return chart and table of official days, the same objects for all told alike, in the words of `_reader`."""
    chart = results_by_day(days, level, _(CATALOGUE[figure.kpi].unit), FigureTheme.of_reader(), untold=untold)
    table = kpi_table(
        _("Official day"),
        level_words(level),
        tuple(
            (long_day(day), *figure.cells(day, shown(at), shown(below))) for day, at, below in reversed(fill_gaps(days))
        ),
        _("{figure} by official day", figure=_(CATALOGUE[figure.kpi].name)),
        untold_words() if untold and not days else caveats,
    )
    return {"days": chart, "days_table": table}


def _care(name: str, caveats: str) -> list[Component]:
    """Return the sign that the charts' figure is to be read with care, with the words on demand."""
    if not caveats:
        return []
    sign = html.Summary([icon("alert-triangle", 16), html.Strong(name), _("Read with care")])
    return [html.Details([sign, html.P(caveats)])]


def _as_of(read: ScreenFigures) -> list[Component]:
    stood = moment(read.board.moved or read.board.as_of, read.operation.zone)
    validated = _(
        "{done} of {all} countries validated",
        done=number(read.board.countries_validated),
        all=number(read.board.countries_taking_part),
    )
    entry = _("as of {moment} · entry {entry}", moment=stood, entry=number(read.board.seq))
    old = [html.Span(words)] if (words := ages_words(read.ages, read.board)) else []
    return [html.Span(entry), html.Span(validated, className="situation-validated"), *old]


def toolbar(choice: BoardChoice, by: Actor, parts: Mapping[str, Any], opener: Sequence[Component] = ()) -> Component:
    """Return the selectors of level, scope and time. `opener`: the button that puts the screen on a wall."""
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
            *looks_back(),
            html.Div(parts["signs"], id=Ids.SIGNS, className="situation-signs m-num"),
            html.Div(parts["as_of"], id=Ids.AS_OF, className="situation-as-of m-num m-dim"),
            *opener,
            html.Div(id=Ids.WALL_LINK, role="status"),
        ],
        className="situation-toolbar",
    )


def past_bar(parts: Mapping[str, Any]) -> Component:
    """Return the bar that says that this is the past."""
    return html.Section(parts["past"], id=Ids.PAST, className="situation-past", **{"aria-label": _("Looking back")})


def side(parts: Mapping[str, Any]) -> Component:
    """Return the silent sites and the latest events."""
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


def below(choice: BoardChoice, parts: Mapping[str, Any]) -> Component:
    """Return phases and results."""
    figure = dmc.Select(
        id=Ids.FIGURE,
        value=choice.figure.value,
        size="xs",
        className="situation-figure",
        data=parts["charted"],
        **{"aria-label": _("Figure of the charts")},
    )
    return html.Div(
        [
            html.Div(parts["restated"], id=Ids.RESTATED, className="situation-restated m-small", role="note"),
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


def definition(kpi: Kpi | None, words: Sequence[Component]) -> list[Component]:
    """Return the definition of a figure, and the store that names it; it is filled when its tile is pressed."""
    close = html.Button(
        icon("x", 18, _("Close")), id=Ids.DEFINITION_CLOSE, className="situation-close", type="button", n_clicks=0
    )
    head = html.H2(_(CATALOGUE[kpi].name) if kpi else None, id=Ids.DEFINITION_NAME)
    panel = html.Section(
        [
            html.Div([head, close], className="situation-definition-head"),
            html.Div(list(words), id=Ids.DEFINITION_TEXT),
        ],
        id=Ids.DEFINITION,
        className="situation-definition",
        hidden=kpi is None,
        **{"aria-label": _("Definition"), "aria-live": "polite"},
    )
    return [dcc.Store(id=Ids.OPENED, data=kpi.value if kpi else ""), panel]
