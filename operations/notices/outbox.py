"""The outbox: due mails are claimed, sent by a given function, and marked. For Muster's own sessions.

A mail is claimed before it is sent and marked after, each in a short unit of work. When the sender dies in between, the
mail is sent again under the same identifier, by which a mail server or reader recognises the duplicate.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core.errors import NotPermitted
from operations.core.people import Account, System
from operations.core.store import Store, locked
from operations.core.vocabulary import Classification, MessageWay
from operations.notices.messages import Delivery, Message
from operations.notices.preferences import MessageHabits

HOLD = timedelta(minutes=10)
"""How long a claim on a mail is valid; then it can be claimed again."""

ATTEMPTS = 10
_LONGEST_WAIT = timedelta(hours=4)
_MAIL = MessageWay.MAIL.value
_OPERATION: sa.Column[Any] = sa.inspect(Message).columns["operation_id"]
"""Which leads to the table of operations: their own module is above this one."""


class Mail(NamedTuple):
    """A mail to one person: a single message, or all those of a digest."""

    account: UUID
    address: str
    language: str
    messages: tuple[Message, ...]
    digest: bool
    attempt: int
    titles: Mapping[UUID, str] = {}
    """The operations that a mail may name: those of the lowest classification."""

    @property
    def id(self) -> UUID:
        """The identifier, the same at every attempt."""
        return uuid5(self.account, " ".join(sorted(str(each.id) for each in self.messages)))


class Unsent(Exception):
    """A mail could not be handed over. `for_good`: a retry would not help."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


def send_due(store: Store, post: Callable[[Mail], None], moment: datetime, limit: int = 50) -> int:
    """Send due mails with `post`, which raises Unsent for a mail it cannot hand over. Return how many were sent."""
    with store.unit_of_work(System()) as session:
        letters = take(session, moment, limit)
    left = 0
    for letter in letters:
        try:
            post(letter)
        except Unsent as why:
            with store.unit_of_work(System()) as session:
                failed(session, letter, why, moment)
        else:
            with store.unit_of_work(System()) as session:
                sent(session, letter, moment)
            left += 1
    return left


def take(session: Session, moment: datetime, limit: int = 50) -> list[Mail]:
    """Claim the due mails until HOLD has passed, and return them; the messages of a person's digest are one mail."""
    _own_work(session)
    query = (
        select(Delivery)
        .where(
            Delivery.way == _MAIL,
            col(Delivery.sent_at).is_(None),
            col(Delivery.given_up_at).is_(None),
            col(Delivery.due_at) <= moment,
        )
        .order_by(col(Delivery.account_id), col(Delivery.digest), col(Delivery.made_at), col(Delivery.message_id))
    )
    due = list(session.exec(locked(query)))
    found: list[Mail] = []
    for (account_id, digest), group in groupby(due, key=lambda each: (each.account_id, each.digest)):
        rows = list(group)
        for some in [rows] if digest else [[each] for each in rows]:
            if len(found) < limit and (letter := _letter(session, account_id, some, digest=digest)) is not None:
                found.append(letter)
                for each in some:
                    each.attempt, each.due_at = letter.attempt, moment + HOLD
                    session.add(each)
    session.flush()
    return found


def sent(session: Session, letter: Mail, moment: datetime) -> None:
    """Mark a mail as accepted by the mail server."""
    for each in _rows(session, letter):
        each.sent_at, each.failure = moment, ""
        session.add(each)


def failed(session: Session, letter: Mail, why: Unsent, moment: datetime) -> None:
    """Record a failed attempt: the mail is retried with growing delays, or given up."""
    wait = min(timedelta(minutes=2**letter.attempt), _LONGEST_WAIT)
    for delivery in _rows(session, letter):
        delivery.failure, delivery.due_at = str(why)[:300], moment + wait
        if why.for_good or letter.attempt >= ATTEMPTS:
            delivery.given_up_at = moment
        session.add(delivery)


def _letter(session: Session, account_id: UUID, rows: list[Delivery], *, digest: bool) -> Mail | None:
    """Return the mail of these deliveries; None, and given up, where the person has no address or open account."""
    account, habits = session.get_one(Account, account_id), session.get(MessageHabits, account_id)
    if account.disabled_at is not None or habits is None or not habits.by_mail:
        for each in rows:
            each.given_up_at, each.failure = each.due_at, "no address"
            session.add(each)
        return None
    query = select(Message).where(col(Message.id).in_([each.message_id for each in rows]))
    messages = tuple(session.exec(query.order_by(col(Message.made_at), col(Message.id))))
    attempt = max(each.attempt for each in rows) + 1
    [leads] = _OPERATION.foreign_keys
    operation = leads.column.table.c
    named = sa.select(operation.id, operation.code_name, operation.edition).where(
        operation.id.in_({each.operation_id for each in messages if each.operation_id}),
        operation.classification == Classification.FOR_OFFICIAL_USE.value,
    )
    titles = {ident: name if edition == 1 else f"{name} ({edition})" for ident, name, edition in session.execute(named)}
    return Mail(account_id, habits.address, account.language, messages, digest, attempt, titles)


def _rows(session: Session, letter: Mail) -> list[Delivery]:
    _own_work(session)
    query = select(Delivery).where(
        Delivery.account_id == letter.account,
        Delivery.way == _MAIL,
        col(Delivery.message_id).in_([each.id for each in letter.messages]),
        col(Delivery.sent_at).is_(None),
    )
    return list(session.exec(locked(query)))


def _own_work(session: Session) -> None:
    if not isinstance(session.info.get("actor"), System):
        raise NotPermitted
