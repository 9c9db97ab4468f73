"""Alerts on the access trail (rule R48): once an hour it is looked through, and what is unusual is told once.

What is unusual stands in the tables below. Auditors are told of everybody, the national coordinators of a country of
what concerns its records alone, so they learn no count of another's. The message leads to the access trail with the
filter already set; it names nobody.
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
from operations.core.journal import AccessEntry
from operations.core.people import NATIONAL_ROLES, Account, System
from operations.core.vocabulary import MessageKind, Role
from operations.notices.messages import To, tell
from operations.policing.operation.plan import Operation
from operations.policing.reports import consultations
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob, every

MANY, WITHIN = 50, timedelta(minutes=10)
"""More consultations than this by one person within this time."""

BIG = 500
"""More rows or objects than this in one export; a whole operation as an archive is one whatever its size."""

NIGHT = (22, 5)
"""From this hour on and before that one, in the official zone of the operation."""

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
"""Whose usual hours are those of the day; officers at posts, their leaders and who runs an operation work in shifts."""

EVERY = timedelta(hours=1)
_NAME = "access.look"
_USUAL = frozenset({consultations.WROTE, consultations.VERIFY})
"""What reports are opened for all day, and in the evening before a deadline: whoever reads others' is looked at."""
_CONSULTED, _TAKEN = frozenset(ACTS[AccessKind.CONSULTATION]), frozenset(ACTS[AccessKind.DISCLOSURE])


@dataclass(frozen=True)
class Alert:
    """Something unusual: what, by whom, on which day in UTC, how often or how much; `occasion` names it for ever.

    `country`: whose records it concerns, for that country's coordinators; None: as auditors are told.
    """

    kind: MessageKind
    person: UUID
    day: date
    number: int
    shown: AccessKind
    occasion: str
    country: str | None = None


def alerts(entries: Sequence[AccessEntry], roles: Mapping[UUID, str], zones: Mapping[UUID, str]) -> Iterable[Alert]:
    """What is unusual among `entries`, oldest first; with roles by account and official zones by operation."""
    of: defaultdict[tuple[UUID, str | None], list[AccessEntry]] = defaultdict(list)
    outside: defaultdict[tuple[UUID, date], list[AccessEntry]] = defaultdict(list)
    for entry in entries:
        person = whose(entry)
        usual = entry.act == "report.consult" and entry.detail.get("reason") in _USUAL
        if person is not None and entry.outcome == "done" and entry.act in _CONSULTED | _TAKEN and not usual:
            if entry.act != SAW:  # of the same look there is an entry of the whole
                of[person, None].append(entry)
            if entry.country is not None:
                of[person, entry.country].append(entry)
            if entry.detail.get("outside"):
                outside[person, entry.at.date()].append(entry)
    for (person, day), those in outside.items():
        occasion = f"access.outside:{person}:{day}"
        yield Alert(MessageKind.ACCESS_OUTSIDE, person, day, len(those), AccessKind.CONSULTATION, occasion)
    for (person, country), found in of.items():
        yield from _many(person, country, [each for each in found if each.act in _CONSULTED])
        yield from _big(person, country, [each for each in found if each.act in _TAKEN])
        if roles.get(person) in BY_DAY:
            yield from _at_night(person, country, found, zones)


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
    """Look through what came since the last time; what began before it is told under its own occasion, once."""
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
    """Whoever reads of it under their link finds it there: a country names in its filter only its own officers."""
    if alert.country is None:
        to = To(roles=frozenset({Role.AUDITOR}))
    else:
        to = To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=alert.country)
    own = account.role in NATIONAL_ROLES and account.country == alert.country
    person = f"person={account.id}&" if alert.country is None or own else ""
    link = f"/access?{person}kind={alert.shown}&first={alert.day}&last={alert.day}"
    return tell(session, to, alert.kind, link, alert.number, key=alert.occasion, by=System())


JOBS: Sequence[TimetableJob] = (TimetableJob(_NAME, every(_NAME, EVERY), _look),)
