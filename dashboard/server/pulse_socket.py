"""The pulse: what a browser is told when something changed.

The number that is sent is the reader's own (`operations.core.pulse`), never the journal's: an entry that is not for a
reader moves nothing that reaches them. `change_listener` notices that the journal grew; the browser's side is
frame/pulse.js, which puts the number into the store `PULSE` of the page; where there is no socket it asks /pulse/now
instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
"""The same, but moved only where what changed was not pushed (`live_boards`): where there is no socket, or it failed.

Where the page took another look it is a text, the number with the look after it: charts are drawn anew then.
"""


@dataclass(frozen=True)
class OperationChange:
    """How an operation that changed is marked, and up to which number each audience that was told of it counts.

    `named` stands for what the top bar says of it.
    """

    classification: Classification
    numbers: Mapping[str, int]
    named: str = ""

    def told_to(self, actor: Actor) -> bool:
        """Whether this person knows of something that changed."""
        return not pulse.keys_of(actor).isdisjoint(self.numbers)


Marking = Mapping[UUID, OperationChange]


def seen_by(actor: Actor, changed: Marking) -> list[str]:
    """Which of the operations that changed this person may see, and may know the change of."""
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
    """The journal's number, what entries after `seq` told to whom, and whether anybody's reach may differ.

    For the server alone: what leaves is each reader's own number.
    """
    with store.reading(System()) as session:
        head = journal.pulse(session)
        rows = session.exec(
            select(Heard.operation_id, Heard.audience, Heard.number, Operation)
            .join(Operation, col(Operation.id) == col(Heard.operation_id), isouter=True)
            .where(Heard.seq > seq, (col(Operation.id).is_not(None)) | (Heard.operation_id == pulse.PROGRAMME))
            .order_by(col(Heard.operation_id))
        ).all()
        changed: dict[UUID, OperationChange] = {}
        for identifier, audience, number, operation in rows:
            before = changed[identifier].numbers if identifier in changed else {}
            known: Operation | None = operation  # the programme has none, and no marking of its own
            marked = Classification.FOR_OFFICIAL_USE if known is None else Classification(known.classification)
            changed[identifier] = OperationChange(
                marked, {**before, audience: number}, "" if known is None else named_as(known)
            )
        reach = select(Entry.seq).where(
            Entry.seq > seq, col(Entry.object_kind).in_(("participation", "account", "operation"))
        )
        return head, changed, session.exec(reach.limit(1)).first() is not None


def own_number(text: str | None) -> int | None:
    """What a browser says it was told last, or None where it says nothing; what is no number counts as 0."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def named_as(operation: Operation) -> str:
    """Changes when what the top bar says of an operation does (see frame/shell.js)."""
    return f"{operation.version} {operation.state}"


def message_for(store: Store, actor: Actor, since: int | None) -> dict[str, Any]:
    """The reader's number and what moved it after the own number `since` (None: no matter).

    `operations` are those that changed; with them come their names' marks (`about`), and what waits (`told`).
    """
    with store.reading(actor) as session:
        found = pulse.told(session, actor)
        moved = [] if since is None else pulse.moved_since(found, since)
        changed = session.exec(select(Operation).where(col(Operation.id).in_(moved))).all() if moved else []
        about = {str(each.id): named_as(each) for each in changed}
    message = {"seq": pulse.number(found), "operations": sorted(map(str, moved))}
    return {**message, "about": about, "told": badge_counts.told(store, [actor])[actor]} if moved else message
