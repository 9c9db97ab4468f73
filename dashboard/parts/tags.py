"""HTML elements that take children as positional arguments, as `panel` and `page` do: `tags.Div(head, body, id=...)`.

`html.Div` takes them as a list, which suits a single child or an existing list.
"""

from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component


def _of(kind: Callable[..., Component]) -> Callable[..., Component]:
    def element(*parts: Any, **more: Any) -> Component:
        return kind(list(parts), **more)

    return element


A, Article, Aside, Button, Details, Div = map(
    _of, (html.A, html.Article, html.Aside, html.Button, html.Details, html.Div)
)
Header, Li, P, Section, Span, Summary = map(_of, (html.Header, html.Li, html.P, html.Section, html.Span, html.Summary))
Td, Tr = _of(html.Td), _of(html.Tr)
