"""Access to incident files: opening with a reason, the log of readers, and restriction or erasure by the country."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import history, journal, pulse, rows
from operations.core.clock import now
from operations.core.drafts import reason as checked_reason
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_
from operations.core.journal import AccessEntry, Chain, Entry
from operations.core.people import Account, Actor
from operations.core.permissions import Act, require
from operations.core.scope import ScopedSession
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import InList, Role
from operations.incidents.incidents import INCIDENT, known, own_reports, reads
from operations.incidents.rows import (
    ENDED,
    KIND,
    RESTRICTING,
    SUPERVISORS,
    IncidentGrant,
    IncidentRestriction,
    IncidentVersion,
    SeriousIncident,
)
from operations.policing.operation import legal_holds, plan
from operations.totals.activity import DepartureChoice

_FINAL = ("assessment", "outcome")
"""The kinds of versions that leadership reads, once the incident has ended."""


class IncidentFile(NamedTuple):
    """An opened file. `hidden`: why its content is not shown; "" where it is."""

    incident: SeriousIncident
    versions: Sequence[IncidentVersion]
    hidden: str = ""


RESTRICTED = N_("The country restricts the content. That the file exists is not hidden from you.")
ERASED = N_("The country left the operation and had the content erased. The log proves when and by whom.")


def open_file(session: Session, incident_id: UUID, why: str, by: Actor) -> IncidentFile:
    """Open a file: the reason, a code of CL-INCIDENTWHY, goes into the access trail. Raises NotFound.

    Raises RuleBroken without a reason, and for a reader whose access depends on a grant and who has none. Leadership
    reads the outcome only. A file that its country restricts or had erased is opened and logged, but shows no content.
    """
    incident = known(session, incident_id, by)
    try:
        InList("CL-INCIDENTWHY").check(why)
    except PydanticCustomError:
        raise RuleBroken("why", "Say why you open this file: it is written into the access trail.") from None
    if by.role not in (Role.RIGHTS_OFFICER, Role.LEADERSHIP) and granted_until(session, incident, by) is None:
        raise RuleBroken("why", "You can read the subject and the log of this file. Ask the handler for its content.")
    hidden = hiding_reason(session, incident)
    other = by.role is Role.RIGHTS_OFFICER and incident.handler_id not in (None, by.account_id)
    journal.record(
        session,
        by,
        "incident.consult",
        KIND,
        incident.id,
        chain=Chain.ACCESS,
        reason=why,
        hidden=bool(hidden),
        outside=other,
        about=incident.reference,
    )
    return IncidentFile(incident, [] if hidden else _content(session, incident, by), hidden)


def additions(session: Session, by: Actor) -> list[IncidentFile]:
    """Return the additions of `by` to own reports, newest report first: nothing else of their files."""
    found = own_reports(session, by)
    query = select(IncidentVersion).where(
        IncidentVersion.author_id == by.account_id,
        col(IncidentVersion.incident_id).in_([each.id for each in found]),
        IncidentVersion.version > 1,
    )
    added = session.exec(unscoped(query.order_by(col(IncidentVersion.version)))).all() if found else []
    return [
        IncidentFile(
            incident, [one for one in added if one.incident_id == incident.id], hiding_reason(session, incident)
        )
        for incident in found
    ]


def granted_until(session: Session, found: SeriousIncident, by: Actor) -> datetime | None:
    """Return the end of a grant by which `by` may read the content; None: no grant now."""
    query = select(sa.func.max(IncidentGrant.until)).where(
        IncidentGrant.incident_id == found.id, IncidentGrant.account_id == by.account_id
    )
    until: datetime | None = session.exec(query).one()
    return until if until is not None and until > now() else None


def hiding_reason(session: Session, found: SeriousIncident) -> str:
    """Return why the content is hidden from everybody; "" where its readers see it."""
    if found.erased_at is not None:
        return ERASED
    return RESTRICTED if found.country and _restricted(session, found.operation_id, found.country) else ""


def grants(session: Session, found: SeriousIncident) -> list[tuple[IncidentGrant, str]]:
    """Return the grants with the names of their readers, newest first, expired ones included."""
    query = select(IncidentGrant).where(IncidentGrant.incident_id == found.id)
    given = list(session.exec(query.order_by(col(IncidentGrant.made_at).desc())))
    names = rows.by_id(session, Account, (each.account_id for each in given))
    return [(each, names[each.account_id].name if each.account_id in names else "") for each in given]


def titles(session: Session, found: Iterable[SeriousIncident]) -> dict[UUID, str]:
    """Return the operations of incidents by id: their handlers have no operation in reach."""
    query = select(plan.Operation).where(col(plan.Operation.id).in_({each.operation_id for each in found}))
    return {each.id: each.title for each in session.exec(unscoped(query))}


class Log(NamedTuple):
    """The steps of a file and its readers, both newest first."""

    entries: Sequence[Entry]
    accesses: Sequence[AccessEntry]


def log(session: Session, incident_id: UUID, by: Actor) -> Log:
    """Return the log of a file, for supervisors, whose scope of the chains includes it. Raises NotFound."""
    found = known(session, incident_id, by)
    if by.role not in SUPERVISORS:
        return Log([], [])
    entries = select(Entry).where(Entry.object_kind == KIND, Entry.object_id == found.id)
    accesses = select(AccessEntry).where(AccessEntry.object_kind == KIND, AccessEntry.object_id == found.id)
    if by.role is not Role.AUDITOR:  # the handler reads who opened it; the trail itself is the auditor's
        accesses = unscoped(accesses)
    return Log(
        session.exec(entries.order_by(col(Entry.seq).desc())).all(),
        session.exec(accesses.order_by(col(AccessEntry.seq).desc())).all(),
    )


_COUNTED = ("id", "author_id", "concerns", "category", "detected_at", "made_at", "state", "counted")


class IncidentCounts(NamedTuple):
    """K22: the number, the share first reported within 24 hours, and the median age of the open ones in days."""

    number: int
    in_time: float | None
    days_open: float | None


def sums(found: Iterable[SeriousIncident], at: datetime) -> IncidentCounts:
    """Return the counts of countable incidents: a country that had its own erased took them out."""
    those = [each for each in found if each.counted]
    told = sum(each.made_at - each.detected_at <= timedelta(hours=24) for each in those)
    waits = [(at - each.made_at) / timedelta(days=1) for each in those if each.state not in ("closed", "not_launched")]
    return IncidentCounts(len(those), told / len(those) if those else None, median(waits) if waits else None)


def concluded(session: Session, operation_id: UUID, by: Actor) -> list[SeriousIncident]:
    """Return an operation's incidents that `by` knows as more than their reporter and that were over as of the session.

    They are bound to no session: no more of them is told than their number. People with a part in one never count it.
    """
    columns = (col(getattr(SeriousIncident, name)) for name in _COUNTED)
    query = select(*columns).where(SeriousIncident.operation_id == operation_id)
    with unfenced(session):  # no one's scope includes them; the query selects the incidents
        found = history.query_as_of(session, SeriousIncident, query, operation_id)
    those = [SeriousIncident(**each) for each in found]
    return [each for each in those if each.state in ENDED and reads(each, by)]


def days_to_end(session: Session, found: Iterable[SeriousIncident]) -> float | None:
    """Return the median days from report to final report of the countable concluded ones."""
    made = {each.id: each.made_at for each in found if each.counted}
    query = select(Entry.object_id, Entry.at).where(
        Entry.object_kind == KIND, Entry.act == "incident.finalise", col(Entry.object_id).in_(made)
    )
    with unfenced(session):  # of the given incidents only, which the caller may know
        days = [(at - made[ident]) / timedelta(days=1) for ident, at in session.execute(unscoped(query))]
    return median(days) if days else None


# ---------------------------------------------------------------------------------------------- the country's say


def restrictions(session: Session) -> list[IncidentRestriction]:
    """Return the restrictions of the asker's country; all, for supervisors."""
    return rows.every(session, IncidentRestriction)


def restrict(session: Session, operation_id: UUID, why: str, by: Actor) -> IncidentRestriction:
    """Restrict what a country's people reported in an operation, whether or not there is anything. Idempotent."""
    operation = plan.operation(session, operation_id, by)
    require(by, Act.INCIDENT_RESTRICT, plan.subject(operation, by.country))
    why = checked_reason(why)
    if (before := rows.find_locked(session, IncidentRestriction, operation_id, by.country)) is not None:
        return before
    return _restrict(session, operation_id, str(by.country), why, by)


def lift(session: Session, operation_id: UUID, by: Actor) -> None:
    """Lift the country's restriction. Raises NotFound where it restricts nothing."""
    found = rows.hold(session, IncidentRestriction, operation_id, by.country)
    require(by, Act.INCIDENT_RESTRICT, plan.subject(plan.operation(session, operation_id, by), by.country))
    session.delete(found)
    _told(session, operation_id, found.country, by, "incident.lift")


@plan.register_removal
def leave(session: Session, owner: plan.Operation, country: str, kept: DepartureChoice) -> dict[str, int]:
    """Apply a country's departure to its incidents: like its figures they stay, are hidden, or are erased.

    The country learns nothing from it, not even whether there were any. Raises RuleBroken where they would be erased
    and a legal hold keeps what is the country's.
    """
    by = session.asker if isinstance(session, ScopedSession) else None
    if kept is DepartureChoice.SHOWN or not isinstance(by, Actor):
        return {}
    if kept is DepartureChoice.TOTALS:
        if rows.find_locked(session, IncidentRestriction, owner.id, country) is None:
            _restrict(session, owner.id, country, "", by)
        return {}
    legal_holds.refuse_held(session, owner.id, country)
    with unfenced(session):
        query = select(SeriousIncident).where(
            SeriousIncident.operation_id == owner.id, SeriousIncident.country == country
        )
        for each in session.exec(unscoped(query.where(col(SeriousIncident.erased_at).is_(None)))).all():
            _erase(session, each, by)
    return {}


def _erase(session: Session, found: SeriousIncident, by: Actor) -> None:
    """Erase the text of every version and reason of a file. Its existence, codes, times and authors stay."""
    gone: tuple[tuple[Any, dict[str, Any]], ...] = ((IncidentVersion, {"content": {}}), (IncidentGrant, {"reason": ""}))
    for table, emptied in gone:
        session.execute(unscoped(sa.update(table).where(table.incident_id == found.id).values(emptied)))
    found.erased_at, found.content_hash, found.counted = now(), "", False
    session.add(found)
    session.flush()
    INCIDENT.entry(session, by, "incident.erase", found, versions=found.versions)


def _restricted(session: Session, operation_id: UUID, country: str) -> bool:
    with unfenced(session):
        query = select(IncidentRestriction).where(
            IncidentRestriction.operation_id == operation_id, IncidentRestriction.country == country
        )
        return session.exec(unscoped(query)).first() is not None


def _restrict(session: Session, operation_id: UUID, country: str, why: str, by: Actor) -> IncidentRestriction:
    made = IncidentRestriction(
        operation_id=operation_id, country=country, reason=why, author_name=by.name, made_at=now()
    )
    session.add(made)
    session.flush()
    _told(session, operation_id, country, by, "incident.restrict")
    return made


def _told(session: Session, operation_id: UUID, country: str, by: Actor, act: str) -> None:
    heard = pulse.centre(*SUPERVISORS) | pulse.countries(country, role=Role.NATIONAL_COORDINATOR)
    journal.record(session, by, act, RESTRICTING, operation_id, country=country, audience=heard)


def _content(session: Session, found: SeriousIncident, by: Actor) -> list[IncidentVersion]:
    query = (
        select(IncidentVersion).where(IncidentVersion.incident_id == found.id).order_by(col(IncidentVersion.version))
    )
    if by.role is Role.LEADERSHIP:
        query = query.where(col(IncidentVersion.about).in_(_FINAL if found.state in ENDED else ()))
    return list(session.exec(query))
