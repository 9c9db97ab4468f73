"""Table of a chart: the same numbers as text, for those who do not see the bars or need the digits."""

from functools import lru_cache
from typing import NamedTuple

from dash import html
from dash.development.base_component import Component

from dashboard.parts.figure_text import minute
from dashboard.parts.kpi_board import BoardReading
from dashboard.parts.kpi_tile import figure_attributes
from dashboard.parts.markup import Markup, StaticElement
from dashboard.screens.situation.results import shown
from dashboard.server.access import actor
from operations.core.vocabulary import Level


class FigureCell(NamedTuple):
    """A number in words, and its data for the page's source (`kpi_tile.telling`)."""

    words: str
    told: tuple[tuple[str, str], ...]


def level_cells(
    read: BoardReading, of: str, verified: int | None, waiting: int | None, told: str = ""
) -> tuple[FigureCell, FigureCell]:
    """Return the chosen figure at the level and below it, `of` a country or an official day, `told` in words.

    For the country that the board is of, the first is the number of the tile. Numbers of a figure that moves in
    releases are those of the release that told countries and days; the reader's own country waits for none.
    """
    words, frame, by = read.chosen, read.board.frame, actor()
    released = read.board.figures[words.kpi].released
    waits = released is not None and not (by.national and of == by.country)
    since = (released.tables if released and waits else None) or read.board.as_of
    at = minute(since, frame.zone)
    whose = of if frame.country in (None, of) else f"{of} {frame.country}"
    own = words.number if frame.country == of else told or shown(verified)
    below = figure_attributes(words.kpi, words.unit, Level.V1, at, "live_unverified", whose, words.level)
    return (
        FigureCell(own, (*figure_attributes(words.kpi, words.unit, words.level, at, words.status, whose).items(),)),
        FigureCell(shown(waiting), (*below.items(),)),
    )


def kpi_table(
    first: str,
    columns: tuple[str, str],
    rows: tuple[tuple[str, FigureCell, FigureCell], ...],
    caption: str,
    note: str = "",
) -> Component:
    """Return a table with rows (name, at the level, below it) and a caption; `note` is shown below it."""
    head = html.Tr(
        [
            html.Th(name, scope="col", className="" if place == 0 else "kpi-cell")
            for place, name in enumerate((first, *columns))
        ]
    )
    body = [
        StaticElement(
            "tr",
            (
                StaticElement("th", (name,), {"scope": "row"}),
                *(
                    StaticElement("td", (each.words,), {"className": "kpi-cell m-num", **dict(each.told)})
                    for each in cells
                ),
            ),
            {},
        )
        for name, *cells in rows
    ]
    return html.Div(
        [
            html.Table(
                [html.Caption(caption, className="m-visually-hidden"), html.Thead(head), html.Tbody(Markup(body))],
                className="m-table kpi-table",
            ),
            *([html.P(note, className="m-dim m-small")] if note else []),
        ],
        className="m-scroll kpi-table-frame",
        tabIndex=0,
        role="region",
        **{"aria-label": caption},
    )


shared_table = lru_cache(maxsize=16)(kpi_table)
"""The table of equal words as one object, which nobody modifies: most countries are told alike of the days."""
