"""Key figures of the programme as a strip of tiles, each with its reference and its definition."""

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.figure_text import minute, share_range, status_of
from dashboard.parts.kpi_tile import figure_attributes
from dashboard.server.access import actor
from dashboard.wording import UNDEFINED, _, coded, moment_utc, number
from operations.core.clock import now
from operations.core.vocabulary import Level
from operations.posts.figures import Value

PROGRAMME = "programme"


def strip(values: Sequence[Value], of: str = PROGRAMME) -> Component:
    """Return one tile for each figure, `of` the programme or one object of it. A dash, never 0, if undefined."""
    at = now()
    drawn = html.Div([_tile(each, at, of) for each in values], className="programme-figures")
    country = own_country()
    if country is None or of != PROGRAMME:
        return drawn
    return html.Div([drawn, html.P(of_country(country), className="m-dim m-small")])


def own_country() -> str | None:
    """The country whose part of the programme this reader sees; None for whoever works for all of them."""
    by = actor()
    return by.country if by.national else None


def of_country(country: str) -> str:
    """Of what the numbers are that a country reads: other readers read others under the same words."""
    return _("Of {country} alone.", country=coded("CL-COUNTRY", country))


def programme_attributes(
    kpi: str, unit: str, at: datetime, of: str = PROGRAMME, level: Level = Level.V1
) -> dict[str, str]:
    """What a number of the programme is told with in the page's source; its moments are UTC, as it is of no country."""
    country = own_country()
    whose = of if country is None or of in (country, "centre") else f"{of}:{country}"
    return figure_attributes(kpi, unit, level, minute(at, "UTC"), status_of(level), whose)


def number_words(value: float | None) -> str:
    """Return the number of a figure, the same wherever it stands: without its unit."""
    return UNDEFINED if value is None else number(value, 0 if value == round(value) else 1)


def _tile(value: Value, at: datetime, of: str) -> Component:
    figure = value.figure
    said = number_words(value.number)
    beside = (
        _("{part} of {whole}", part=number(value.part), whole=number(value.whole))
        if value.part is not None and value.whole
        else ""
    )
    beside = _("± {count} under review", count=number(value.review)) if value.review else beside
    beside = _("Cannot tell.") if value.why else " · ".join(filter(None, (beside, *share_range(value.interval))))
    unit = "%" if figure.unit == "%" else _(figure.unit)
    since = _("{level}, as of {moment}", level=figure.level.name, moment=moment_utc(at))
    return tags.Details(
        tags.Summary(
            html.Span(_(figure.name), className="m-stat-label"),
            html.Span(
                [
                    html.Span(said, **programme_attributes(figure.code, unit, at, of, figure.level)),
                    html.Small(f" {unit}"),
                ],
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
