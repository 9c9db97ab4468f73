"""Markdown as components: a syntax tree of markdown-it as elements of Dash. No HTML of a text reaches a page."""

import posixpath
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from dash import dcc, html
from dash.development.base_component import Component
from markdown_it.tree import SyntaxTreeNode

from dashboard.parts import documents

Part = Component | str
_ELEMENTS: dict[str, Callable[..., Component]] = {
    "paragraph": html.P,
    "strong": html.Strong,
    "em": html.Em,
    "bullet_list": html.Ul,
    "ordered_list": html.Ol,
    "list_item": html.Li,
    "blockquote": html.Blockquote,
    "table": html.Table,
    "thead": html.Thead,
    "tbody": html.Tbody,
    "tr": html.Tr,
    "th": html.Th,
    "td": html.Td,
}


def components(nodes: Iterable[SyntaxTreeNode], path: str) -> list[Part]:
    """Return nodes of a document as components; texts that follow each other are one."""
    parts = (part for node in nodes for part in _of(node, path))
    groups = groupby(parts, lambda part: isinstance(part, str))
    return [part for text, group in groups for part in (["".join(map(str, group))] if text else group)]


def _of(node: SyntaxTreeNode, path: str) -> list[Part]:
    inside = components(node.children, path)
    match node.type:
        case "inline":
            return inside
        case "text":
            return [node.content]
        case "softbreak":
            return [" "]
        case "hardbreak":
            return [html.Br()]
        case "hr":
            return [html.Hr()]
        case "code_inline":
            return [html.Code(node.content)]
        case "fence" | "code_block":
            return [html.Pre(html.Code(node.content), className="help-code")]
        case "heading":
            anchor = documents.anchors(path)[documents.line(node)]
            return [_heading(documents.level(node))(inside, id=anchor)]
        case "image":
            return [_picture(str(node.attrs["src"]), node.content)]
        case "link":
            return [_link(str(node.attrs["href"]), inside, path)]
        case "table":
            return [html.Div(html.Table(inside), className="help-table")]
    return [_ELEMENTS[node.type](inside)]


def _heading(level: int) -> Callable[..., Component]:
    """Return the element of a heading; the title of the page is the only h1."""
    return {1: html.H2, 2: html.H2, 3: html.H3}.get(level, html.H4)


def _picture(source: str, words: str) -> Component:
    """Return a picture of the folder of pictures, with its words for who does not see it."""
    name = posixpath.basename(source)
    width, height = documents.picture_size(name)
    return html.Img(src=f"{documents.PICTURES}/{name}", alt=words, width=width, height=height, className="help-picture")


def _link(href: str, inside: list[Part], path: str) -> Any:
    """Return a link; to what is no document of the help only its words."""
    parts = urlsplit(href)
    if parts.scheme in ("http", "https"):
        return html.A(inside, href=href, target="_blank", rel="noopener noreferrer")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path)) if parts.path else path
    if documents.named(documents.name_of(target)) is None:
        return html.Span(inside)
    return dcc.Link(inside, href=documents.address(target, parts.fragment))
