"""Kanban board: rows as cards, in a column for each state of their state machine, with the same actions as the list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.wording import _, ngettext, number
from operations.core.state_machine import Life

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T")
_SHOWN = 5


@dataclass(frozen=True)
class Card:
    """A card of a board: its title links to `href`; `late` is the word for an overdue row, `acts` are its buttons.

    Facts are short lines; empty ones are left out.
    """

    title: str
    href: str
    facts: Sequence[Any] = ()
    late: str = ""
    acts: Sequence[Component] = field(default=())


def board(life: Life[S], things: Iterable[T], card: Callable[[T], Card], name: str) -> Component:
    """Return the columns in the order of the states. An end state shows five cards and folds the rest.

    Of the end states only the first has a column when it is empty.
    """
    cards: dict[S, list[Card]] = {}
    for thing in things:
        cards.setdefault(life.now(thing), []).append(card(thing))
    columns = [
        _column(_(life.words[state]), cards.get(state, ()), _SHOWN if state in life.ends else None)
        for state in life.states
        if state not in life.ends[1:] or cards.get(state)
    ]
    return html.Div(columns, className="board", tabIndex="0", role="group", **{"aria-label": name})


def _column(name: str, cards: Sequence[Card], shown: int | None) -> Component:
    drawn = [_card(each) for each in cards]
    rest = drawn[shown:] if shown is not None else []
    said = ngettext("{n} earlier one", "{n} earlier ones", len(rest))
    inside = [*drawn[: len(drawn) - len(rest)]] or [html.P(_("Nothing here."), className="board-empty")]
    folded = [html.Details([html.Summary(said), *rest], className="board-earlier")] if rest else []
    head = html.H3([name, html.Span(number(len(cards)), className="m-dim m-num")])
    look = "board-column" if cards else "board-column is-empty"
    return html.Section([head, *inside, *folded], className=look, **{"aria-label": name})


def _card(card: Card) -> Component:
    facts = [html.Span(each, className="board-facts") for each in card.facts if each]
    late = [html.Span(card.late, className="board-late")] if card.late else []
    title = html.Strong(dcc.Link(html.Bdi(card.title), href=card.href, className="board-title"))
    return html.Article(
        [html.Header([title, *facts, *late]), *card.acts],
        className="board-card is-late" if card.late else "board-card",
        **{"aria-label": card.title},
    )
