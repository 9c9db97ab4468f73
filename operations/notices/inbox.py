"""The inbox: a person's messages, newest first, and whether they were read. Everybody reads only their own."""

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.vocabulary import MessageKind, MessageWay
from operations.notices.messages import Delivery, Message

_INBOX = MessageWay.INBOX.value


class InboxMessage(NamedTuple):
    """A message in an inbox, and whether it was read. `times`: so many say the same, this one the newest of them."""

    message: Message
    read: bool
    times: int = 1


def unread(session: Session, by: Actor) -> int:
    """Return the number of unread messages in the inbox of `by`."""
    return unread_of(session, [by.account_id]).get(by.account_id, 0)


def unread_of(session: Session, accounts: Sequence[UUID]) -> dict[UUID, int]:
    """Return the numbers of unread messages of many people, by account; people without any are left out."""
    query = select(Delivery.account_id, func.count()).where(col(Delivery.account_id).in_(accounts))
    waits = query.where(Delivery.way == _INBOX, col(Delivery.read_at).is_(None)).group_by(col(Delivery.account_id))
    return dict(session.exec(waits).all())


def alike(message: Message) -> Hashable:
    """What is the same of messages that say the same of one thing; one without a sentence is like no other."""
    if message.about is None:
        return message.id
    return (message.operation_id, message.link, fingerprint(message.about))


def grouped(found: Iterable[InboxMessage]) -> list[InboxMessage]:
    """Those that say the same as one, in the place of the first of them."""
    same: dict[Hashable, InboxMessage] = {}
    for told in found:
        key = (told.read, alike(told.message))
        same[key] = same[key]._replace(times=same[key].times + 1) if key in same else told
    return list(same.values())


def messages(session: Session, by: Actor, limit: int = 200) -> list[InboxMessage]:
    """Return the inbox messages of `by`: the unread first, then the newest; that it is late before that it waits."""
    query = (
        select(Message, Delivery.read_at)
        .join(Delivery, col(Delivery.message_id) == col(Message.id))
        .where(Delivery.account_id == by.account_id, Delivery.way == _INBOX)
        .order_by(
            col(Delivery.read_at).is_not(None),
            col(Message.made_at).desc(),
            col(Message.kind) == MessageKind.WAITS.value,
            col(Message.id),
        )
        .limit(limit)
    )
    return [InboxMessage(message, read_at is not None) for message, read_at in session.exec(query)]


def read(session: Session, message_id: UUID, by: Actor) -> Message:
    """Note that `by` has seen a message, on whichever way, and with it what says the same; and return it.

    Raises NotFound for another's.
    """
    seen = message(session, message_id, by)
    same = {message_id} | {
        told.message.id for told in messages(session, by) if not told.read and alike(told.message) == alike(seen)
    }
    query = select(Delivery).where(Delivery.account_id == by.account_id, col(Delivery.message_id).in_(same))
    for each in session.exec(query):
        each.read_at = each.read_at or now()
        session.add(each)
    session.flush()
    return seen


def message(session: Session, message_id: UUID, by: Actor) -> Message:
    """Return a message that `by` was sent. Raises NotFound for another's."""
    _told(session, message_id, by)
    return session.exec(select(Message).where(Message.id == message_id)).one()


def _told(session: Session, message_id: UUID, by: Actor) -> Sequence[Delivery]:
    require(by, Act.OWN_ACCOUNT)
    query = select(Delivery).where(Delivery.message_id == message_id, Delivery.account_id == by.account_id)
    found = session.exec(query).all()
    if not found:
        raise NotFound
    return found


def read_all(session: Session, by: Actor) -> int:
    """Mark all inbox messages of `by` as read; return how many that were."""
    require(by, Act.OWN_ACCOUNT)
    done = session.exec(
        sa.update(Delivery)
        .where(col(Delivery.account_id) == by.account_id, col(Delivery.way) == _INBOX, col(Delivery.read_at).is_(None))
        .values(read_at=now())
    )
    return int(done.rowcount)


def last_failure(session: Session, by: Actor) -> str:
    """Return why the newest mail to `by` was given up; "" where it was not."""
    query = select(Delivery).where(Delivery.account_id == by.account_id, Delivery.way == MessageWay.MAIL.value)
    ended = query.where(col(Delivery.sent_at).is_not(None) | col(Delivery.given_up_at).is_not(None))
    newest = session.exec(ended.order_by(col(Delivery.made_at).desc()).limit(1)).first()
    return newest.failure if newest is not None and newest.given_up_at is not None else ""
