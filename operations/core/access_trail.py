"""Who looked at what: the access trail for those whom it concerns (domain 5.2, rule R46).

Which entries a session reads is the scope of `journal.AccessEntry`: auditors all, a national coordinator what is the
own country's, everybody the own acts. This module adds who it was, as far as the reader may be told: auditors read
names, everybody the own name, a coordinator the names of the own country's officers. Of anybody else a country learns
role, unit and country, which is enough to ask the coordination and no list of another's staff (domain 5.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.core import journal
from operations.core.errors import NotFound
from operations.core.journal import AccessEntry, Chain
from operations.core.people import NATIONAL_ROLES, Account, Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import unscoped
from operations.core.vocabulary import Role

PAGE = 200
MOST = 1000
"""Entries of one answer: as a page opens, and at most."""


class AccessKind(StrEnum):
    """What sort of access an act is (domain 5.3)."""

    SIGNING_IN = "signing_in"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"


SAW = "figure.saw"
"""What a look at reports of several countries is to each of them; of the whole there is an entry beside it."""

ACTS: dict[AccessKind, tuple[str, ...]] = {
    AccessKind.SIGNING_IN: (
        "account.sign_in", "account.sign_out", "account.sign_out_everywhere", "account.end_session",
        "account.change_password",
    ),
    AccessKind.CONSULTATION: (
        "case.consult", "claim.compare", "figure.consult", SAW, "report.consult", "incident.consult", "data.look",
    ),
    AccessKind.DISCLOSURE: (
        "plan.export", "report.export", "operation.export", "deployment.letter", "needs.paper", "dispatch.paper",
        "partner.package", "programme.report", "evaluation.paper", "equipment.certificate", "certificate.print",
        "data.paper", "erasure.paper", "calendar.open", "calendar.revoke", "wall.open", "wall.enter",
    ),
}  # fmt: skip
_NATIONAL = sorted(role.value for role in NATIONAL_ROLES)


@dataclass(frozen=True)
class TrailFilter:
    """Which entries: of one person, of one kind, of the official days from `first` to `last` in UTC."""

    person: UUID | None = None
    kind: AccessKind | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class TrailPerson:
    """Who it was. `name` is None where the reader is not told; all is None where nobody knows who it was."""

    name: str | None = None
    role: str | None = None
    country: str | None = None
    unit: str = ""


@dataclass(frozen=True)
class Access:
    """An entry as its reader knows it. `things`: how many rows or objects left with an export, None where untold."""

    entry: AccessEntry
    who: TrailPerson
    things: int | None

    @property
    def source(self) -> str:
        """The network address that it came from, "" where none was kept."""
        return str(self.entry.detail.get("source", ""))


def audits(by: Actor) -> bool:
    """Whether `by` reads the whole trail, with its names and numbers."""
    return may(by, Act.TRAIL_READ, Subject())


def read(
    session: Session, by: Actor, wanted: TrailFilter = TrailFilter(), limit: int = PAGE, skip: int = 0
) -> list[Access]:
    """The newest entries that `by` may know, newest first; `skip` leaves out the newest.

    Raises NotFound for a person whom the reader is not told of.
    """
    require(by, Act.OWN_ACCOUNT)
    query = select(AccessEntry).order_by(col(AccessEntry.seq).desc()).limit(min(limit, MOST)).offset(skip)
    for condition in _conditions(session, by, wanted):
        query = query.where(condition)
    return _told(session, by, session.exec(query).all())


def count(session: Session, by: Actor, wanted: TrailFilter = TrailFilter()) -> int:
    """How many entries `by` may know: the newest of them has this number, the oldest 1, whatever else there is."""
    require(by, Act.OWN_ACCOUNT)
    query = select(func.count()).select_from(AccessEntry)
    for condition in _conditions(session, by, wanted):
        query = query.where(condition)
    return session.exec(query).one()


def people(session: Session, by: Actor) -> Sequence[Account]:
    """Whose accesses `by` reads by name beside the own ones, in the order of their names."""
    if not may(by, Act.TRAIL_READ):
        return []
    query = select(Account).order_by(Account.name)
    if not audits(by):
        query = query.where(Account.country == by.country, col(Account.role).in_(_NATIONAL))
    return session.exec(query).all()


def check(session: Session, by: Actor) -> journal.ChainVerdict:
    """Walk the trail's chain. Auditors alone: its length tells how much is read everywhere. Raises NotPermitted."""
    require(by, Act.TRAIL_READ, Subject())
    return journal.verify(session, Chain.ACCESS)


def _conditions(session: Session, by: Actor, wanted: TrailFilter) -> list[Any]:
    found: list[Any] = []
    if wanted.person is not None:
        if wanted.person != by.account_id and wanted.person not in {each.id for each in people(session, by)}:
            raise NotFound
        found.append(of_person(wanted.person))
    if wanted.kind is not None:
        found.append(col(AccessEntry.act).in_(ACTS[wanted.kind]))
    if wanted.first is not None:
        found.append(col(AccessEntry.at) >= _midnight(wanted.first))
    if wanted.last is not None:
        found.append(col(AccessEntry.at) < _midnight(wanted.last) + timedelta(days=1))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def of_person(account_id: UUID) -> Any:
    """An SQL condition: it is this person's act, also where nobody had signed in yet."""
    signing = col(AccessEntry.actor_id).is_(None) & (col(AccessEntry.object_kind) == "account")
    return (col(AccessEntry.actor_id) == account_id) | (signing & (col(AccessEntry.object_id) == account_id))


def whose(entry: AccessEntry) -> UUID | None:
    """Whose act it is; None where nobody knows."""
    return entry.actor_id or (entry.object_id if entry.object_kind == "account" else None)


def _told(session: Session, by: Actor, entries: Sequence[AccessEntry]) -> list[Access]:
    ids = {account for each in entries if (account := whose(each)) is not None}
    query = unscoped(select(Account).where(col(Account.id).in_(ids)))
    accounts = {each.id: each for each in session.exec(query)} if ids else {}
    return [
        Access(
            each,
            _person(each, accounts.get(whose(each)) if whose(each) else None, by),
            things_of(each) if audits(by) or each.country == by.country or each.actor_id == by.account_id else None,
        )
        for each in entries
    ]


def things_of(entry: AccessEntry) -> int | None:
    """How many rows or objects left with an export, where that was counted."""
    counted = entry.detail.get("rows", entry.detail.get("objects"))
    return counted if isinstance(counted, int) else None


def _person(entry: AccessEntry, account: Account | None, by: Actor) -> TrailPerson:
    if account is None:
        return TrailPerson(entry.actor_name if entry.actor_id and audits(by) else None)
    national = account.role in _NATIONAL
    own = account.id == by.account_id or (
        by.role is Role.NATIONAL_COORDINATOR and national and account.country == by.country
    )
    named = audits(by) or own
    # Which country seconded somebody of the centre says more than a role does.
    country = account.country if national or audits(by) else None
    return TrailPerson(account.name if named else None, account.role, country, account.unit)
