"""Comparison table of several operations: a column each, a row for each published figure, and what may be compared."""

from collections.abc import Callable, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import published_text as words
from dashboard.parts.table import table, table_row
from dashboard.wording import UNDEFINED, _, coded, joined, ngettext, sentence
from operations.results.past_operations.comparability import ComparisonRow
from operations.results.past_operations.publications import PastOperation, PublishedFigure


def side_table(
    rows: Sequence[ComparisonRow],
    operations: Sequence[PastOperation],
    href: Callable[[PastOperation], str],
    here: tuple[Component, Callable[[ComparisonRow], Component]] | None = None,
) -> Component:
    """Return the table; `here` is the heading and cell function of the running operation, which comes first."""
    own = [here[0]] if here else []
    head = [_("Figure"), *own, *(_head(each, href) for each in operations), _("Like for like")]
    return table(head, [_row(each, here[1](each) if here else None) for each in rows], "past-side", _("Side by side"))


def basis_words(countries: int | None, days: int | None) -> str:
    """Return the numbers of countries and days, as far as they are known."""
    said = [
        ngettext("{n} country", "{n} countries", countries) if countries else _("countries not known"),
        ngettext("{n} day", "{n} days", days) if days else _("days not known"),
    ]
    return joined(said)


def _head(operation: PastOperation, href: Callable[[PastOperation], str]) -> Component:
    basis = html.Small(basis_words(operation.countries, operation.length), className="m-dim past-mark")
    name = dcc.Link(html.Bdi(operation.name), href=href(operation))
    what = _("{kind}, {year}", kind=coded("CL-OPTYPE", operation.kind), year=str(operation.year))
    return html.Th([name, html.Small(what, className="m-dim past-mark"), basis], scope="col")


def _row(row: ComparisonRow, own: Component | None) -> Component:
    name = words.kpi_name(row.kpi) if row.kpi else words.thing(row.of, row.code)
    cells = [
        _cell(cell, rate, row.code) for cell, rate in zip(row.cells, map(words.per_day_words, row.rates), strict=True)
    ]
    return table_row(
        name, *([own] if own else []), *cells, html.Td(sentence(row.said), className="m-dim m-small past-alike")
    )


def _cell(figures: Sequence[PublishedFigure], rate: str, code: str) -> Component:
    said: list[Component | str] = []
    for each in figures:
        told = words.told_beside(each, code)
        said.append(html.Div([words.much_of(each), *([html.Small(told, className="m-dim past-mark")] if told else [])]))
    return html.Td(
        [*(said or [UNDEFINED]), *([html.Small(rate, className="past-rate")] if rate else [])], className="m-num"
    )
