"""Grouping of equal items: the first three of a kind are shown, the rest folded under a count."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from dash import html
from dash.development.base_component import Component

from dashboard.wording import _, ngettext, number

SHOWN = 3
"""Items of a kind that are shown open; more would bury items of other kinds."""
T = TypeVar("T")


def folded(
    things: Iterable[T],
    sort: Callable[[T], Hashable],
    draw: Callable[[T], Component],
    mark: Callable[[Sequence[T]], list[Component]] = lambda _more: [],
) -> list[Component]:
    """Return `draw` (an `html.Li`) of each item, grouped by `sort` in the order of first items.

    The first `SHOWN` of a group are open; the rest are in a fold in the next row, which shows the `mark` of what it
    hides.
    """
    sorts: dict[Hashable, list[T]] = {}
    for thing in things:
        sorts.setdefault(sort(thing), []).append(thing)
    return [row for alike in sorts.values() for row in _rows(alike, draw, mark)]


def shown_of(shown: int, many: int) -> Component:
    """Return how many of all operations are drawn."""
    said = _("The first {shown} of {all} operations.", shown=number(shown), all=number(many))
    return html.P(said, className="m-dim")


def _rows(
    alike: list[T], draw: Callable[[T], Component], mark: Callable[[Sequence[T]], list[Component]]
) -> list[Component]:
    rows = [draw(thing) for thing in alike]
    if len(rows) <= SHOWN + 1:  # a fold for a single row would save nothing
        return rows
    more = rows[SHOWN:]
    words = html.Span(ngettext("{n} more of this kind", "{n} more of this kind", len(more)))
    summary = html.Summary([words, *mark(alike[SHOWN:])])
    return [*rows[:SHOWN], html.Li(html.Details([summary, html.Ul(more)], className="m-alike"))]
