"""What is overdue on the page *Today* of everybody in a played story."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlmodel import select

from operations import worklist_entries
from operations.core import clock
from operations.core.people import Account, System
from operations.core.store import Store
from operations.policing.operation import membership

FEW_DAYS = timedelta(days=3)


def overdue(store: Store, at: datetime, grace: timedelta = FEW_DAYS) -> dict[str, list[str]]:
    """The user names by the sentence of each work item whose time was over by more than `grace` at a moment."""
    with store.reading(System()) as session:
        people = [(each.username, membership.actor(session, each)) for each in session.exec(select(Account))]
    found: dict[str, list[str]] = defaultdict(list)
    for name, by in people:
        if by is None:
            continue
        with clock.at(at), store.reading(by) as session:
            for each in worklist_entries.waiting(session, by, at):
                if each.overdue(at - grace):
                    found[str(each.sentence)].append(name)
    return dict(found)
