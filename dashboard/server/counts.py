"""What the frame of every page counts: how many messages wait to be read, and how much waits to be done.

Asked for all who look at once: of those for whom nothing can have changed nothing is asked (see `waiting_again`).
"""

from collections.abc import Iterable
from typing import Any

from operations import waiting_again
from operations.core.clock import now
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.notices import inbox


def told(store: Store, people: Iterable[Actor]) -> dict[Actor, dict[str, Any]]:
    """`unread` and `waits` of each person; none of a screen on a wall, which is nobody's."""
    asked = dict.fromkeys(people)
    persons = [by for by in asked if by.only is None]
    with store.reading(System()) as session:
        unread = inbox.unread_of(session, [by.account_id for by in persons])
    waits = {by: len(found) for by, found in waiting_again.again(store).of_many(store, persons, now())}
    return {by: {"unread": unread.get(by.account_id, 0), "waits": waits.get(by, 0)} for by in asked}
