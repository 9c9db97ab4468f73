"""Key figures of the programme as a strip: each with what it is of, and its definition on demand."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.wording import UNDEFINED, _, number
from operations.posts.figures import Value


def strip(values: Sequence[Value]) -> Component:
    """One tile for each figure. What is not defined shows a dash, never 0."""
    return html.Div([_tile(each) for each in values], className="programme-figures")


def _tile(value: Value) -> Component:
    figure = value.figure
    said = UNDEFINED if value.number is None else number(value.number, 0 if value.number == round(value.number) else 1)
    beside = (
        _("{part} of {whole}", part=number(value.part), whole=number(value.whole))
        if value.part is not None and value.whole
        else ""
    )
    beside = _("± {count} under review", count=number(value.review)) if value.review else beside
    beside = _("Cannot tell.") if value.why else beside
    unit = "%" if figure.unit == "%" else _(figure.unit)
    return tags.Details(
        tags.Summary(
            html.Span(_(figure.name), className="m-stat-label"),
            html.Span([said, html.Small(f" {unit}")], className="m-stat-value m-num"),
            html.Span(beside, className="m-dim m-small m-num"),
            className="m-stat",
        ),
        *([html.P(_(value.why), className="m-small")] if value.why else []),
        html.P(f"{figure.kpi}. {_(figure.formula)} {_(figure.caution)}", className="m-small"),
        className="programme-figure",
    )
