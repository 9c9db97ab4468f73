"""Past operations: the list, the file of one with its published figures, and a series side by side."""

from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts import past_words as words
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, listed, opens, ways
from dashboard.parts.panel import panel
from dashboard.parts.programme_tabs import HISTORY, programme_tabs
from dashboard.screens.history.file import file, href_of, in_order
from dashboard.screens.history.side_by_side import side_table
from dashboard.server.access import actor
from dashboard.wording import N_, _, coded, language
from operations.core import vocabulary
from operations.core.errors import NotFound
from operations.core.permissions import Act
from operations.results.past.alike import side_by_side
from operations.results.past.book import (
    PastOperation,
    chosen,
    past_operations,
    series,
)
from operations.results.past.guards import findings

NAV = Nav(name=N_("Past operations"), path="/history", icon="history", order=7, act=Act.OPERATION_READ, place=False)


class Ids(StrEnum):
    """The elements of this page."""

    LIST = "history-list"
    FIGURES = "history-figures"
    KIND = "history-kind"
    REGION = "history-region"
    YEAR = "history-year"


opens(Ids.LIST, Ids.FIGURES)


def layout(show: str = "", editions: str = "", **_query: str) -> Component:
    """The list; with `show` the file of one by its number, with `editions` those of a series."""
    if show:
        found = next((each for each in past_operations() if str(each.number) == show), None)
        if found is None:
            raise NotFound
        return file(found)
    if editions:
        return _series(editions)
    nothing = _("No operation is of this kind, region and year.")
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
        ways(
            {
                "operations": (_("Operations"), listed(Ids.LIST, _columns(), rows("", "", ""), nothing)),
                "figures": (
                    _("All figures"),
                    listed(Ids.FIGURES, _figure_columns(), figure_rows("", "", ""), nothing),
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
            "id": str(each.number), HREF: href_of(each), "name": each.name, "kind": coded("CL-OPTYPE", each.kind),
            "regions": words.regions_words(each), "when": words.when_words(each), "countries": each.countries,
            "figures": len(each.figures), "odd": " · ".join(_odd(each)),
        }
        for each in reversed(chosen(kind, region, year))
    ]  # fmt: skip


def _figure_columns() -> list[dict[str, Any]]:
    return [
        text_column("operation", _("Operation"), minWidth=160),
        number_column("year", _("Year"), valueFormatter={"function": "params.value"}, width=90),
        text_column("figure", _("Figure"), flex=2, minWidth=220, tooltipField="figure"),
        text_column("qualifier", _("Qualifier"), flex=0, width=120),
        number_column("value", _("As published")),
        text_column("unit", _("Unit"), flex=0, width=120),
        text_column("status", _("Status"), flex=0, width=120),
        text_column("as_of", _("As of"), flex=0, width=120),
        text_column("source", _("Source"), flex=2, minWidth=180, tooltipField="source"),
    ]


def figure_rows(kind: str, region: str, year: str) -> list[dict[str, Any]]:
    """Every published number as a row, those of the newest operation first and of other sources below the first."""
    return [
        {
            "id": f"{each.number}-{place}", HREF: href_of(each), "operation": each.name, "year": each.year,
            "figure": words.called(row), "qualifier": coded("CL-QUAL", row.qualifier),
            "value": row.value, "unit": words.unit_words(row),
            "status": coded("CL-STATUS", row.status), "as_of": row.as_of or "",
            "source": row.source.title,
        }
        for each in reversed(chosen(kind, region, year))
        for place, row in enumerate(row for figure, _depth in in_order(each) for row in each.rows(figure))
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
    Output(Ids.LIST, "rowData"), Output(Ids.FIGURES, "rowData"),
    Input(Ids.KIND, "value"), Input(Ids.REGION, "value"), Input(Ids.YEAR, "value"),
    act=Act.OPERATION_READ, prevent_initial_call=True,
)  # fmt: skip
def choose(kind: str | None, region: str | None, year: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Operations and figures of what was chosen."""
    wanted = (kind or "", region or "", year or "")
    return rows(*wanted), figure_rows(*wanted)


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
