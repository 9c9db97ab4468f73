"""What is said many times is said once, and how often: the others stand folded under the first."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from dash import html
from dash.development.base_component import Component

from dashboard.wording import ngettext

SHOWN = 3
"""So many of one sort stand open; more than these would bury what else there is."""
T = TypeVar("T")


def folded(things: Iterable[T], sort: Callable[[T], Hashable], draw: Callable[[T], Component]) -> list[Component]:
    """`draw` (an `html.Li`) of each thing, in their order by the first of its sort; the first `SHOWN` of a sort stand
    open, and what is left of it in one row beneath that opens.
    """
    sorts: dict[Hashable, list[T]] = {}
    for thing in things:
        sorts.setdefault(sort(thing), []).append(thing)
    return [row for alike in sorts.values() for row in _rows([draw(thing) for thing in alike])]


def _rows(alike: list[Component]) -> list[Component]:
    if len(alike) <= SHOWN + 1:  # a fold in place of a single row saves nothing
        return alike
    more = alike[SHOWN:]
    words = ngettext("{n} more of this kind", "{n} more of this kind", len(more))
    return [*alike[:SHOWN], html.Li(html.Details([html.Summary(words), html.Ul(more)], className="m-alike"))]
