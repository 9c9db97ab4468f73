"""Alerts on the access trail (rule R48): an hourly scan that reports each unusual access once.

The constants below define what is unusual. Auditors are alerted about everybody, national coordinators only about
accesses to their country's records, so they learn no count of another's. The message links to the access trail with the
filter set; it names nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from operations.core.access_trail import ACTS, SAW, AccessKind, things_of, whose
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.journal import AccessEntry
from operations.core.people import NATIONAL_ROLES, Account, System
from operations.core.vocabulary import MessageKind, Role
from operations.notices.messages import To, tell
from operations.policing.operation.plan import Operation
from operations.policing.reports import consultations
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob, every

MANY, WITHIN = 50, timedelta(minutes=10)
"""The limit of consultations by one person, and the time within which they count."""

BIG = 500
"""The limit of rows or objects in one export; an archive of a whole operation is big whatever its size."""

NIGHT = (22, 5)
"""Night hours: from the first on and before the second, in the official zone of the operation."""

BY_DAY = frozenset(
    {
        Role.NATIONAL_COORDINATOR,
        Role.OCU_ANALYST,
        Role.LEADERSHIP,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
        Role.RIGHTS_OFFICER,
    }
)
"""Roles that usually work by day; officers at posts, their leaders and operation coordinators work in shifts."""

EVERY = timedelta(hours=1)
_NAME = "access.look"
_USUAL = frozenset({consultations.WROTE, consultations.VERIFY})
"""Reasons to open reports all day, and in the evening before a deadline; opening others' reports is examined."""
_CONSULTED, _TAKEN = frozenset(ACTS[AccessKind.CONSULTATION]), frozenset(ACTS[AccessKind.DISCLOSURE])


@dataclass(frozen=True)
class Alert:
    """An unusual access: kind, person, day in UTC, how often or how much; `occasion` identifies it for ever.

    `country`: whose records were accessed, for that country's coordinators; None for auditors.
    """

    kind: MessageKind
    person: UUID
    day: date
    number: int
    shown: AccessKind
    occasion: str
    country: str | None = None


def alerts(entries: Sequence[AccessEntry], roles: Mapping[UUID, str], zones: Mapping[UUID, str]) -> Iterable[Alert]:
    """Yield the unusual accesses among `entries`, oldest first; with roles by account and official zones by
    operation.
    """
    of: defaultdict[tuple[UUID, str | None], list[AccessEntry]] = defaultdict(list)
    outside: defaultdict[tuple[UUID, date], list[AccessEntry]] = defaultdict(list)
    for entry in entries:
        person = whose(entry)
        usual = entry.act == "report.consult" and entry.detail.get("reason") in _USUAL
        if person is not None and entry.outcome == "done" and entry.act in _CONSULTED | _TAKEN and not usual:
            if entry.act != SAW:  # the same look has an entry of the whole
                of[person, None].append(entry)
            if entry.country is not None:
                of[person, entry.country].append(entry)
            if entry.detail.get("outside"):
                outside[person, entry.at.date()].append(entry)
    for (person, day), those in outside.items():
        occasion = f"access.outside:{person}:{day}"
        yield Alert(MessageKind.ACCESS_OUTSIDE, person, day, len(those), AccessKind.CONSULTATION, occasion)
    for (person, country), accesses in of.items():
        yield from _many(person, country, [each for each in accesses if each.act in _CONSULTED])
        yield from _big(person, country, [each for each in accesses if each.act in _TAKEN])
        if roles.get(person) in BY_DAY:
            yield from _at_night(person, country, accesses, zones)


def _many(person: UUID, country: str | None, found: Sequence[AccessEntry]) -> Iterable[Alert]:
    most: dict[date, int] = {}
    first = 0
    for last, entry in enumerate(found):
        while found[first].at <= entry.at - WITHIN:
            first += 1
        number, day = last - first + 1, entry.at.date()
        if number > MANY:
            most[day] = max(most.get(day, 0), number)
    for day, number in most.items():
        occasion = f"access.many:{person}:{day}:{country}"
        yield Alert(MessageKind.ACCESS_MANY, person, day, number, AccessKind.CONSULTATION, occasion, country)


def _big(person: UUID, country: str | None, found: Sequence[AccessEntry]) -> Iterable[Alert]:
    for entry in found:
        number = things_of(entry) or 0
        if number > BIG or entry.detail.get("format") == "zip":
            occasion = f"access.big:{entry.hash}:{country}"
            kind = MessageKind.ACCESS_BIG
            yield Alert(kind, person, entry.at.date(), max(number, 1), AccessKind.DISCLOSURE, occasion, country)


def _at_night(
    person: UUID, country: str | None, found: Sequence[AccessEntry], zones: Mapping[UUID, str]
) -> Iterable[Alert]:
    nights: defaultdict[tuple[date, AccessKind], list[AccessEntry]] = defaultdict(list)
    for entry in found:
        zone = zones.get(entry.operation_id) if entry.operation_id else None
        if zone is None:
            continue
        local = entry.at.astimezone(ZoneInfo(zone))
        if local.hour >= NIGHT[0] or local.hour < NIGHT[1]:
            evening = (local - timedelta(hours=NIGHT[1])).date()
            nights[evening, AccessKind.CONSULTATION if entry.act in _CONSULTED else AccessKind.DISCLOSURE].append(entry)
    for (evening, shown), those in nights.items():
        occasion, day = f"access.night:{person}:{evening}:{shown}:{country}", those[0].at.date()
        yield Alert(MessageKind.ACCESS_AT_NIGHT, person, day, len(those), shown, occasion, country)


def _look(session: Session, _due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    """Scan the entries since the last run and `WITHIN` before it; an alert found twice keeps its occasion."""
    before: datetime | None = session.exec(select(func.max(col(Effect.done_at))).where(Effect.job == _NAME)).one()
    since = (before or moment - EVERY) - WITHIN
    query = select(AccessEntry).where(AccessEntry.at > since, AccessEntry.at <= moment).order_by(col(AccessEntry.seq))
    entries = session.exec(query).all()
    people = {account for each in entries if (account := whose(each)) is not None}
    accounts = {each.id: each for each in session.exec(select(Account).where(col(Account.id).in_(people)))}
    zones = {each.id: each.zone for each in session.exec(select(Operation))} if entries else {}
    roles = {each.id: each.role for each in accounts.values()}
    unusual = [each for each in alerts(entries, roles, zones) if each.person in accounts]
    told = sum(_tell(session, each, accounts[each.person]) for each in unusual)
    return {"told": told}


def _tell(session: Session, alert: Alert, account: Account) -> int:
    """Send an alert to others than the person it is about.

    The link of a country's coordinators filters by person only for the country's own officers.
    """
    role = Role.AUDITOR if alert.country is None else Role.NATIONAL_COORDINATOR
    to = To(roles=frozenset({role}), country=alert.country, without=account.id)
    own = account.role in NATIONAL_ROLES and account.country == alert.country
    person = f"person={account.id}&" if alert.country is None or own else ""
    link = f"/access?{person}kind={alert.shown}&first={alert.day}&last={alert.day}"
    about = Flaw(
        "",
        _BY_NAME if person else _OF_OTHERS,
        {"name": account.name, "day": alert.day} if person else {"day": alert.day},
    )
    return tell(session, to, alert.kind, link, alert.number, key=alert.occasion, by=System(), about=about)


_BY_NAME = N_("{name} read or took data on {day}: see whether that was needed.")
_OF_OTHERS = N_("Somebody outside your country read or took its data on {day}: see whether that was needed.")


JOBS: Sequence[TimetableJob] = (TimetableJob(_NAME, every(_NAME, EVERY), _look),)
