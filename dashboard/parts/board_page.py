"""Kanban board: rows as cards, in a column for each state of their state machine, with the same actions as the list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts.markup import Markup
from dashboard.wording import _, ngettext, number
from operations.core.state_machine import Life

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T")
_SHOWN = 5


@dataclass(frozen=True)
class Card:
    """A card of a board: its title links to `href`, if any; `late` is the word for an overdue row, `acts` its buttons.

    Facts are short lines; empty ones are left out.
    """

    title: str
    href: str = ""
    facts: Sequence[Any] = ()
    late: str = ""
    acts: Sequence[Component] = field(default=())


def board(
    life: Life[S],
    things: Iterable[T],
    card: Callable[[T], Card],
    name: str,
    words: Callable[[S], str] | None = None,
    first: int | None = None,
) -> Component:
    """Return the columns in the order of the states. An end state shows five cards and folds the rest.

    Of the end states only the first has a column when it is empty. `words` names a state where the life does not.
    `first`: the number of cards that a column has at most; it says how many more there are.
    """
    found: dict[S, list[T]] = {}
    for thing in things:
        found.setdefault(life.now(thing), []).append(thing)

    def inside(state: S, rows: list[T]) -> tuple[Any, ...]:
        drawn = _folded([_card(card(each)) for each in rows[:first]], state in life.ends)
        rest = len(rows) - len(rows[:first])
        more = [html.P(_("and {n} more", n=number(rest)), className="board-more")] if rest else []
        return (len(rows), *drawn, *more)

    columns = [
        column(words(state) if words else _(life.words[state]), *inside(state, found.get(state, [])))
        for state in life.states
        if state not in life.ends[1:] or found.get(state)
    ]
    return html.Div(columns, className="board", tabIndex="0", role="group", **{"aria-label": name})


def column(name: str, count: int, *inside: Component) -> Component:
    """Return a column of a board: its name, how many rows it has, and its cards."""
    head = html.H3([name, html.Span(number(count), className="m-dim m-num")])
    look = "board-column" if count else "board-column is-empty"
    empty = html.P(_("Nothing here."), className="board-empty")
    return html.Section([head, *(inside or [empty])], className=look, **{"aria-label": name})


def _folded(cards: Sequence[Component], ended: bool) -> tuple[Any, ...]:
    rest = cards[_SHOWN:] if ended else []
    said = ngettext("{n} earlier one", "{n} earlier ones", len(rest))
    folded = [html.Details([html.Summary(said), *rest], className="board-earlier")] if rest else []
    return (*cards[: len(cards) - len(rest)], *folded)


def _card(card: Card) -> Component:
    facts = [html.Span(each, className="board-facts") for each in card.facts if each]
    late = [html.Span(card.late, className="board-late")] if card.late else []
    words = html.Bdi(card.title)
    title = html.Strong(dcc.Link(words, href=card.href, className="board-title") if card.href else words)
    return html.Article(
        [Markup([html.Header([title, *facts, *late])]), *card.acts],
        className="board-card is-late" if card.late else "board-card",
        **{"aria-label": card.title},
    )
