"""Badge counts in the frame of every page: unread messages and entries of the work list.

Computed for all connected users at once; users for whom nothing can have changed cost no query (see `worklist_cache`).
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from operations import worklist_cache
from operations.core.clock import now
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.notices import inbox

PIECE = 0.02  # seconds of work after which a caller with many users may let other work run


def counts_by_user(store: Store, people: Iterable[Actor]) -> dict[Actor, dict[str, Any]]:
    """Return `unread` and `waits` (entries of the work list) by user; both 0 for a wall screen, which is nobody's."""
    return {by: counts for piece in count_batches(store, people) for by, counts in piece.items()}


def count_batches(store: Store, people: Iterable[Actor]) -> Iterator[dict[Actor, dict[str, Any]]]:
    """Yield the same counts in batches, cached users first. No session is open between two batches."""
    asked = dict.fromkeys(people)
    persons = [by for by in asked if by.only is None]
    with store.reading(System()) as session:
        unread = inbox.unread_of(session, [by.account_id for by in persons])
    piece = {by: {"unread": 0, "waits": 0} for by in asked if by.only is not None}
    begun = time.monotonic()
    for by, entries in worklist_cache.again(store).of_many(store, persons, now()):
        piece[by] = {"unread": unread.get(by.account_id, 0), "waits": len(entries)}
        if time.monotonic() - begun > PIECE:
            yield piece
            piece, begun = {}, time.monotonic()
    yield piece
