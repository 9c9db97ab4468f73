"""Costs of the operation of the scene, through the real verbs."""

from datetime import datetime
from typing import Any

from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.costs import costs
from operations.costs.rows import BookState, Cost
from tests.makers import Running
from tests.programme import BEGUN, does


def cost_draft(**changes: Any) -> costs.CostDraft:
    """Flights of the coordination."""
    content = {
        "id": new_id(),
        "kind": "travel",
        "amount": 1200,
        "currency": "EUR",
        "day": BEGUN.date(),
        "note": "Invoice 17 of the travel desk.",
    }
    return parse(costs.CostDraft, content | changes)


def spent(scene: Running, at: datetime = BEGUN, **changes: Any) -> Cost:
    """A cost is written down."""
    made: Cost = does(scene, "ana", costs.write, scene.operation, cost_draft(**changes), at=at)
    return made


def booked(scene: Running, to: BookState = BookState.COMPLETE, at: datetime = BEGUN) -> None:
    """All costs are said to be in, or some to be missing."""
    words = "A bill came late." if to == "open" else ""
    does(scene, "ana", costs.take_book, scene.operation, to, words=words, at=at)
