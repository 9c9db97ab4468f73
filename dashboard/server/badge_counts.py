"""What the frame of every page counts: how many messages wait to be read, and how much waits to be done.

Asked for all who look at once: of those for whom nothing can have changed nothing is asked (see `worklist_cache`).
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from operations import worklist_cache
from operations.core.clock import now
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.notices import inbox

PIECE = 0.02  # seconds of work after which whoever asks for many may let others go before


def told(store: Store, people: Iterable[Actor]) -> dict[Actor, dict[str, Any]]:
    """`unread` and `waits` of each person; none of a screen on a wall, which is nobody's."""
    return {by: each for piece in in_turn(store, people) for by, each in piece.items()}


def in_turn(store: Store, people: Iterable[Actor]) -> Iterator[dict[Actor, dict[str, Any]]]:
    """The same, piece by piece: first of all for whom it is known. Nothing is held open between two pieces."""
    asked = dict.fromkeys(people)
    persons = [by for by in asked if by.only is None]
    with store.reading(System()) as session:
        unread = inbox.unread_of(session, [by.account_id for by in persons])
    piece = {by: {"unread": 0, "waits": 0} for by in asked if by.only is not None}
    begun = time.monotonic()
    for by, found in worklist_cache.again(store).of_many(store, persons, now()):
        piece[by] = {"unread": unread.get(by.account_id, 0), "waits": len(found)}
        if time.monotonic() - begun > PIECE:
            yield piece
            piece, begun = {}, time.monotonic()
    yield piece
