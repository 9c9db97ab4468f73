"""Sparkline: a trend of a few days as small bars, without chart library or script, in the reading direction."""

from datetime import date as Date  # noqa: N812 - `date` is the function here

from dash import html
from dash.development.base_component import Component

from dashboard.wording import _, date, joined, number


def sparkline(trend: tuple[tuple[str, int | None], ...], name: str) -> Component:
    """Return bars by official day, the tallest at full height; a hidden day is a gap with a dotted foot.

    For screen readers the whole is an image with a text.
    """
    return html.Span(
        [html.Span(className=bar_class(value), style={"height": f"{height}%"}) for value, height in bars(trend)],
        className="spark" if trend else "spark spark--empty",
        role="img",
        **{"aria-label": spark_words(trend, name)},
    )


def bars(trend: tuple[tuple[str, int | None], ...]) -> list[tuple[int | None, int]]:
    """Return each day's value and the height of its bar in per cent; a day with results is at least visible."""
    top = max((value for _day, value in trend if value is not None), default=0)
    return [
        (value, 100 if value is None else max(8, round(value / top * 100)) if top and value else 3)
        for _day, value in trend
    ]


def bar_class(value: int | None) -> str:
    """Return the CSS class of a bar: hidden, zero, or with results."""
    if value is None:
        return "spark-bar spark-bar--hidden"
    return "spark-bar" if value else "spark-bar spark-bar--zero"


def spark_words(trend: tuple[tuple[str, int | None], ...], name: str) -> str:
    """Return the trend as a sentence."""
    if not trend:
        return _("{name}: no results yet.", name=name)
    hidden = _("hidden")
    days = joined(
        f"{date(Date.fromisoformat(day))}: {hidden if value is None else number(value)}" for day, value in trend
    )
    return _("{name} by official day: {days}.", name=name, days=days)
