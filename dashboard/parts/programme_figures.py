"""Key figures of the programme as a strip: each with what it is of, and its definition on demand."""

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.figure_text import minute, status_of
from dashboard.parts.kpi_tile import telling
from dashboard.wording import UNDEFINED, _, coded, moment_utc, number
from operations.core.clock import now
from operations.core.vocabulary import Level
from operations.posts.figures import Value

PROGRAMME = "programme"


def strip(values: Sequence[Value], of: str = PROGRAMME) -> Component:
    """One tile for each figure, `of` the programme or one thing of it. What is not defined shows a dash, never 0."""
    at = now()
    return html.Div([_tile(each, at, of) for each in values], className="programme-figures")


def told(kpi: str, unit: str, at: datetime, of: str = PROGRAMME, level: Level = Level.V1) -> dict[str, str]:
    """What a number of the programme is told with in the page's source; its moments are UTC, as it is of no country."""
    return telling(kpi, unit, level, minute(at, "UTC"), status_of(level), of)


def _tile(value: Value, at: datetime, of: str) -> Component:
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
    since = _("{level}, as of {moment}", level=figure.level.name, moment=moment_utc(at))
    return tags.Details(
        tags.Summary(
            html.Span(_(figure.name), className="m-stat-label"),
            html.Span(
                [html.Span(said, **told(figure.code, unit, at, of, figure.level)), html.Small(f" {unit}")],
                className="m-stat-value m-num",
            ),
            html.Span(beside, className="m-dim m-small m-num"),
            className="m-stat",
        ),
        *([html.P(_(value.why), className="m-small")] if value.why else []),
        html.P(f"{figure.kpi}. {_(figure.formula)} {_(figure.caution)}", className="m-small"),
        html.P(f"{since} · {coded('CL-STATUS', status_of(figure.level))}", className="m-dim m-small"),
        className="programme-figure",
    )
