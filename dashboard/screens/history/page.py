"""Past operations: the list, the file of one with its published figures, and a series side by side."""

from enum import StrEnum
from typing import Any, NamedTuple

import dash_mantine_components as dmc
from dash import Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.frame.live_parts import same_for_role
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts import published_text as words
from dashboard.parts.list_page import link_rows, list_view, view_tabs
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.places import PAST_OPERATIONS
from dashboard.screens.history.comparison_table import side_table
from dashboard.screens.history.file import file, href_of, in_order
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.core.errors import NotFound, existing
from operations.core.permissions import Act
from operations.results.past_operations.arithmetic_checks import findings
from operations.results.past_operations.comparability import side_by_side
from operations.results.past_operations.publications import (
    PastOperation,
    PublishedFigure,
    chosen,
    past_operations,
    series,
)

NAV = PAST_OPERATIONS
AUDIENCE = same_for_role


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "history-list"
    FIGURES = "history-figures"
    KIND = "history-kind"
    REGION = "history-region"
    YEAR = "history-year"


link_rows(Ids.LIST, Ids.FIGURES)


def layout(show: str = "", editions: str = "", **_query: str) -> Component:
    """Return the list; with `show` the file of one by its number, with `editions` the operations of a series."""
    if show:
        past_operation = existing(next((each for each in past_operations() if str(each.number) == show), None))
        return file(past_operation)
    if editions:
        return _series(editions)
    nothing = _("No operation is of this kind, region and year.")
    return page(
        _("Past operations"),
        html.Div(
            [
                _filter(Ids.KIND, _("Kind"), vocabulary.options("CL-OPTYPE", language())),
                _filter(Ids.REGION, _("Region"), vocabulary.options("CL-REGION", language())),
                _filter(Ids.YEAR, _("Year"), [str(year) for year in sorted({each.year for each in past_operations()})]),
            ],
            className="m-row past-filters",
        ),
        view_tabs(
            {
                "operations": (_("Operations"), list_view(Ids.LIST, rows("", "", ""), nothing)),
                "figures": (
                    _("All figures"),
                    list_view(Ids.FIGURES, figure_rows("", "", ""), nothing),
                ),
            },
            "operations",
        ),
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


def rows(kind: str, region: str, year: str) -> Listing[Any]:
    """Return the rows of the list, newest first."""
    made = Listing(reversed(chosen(kind, region, year)), href_of, ident="number")
    made.text("name", _("Operation"), flex=2, minWidth=200)
    made.code("kind", _("Kind"), "CL-OPTYPE", minWidth=130)
    made.text("regions", _("Regions"), words.regions_words, flex=2, minWidth=150)
    made.text("when", _("When"), words.when_words, flex=2, minWidth=190)
    made.number("countries", _("Countries"))
    made.number("figures", _("Figures"), lambda each: len(each.figures))
    made.text("odd", _("Notes"), lambda each: " · ".join(_odd(each)), flex=2, minWidth=180, tooltipField="odd")
    return made


class _Figure(NamedTuple):
    """A published figure of an operation, and its position among that operation's figures."""

    of: PastOperation
    place: int
    row: PublishedFigure


def figure_rows(kind: str, region: str, year: str) -> Listing[Any]:
    """Return a row for every published figure: newest operation first, other sources below the first."""
    published = [
        _Figure(operation, place, row)
        for operation in reversed(chosen(kind, region, year))
        for place, row in enumerate(row for figure, _depth in in_order(operation) for row in operation.rows(figure))
    ]
    made = Listing(published, lambda each: href_of(each.of), ident=lambda each: f"{each.of.number}-{each.place}")
    made.text("operation", _("Operation"), "of.name", minWidth=160)
    made.number("year", _("Year"), "of.year", valueFormatter={"function": "params.value"}, width=90)
    made.text(
        "figure", _("Figure"), lambda each: words.figure_name(each.row), flex=2, minWidth=220, tooltipField="figure"
    )
    made.code("qualifier", _("Qualifier"), "CL-QUAL", "row.qualifier", flex=0, width=120)
    made.number("value", _("As published"), "row.value")
    made.text("unit", _("Unit"), lambda each: words.unit_words(each.row), flex=0, width=120)
    made.code("status", _("Status"), "CL-STATUS", "row.status", flex=0, width=120)
    made.text("as_of", _("As of"), lambda each: each.row.as_of or "", flex=0, width=120)
    made.text("source", _("Source"), "row.source.title", flex=2, minWidth=180, tooltipField="source")
    return made


def _odd(operation: PastOperation) -> list[str]:
    """Return the arithmetic findings of the list, a word each."""
    found = {each.verdict for each in findings(operation)}
    said = (
        (any(each.wrong for each in found), _("a source's parts do not fit")),
        ("sources_differ" in found, _("sources differ")),
        (bool(found & {"dates_differ", "days_differ"}), _("dates differ")),
    )
    return [text for true, text in said if true]


@screen(
    Output(Ids.LIST, "rowData"),
    Output(Ids.FIGURES, "rowData"),
    Input(Ids.KIND, "value"),
    Input(Ids.REGION, "value"),
    Input(Ids.YEAR, "value"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def choose(kind: str | None, region: str | None, year: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the operations and figures that match the filters."""
    wanted = (kind or "", region or "", year or "")
    return rows(*wanted).rows, figure_rows(*wanted).rows


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
