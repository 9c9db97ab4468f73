"""KPI tile: a key figure with its level, its time, and what is not verified yet.

A tile is a button that opens the definition. Its texts are made in `figure_text`.
"""

from collections.abc import Sequence, Set
from functools import lru_cache
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.badges import level_badge
from dashboard.parts.figure_text import WHOLE, Tile
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts
from dashboard.parts.sparkline import sparkline
from dashboard.wording import _, language
from operations.catalogue.definition import Audience, SitesHeard
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core.vocabulary import Level


def figure_attributes(
    kpi: str, unit: str, level: Level, at: str, status: str, of: str = WHOLE, below: Level | None = None
) -> dict[str, str]:
    """Return the data attributes of a figure's number: everything that must accompany it (domain 2.1).

    `at` is a time (ISO 8601), `status` a code of CL-STATUS, `of` a country, a day or the whole operation. `below`: it
    counts what reached `level` but not this level. The same figure as of one entry is the same on every page.
    """
    told = {"kpi": kpi, "level": level.name, "as-of": at, "unit": unit, "status": status, "of": of}
    told |= {"below": below.name} if below is not None else {}
    return {f"data-{name}": each for name, each in told.items()}


def figure_number(
    kpi: str, value: str, unit: str, level: Level, at: str, status: str, class_name: str, of: str = WHOLE
) -> Component:
    """Return a figure's number with the attributes of `figure_attributes`."""
    return html.Span(value, className=class_name, **figure_attributes(kpi, unit, level, at, status, of))


def stated_tile(words: Tile, class_name: str) -> Component:
    """Return the number of a tile for any place on a page."""
    return figure_number(
        words.kpi.value, words.number, words.unit, words.level, words.at, words.status, class_name, words.of
    )


def kpi_tile(
    words: Tile,
    id: str | dict[str, str],  # noqa: A002 - Dash's own name
    *,
    hidden: bool = False,
) -> Component:
    """Return a tile as a button; a hidden tile is empty."""
    return html.Button(
        [] if hidden else tile_content(words), id=id, className="kpi-tile", n_clicks=0, type="button", hidden=hidden
    )


def tile_content(words: Tile) -> list[Component]:
    """Return the content of a tile: always the same elements in the same order, so that a refresh changes texts only.

    Equal texts return the same cached object, which nobody modifies: after a report most tiles of a board are
    unchanged.
    """
    return _content(words, language())


@lru_cache(maxsize=500)
def _content(words: Tile, _language: str) -> list[Component]:
    return [
        html.Span([html.Span(words.name, className="kpi-name"), _sign(words)], className="kpi-head"),
        html.Span(
            [
                stated_tile(words, "kpi-number m-num"),
                html.Span(words.unit, className="kpi-unit"),
            ],
            className="kpi-value",
        ),
        html.Span([html.Span(words.goal), _progress(words)], className="kpi-goal m-num", hidden=not words.goal),
        html.Span([html.Span(note) for note in words.notes], className="kpi-notes m-num"),
        html.Span(
            [
                sparkline(words.trend, words.name),
                html.Span([html.Span(line) for line in words.change], className="kpi-change m-num"),
            ],
            className="kpi-trend",
        ),
        html.Span(
            words.unverified or words.more,
            className="kpi-unverified m-num" if words.unverified else "kpi-unverified kpi-unverified--none",
        ),
        html.Span(
            [level_badge(words.level), html.Span(words.as_of, className="kpi-as-of m-num")], className="kpi-foot"
        ),
        html.Span(
            [html.Span(said) for said in words.remarks], className="kpi-why", role="note", hidden=not words.remarks
        ),
    ]


def _sign(words: Tile) -> Component:
    """Return the one sign that there are remarks; their words appear with focus, and stand in the definition."""
    if not words.remarks:
        return html.Span(hidden=True)
    warns, name = bool(words.caveats), "eye-off" if words.why else "info-circle"
    sign = icon("alert-triangle" if warns else name, 16, _("Read with care") if warns else _("With a note"))
    return html.Span(sign, className="kpi-sign kpi-sign--warns" if warns else "kpi-sign")


def _progress(words: Tile) -> Component:
    """Return the way to the goal as a bar; without one where the share is not disclosed."""
    reached = words.reached
    if reached is None:
        return html.Span(hidden=True)
    return html.Span(
        html.Span(style={"inlineSize": f"{min(100, reached)}%"}),
        className="target-bar target-bar--reached" if reached >= 100 else "target-bar",
        **{"aria-hidden": "true"},
    )


def definition_panel(kpi: Kpi, words: Tile | None = None) -> list[Component]:
    """Return a figure's definition: what it counts, its unit and cautions; why its number is hidden, if it is."""
    definition = CATALOGUE[kpi]
    rows = [
        *(words.parts if words else ()),
        (_("Formula"), _(definition.formula)),
        (_("Counting unit"), _counting(definition.counting)),
        (_("Beware"), _(definition.caution)),
        *quotations(definition.quote, definition.misquote),
        (_("Level"), _level_words(kpi)),
        (
            _("Persons"),
            _persons(definition.guarded),
        ),
        (_("Source"), definition.source.replace(" ", ", ")),
    ]
    if words is not None and words.why:
        rows.insert(0, (_("Why hidden"), words.why))
    if words is not None and words.released:
        rows.insert(0, (_("Why it stands still"), words.released))
    if words is not None and words.restated:
        rows.insert(0, (_("Since it was last taken along"), words.restated))
    if words is not None and words.unreliable:
        rows.insert(0, (_("Can it be relied on?"), words.unreliable))
    return definition_rows(kpi.value, _(definition.unit), rows)


def definition_rows(code: str, unit: str, rows: Sequence[tuple[str, Any]]) -> list[Component]:
    """Return the code, unit and rows of a definition."""
    named = html.P([html.Span(code, className="kpi-code"), unit], className="m-dim m-small")
    return [named, facts(rows, "kpi-definition")]


def quotations(quote: str, misquote: str) -> tuple[tuple[str, str], ...]:
    """Return what one may say with a figure, and what not."""
    return (_("One may say"), f"“{_(quote)}”"), (_("One may not say"), f"“{_(misquote)}”")


def _persons(guarded: Set[Audience]) -> str:
    if not guarded:
        return _("This figure does not count persons.")
    if Audience.LEADERSHIP in guarded:
        return _("Counts of 1 to 10 persons are hidden from readers who do not answer for them.")
    return _("Counts of 1 to 10 persons are hidden from other countries and outside; leadership sees them.")


def _counting(counting: CountingUnit) -> str:
    return {
        CountingUnit.RECORDS: _("Records: one line is one."),
        CountingUnit.QUANTITY: _("The quantity written in the lines."),
        CountingUnit.RATE: _("A rate: hits and checks of the same database."),
        CountingUnit.SHARE: _("A share in per cent."),
        CountingUnit.APART: _("The quantity written in the lines, each unit by itself: never added up."),
        CountingUnit.PEAK: _("The largest day of each site and agency, added up."),
    }[counting]


def _level_words(kpi: Kpi) -> str:
    if isinstance(CATALOGUE[kpi].measure, SitesHeard):
        return _("From V1 on: a submitted report is heard, a nil report too.")
    return _("Lines at the chosen level or above. What waits below it is shown hatched, as unverified.")
