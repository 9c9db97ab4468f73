"""Figures of a snapshot in words: with qualifier, hidden as stored, never computed again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date  # noqa: N812 - `date` is the function of wording

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts.badges import level_badge, state_badge
from dashboard.parts.figure_text import (
    Tile,
    amount_words,
    hidden_count,
    minute,
    share_range,
    tile,
    unreliable_words,
)
from dashboard.parts.kpi_tile import figure_number
from dashboard.wording import N_, UNDEFINED, _, coded, count_with_qualifier, date, language, moment, number
from dashboard.wording import rate as rate_number
from operations.catalogue.intervals import share_interval
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core import vocabulary
from operations.core.vocabulary import Level
from operations.figures.board import FigureBoard
from operations.policing.operation import plan
from operations.results import disclosed_figures
from operations.results.disclosed_figures import BY_COUNTRY, BY_DAY, OWN, SMALL, TOTAL
from operations.results.restatements import Restated
from operations.results.snapshot_rows import LIFE, Snapshot, SnapshotFigure, SnapshotState

LIVE, OFFICIAL = "situation", "official"
_BOARDS = {LIVE: N_("Live"), OFFICIAL: N_("Official")}


def value_words(kpi: Kpi, value: float | None, qualifier: str = "=", suppressed: str = "") -> str:
    """Return a number of a snapshot in words: "more than 850,000", "<11", "hidden"."""
    if suppressed:
        return hidden_count() if suppressed == SMALL else _("hidden")
    if value is None:
        return UNDEFINED
    counting = CATALOGUE[kpi].counting
    if counting is CountingUnit.RATE:
        return rate_number(value)
    if counting is CountingUnit.SHARE:
        return number(value, 1)
    return count_with_qualifier(value, qualifier)


def row_words(row: SnapshotFigure | None) -> str:
    """Return the number of a row in words; "—" for None."""
    return UNDEFINED if row is None else value_words(Kpi(row.kpi), row.value, row.qualifier, row.suppressed)


def of(rows: Sequence[SnapshotFigure], dimension: str) -> dict[tuple[Kpi, str], SnapshotFigure]:
    """Return the rows of one dimension, by figure and code."""
    return {(Kpi(row.kpi), row.code): row for row in rows if row.dimension == dimension}


Column = str | list[str | Component]


def text_table(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str | Component]]) -> Component:
    """Return a table with row headings in the first column, and numbers in words in the others."""
    head = html.Tr([html.Th(name, scope="col", className="" if not at else "m-num") for at, name in enumerate(columns)])
    body = [
        html.Tr([html.Th(first, scope="row"), *(html.Td(html.Bdi(value), className="m-num") for value in values)])
        for first, *values in rows
    ]
    inside = [html.Caption(caption, className="m-visually-hidden"), html.Thead(head), html.Tbody(body)]
    made = html.Table(inside, className="m-table")
    return html.Div(made, className="m-scroll", tabIndex=0, role="region", **{"aria-label": caption})


def figure_words(kpi: Kpi) -> str:
    """Return a figure's name with its unit."""
    return f"{_(CATALOGUE[kpi].name)} ({_(CATALOGUE[kpi].unit)})"


def stated_row(snapshot: Snapshot, zone: str, kpi: Kpi, row: SnapshotFigure | None, whose: str) -> Component | str:
    """Return the number of a row, with its country or day in its data attributes; "—" for None."""
    if row is None:
        return UNDEFINED
    level, at = CATALOGUE[kpi].level or Level(snapshot.level), minute(snapshot.taken_at, zone)
    return figure_number(kpi.value, row_words(row), _(CATALOGUE[kpi].unit), level, at, snapshot.status, "", whose)


def amount_texts(rows: Sequence[SnapshotFigure], dimension: str) -> dict[Kpi, list[str]]:
    """Return the amounts that are never added up, each with its unit: "Vehicle: 33 pieces".

    `dimension`: APART or OWN_APART.
    """
    found: dict[Kpi, list[SnapshotFigure]] = {}
    for (kpi, _code), row in of(rows, dimension).items():
        found.setdefault(kpi, []).append(row)
    return {
        kpi: [
            f"{vocabulary.label(CATALOGUE[kpi].measure.listed, amount.code, language())}: "  # type: ignore[union-attr]
            + "\u2068{} {}\u2069".format(*amount_words(amount.unit, amount.quantity, language()))
            for amount in disclosed_figures.amounts_of(of_it)
        ]
        for kpi, of_it in found.items()
    }


def stated_amounts(
    snapshot: Snapshot, zone: str, rows: Sequence[SnapshotFigure], dimension: str, whose: str
) -> dict[Kpi, Component]:
    """Return the same amounts for the page, one a line."""
    level, at = Level(snapshot.level), minute(snapshot.taken_at, zone)
    return {
        kpi: html.Div(
            [
                html.Div(figure_number(kpi.value, text, _(CATALOGUE[kpi].unit), level, at, snapshot.status, "", whose))
                for text in texts
            ]
        )
        for kpi, texts in amount_texts(rows, dimension).items()
    }


def own_table(
    snapshot: Snapshot, zone: str, rows: Sequence[SnapshotFigure], wanted: Sequence[Kpi], country: str
) -> Component:
    """Return the figures of the reader's own country, in full."""
    own, notes = of(rows, OWN), unreliable(rows, disclosed_figures.OWN_MISSING)
    amounts = stated_amounts(snapshot, zone, rows, disclosed_figures.OWN_APART, country)
    for (kpi, _code), row in own.items():
        if CATALOGUE[kpi].counting is CountingUnit.SHARE and (said := share_range(share_interval(row.n, row.of))):
            notes[kpi] = "; ".join(filter(None, (notes.get(kpi), *said)))
    cells = [
        [
            figure_words(kpi),
            amounts.get(kpi) or stated_row(snapshot, zone, kpi, own.get((kpi, "")), country),
            *([notes.get(kpi, "")] if notes else []),
        ]
        for kpi in wanted
    ]
    head = [_("Key figure"), _("Value"), *([_("Notes")] if notes else [])]
    return text_table(_("Our country"), head, cells)


def unreliable(rows: Sequence[SnapshotFigure], dimension: str) -> dict[Kpi, str]:
    """Return why figures are not reliable, from the rows of `dimension`: MISSING, or OWN_MISSING."""
    missing = of(rows, dimension)
    return {
        kpi: unreliable_words(
            disclosed_figures.gaps_of(kpi, [row for (each, _by), row in missing.items() if each is kpi])
        )
        for kpi in {kpi for kpi, _by in missing}
    }


def country_table(
    snapshot: Snapshot, zone: str, rows: Sequence[SnapshotFigure], words: Sequence[Tile]
) -> Component | None:
    """Return results by country, as far as disclosed to this audience; None where nothing is.

    `words` are the tiles of the figures; their warnings stand in the head of the column.
    """
    return _crossed(snapshot, zone, rows, words, BY_COUNTRY, _("Country"), _("Results by country"), _country)


def day_table(snapshot: Snapshot, zone: str, rows: Sequence[SnapshotFigure], words: Sequence[Tile]) -> Component | None:
    """Return the same table by official day, as far as any figure is disclosed by day."""
    return _crossed(snapshot, zone, rows, words, BY_DAY, _("Official day"), _("Results by official day"), _day)


def _country(code: str) -> str:
    return coded("CL-COUNTRY", code)


def _day(code: str) -> str:
    return date(Date.fromisoformat(code))


def _crossed(
    snapshot: Snapshot,
    zone: str,
    rows: Sequence[SnapshotFigure],
    words: Sequence[Tile],
    dimension: str,
    first: str,
    caption: str,
    name: Callable[[str], str],
) -> Component | None:
    cells = of(rows, dimension)
    columns = [each for each in words if any(kpi == each.kpi for kpi, _code in cells)]
    codes = sorted({code for _kpi, code in cells}, key=name if dimension == BY_COUNTRY else str)
    if not columns:
        return None
    shown = [
        [name(code), *(stated_row(snapshot, zone, each.kpi, cells.get((each.kpi, code)), code) for each in columns)]
        for code in codes
    ]
    return text_table(caption, [first, *(_headed(each) for each in columns)], shown)


def _headed(words: Tile) -> Column:
    """Return the head of a figure's column: its name and warnings."""
    return [words.name, *(html.Div(said, className="kpi-restated m-small") for said in words.caveats)]


def tiles(
    snapshot: Snapshot,
    operation: plan.Operation,
    rows: Sequence[SnapshotFigure],
    restated: Mapping[Kpi, Restated] | None = None,
) -> list[Tile]:
    """Return the tiles of the official board: what the live board showed this audience when the snapshot was prepared.

    `restated`: figures that differ from those of the previously published snapshot.
    """
    changed = restated or {}
    frame = disclosed_figures.frame_of(operation, Level(snapshot.level))
    figures, total = disclosed_figures.figures(rows), of(rows, TOTAL)
    board = FigureBoard(frame, 0, snapshot.taken_at, snapshot.taken_at, figures, 0, 0, 0, 0)
    made = []
    for kpi, figure in figures.items():
        words = tile(figure, board, language(), live=False, over=True, restated=changed.get(kpi))
        words = replace(words, status=snapshot.status)
        shown = figure.hidden or figure.apart
        made.append(words if shown else replace(words, number=row_words(total[kpi, ""])))
    return made


def status_badge(snapshot: Snapshot) -> Component:
    """Return the level and status of a snapshot's figures."""
    words = coded("CL-STATUS", snapshot.status)
    tone = "warn" if snapshot.status == "preliminary" else "good"
    return html.Span([level_badge(Level(snapshot.level), explained=True), state_badge(words, tone)], className="m-row")


def state_words(snapshot: Snapshot) -> str:
    """Return the state of a snapshot in words."""
    return _(LIFE.words[SnapshotState(snapshot.state)])


def signed_words(snapshot: Snapshot) -> str:
    """Return the names of those who signed a snapshot; "" while unsigned."""
    if snapshot.approved_at is None:
        return ""
    return _("signed by {coordinator} and {leader}", coordinator=snapshot.signed_name, leader=snapshot.approved_name)


def as_of_words(snapshot: Snapshot, zone: str) -> str:
    """Return the time as of which a snapshot's figures are."""
    return _("as of {moment}", moment=moment(snapshot.taken_at, zone))


def boards(operation: plan.Operation, here: str) -> Component:
    """Return the links to the live board and the official one."""
    links = [
        dcc.Link(
            _(name),
            href=f"/operations/{operation.id}/{place}",
            className="boards-one is-here" if place == here else "boards-one",
        )
        for place, name in _BOARDS.items()
    ]
    return html.Nav(links, className="boards", **{"aria-label": _("Board")})
