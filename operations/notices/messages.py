"""Messages to people: `tell`, for every verb that informs somebody.

A message is a kind, a number, a link, and the sentence that *Today* says of the same thing: all of it stays
behind the gate. It reaches each person once on each way, however often it is told. Notices in the sense of INTERPOL are
something else (CL-NOTICE).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import JSON, CheckConstraint, Index, or_
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now
from operations.core.people import NATIONAL_ROLES, Account, Actor, Assignment, Posting, System, begun, in_effect
from operations.core.store import scoped, unscoped
from operations.core.stored_sentences import Sentence, sentence_json
from operations.core.vocabulary import Classification, MessageKind, MessageWay, Role
from operations.notices.preferences import MessageHabits, mail_at

_HOUSE = UUID("6d757374-6572-4000-8000-00000006d5e7")
URGENT = frozenset(
    {
        MessageKind.CHECK_IN_OVERDUE,
        MessageKind.ACCOUNT_LINKED,
        MessageKind.CHAIN_BROKEN,
        MessageKind.BACKUP_FAILED,
        MessageKind.INSTALLATION,
        MessageKind.NEW_DEVICE,
    }
)
"""Kinds that are not held back by quiet hours or a digest, and say that they are urgent."""

# ---------------------------------------------------------------------------------------------------- tables


class Message(SQLModel, table=True):
    """Something that people are told once. `key` names the occasion; `number` says how many things wait at `link`.

    `about` is a sentence of what it is about (`core.stored_sentences`), and `until` when its time is over, where it has
    one.
    """

    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("link LIKE '/%'", name="link_is_ours"),
    )
    id: UUID = Field(primary_key=True)
    key: str = Field(unique=True, max_length=200)
    kind: str = Field(max_length=32)
    number: int
    link: str = Field(max_length=300)
    urgent: bool
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    about: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def reference(self) -> str:
        """Six digits by which people and mails refer to the message."""
        return f"{self.id.int % 1_000_000:06d}"


class Delivery(SQLModel, table=True):
    """The delivery of a message to one person: `way` is inbox or mail.

    `due_at` is when a mail is to be sent or retried; `sent_at` when the mail server accepted it; `given_up_at` when the
    last attempt failed. `failure` is the reason, in the words of the server.
    """

    __table_args__ = (
        CheckConstraint("way IN ('inbox', 'mail')", name="way"),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="ends_once"),
        Index("ix_delivery_due", "way", "sent_at", "due_at"),
        Index("ix_delivery_unread", "account_id", "way", "read_at"),
    )
    message_id: UUID = Field(primary_key=True, foreign_key="message.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    way: str = Field(primary_key=True, max_length=8)
    made_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    digest: bool = False
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempt: int = 0
    failure: str = Field(default="", max_length=300)


@scoped(Delivery)
def _deliveries_seen(actor: Actor) -> Any:
    return col(Delivery.account_id) == actor.account_id


@scoped(Message)
def _messages_seen(actor: Actor) -> Any:
    """Messages are visible to their recipients."""
    return col(Message.id).in_(select(Delivery.message_id).where(col(Delivery.account_id) == actor.account_id))


# ------------------------------------------------------------------------------------------------------ sending


@dataclass(frozen=True)
class To:
    """Recipients of a message. People of national roles need `country`; analysts and coordinators those assigned to
    `operation`.

    `sites` limits officers to those posted at one of them, or nowhere. `accounts` are added as they are. `without` is
    left out: nobody reviews what they did themselves.
    """

    roles: frozenset[Role] = frozenset()
    country: str | None = None
    operation: UUID | None = None
    sites: frozenset[UUID] = frozenset()
    accounts: frozenset[UUID] = frozenset()
    without: UUID | None = None

    @classmethod
    def those(cls, *accounts: UUID) -> "To":
        """Return these people as recipients."""
        return cls(accounts=frozenset(accounts))


def tell(
    session: Session,
    to: To | Iterable[To],
    kind: MessageKind,
    link: str,
    number: int = 1,
    *,
    key: str,
    by: Actor | System,
    operation: UUID | None = None,
    classification: Classification = Classification.FOR_OFFICIAL_USE,
    about: Sentence | None = None,
    until: datetime | None = None,
) -> int:
    """Send people a message that `number` things wait at `link` (a path of Muster's own); return how many are new
    recipients.

    `key` names the occasion, such as "report_due:<operation>:<day>": told again under it, only those are told who were
    not. `about` is what it is about, in a sentence with its subject, and `until` when that is over. Nobody is told of
    what is above their clearance, after their mandate, or of what they did themselves.
    Call it in the unit of work of the change, before the journal.
    """
    asked = [to] if isinstance(to, To) else list(to)
    people = [
        account
        for account in recipients(session, asked)
        if Classification(account.clearance).rank >= classification.rank
        and not (isinstance(by, Actor) and account.id == by.account_id)
    ]
    message_id = uuid5(_HOUSE, key)
    ways = unscoped(select(Delivery.account_id).where(Delivery.message_id == message_id))
    told = set(session.exec(ways))
    people = [each for each in people if each.id not in told]
    if not people:
        return 0
    if session.exec(unscoped(select(Message.id).where(Message.id == message_id))).first() is None:
        made = Message(
            id=message_id,
            key=key,
            kind=kind.value,
            number=number,
            link=link,
            urgent=kind in URGENT,
            operation_id=operation,
            made_at=now(),
            about=None if about is None else sentence_json(about),
            until=until,
        )
        session.add(made)
        session.flush()
    _deliver(session, message_id, people, urgent=kind in URGENT)
    return len(people)


def recipients(session: Session, asked: Sequence[To]) -> list[Account]:
    """Return the accounts that `asked` selects, each once, whose mandate is valid now."""
    moment = now()
    live = select(Account).where(
        col(Account.disabled_at).is_(None), or_(col(Account.expires_at).is_(None), col(Account.expires_at) > moment)
    )
    found: dict[UUID, Account] = {}
    for to in asked:
        others = live.where(Account.id != to.without) if to.without else live
        if to.accounts:
            found |= _by_id(session.exec(unscoped(others.where(col(Account.id).in_(to.accounts)))))
        if national := to.roles & NATIONAL_ROLES:
            query = others.where(_role_in(national), Account.country == to.country)
            if to.sites:
                query = query.where(_works_at(to.sites, moment))
            found |= _by_id(session.exec(unscoped(query)))
        if central := to.roles - NATIONAL_ROLES:
            query = others.where(_role_in(central))
            if to.operation is not None:
                everywhere = central & {Role.LEADERSHIP, Role.AUDITOR, Role.ADMINISTRATOR}
                works_for = select(Assignment.account_id).where(Assignment.operation_id == to.operation)
                works_for = works_for.where(in_effect(Assignment, moment))
                query = query.where(or_(_role_in(everywhere), col(Account.id).in_(works_for)))
            found |= _by_id(session.exec(unscoped(query)))
    return sorted(found.values(), key=lambda each: each.username)


def _by_id(accounts: Iterable[Account]) -> dict[UUID, Account]:
    return {each.id: each for each in accounts}


def _role_in(roles: Collection[Role]) -> Any:
    return col(Account.role).in_([role.value for role in roles])


def _works_at(sites: frozenset[UUID], moment: datetime) -> Any:
    posted = select(Posting.account_id).where(begun(Posting, moment))
    here = posted.where(in_effect(Posting, moment), col(Posting.site_id).in_(sites))
    return or_(
        col(Account.id).in_(here),
        col(Account.id).not_in(posted),
        col(Account.role) == Role.NATIONAL_COORDINATOR.value,
    )


def _deliver(session: Session, message_id: UUID, people: Sequence[Account], *, urgent: bool) -> None:
    moment = now()
    query = select(MessageHabits).where(col(MessageHabits.account_id).in_([each.id for each in people]))
    chosen = {each.account_id: each for each in session.exec(unscoped(query))}
    for person in people:
        habits = chosen.get(person.id)
        on_way: dict[str, Any] = {"message_id": message_id, "account_id": person.id, "made_at": moment}
        if habits is None or habits.way != MessageWay.MAIL:
            session.add(Delivery(way=MessageWay.INBOX.value, due_at=moment, **on_way))
        if habits is not None and habits.by_mail:
            due, digest = mail_at(habits, moment, urgent=urgent)
            session.add(Delivery(way=MessageWay.MAIL.value, due_at=due, digest=digest, **on_way))
    session.flush()
