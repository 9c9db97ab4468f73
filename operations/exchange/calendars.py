"""Feeds of calendars: addresses that a calendar program reads without signing in, one for a person or an operation.

An address holds a random token of 256 bits, of which the database knows the SHA-256 only. It shows what its owner may
see at that moment, and no more than kinds and numbers: whoever finds it learns when something is, not what it is.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.people import Account, Actor
from operations.core.permissions import Act, may, require
from operations.core.store import scoped
from operations.core.vocabulary import Classification
from operations.policing.calendar import tasks
from operations.policing.operation import membership, plan


class CalendarFeed(SQLModel, table=True):
    """A feed: of everything that concerns its owner, or of one operation as its owner sees it.

    `made_under` is what the owner's account was then: with another role, country or password the feed has ended.
    """

    __tablename__ = "calendar_feed"
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id")
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_under: str = Field(max_length=64)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@scoped(CalendarFeed)
def _feeds_seen(actor: Actor) -> Any:
    return col(CalendarFeed.account_id) == actor.account_id


class Opened(NamedTuple):
    """A feed that was just made, and its token, which is shown this once."""

    feed: CalendarFeed
    token: str


def feed(session: Session, operation_id: UUID | None) -> CalendarFeed | None:
    """The asker's live feed of an operation or, with None, of everything that concerns the asker."""
    query = select(CalendarFeed).where(col(CalendarFeed.revoked_at).is_(None))
    of = col(CalendarFeed.operation_id)
    query = query.where(of.is_(None) if operation_id is None else of == operation_id)
    found = session.exec(query.order_by(col(CalendarFeed.made_at).desc())).first()
    if found is None or found.made_under != _standing(session.get_one(Account, found.account_id)):
        return None
    return found


def open_feed(session: Session, operation_id: UUID | None, by: Actor) -> Opened:
    """Make an address; the one before, if any, stops working."""
    if operation_id is None:
        require(by, Act.CALENDAR_FEED)
    else:
        require(by, Act.CALENDAR_FEED, plan.subject(plan.operation(session, operation_id, by)))
    if (before := feed(session, operation_id)) is not None:
        _revoke(session, before)
    token = secrets.token_urlsafe(32)
    made = CalendarFeed(
        id=new_id(), account_id=by.account_id, operation_id=operation_id, token_hash=_hash(token), made_at=now(),
        made_under=_standing(session.get_one(Account, by.account_id)),
    )  # fmt: skip
    session.add(made)
    _record(session, by, "calendar.open", made)
    return Opened(made, token)


def revoke(session: Session, feed_id: UUID, by: Actor) -> None:
    """Let an address stop working. The same again changes nothing."""
    found = rows.one(session, CalendarFeed, feed_id)
    if found.revoked_at is None:
        _revoke(session, found)
        _record(session, by, "calendar.revoke", found)


def reader(session: Session, token: str) -> tuple[CalendarFeed, Actor] | None:
    """The feed behind a token, and its owner as of now; None where either has ended. `session` is Muster's own.

    Ended: revoked, the account closed or its mandate over, another role, country or password than when the address was
    made, or the right to it, or to its operation, gone.
    """
    found = session.exec(select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token))).one_or_none()
    account = None if found is None or found.revoked_at is not None else session.get(Account, found.account_id)
    if found is None or account is None or found.made_under != _standing(account):
        return None
    by = membership.actor(session, account)
    operation = None if found.operation_id is None else session.get_one(plan.Operation, found.operation_id)
    if by is None or not may(by, Act.CALENDAR_FEED, None if operation is None else plan.subject(operation)):
        return None
    return found, by


def _standing(account: Account) -> str:
    """What an account is entered with, as one hash: it changes with the role, the country and the password."""
    return _hash("\n".join((account.role, account.country or "", account.password_hash)))


class Date(NamedTuple):
    """What a calendar says of a phase or a task: when, what kind, a number, and no word that anybody wrote.

    `operation` is the code name where its marking lets calendars hold it, else a number. `kind` is the phase's, None
    for a task, whose `state` is said instead. `starts` is None for a moment.
    """

    id: UUID
    operation_id: UUID
    operation: str
    kind: str | None
    state: str | None
    starts: datetime | None
    ends: datetime
    version: int

    @property
    def number(self) -> str:
        """By which people find it."""
        return number_of(self.id)


def shown_name(operation: plan.Operation) -> str:
    """What a calendar calls an operation: its code name where the lowest marking allows it, else its number."""
    open_ = operation.classification == Classification.FOR_OFFICIAL_USE
    return operation.title if open_ else number_of(operation.id)


def number_of(identifier: UUID) -> str:
    """A short number of something: the beginning of its identifier."""
    return str(identifier)[:8].upper()


def dates(session: Session, found: CalendarFeed, by: Actor) -> list[Date]:
    """What a feed shows of what its owner `by` may see: all of one operation, or the phases and own tasks of all."""
    known = {each.id: each for each in plan.operations(session, by)}
    wanted = list(known) if found.operation_id is None else [each for each in known if each == found.operation_id]
    shown: list[Date] = []
    for identifier in wanted:
        name = shown_name(known[identifier])
        shown += (
            Date(each.id, identifier, name, each.kind, None, each.starts, each.ends, each.version)
            for each in plan.phases(session, identifier)
        )
        shown += (
            Date(each.id, identifier, name, None, each.state, each.starts, each.due, each.version)
            for each in tasks.tasks(session, identifier)
            if found.operation_id is not None or tasks.mine(each, by)
        )
    return shown


def _revoke(session: Session, found: CalendarFeed) -> None:
    found.revoked_at = now()
    session.add(found)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(session: Session, by: Actor, act: str, found: CalendarFeed) -> None:
    """Into the access trail: who opens a way to read, not what happens in an operation."""
    journal.record(
        session, by, act, "calendar", found.id,
        operation=found.operation_id, country=by.country if by.national else None, chain=Chain.ACCESS,
    )  # fmt: skip
