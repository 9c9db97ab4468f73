"""View of what became of a workbook: what was stored, or what is wrong with it."""

from collections.abc import Mapping
from typing import Annotated, Any

from dash import html
from dash.development.base_component import Component
from pydantic import AfterValidator

from dashboard.parts.form import button
from dashboard.parts.table import table
from dashboard.wording import _, ngettext, number

MARKED = "workbook-marked"


_COUNTED = ("new", "changed", "same")


def _checked(brought: dict[str, Any]) -> dict[str, Any]:
    flaws = brought.get("flaws")
    if flaws is None:
        known = brought.get("rows") is True and all(type(brought.get(name)) is int for name in _COUNTED)
    else:
        known = type(brought.get("many")) is int and all(
            isinstance(each, list) and len(each) == 4 and type(each[1]) is int for each in flaws
        )
    if not known:
        raise ValueError("This is no result of a workbook.")
    return brought


BookResult = Annotated[dict[str, Any], AfterValidator(_checked)]
"""What a page keeps of a workbook of drafts that was brought back: what its rows became, or its flaws."""


def result_view(brought: Mapping[str, Any], mark: str = MARKED) -> list[Component]:
    """Return what became of a workbook, drawn; the button `mark` takes the marked file along."""
    if "flaws" not in brought:
        return [html.Strong(_("Stored")), counts(brought) if "rows" not in brought else row_counts(brought)]
    head = [_("Sheet"), _("Row"), _("Column"), _("What is wrong")]
    rows = [
        html.Tr([html.Td(sheet), html.Td(number(row)), html.Td(column), html.Td(words)])
        for sheet, row, column, words in brought["flaws"]
    ]
    many = ngettext(
        "Nothing was stored: {n} cell is wrong.", "Nothing was stored: {n} cells are wrong.", brought["many"]
    )
    return [
        html.Strong(many),
        html.P(_("Take the file back with these cells marked, put them right, and bring it again.")),
        html.Div(button(_("Download the marked file"), mark, "primary", "file-export")),
        html.Div(table(head, rows, "workbook-flaws", _("What is wrong")), className="workbook-scroll"),
    ]


def counts(brought: Mapping[str, Any]) -> Component:
    """Return how many reports are new, corrected and known."""
    told = [
        ngettext("{n} report is new.", "{n} reports are new.", brought["new"]),
        ngettext("{n} report was corrected.", "{n} reports were corrected.", brought["corrected"]),
        ngettext("{n} report was known already.", "{n} reports were known already.", brought["same"]),
    ]
    return html.Ul([html.Li(words) for words in told], className="workbook-how")


def row_counts(brought: Mapping[str, Any]) -> Component:
    """Return how many rows of a workbook of drafts are new, changed and known."""
    told = [
        ngettext("{n} row is new.", "{n} rows are new.", brought["new"]),
        ngettext("{n} row changed something.", "{n} rows changed something.", brought["changed"]),
        ngettext("{n} row was known already.", "{n} rows were known already.", brought["same"]),
    ]
    return html.Ul([html.Li(words) for words in told], className="workbook-how")
