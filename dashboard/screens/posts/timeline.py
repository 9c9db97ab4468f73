"""Timeline of a post as a chart: events above, monthly queries below; and both as tables."""

from datetime import date as Date  # noqa: N812 - `date` is how a day is said
from typing import Any

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component
from plotly.subplots import make_subplots
from sqlmodel import Session

from dashboard.parts.graph import figure_template, graph
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.wording import _, coded, date, number
from operations.core.clock import now, official_day
from operations.infrastructure.usage import Month
from operations.posts.register import Post
from operations.programme import timeline
from operations.programme.timeline import LANES, Happening

CHART = "post-timeline"
_COLOURS = ("#0f5f73", "#b35900", "#5b4b9a", "#a3335c", "#2f7d32", "#7a5c00", "#3f5bbf", "#6b4226")


def words(of: Any) -> str:
    """Return the label of an event or an occasion."""
    told = {key: coded("CL-EQUIPMENT", value) if key == "kind" else _number(value) for key, value in of.params.items()}
    return _(of.words, **told)


def _number(value: Any) -> Any:
    return number(value) if isinstance(value, int | float) else value


def drawn(session: Session, post: Post) -> list[Component]:
    """Return the panel; [] while there is no event."""
    found, months = _told(session, post)
    if not found and not months:
        return []
    happened = [
        html.Tr([html.Td(date(each.day)), html.Td(_(LANES[each.lane])), html.Td(words(each))]) for each in found
    ]
    told = [html.Details([html.Summary(_("As a table")), table([_("Day"), _("Kind"), _("What happened")], happened)])]
    chart = graph(CHART, _figure(found, months), label=_("Timeline of the post"), height=440)
    return [panel(_("Timeline"), chart, *(told if happened else []))]


def _told(session: Session, post: Post) -> tuple[list[Happening], list[Month]]:
    today = official_day(now(), post.zone)
    return timeline.timeline(session, post.id, today), timeline.queries(session, post.id)


def _figure(found: list[Happening], months: list[Month]) -> go.Figure:
    lanes = [lane for lane in LANES if any(each.lane is lane for each in found)]
    figure = make_subplots(
        rows=2 if months else 1,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.06,
        row_heights=[0.55, 0.45] if months else None,
    )
    for at, lane in enumerate(lanes):
        own = [each for each in found if each.lane is lane]
        colour = _COLOURS[list(LANES).index(lane)]
        figure.add_scatter(
            x=[each.day for each in own],
            y=[at] * len(own),
            mode="markers",
            name=_(LANES[lane]),
            row=1,
            col=1,
            marker={"size": 12, "color": colour, "symbol": list(_SYMBOLS)[list(LANES).index(lane)]},
            text=[words(each) for each in own],
            hovertemplate="%{text}<br>%{x}<extra></extra>",
            showlegend=False,
        )
        for happening in own:
            if happening.until is not None:
                figure.add_scatter(
                    x=[happening.day, happening.until],
                    y=[at, at],
                    mode="lines",
                    line={"width": 6, "color": colour},
                    hoverinfo="skip",
                    showlegend=False,
                    row=1,
                    col=1,
                )
    figure.update_yaxes(
        row=1,
        col=1,
        tickvals=list(range(len(lanes))),
        ticktext=[_(LANES[lane]) for lane in lanes],
        showgrid=False,
        zeroline=False,
        range=[len(lanes) - 0.4, -0.6],
        fixedrange=True,
    )
    if months:
        figure.add_bar(
            x=[each.month for each in months],
            y=[each.queries for each in months],
            name=_("Queries a month"),
            row=2,
            col=1,
            marker={"color": "#0f5f73"},
            showlegend=False,
        )
        figure.update_yaxes(row=2, col=1, title_text=_("Queries a month"), rangemode="tozero", fixedrange=True)
    days = [each.day for each in found] + [each.month for each in months]
    figure.update_xaxes(range=[_shifted(min(days), -20), _shifted(max(days), 40)])
    figure.update_layout(template=figure_template(), margin={"l": 10, "r": 10, "t": 10, "b": 30}, bargap=0.2)
    return figure


_SYMBOLS = ("circle", "square", "diamond", "hexagon", "star", "triangle-up", "cross", "x")
"""The marker shape of each lane, so that nothing depends on colour alone."""


def _shifted(day: Date, days: int) -> Date:
    return Date.fromordinal(day.toordinal() + days)
