"""Worklist messages: new entries of a person's worklist appear in the inbox too, until they are done.

Entries are declared on the steps of state machines and computed as each person would see them
(`operations.worklist_entries`), after every minute with a journal entry and every quarter of an hour: nobody is told of
things they may not know, and an entry done by one person is gone for all. An overdue entry is escalated to those whom
the step names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlmodel import Session, col, select

from operations import worklist_entries
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.core.store import Store
from operations.core.vocabulary import Classification, MessageKind, MessageWay, Role
from operations.core.worklist import HOURS, Late, Whom, WorkItem
from operations.notices.messages import Delivery, Message, To, recipients, tell
from operations.policing.operation import membership
from operations.policing.operation.plan import Operation
from operations.policing.reports import daily_reports
from operations.timetable import lease
from operations.timetable.effects import DueEffect, Outcome, TimetableJob, every
from operations.worklist_cache import WorklistCache

_MINUTE, _QUARTER = timedelta(minutes=1), timedelta(minutes=15)
_JOB = "hand_overs"
AT_ONCE = 40
"""Of so many things is told within one unit of work: others wait for its end."""
_DAILY = (MessageKind.REPORT_DUE.value, MessageKind.REPORT_MISSING.value)
_KINDS = (MessageKind.WAITS.value, MessageKind.WAITS_LATE.value)
_OF_OWNERS = frozenset({"case", "reference"})
"""What a sentence names that only those know whose it is."""
_ABOVE = N_("Something of {country} that those alone read whose it is waits after its time.")
_ABOVE_ALL = N_("Something that those alone read whose it is waits after its time.")
_again: WeakKeyDictionary[Store, WorklistCache] = WeakKeyDictionary()


class PendingItem(NamedTuple):
    """A worklist entry, and the people it waits for."""

    entry: WorkItem
    people: frozenset[UUID]


class WorklistMessage(NamedTuple):
    """A message about an entry: key of its occasion, kind, link, and number."""

    key: str
    kind: MessageKind
    entry: WorkItem
    people: frozenset[UUID]
    link: str
    number: int = 1
    above: bool = False

    @property
    def about(self) -> Flaw:
        """What it is about. Who is above those whose it is learns of no case and no file by its number."""
        sentence, country = self.entry.sentence, self.entry.country
        if not (self.above and sentence.params.keys() & _OF_OWNERS):
            return sentence
        return Flaw("", _ABOVE, {"country": country}) if country else Flaw("", _ABOVE_ALL)


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield the minute after the newest entry of past minutes, and each quarter of an hour for entries that time alone
    creates.

    Entries of the current minute do not count: under steady writing the newest entry would always be among them.
    """
    over = moment.replace(second=0, microsecond=0)
    newest = session.exec(select(Entry.at).where(Entry.at < over).order_by(col(Entry.seq).desc()).limit(1)).first()
    if newest is not None:
        # Entries that waited before the timetable first ran are told then.
        due = max(newest.replace(second=0, microsecond=0) + _MINUTE, lease.first_ran(session) or moment)
        if since <= due <= moment:
            yield DueEffect(_JOB, due, due)
        yield from every(f"{_JOB}.by_time", _QUARTER)(session, since, moment)


def _ask(store: Store, _due: DueEffect, moment: datetime) -> list[PendingItem]:
    """Return the worklist entries of all active people, each as that person would see them, unchanged ones from a
    cache.
    """
    with store.reading(System()) as session:
        actors = membership.actors(session, session.exec(select(Account)).all())
    entries: dict[str, WorkItem] = {}
    people: defaultdict[str, set[UUID]] = defaultdict(set)
    again = _again.setdefault(store, WorklistCache(_QUARTER))
    for actor, items in again.of_many(store, actors, moment):
        for each in items:
            entries[each.occasion] = each
            people[each.occasion].add(actor.account_id)
    return [PendingItem(each, frozenset(people[occasion])) for occasion, each in entries.items()]


class PendingAnswer(NamedTuple):
    """The pending work items, and the number of messages sent about them."""

    found: Sequence[PendingItem]
    told: int


def _ask_and_tell(store: Store, due: DueEffect, moment: datetime) -> PendingAnswer:
    """Ask, and tell of a few things at a time: whom it concerns is told once, whoever stops in between."""
    found, told = _ask(store, due, moment), 0
    for first in range(0, len(found), AT_ONCE):
        with store.unit_of_work(System()) as session:
            tellings = _tellings(session, found[first : first + AT_ONCE], moment)
            told += _tell(session, tellings, _deliveries(session, [each.key for each in tellings]))
    return PendingAnswer(found, told)


def _close(session: Session, _due: DueEffect, moment: datetime, asked: PendingAnswer) -> Outcome:
    """Tell those who are left, and close what waits for them no more."""
    tellings = _tellings(session, asked.found, moment)
    known = _deliveries(session, [each.key for each in tellings])
    told = asked.told + _tell(session, tellings, known)
    people = {each.key: each.people for each in tellings}
    over = [
        delivery
        for key, deliveries in known.items()
        for account, delivery in deliveries.items()
        if delivery.read_at is None and account not in people.get(key, ())
    ]
    over += _settled(session, asked.found)
    for delivery in over:
        delivery.read_at = moment
        session.add(delivery)
    _forget(session, people)
    return {"told": told, "over": len(over)}


def _tellings(session: Session, found: Sequence[PendingItem], moment: datetime) -> list[WorklistMessage]:
    """What is told of what waits. The time of what ended has ended with it."""
    ended = set(session.exec(select(Operation.id).where(col(Operation.state).in_(worklist_entries.OVER))))
    return [
        *(
            WorklistMessage(f"waits:{each.occasion}", MessageKind.WAITS, each, people, each.address)
            for each, people in found
            if each.told
        ),
        *(
            _late(session, each, late, moment)
            for each in found
            if each.entry.operation not in ended
            for late in each.entry.escalated(moment)
        ),
    ]


def _tell(session: Session, tellings: Sequence[WorklistMessage], known: Mapping[str, Mapping[UUID, Delivery]]) -> int:
    """Tell those who were not told; returns how many that were."""
    marking: dict[UUID | None, Classification] = {
        ident: Classification(each) for ident, each in session.exec(select(Operation.id, Operation.classification))
    }
    told = 0
    for each in tellings:
        if not each.people <= known.get(each.key, {}).keys():
            told += tell(
                session,
                To.those(*each.people),
                each.kind,
                each.link,
                each.number,
                key=each.key,
                by=System(),
                operation=each.entry.operation,
                classification=marking.get(each.entry.operation, Classification.FOR_OFFICIAL_USE),
                about=each.about,
                until=each.entry.until,
            )
    return told


def _forget(session: Session, waits: Mapping[str, object]) -> None:
    """What waits no more is spoken of no more: the words of a thing stand with the thing alone."""
    query = select(Message).where(col(Message.kind).in_(_KINDS), col(Message.about).is_not(None))
    for message in session.exec(query):
        if message.key not in waits:
            message.about = None
            session.add(message)


def _settled(session: Session, found: Sequence[PendingItem]) -> list[Delivery]:
    """Return other unread deliveries that are over: of daily reports that were sent, and of operations that have ended.

    Entries that still wait in an archived operation, its recommendations, are not over.
    """
    waits = {(account, each.entry.operation) for each in found for account in each.people}
    to_send = {
        (account, pending.entry.operation)
        for pending in found
        if pending.entry.noun == daily_reports.NOUN
        for account in pending.people
    }
    query = (
        select(Delivery, Message)
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .join(Operation, col(Operation.id) == col(Message.operation_id), isouter=True)
        .where(Delivery.way == MessageWay.INBOX.value, col(Delivery.read_at).is_(None))
        .where(col(Operation.state).in_(worklist_entries.OVER) | col(Message.kind).in_(_DAILY))
    )
    return [
        delivery
        for delivery, message in session.exec(query)
        if (delivery.account_id, message.operation_id) not in (to_send if message.kind in _DAILY else waits)
    ]


def _late(session: Session, found: PendingItem, late: Late, moment: datetime) -> WorklistMessage:
    """What is told of something that still waits: to whom, where they see it, and how many hours it is late."""
    entry, link, people = found.entry, found.entry.address, found.people
    if late.whom is not Whom.OWNERS:
        people = frozenset(each.id for each in recipients(session, [_above(entry, late.whom)]))
    if late.whom in (Whom.COORDINATOR, Whom.LEADERSHIP):
        link = entry.above
    hours = max(int((moment - entry.until) / HOURS), 1) if entry.until else 1
    key = f"late:{late.whom.value}:{entry.occasion}"
    return WorklistMessage(key, MessageKind.WAITS_LATE, entry, people, link, hours, late.whom is not Whom.OWNERS)


def _above(entry: WorkItem, whom: Whom) -> To:
    if whom is Whom.COUNTRY:
        return To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=entry.country)
    role = Role.OPERATION_COORDINATOR if whom is Whom.COORDINATOR else Role.LEADERSHIP
    return To(roles=frozenset({role}), operation=entry.operation)


def _deliveries(session: Session, keys: Iterable[str]) -> dict[str, dict[UUID, Delivery]]:
    """Return by message key the unread inbox deliveries, and all deliveries of the current messages, by account."""
    query = select(Message.key, Delivery).join(Delivery, col(Delivery.message_id) == col(Message.id))
    query = query.where(col(Message.kind).in_(_KINDS), Delivery.way == MessageWay.INBOX.value)
    found: defaultdict[str, dict[UUID, Delivery]] = defaultdict(dict)
    for key, delivery in session.exec(query.where(col(Delivery.read_at).is_(None) | col(Message.key).in_(list(keys)))):
        found[key][delivery.account_id] = delivery
    return found


JOBS: Sequence[TimetableJob] = (TimetableJob(_JOB, _dues, _close, _ask_and_tell),)
