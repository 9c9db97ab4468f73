"""Costs of a story's operation: a budget, and what was spent of it. All of it is invented."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.costs import costs
from operations.costs.rows import BookState, CostState
from scenarios.planning import Planning

Spent = tuple[int, str, str, int, str, str | None, str]
"""Days after the operation's first day, stage, kind, amount, currency, paying country, note."""


def write(story: Planning, found: Sequence[Spent]) -> None:
    """Record each cost the next evening, by the coordinator; budgets on their own day."""
    for number, (day, stage, kind, amount, currency, country, note) in enumerate(found):
        draft = parse(
            costs.CostDraft,
            {
                "id": story.identifier("cost", number),
                "stage": stage,
                "kind": kind,
                "amount": amount,
                "currency": currency,
                "day": story.at(day, "12:00").date(),
                "country": country,
                "note": note,
            },
        )
        at = story.at(day if stage == "planned" else day + 1, f"18:{number:02}")
        story.does(at, "coordinator", f"write a cost of {kind} down", _does(costs.write, story.operation, draft))


def take_back(story: Planning, at: datetime, number: int, words: str) -> None:
    """Withdraw one of the costs."""
    ident = story.identifier("cost", number)
    story.does(at, "coordinator", "take a cost back", _does(costs.take, ident, CostState.TAKEN_BACK, words=words))


def close(story: Planning, at: datetime) -> None:
    """Declare the costs complete."""

    said = _does(costs.take_book, story.operation, BookState.COMPLETE)
    story.does(at, "coordinator", "say that all costs are in", said)


def _does(verb: Callable[..., Any], *given: Any, **named: Any) -> Callable[[Any, Actor], Any]:
    return lambda session, by: verb(session, *given, by, **named)
