"""The pulse: the message that notifies a browser of a change.

It carries the reader's own number (`operations.core.pulse`), never the journal's: an entry that the reader may not know
of changes nothing that reaches them. `change_listener` notices new journal entries; the browser's side is
frame/pulse.js, which writes the number into the dcc.Store `PULSE` of the page, and polls /pulse/now where it has no
socket.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from dashboard.server import badge_counts
from operations.core import journal, pulse
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.pulse import Heard
from operations.core.store import Store
from operations.core.vocabulary import Classification
from operations.policing.operation.plan import Operation

PULSE = "pulse"  # the id of the dcc.Store that holds the reader's number
PULSE_ASKS = "pulse-asks"
"""The same, but it moves only where the change was not pushed (`live_boards`): without a socket, or after a failure.

After a change of theme it is a text, the number followed by the theme: charts are then drawn again.
"""

_EVER = datetime.min.replace(tzinfo=UTC)
_NEWEST, _REACH = 1000, ("participation", "account", "operation")


@dataclass(frozen=True)
class OperationChange:
    """A change of an operation: its classification, and the new number of each audience that the change is for.

    `named` is a version mark of the operation's name and state in the top bar; `at` is when the newest entry was made.
    """

    classification: Classification
    numbers: Mapping[str, int]
    named: str = ""
    at: datetime = _EVER

    def told_to(self, actor: Actor) -> bool:
        """Return whether this person may know of the change."""
        return not pulse.keys_of(actor).isdisjoint(self.numbers)


Marking = Mapping[UUID, OperationChange]


def visible_operations(actor: Actor, changed: Marking) -> list[str]:
    """Return the ids of the changed operations that this person may see, where they may know of the change."""
    return [
        str(operation)
        for operation, change in changed.items()
        if change.told_to(actor) and _within_reach(actor, operation, change.classification)
    ]


def _within_reach(actor: Actor, operation: UUID, classification: Classification) -> bool:
    if operation == pulse.PROGRAMME:
        return actor.only is None
    return may(actor, Act.OPERATION_READ, Subject(operation=operation, classification=classification))


def changed_since(store: Store, seq: int) -> tuple[int, dict[UUID, OperationChange], bool]:
    """Return the head of the journal, the changes after `seq` by operation, and whether anyone's reach may differ.

    For the server alone: only each reader's own number may leave it.
    """
    with store.reading(System()) as session:
        head = journal.pulse(session)
        rows = session.exec(
            select(Heard, Operation)
            .join(Operation, col(Operation.id) == col(Heard.operation_id), isouter=True)
            .where(Heard.seq > seq, (col(Operation.id).is_not(None)) | (Heard.operation_id == pulse.PROGRAMME))
            .order_by(col(Heard.operation_id))
        ).all()
        changed: dict[UUID, OperationChange] = {}
        for heard, operation in rows:
            identifier, at = heard.operation_id, heard.at
            before, newest = (
                ({}, at) if (other := changed.get(identifier)) is None else (other.numbers, max(other.at, at))
            )
            known: Operation | None = operation  # None for the programme, which has no classification of its own
            marked = Classification.FOR_OFFICIAL_USE if known is None else Classification(known.classification)
            changed[identifier] = OperationChange(
                marked, {**before, heard.audience: heard.number}, "" if known is None else named_as(known), newest
            )
        since = select(Entry.seq, Entry.act, Entry.object_kind).where(Entry.seq > seq).order_by(col(Entry.seq).desc())
        entries = session.exec(since.limit(_NEWEST)).all()
        store.written.note_entries(entries)
        return head, changed, len(entries) == _NEWEST or any(kind in _REACH for _seq, _act, kind in entries)


def own_number(text: str | None) -> int | None:
    """Parse the reader's own number that a browser sends: None if absent, 0 if it is no number."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def named_as(operation: Operation) -> str:
    """Return a mark that changes when the operation's text in the top bar does (see frame/shell.js)."""
    return f"{operation.version} {operation.state}"


def message_for(store: Store, actor: Actor, since: int | None) -> dict[str, Any]:
    """Return the reader's number, with the changes after their own number `since` (None: without changes).

    `operations` are the ids of those that changed; with them come the marks of their names (`about`) and the badge
    counts (`told`).
    """
    with store.reading(actor) as session:
        numbers = pulse.counts_of(session, actor)
        moved = [] if since is None else pulse.moved_since(numbers, since)
        changed = session.exec(select(Operation).where(col(Operation.id).in_(moved))).all() if moved else []
        about = {str(each.id): named_as(each) for each in changed}
    message = {"seq": pulse.number(numbers), "operations": sorted(map(str, moved))}
    return {**message, "about": about, "told": badge_counts.counts_by_user(store, [actor])[actor]} if moved else message
