"""Access trail: the record of who looked at what, for those whom it concerns (domain 5.2, rule R46).

The scope of `journal.AccessEntry` decides which entries a session reads: auditors all, national coordinators those of
their country, everybody their own acts. This module adds the person of each entry as far as the reader may know:
auditors read names, everybody the own name, coordinators the names of their country's officers. Of all others a country
learns role, unit and country, which is enough to ask the coordination and reveals no list of another country's staff
(domain 5.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.core import journal
from operations.core.clock import midnight
from operations.core.errors import NotFound
from operations.core.journal import AccessEntry, Chain
from operations.core.people import NATIONAL_ROLES, Account, Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import unscoped
from operations.core.vocabulary import Role

PAGE = 200
MOST = 1000
"""The number of entries of one answer: by default, and at most."""


class AccessKind(StrEnum):
    """The kind of access that an act is (domain 5.3)."""

    SIGNING_IN = "signing_in"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"


SAW = "figure.saw"
"""The entry of each country whose reports were shown; one entry covers the whole look."""

ACTS: dict[AccessKind, tuple[str, ...]] = {
    AccessKind.SIGNING_IN: (
        "account.sign_in", "account.sign_out", "account.sign_out_everywhere", "account.end_session",
        "account.change_password", "account.factor_set", "account.factor_named", "account.factor_removed",
        "account.prove",
    ),
    AccessKind.CONSULTATION: (
        "case.consult", "claim.compare", "figure.consult", SAW, "report.consult", "incident.consult", "data.look",
    ),
    AccessKind.DISCLOSURE: (
        "plan.export", "report.export", "operation.export", "deployment.letter", "needs.paper", "dispatch.paper",
        "partner.package", "programme.report", "evaluation.paper", "equipment.certificate", "certificate.print",
        "data.paper", "erasure.paper", "calendar.open", "calendar.revoke", "wall.open", "wall.enter",
        "api.open", "api.end", "api.read", "webhook.open", "webhook.end", "workbook.take",
        "workbook.take_drafts", "voice.card", "journal.extract",
    ),
}  # fmt: skip
_NATIONAL = sorted(role.value for role in NATIONAL_ROLES)


@dataclass(frozen=True)
class TrailFilter:
    """A filter of entries: by person, by kind, and by official day from `first` to `last` in UTC."""

    person: UUID | None = None
    kind: AccessKind | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class TrailPerson:
    """The person of an entry. `name` is None where the reader may not know it; all are None if nobody knows it."""

    name: str | None = None
    role: str | None = None
    country: str | None = None
    unit: str = ""


@dataclass(frozen=True)
class Access:
    """An entry as its reader sees it. `things`: the number of rows or objects exported, None where hidden."""

    entry: AccessEntry
    who: TrailPerson
    things: int | None

    @property
    def source(self) -> str:
        """The network address of the request, "" where none was stored."""
        return str(self.entry.detail.get("source", ""))


def audits(by: Actor) -> bool:
    """Whether `by` reads the whole trail, with names and numbers."""
    return may(by, Act.TRAIL_READ, Subject())


def read(
    session: Session, by: Actor, wanted: TrailFilter = TrailFilter(), limit: int = PAGE, skip: int = 0
) -> list[Access]:
    """Return the newest entries that `by` may see, newest first; `skip` leaves out the newest.

    Raises NotFound for a person whom the reader may not know.
    """
    require(by, Act.OWN_ACCOUNT)
    query = select(AccessEntry).order_by(col(AccessEntry.seq).desc()).limit(min(limit, MOST)).offset(skip)
    for condition in _conditions(session, by, wanted):
        query = query.where(condition)
    return _told(session, by, session.exec(query).all())


def count(session: Session, by: Actor, wanted: TrailFilter = TrailFilter()) -> int:
    """Return the number of entries that `by` may see; the newest has this number, the oldest 1."""
    require(by, Act.OWN_ACCOUNT)
    query = select(func.count()).select_from(AccessEntry)
    for condition in _conditions(session, by, wanted):
        query = query.where(condition)
    return session.exec(query).one()


def people(session: Session, by: Actor) -> Sequence[Account]:
    """Return the people whose accesses `by` reads by name, besides their own, ordered by name."""
    if not may(by, Act.TRAIL_READ):
        return []
    query = select(Account).order_by(Account.name)
    if not audits(by):
        query = query.where(Account.country == by.country, col(Account.role).in_(_NATIONAL))
    return session.exec(query).all()


def check(session: Session, by: Actor) -> journal.ChainVerdict:
    """Verify the hash chain of the trail. Auditors only, as its length reveals all reading. Raises NotPermitted."""
    require(by, Act.TRAIL_READ, Subject())
    return journal.verify(session, Chain.ACCESS)


def _conditions(session: Session, by: Actor, wanted: TrailFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.person is not None:
        if wanted.person != by.account_id and wanted.person not in {each.id for each in people(session, by)}:
            raise NotFound
        conditions.append(of_person(wanted.person))
    if wanted.kind is not None:
        conditions.append(col(AccessEntry.act).in_(ACTS[wanted.kind]))
    if wanted.first is not None:
        conditions.append(col(AccessEntry.at) >= midnight(wanted.first))
    if wanted.last is not None:
        conditions.append(col(AccessEntry.at) < midnight(wanted.last) + timedelta(days=1))
    return conditions


def of_person(account_id: UUID) -> Any:
    """Return an SQL condition: the act of this person, including acts before signing in."""
    signing = col(AccessEntry.actor_id).is_(None) & (col(AccessEntry.object_kind) == "account")
    return (col(AccessEntry.actor_id) == account_id) | (signing & (col(AccessEntry.object_id) == account_id))


def whose(entry: AccessEntry) -> UUID | None:
    """Return the person of an entry; None where nobody knows."""
    return entry.actor_id or (entry.object_id if entry.object_kind == "account" else None)


def _told(session: Session, by: Actor, entries: Sequence[AccessEntry]) -> list[Access]:
    ids = {account for entry in entries if (account := whose(entry)) is not None}
    query = unscoped(select(Account).where(col(Account.id).in_(ids)))
    accounts = {each.id: each for each in session.exec(query)} if ids else {}
    return [
        Access(
            entry,
            _person(entry, accounts.get(whose(entry)) if whose(entry) else None, by),
            things_of(entry) if audits(by) or entry.country == by.country or entry.actor_id == by.account_id else None,
        )
        for entry in entries
    ]


def things_of(entry: AccessEntry) -> int | None:
    """Return the number of rows or objects of an export, where it was counted."""
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
    # The country that seconded somebody to the centre reveals more than a role does.
    country = account.country if national or audits(by) else None
    return TrailPerson(account.name if named else None, account.role, country, account.unit)
