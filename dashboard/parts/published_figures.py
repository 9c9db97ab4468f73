"""Published figures of the real operation behind a scenario: each with qualifier, status and source."""

from collections.abc import Iterable

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import published_text as words
from dashboard.parts.icon import icon
from dashboard.parts.table import table, table_row
from dashboard.wording import _, coded, count_with_qualifier
from operations.results.past_operations.publications import PastOperation, PublishedFigure, past_operation
from scenarios.script_language import StoryFigure as Told
from scenarios.script_language import Title


def published_figures(title: Title) -> list[Component]:
    """Return a table of the figures of the past operation, then those of the scenario only, and the sources below."""
    past = past_operation(title.past) if title.past is not None else None
    known = past.leading if past else ()
    alone = [each for each in title.published if (each.value, each.qualifier) not in _numbers(past)]
    sources = dict.fromkeys((*((each.source.title, each.source.urls[0]) for each in known), *_sources(title, alone)))
    places = {source: number for number, source in enumerate(sources, 1)}
    rows = [
        *(_known(each, places[each.source.title, each.source.urls[0]]) for each in known),
        *(_told(each, places[each.source.title, each.source.url]) for each in alone),
    ]
    return [
        html.P(_("As published, and preliminary like everything published. Nothing here was counted by Muster.")),
        table(
            [_("Figure"), html.Th(_("As published"), scope="col", className="m-num")],
            rows,
            "overview-table",
            _("Published figures"),
        ),
        html.Ol(
            [
                html.Li(html.A(html.Bdi(name), href=url, target="_blank", rel="noopener noreferrer"))
                for name, url in sources
            ],
            className="overview-sources m-small",
        ),
        *_whole_file(past),
    ]


def _numbers(past: PastOperation | None) -> set[tuple[float, str]]:
    return {(each.value, each.qualifier) for each in past.figures} if past else set()


def _sources(title: Title, figures: Iterable[Told]) -> list[tuple[str, str]]:
    used = {each.source for each in figures}
    return [(each.title, each.url) for each in title.sources if each in used]


def _whole_file(past: PastOperation | None) -> list[Component]:
    if past is None:
        return []
    inside = [icon("history", 16), html.Span(_("All that was published of it, with other sources"))]
    return [dcc.Link(inside, href=f"/history?show={past.number}", className="overview-link")]


def _known(figure: PublishedFigure, source: int) -> Component:
    status = coded("CL-STATUS", figure.status)
    dated = _("{status}, {day}", status=status, day=words.day_words(figure.as_of)) if figure.as_of else status
    return table_row(
        [words.figure_name(figure), " ", html.Sup(f"{source}"), *words.words_of(figure)],
        html.Td([words.much_of(figure), html.Small(dated, className="m-dim overview-dated")], className="m-num"),
    )


def _told(figure: Told, source: int) -> Component:
    value = count_with_qualifier(figure.value, figure.qualifier)
    return table_row(
        [_(figure.name), " ", html.Sup(f"{source}")],
        html.Td([value, html.Small(f" {_(figure.unit)}")], className="m-num"),
    )
