"""What is said many times is said once, and how often: the others stand folded under the first."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from dash import html
from dash.development.base_component import Component

from dashboard.wording import ngettext

SHOWN = 3
"""So many of one sort stand open; more than these would bury what else there is."""
T = TypeVar("T")


def folded(
    things: Iterable[T],
    sort: Callable[[T], Hashable],
    draw: Callable[[T], Component],
    mark: Callable[[Sequence[T]], list[Component]] = lambda _more: [],
) -> list[Component]:
    """`draw` (an `html.Li`) of each thing, in their order by the first of its sort; the first `SHOWN` of a sort stand
    open, and what is left of it in one row beneath that opens, with the `mark` of what it hides.
    """
    sorts: dict[Hashable, list[T]] = {}
    for thing in things:
        sorts.setdefault(sort(thing), []).append(thing)
    return [row for alike in sorts.values() for row in _rows(alike, draw, mark)]


def _rows(
    alike: list[T], draw: Callable[[T], Component], mark: Callable[[Sequence[T]], list[Component]]
) -> list[Component]:
    rows = [draw(thing) for thing in alike]
    if len(rows) <= SHOWN + 1:  # a fold in place of a single row saves nothing
        return rows
    more = rows[SHOWN:]
    words = html.Span(ngettext("{n} more of this kind", "{n} more of this kind", len(more)))
    summary = html.Summary([words, *mark(alike[SHOWN:])])
    return [*rows[:SHOWN], html.Li(html.Details([summary, html.Ul(more)], className="m-alike"))]
