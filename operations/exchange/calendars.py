"""Calendar feeds: addresses that a calendar program reads without signing in, one for a person or an operation.

An address holds a random token of 256 bits, of which the database stores only the SHA-256. It shows what its owner may
see at that moment. Titles are included for operations of the lowest marking only: otherwise a leaked address discloses
times and kinds of dates, not their content.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.people import Account, Actor
from operations.core.permissions import Act, may, require
from operations.core.store import scoped
from operations.core.vocabulary import Classification, Role, TaskState
from operations.policing.calendar import task_rows, tasks
from operations.policing.operation import membership, plan
from operations.support import deployments
from operations.support.deployments import Deployment, DeploymentEntry
from operations.support.states import DeploymentState


class CalendarFeed(SQLModel, table=True):
    """A calendar feed: of everything that concerns its owner, or of one operation as its owner sees it.

    `made_under` is a hash of the owner's role, country and password: when one of them changes the feed ends.
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


class NewFeed(NamedTuple):
    """A new feed, and its token, which is shown only once."""

    feed: CalendarFeed
    token: str


def feed(session: Session, operation_id: UUID | None) -> CalendarFeed | None:
    """Return the asker's live feed of an operation or, with None, of everything that concerns the asker."""
    query = select(CalendarFeed).where(col(CalendarFeed.revoked_at).is_(None))
    of = col(CalendarFeed.operation_id)
    query = query.where(of.is_(None) if operation_id is None else of == operation_id)
    found = session.exec(query.order_by(col(CalendarFeed.made_at).desc())).first()
    if found is None or found.made_under != _standing(session.get_one(Account, found.account_id)):
        return None
    return found


def open_feed(session: Session, operation_id: UUID | None, by: Actor) -> NewFeed:
    """Open a feed; the one before, if any, is revoked."""
    if operation_id is None:
        require(by, Act.CALENDAR_FEED)
    else:
        require(by, Act.CALENDAR_FEED, plan.subject(plan.operation(session, operation_id, by)))
    if (before := feed(session, operation_id)) is not None:
        _revoke(session, before)
    token = secrets.token_urlsafe(32)
    made = CalendarFeed(
        id=new_id(),
        account_id=by.account_id,
        operation_id=operation_id,
        token_hash=_hash(token),
        made_at=now(),
        made_under=_standing(session.get_one(Account, by.account_id)),
    )
    session.add(made)
    _record(session, by, "calendar.open", made)
    return NewFeed(made, token)


def revoke(session: Session, feed_id: UUID, by: Actor) -> None:
    """Revoke a feed. Idempotent."""
    found = rows.one(session, CalendarFeed, feed_id)
    if found.revoked_at is None:
        _revoke(session, found)
        _record(session, by, "calendar.revoke", found)


def reader(session: Session, token: str) -> tuple[CalendarFeed, Actor] | None:
    """Return the feed of a token, and its owner's current actor; None where either has ended.

    `session` is Muster's own.

    It ends when it is revoked, when the account is closed or its mandate over, when role, country or password changed,
    and when the permission for it, or for its operation, is lost.
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
    """Return a hash of the account's role, country and password."""
    return _hash("\n".join((account.role, account.country or "", account.password_hash)))


class CalendarKind(StrEnum):
    """Kinds of dates in a calendar."""

    PHASE = "phase"
    TASK = "task"
    DEPLOYMENT = "deployment"


class Date(NamedTuple):
    """A date of a calendar: a phase, a task or a deployment with its times, kind and title.

    `operation` is the code name and `title` the title, where the operation's marking allows them in calendars; else the
    former is a number and the latter empty. `phase` is the kind of the phase, or of the phase of a task; `state` that
    of a task or a deployment. `starts` is None for a moment.
    """

    id: UUID
    operation_id: UUID
    operation: str
    kind: CalendarKind
    title: str
    phase: str | None
    state: str | None
    starts: datetime | None
    ends: datetime
    version: int

    @property
    def number(self) -> str:
        """The number by which people find it."""
        return number_of(self.id)

    @property
    def cancelled(self) -> bool:
        """Whether it is cancelled."""
        return self.state in (TaskState.CANCELLED, DeploymentState.STOOD_DOWN)


def open_to_calendars(operation: plan.Operation) -> bool:
    """Return whether calendars may hold texts of an operation."""
    return operation.classification == Classification.FOR_OFFICIAL_USE


def shown_name(operation: plan.Operation) -> str:
    """Return an operation's name in calendars: its code name where the lowest marking allows it, else its number."""
    return operation.title if open_to_calendars(operation) else number_of(operation.id)


def number_of(identifier: UUID) -> str:
    """Return a short number: the beginning of an identifier."""
    return str(identifier)[:8].upper()


def dates(session: Session, found: CalendarFeed, by: Actor) -> list[Date]:
    """Return the dates of a feed that its owner `by` may see.

    They are all of one operation; or of all operations the phases, the own tasks and the deployments of the team that
    `by` leads.
    """
    known = plan.operations(session, by)
    return [
        date
        for operation in known
        if found.operation_id in (None, operation.id)
        for date in _of_operation(session, operation, by, mine=found.operation_id is None)
    ]


def _of_operation(session: Session, operation: plan.Operation, by: Actor, *, mine: bool) -> list[Date]:
    name, told = shown_name(operation), open_to_calendars(operation)
    phases = plan.phases(session, operation.id)
    kinds = {each.id: each.kind for each in phases}

    def date(
        kind: CalendarKind, of: Any, title: str, phase: str | None, state: str | None, ends: datetime, version: int
    ) -> Date:
        title = title if told else ""
        return Date(of.id, operation.id, name, kind, title, phase, state, of.starts, ends, version)

    shown = [date(CalendarKind.PHASE, each, each.name, each.kind, None, each.ends, each.version) for each in phases]
    shown += [
        date(
            CalendarKind.TASK, task, task.title, kinds.get(task.phase_id or task.id), task.state, task.due, task.version
        )
        for task in tasks.tasks(session, operation.id)
        if not mine or task_rows.mine(task, by)
    ]
    teams = deployments.led_by(session, by) if mine else deployments.deployments(session, operation.id)
    ours = [each for each in teams if each.operation_id == operation.id]
    moves = _moves(session, ours)
    shown += [
        date(
            CalendarKind.DEPLOYMENT,
            deployed,
            f"{deployed.call_sign}, {deployed.place}",
            None,
            deployed.state,
            deployed.until,
            moves[deployed.id],
        )
        for deployed in ours
        if not mine or by.role is Role.TEAM_LEADER
    ]
    return shown


def _moves(session: Session, found: Sequence[Deployment]) -> dict[UUID, int]:
    """Return the number of log entries of each deployment plus one, as the version of its dates."""
    of = col(DeploymentEntry.deployment_id)
    counts = session.exec(select(of, func.count()).where(of.in_([each.id for each in found])).group_by(of))
    return {each.id: 1 for each in found} | {identifier: count + 1 for identifier, count in counts}


def _revoke(session: Session, found: CalendarFeed) -> None:
    found.revoked_at = now()
    session.add(found)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(session: Session, by: Actor, act: str, found: CalendarFeed) -> None:
    """Write an entry into the access trail: a feed opens access, it changes nothing in an operation."""
    journal.record(
        session,
        by,
        act,
        "calendar",
        found.id,
        operation=found.operation_id,
        country=by.country if by.national else None,
        chain=Chain.ACCESS,
    )
