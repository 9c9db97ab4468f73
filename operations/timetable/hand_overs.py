"""Hand-overs: whoever something begins to wait for finds it in the inbox as well, and no longer once it is done.

What waits is declared on the steps of lives and asked as each person would ask it (`operations.waiting`), in every
minute in which something happened: nobody is told of what they may not know, and what one has done is gone for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations import waiting
from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.core.store import Store
from operations.core.vocabulary import Classification, MessageKind, MessageWay
from operations.core.waits import Waiting
from operations.notices.messages import Delivery, Message, To, tell
from operations.policing.operation import membership
from operations.policing.operation.plan import Operation
from operations.timetable import lease
from operations.timetable.effects import Due, Job, Outcome

_MINUTE = timedelta(minutes=1)
_JOB = "hand_overs"
_DAILY = (MessageKind.REPORT_DUE.value, MessageKind.REPORT_MISSING.value)


class Found(NamedTuple):
    """What waits, and for whom."""

    entry: Waiting
    people: frozenset[UUID]


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    """The minute after the newest entry of the journal: what nobody changed waits as before."""
    newest = session.exec(select(Entry.at).order_by(col(Entry.seq).desc()).limit(1)).first()
    if newest is not None:
        # What began to wait before the timetable first ran is told when it does.
        due = max(newest.replace(second=0, microsecond=0) + _MINUTE, lease.first_ran(session) or moment)
        if since <= due <= moment:
            yield Due(_JOB, due, due)


def _ask(store: Store, _due: Due, moment: datetime) -> list[Found]:
    """What waits for each person who may enter, asked as that person."""
    with store.reading(System()) as session:
        actors = [membership.actor(session, each) for each in session.exec(select(Account)).all() if each.may_enter]
    entries: dict[str, Waiting] = {}
    people: defaultdict[str, set[UUID]] = defaultdict(set)
    for actor in filter(None, actors):
        with store.reading(actor) as session:
            for each in waiting.waiting(session, actor, moment):
                entries[each.occasion] = each
                people[each.occasion].add(actor.account_id)
    return [Found(each, frozenset(people[occasion])) for occasion, each in entries.items()]


def _tell(session: Session, _due: Due, moment: datetime, found: Sequence[Found]) -> Outcome:
    """Tell those who were not told, and close what waits for them no more."""
    people = {_key(each.entry): each.people for each in found}
    known = _deliveries(session, people)
    marking: dict[UUID | None, Classification] = {
        ident: Classification(each) for ident, each in session.exec(select(Operation.id, Operation.classification))
    }
    told = 0
    for entry, _people in found:
        key = _key(entry)
        if entry.told and not people[key] <= known.get(key, {}).keys():
            told += tell(
                session,
                To.those(*people[key]),
                MessageKind.WAITS,
                entry.address,
                key=key,
                by=System(),
                operation=entry.operation,
                classification=marking.get(entry.operation, Classification.FOR_OFFICIAL_USE),
            )
    over = [
        delivery
        for key, deliveries in known.items()
        for account, delivery in deliveries.items()
        if delivery.read_at is None and account not in people.get(key, ())
    ]
    over += _settled(session, found)
    for delivery in over:
        delivery.read_at = moment
        session.add(delivery)
    return {"told": told, "over": len(over)}


def _settled(session: Session, found: Sequence[Found]) -> list[Delivery]:
    """What else lies unread and is over: daily reports that were sent, and all of an operation that has ended."""
    to_send = {
        (account, each.entry.operation)
        for each in found
        if each.entry.noun == waiting.DAILY_REPORT
        for account in each.people
    }
    query = (
        select(Delivery, Message)
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .join(Operation, col(Operation.id) == col(Message.operation_id), isouter=True)
        .where(Delivery.way == MessageWay.INBOX.value, col(Delivery.read_at).is_(None))
        .where(col(Operation.state).in_(waiting.OVER) | col(Message.kind).in_(_DAILY))
    )
    return [
        delivery
        for delivery, message in session.exec(query)
        if message.kind not in _DAILY or (delivery.account_id, message.operation_id) not in to_send
    ]


def _key(entry: Waiting) -> str:
    return f"waits:{entry.occasion}"


def _deliveries(session: Session, keys: Iterable[str]) -> dict[str, dict[UUID, Delivery]]:
    """What lies in an inbox unread, and who was told what waits now, by the key of the message."""
    query = select(Message.key, Delivery).join(Delivery, col(Delivery.message_id) == col(Message.id))
    query = query.where(Message.kind == MessageKind.WAITS.value, Delivery.way == MessageWay.INBOX.value)
    found: defaultdict[str, dict[UUID, Delivery]] = defaultdict(dict)
    for key, delivery in session.exec(query.where(col(Delivery.read_at).is_(None) | col(Message.key).in_(list(keys)))):
        found[key][delivery.account_id] = delivery
    return found


JOBS: Sequence[Job] = (Job(_JOB, _dues, _tell, _ask),)
