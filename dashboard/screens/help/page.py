"""Help page: what the reader's role does in a day, what the page is for from which they came, and all documents.

`of` is the address of that page; `document` is the name of a document.
"""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import places
from dashboard.frame.shell import operation_view, page
from dashboard.navigation import operation_in
from dashboard.parts import documents, tags
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.places import HELP
from dashboard.screens.help.markdown import components
from dashboard.server.access import actor, reading
from dashboard.wording import _, coded, language
from operations.core.people import Actor
from operations.core.vocabulary import label

NAV = HELP
_FEW = 8
"""Sections that are listed above a document without being asked for."""


def layout(document: str = "", of: str = "", **_query: str) -> Component:
    """Return a document, or without one the help about the page `of` and the reader's role."""
    path = documents.named(document)
    return _document(path) if path else _start(of, actor())


def _start(of: str, by: Actor) -> Component:
    place = next((found for found in places.PLACES if of and found.is_at(of)), None)
    about = documents.section(documents.PLACES, place.name) if place else None
    role = documents.section(documents.ROLES, label("CL-ROLE", by.role.value, "en"))
    parts: list[Any] = []
    if place and about:
        parts.append(panel(_(place.name), _text(about, documents.PLACES), *_acts(of, by)))
    if role:
        parts.append(panel(coded("CL-ROLE", by.role.value), _text(role, documents.ROLES)))
    return _framed(_("Help"), parts)


def _text(found: documents.DocumentSection, path: str) -> Component:
    return html.Div(components(found.nodes, documents.spoken(path)), className="help-text", **_tongue(path))


def _acts(of: str, by: Actor) -> list[Component]:
    """Return links to what the reader may do at the place of an address."""
    with reading() as session:
        operation = operation_view(session, of, by)
    place = next(found for found in places.PLACES if found.is_at(of))
    among = (*place.pages, *place.subpages)
    found = [each for each in places.SHORTCUTS if each.page in among and each.open_to(by, operation)]
    if not found:
        return []
    at = operation_in(of)
    links = [
        html.Li(
            dcc.Link(
                [icon(each.page.icon, 16), html.Span(_(each.name))],
                href=each.page.href(at if each.page.of_operation else None) + (f"?{each.query}" if each.query else ""),
                className="m-choice",
            )
        )
        for each in found
    ]
    return [html.H3(_("What you can do here")), html.Ul(links, className="help-acts")]


def _document(path: str) -> Component:
    spoken = documents.spoken(path)
    body = [node for node in documents.tree(spoken).children if not _is_title(node)]
    inner = [found for found in documents.sections(spoken) if found.level == 2]
    on_page = (
        [
            tags.Details(
                html.Summary(_("On this page")),
                html.Ul([html.Li(html.A(found.title, href=f"#{found.anchor}")) for found in inner]),
                className="help-sections",
                open=len(inner) <= _FEW,
            )
        ]
        if len(inner) > 2
        else []
    )
    article = tags.Article(*on_page, *components(body, spoken), className="help-text", **_tongue(path))
    return _framed(documents.title(spoken), [article], path)


def _tongue(path: str) -> dict[str, str]:
    """Return the attributes of text in the language of a document: English where it is not translated."""
    return {"lang": "en", "dir": "ltr"} if documents.spoken(path) == path else {}


def _is_title(node: Any) -> bool:
    return node.type == "heading" and documents.level(node) == 1


def _framed(title: str, parts: list[Any], path: str = "") -> Component:
    """Return the page: its parts beside the list of all documents."""
    english = path and language() != "en" and documents.spoken(path) == path
    lead = _("This document is in English.") if english else None
    groups = [
        html.Li(
            [
                html.H2(_(group)),
                html.Ul(
                    [
                        html.Li(
                            dcc.Link(
                                html.Span(documents.title(documents.spoken(each)), **_tongue(each)),
                                href=documents.address(each),
                                **({"className": "help-here"} if each == path else {}),
                            )
                        )
                        for each in paths
                    ]
                ),
            ]
        )
        for group, paths in documents.CONTENTS.items()
    ]
    start = html.Li(dcc.Link(_("Help"), href=HELP.href(), className="" if path else "help-here"))
    contents = html.Nav(html.Ul([start, *groups]), className="help-contents", **{"aria-label": _("Documents")})
    return page(
        title, html.Div([contents, html.Div(parts, className="help-parts m-stack")], className="help"), lead=lead
    )
