"""Past operations: the list, the file of one with its published figures, and a series side by side."""

from enum import StrEnum
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts import past_words as words
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.icon import icon
from dashboard.parts.list_page import HREF, listed, opens
from dashboard.parts.panel import facts, panel
from dashboard.parts.programme_tabs import HISTORY, programme_tabs
from dashboard.parts.table import table, table_row
from dashboard.screens.history.side_by_side import side_table
from dashboard.server.access import actor
from dashboard.wording import N_, _, language, ngettext, number
from operations.core import vocabulary
from operations.core.errors import NotFound
from operations.core.permissions import Act
from operations.results.past.alike import side_by_side
from operations.results.past.book import (
    PastOperation,
    Published,
    Source,
    chosen,
    past_operation,
    past_operations,
    series,
)
from operations.results.past.guards import Finding, findings

NAV = Nav(name=N_("Past operations"), path="/history", icon="history", order=7, act=Act.OPERATION_READ, place=False)


class Ids(StrEnum):
    """The elements of this page."""

    LIST = "history-list"
    KIND = "history-kind"
    REGION = "history-region"
    YEAR = "history-year"


opens(Ids.LIST)


def layout(show: str = "", editions: str = "", **_query: str) -> Component:
    """The list; with `show` the file of one by its number, with `editions` those of a series."""
    if show:
        found = past_operation(int(show)) if show.isdecimal() else None
        if found is None:
            raise NotFound
        return _file(found)
    if editions:
        return _series(editions)
    return page(
        _("Past operations"),
        programme_tabs(actor(), HISTORY),
        html.Div(
            [
                _filter(Ids.KIND, _("Kind"), vocabulary.options("CL-OPTYPE", language())),
                _filter(Ids.REGION, _("Region"), vocabulary.options("CL-REGION", language())),
                _filter(Ids.YEAR, _("Year"), [str(year) for year in sorted({each.year for each in past_operations()})]),
            ],
            className="m-row past-filters",
        ),
        listed(Ids.LIST, _columns(), rows("", "", ""), _("No operation is of this kind, region and year.")),
        lead=_(
            "What was published of earlier operations, each number with its source: preliminary, as everything "
            "published is, and not counted by Muster."
        ),
        wide=True,
    )


def _filter(identifier: str, label: str, options: list[Any]) -> Component:
    return dmc.Select(
        id=identifier, label=label, data=options, value=None, clearable=True, placeholder=_("All"), size="xs"
    )


def _columns() -> list[dict[str, Any]]:
    return [
        text_column("name", _("Operation"), flex=2, minWidth=200),
        text_column("kind", _("Kind"), minWidth=130),
        text_column("regions", _("Regions"), flex=2, minWidth=150),
        text_column("when", _("When"), flex=2, minWidth=190),
        number_column("countries", _("Countries")),
        number_column("figures", _("Figures")),
        text_column("odd", _("Notes"), flex=2, minWidth=180, tooltipField="odd"),
    ]


def rows(kind: str, region: str, year: str) -> list[dict[str, Any]]:
    """The rows of the list, the newest first."""
    return [
        {
            "id": str(each.number), HREF: href_of(each), "name": each.name, "kind": words.kind_words(each.kind),
            "regions": words.regions_words(each), "when": words.when_words(each), "countries": each.countries,
            "figures": len(each.figures), "odd": " · ".join(_odd(each)),
        }
        for each in reversed(chosen(kind, region, year))
    ]  # fmt: skip


def _odd(operation: PastOperation) -> list[str]:
    """What the list says of arithmetic, in a word each."""
    found = {each.verdict for each in findings(operation)}
    said = (
        (any(each.wrong for each in found), _("a source's parts do not fit")),
        ("sources_differ" in found, _("sources differ")),
        (bool(found & {"dates_differ", "days_differ"}), _("dates differ")),
    )
    return [text for true, text in said if true]


@screen(
    Output(Ids.LIST, "rowData"), Input(Ids.KIND, "value"), Input(Ids.REGION, "value"), Input(Ids.YEAR, "value"),
    act=Act.OPERATION_READ, prevent_initial_call=True,
)  # fmt: skip
def choose(kind: str | None, region: str | None, year: str | None) -> list[dict[str, Any]]:
    """The list of what was chosen."""
    return rows(kind or "", region or "", year or "")


def href_of(operation: PastOperation) -> str:
    """Where the file of one is."""
    return f"{NAV.href()}?show={operation.number}"


def series_href(name: str) -> str:
    """Where a series is."""
    return f"{NAV.href()}?editions={quote(name)}"


# ---------------------------------------------------------------------------------------------------------- file


def _file(operation: PastOperation) -> Component:
    found = findings(operation)
    odd = [panel(_("What the numbers say of each other"), html.Ul([_finding(each) for each in found]))] if found else []
    parts = [
        panel(operation.name, facts(_facts(operation))),
        panel(_("Published figures"), figure_table(operation), flush=True),
        *odd,
        panel(_("Sources"), html.Ul([_source(each, operation) for each in operation.sources])),
    ]
    return page(
        _("Past operation"),
        html.Div(parts, className="m-stack"),
        lead=_("As published, and preliminary like everything published. Nothing here was counted by Muster."),
        actions=[dcc.Link(_("All past operations"), href=NAV.href(), className="file-way")],
        wide=True,
    )


def _facts(operation: PastOperation) -> list[tuple[str, Any]]:
    rivals = "; ".join(words.period_words(each) for each in operation.rivals)
    inside = [icon("history", 16), html.Span(_("{series}: all editions side by side", series=operation.series))]
    days = number(operation.length) if operation.length else ""
    return [
        (_("Kind"), words.kind_words(operation.kind)),
        (_("Regions"), words.regions_words(operation)),
        (_("When"), words.when_words(operation)),
        (_("Other dates, from another source"), rivals),
        (_("Days"), days),
        (_("Published without a number"), "; ".join(operation.also)),
        (_("Series"), dcc.Link(inside, href=series_href(operation.series)) if operation.series else ""),
    ]


def figure_table(operation: PastOperation) -> Component:
    """Every figure with its parts under it, and other sources under the first."""
    head = [
        _("Figure"), html.Th(_("As published"), scope="col", className="m-num"), _("Unit"), _("Status"), _("As of"),
        _("Source"), _("Counted here as"),
    ]  # fmt: skip
    ordered = [
        (row, depth, place)
        for figure, depth in _in_order(operation)
        for place, row in enumerate(operation.rows(figure))
    ]
    return table(head, [_row(*each) for each in ordered], "past-figures", _("Published figures"))


def _in_order(operation: PastOperation) -> list[tuple[Published, int]]:
    """The leading rows, wholes in the order of the file with their parts after them."""
    ordered: list[tuple[Published, int]] = []
    for each in operation.leading:
        if not each.part_of:
            parts = [part for part in operation.leading if each.id and part.part_of == each.id]
            ordered += [(each, 0), *((part, 1) for part in parts)]
    return ordered


def _row(figure: Published, depth: int, place: int) -> Component:
    by = vocabulary.label("CL-BREAKDOWN", figure.by, language()) if figure.by else ""
    marks = [
        _("of these, {by}", by=by) if depth else "",
        _("another source") if place else "",
        _("no total") if figure.partial else "",
    ]
    notes = [html.Small(" · ".join(filter(None, marks)), className="m-dim past-mark")] if any(marks) else []
    look = "past-rival" if place else "past-part" if depth else ""
    source = html.A(
        html.Bdi(figure.source.title), href=figure.source.urls[0], target="_blank", rel="noopener noreferrer"
    )
    return table_row(
        [html.Span(words.called(figure)), *notes, *words.words_of(figure)],
        html.Td(words.much(figure), className="m-num"),
        words.unit_words(figure),
        vocabulary.label("CL-STATUS", figure.status, language()),
        html.Td(words.day_words(figure.as_of), className="past-day"),
        html.Td([source, html.Small(words.rank_words(figure.source), className="m-dim past-mark")]),
        html.Td(words.counted_as(figure), className="m-dim m-small"),
        className=look,
    )


def _finding(found: Finding) -> Component:
    about = words.called(found.about) if found.about else _("Dates")
    by = vocabulary.label("CL-BREAKDOWN", found.by, language()) if found.by else ""
    told = [each for each in (by, f"\u2068{found.source.title}\u2069" if found.source else "") if each]
    name = f"{about} ({'; '.join(told)}): " if told else f"{about}: "
    mark = icon("alert-triangle" if found.verdict.wrong else "info-circle", 16)
    return html.Li([mark, html.Span([html.Strong(name), words.said(found.said)])], className="past-finding")


def _source(source: Source, operation: PastOperation) -> Component:
    links = [
        html.A(html.Bdi(url), href=url, target="_blank", rel="noopener noreferrer", className="past-url")
        for url in source.urls
    ]
    told = sum(each.source == source for each in operation.figures)
    when = words.day_words(source.published)
    note = ngettext(
        "{rank}; published {when}; {n} figure", "{rank}; published {when}; {n} figures", told,
        rank=words.rank_words(source), when=when,
    )  # fmt: skip
    return html.Li([html.Strong(html.Bdi(source.title)), html.Div(note, className="m-dim m-small"), *links])


# -------------------------------------------------------------------------------------------------------- series


def _series(name: str) -> Component:
    found = series(name)
    if not found:
        raise NotFound
    return page(
        _("All editions of a series"),
        panel(name, side_table(side_by_side(found), found, href_of), flush=True),
        lead=_("Like for like, or the sentence why not. Sums of different countries are never compared."),
        actions=[dcc.Link(_("All past operations"), href=NAV.href(), className="file-way")],
        wide=True,
    )
