"""What was published of the real operation that a scenario tells: each figure as its source qualifies it."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts.icon import icon
from dashboard.parts.table import table, table_row
from dashboard.wording import _, count_with_qualifier
from scenarios.script import Published, Title


def published_figures(title: Title) -> list[Component]:
    """A table of the published figures, the sources below, and the way to its file among past operations.

    Everything published is preliminary, and it says so.
    """
    return [
        html.P(_("As published, and preliminary like everything published. Nothing here was counted by Muster.")),
        table(
            [_("Figure"), html.Th(_("As published"), scope="col", className="m-num")],
            [_row(figure, title) for figure in title.published],
            "overview-table",
            _("Published figures"),
        ),
        html.Ol(
            [
                html.Li(html.A(html.Bdi(source.title), href=source.url, target="_blank", rel="noopener noreferrer"))
                for source in title.sources
            ],
            className="overview-sources m-small",
        ),
        *_whole_file(title),
    ]


def _whole_file(title: Title) -> list[Component]:
    if title.past is None:
        return []
    inside = [icon("history", 16), html.Span(_("All that was published of it, with status and dates"))]
    return [dcc.Link(inside, href=f"/history?show={title.past}", className="overview-link")]


def _row(figure: Published, title: Title) -> Component:
    number = title.sources.index(figure.source) + 1
    value = count_with_qualifier(figure.value, figure.qualifier)
    return table_row(
        [_(figure.name), " ", html.Sup(f"{number}")],
        html.Td([value, html.Small(f" {_(figure.unit)}")], className="m-num"),
    )
