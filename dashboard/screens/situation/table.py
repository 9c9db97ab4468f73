"""Table of a chart: the same numbers as text, for those who do not see the bars or need the digits."""

from typing import NamedTuple

from dash import html
from dash.development.base_component import Component

from dashboard.parts.figure_text import minute
from dashboard.parts.kpi_board import BoardReading
from dashboard.parts.kpi_tile import figure_attributes
from dashboard.parts.markup import Markup, element
from operations.catalogue.kpis import Kpi
from operations.core.vocabulary import Level


class FigureCell(NamedTuple):
    """A number in words, and its data for the page's source (`kpi_tile.telling`)."""

    words: str
    told: tuple[tuple[str, str], ...]


class TableFigure(NamedTuple):
    """The figure of a chart, with what accompanies each of its numbers. `country`: whose board it is."""

    kpi: Kpi
    unit: str
    level: Level
    status: str
    at: str
    country: str | None

    @classmethod
    def of(cls, read: BoardReading, *, waits: bool = True) -> "TableFigure":
        """Return the chosen figure. Of one that moves in releases it is that of the release that told countries and
        days; the reader's own country `waits` for none."""
        words, frame = read.chosen, read.board.frame
        released = read.board.figures[words.kpi].released
        since = (released.tables if released and waits else None) or read.board.as_of
        return cls(words.kpi, words.unit, words.level, words.status, minute(since, frame.zone), frame.country)

    def cells(self, of: str, number: str, waiting: str) -> tuple[FigureCell, FigureCell]:
        """Return what is told of a country or an official day: at the level, and below it."""
        whose = of if self.country in (None, of) else f"{of} {self.country}"
        at = figure_attributes(self.kpi, self.unit, self.level, self.at, self.status, whose)
        below = figure_attributes(self.kpi, self.unit, Level.V1, self.at, "live_unverified", whose, self.level)
        return FigureCell(number, tuple(at.items())), FigureCell(waiting, tuple(below.items()))


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
        element(
            "tr",
            element("th", name, scope="row"),
            *(element("td", each.words, className="kpi-cell m-num", **dict(each.told)) for each in cells),
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
