"""Key figures of the programme as a strip of tiles, each with its reference and its definition."""

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
    """Return one tile for each figure, `of` the programme or one object of it. A dash, never 0, if undefined."""
    at = now()
    return html.Div([_tile(each, at, of) for each in values], className="programme-figures")


def told(kpi: str, unit: str, at: datetime, of: str = PROGRAMME, level: Level = Level.V1) -> dict[str, str]:
    """Return the data attributes of a number of the programme; times are in UTC, as it belongs to no country."""
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
