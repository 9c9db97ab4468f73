"""Panels, facts and empty states."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.icon import icon


def panel(
    title: str,
    *children: Any,
    actions: Sequence[Component] = (),
    note: str | None = None,
    id: str | None = None,  # noqa: A002 - Dash's own word
    flush: bool = False,
    class_name: str = "",
) -> Component:
    """Return a titled part of a page, with `note` beside the title and `actions` at its end; `flush`: no padding.

    `id` is the id of the body, so that a callback can fill it.
    """
    head = [html.H2(title), *([html.Span(note, className="m-dim m-small")] if note else [])]
    if actions:
        head.append(html.Div(list(actions), className="m-panel-actions"))
    body: dict[str, Any] = {"id": id} if id else {}
    return tags.Section(
        html.Header(head, className="m-panel-head"),
        html.Div(list(children), className="m-panel-body" + (" m-panel-flush" if flush else ""), **body),
        className=f"m-panel {class_name}".strip(),
    )


def form_panel(title: str, *fields: Any, note: str | None = None) -> Component:
    """Return a panel with a form, its fields one under the other."""
    return panel(title, html.Div(list(fields), className="m-stack"), note=note)


def empty_state(
    title: str, what_to_do: str, icon_name: str = "mood-empty", action: Component | None = None
) -> Component:
    """Return an empty state: a title, and what to do about it."""
    return html.Div(
        [icon(icon_name, size=28), html.Strong(title), html.P(what_to_do), *([action] if action else [])],
        className="m-empty",
    )


def stat(label: str, value: str, note: str | None = None) -> Component:
    """Return a number with its label and, small, a note needed to read it."""
    return tags.Div(
        html.Span(label, className="m-stat-label"),
        html.Span(value, className="m-stat-value m-num"),
        *([html.Span(note, className="m-dim m-small")] if note else []),
        className="m-stat",
    )


def folded_form(title: str | Component, *inside: Component, opened: bool = False) -> Component:
    """Return a form as a fold."""
    return html.Details(
        [html.Summary(title), html.Div(list(inside), className="m-stack")], className="overview-editor", open=opened
    )


def facts(pairs: Iterable[tuple[Any, Any]], class_name: str = "m-facts", of_value: str | None = None) -> Component:
    """Return pairs of name and value as a description list, without empty values. `of_value`: the class of values.

    A text value keeps its own direction.
    """
    look = {"className": of_value} if of_value else {}
    known = [(name, html.Bdi(value) if isinstance(value, str) else value) for name, value in pairs if value]
    parts = [part for name, value in known for part in (html.Dt(name), html.Dd(value, **look))]
    return html.Dl(parts, className=class_name)
