"""Visibility of the journal, of its pulse (`Heard`), and of the access trail."""

from typing import Any
from uuid import UUID

from sqlalchemy import true
from sqlmodel import Session, col, select

from operations.core import access_trail, journal, pulse
from operations.core.people import NATIONAL_ROLES, Account, Actor
from operations.core.pulse import Heard
from operations.core.store import scoped
from operations.core.vocabulary import Role
from operations.disclosure import releases
from operations.policing.map_plan.places import MapObject, shown_to, standing
from operations.policing.operation import plan


@scoped(journal.Entry)
def _entries_seen(actor: Actor) -> object:
    return journal.as_needed(_generally_seen(actor), actor) & releases.readable_entries(actor)


def _generally_seen(actor: Actor) -> Any:
    """Return the SQL condition of the journal entries a person may read, before the rules of need-to-know.

    A country's people read entries about their country and, of the whole operation, those about its life cycle, its
    calendar and the objects they see on its map. Analysts and coordinators read their operations, leadership and
    auditors all, administrators entries of no operation.
    """
    entry = journal.Entry
    if actor.role is Role.ADMINISTRATOR:
        return col(entry.operation_id).is_(None)
    reach = plan.within_reach(entry.operation_id, actor)
    if not actor.national:
        return reach | col(entry.operation_id).is_(None) if actor.role is Role.AUDITOR else reach
    drawn = select(MapObject.object_id).where(col(MapObject.current).is_(True), shown_to(actor))
    public = col(entry.object_kind).in_(("operation", "phase")) | col(entry.object_id).in_(drawn)
    seen = reach & ((col(entry.country) == actor.country) | (col(entry.country).is_(None) & public))
    if actor.role is not Role.NATIONAL_COORDINATOR:
        return seen
    return seen | (col(entry.operation_id).is_(None) & (col(entry.country) == actor.country))


@scoped(Heard)
def _heard_seen(actor: Actor) -> object:
    reach = plan.within_reach(Heard.operation_id, actor)
    if actor.only is None and actor.role is not Role.ADMINISTRATOR:
        reach = reach | (col(Heard.operation_id) == pulse.PROGRAMME)
    return reach & col(Heard.audience).in_(pulse.keys_of(actor))


@scoped(journal.AccessEntry)
def _accesses_seen(actor: Actor) -> object:
    """Auditors read the whole trail, a national coordinator the own country's part, everybody their own acts.

    A country's part are all accesses to its records; the acts of its officers' accounts; and exports by the
    coordination from operations that it works in, since those hold its data too. When its people look at another
    country's records, that country reads the entry. A seconded analyst works for the coordination.
    """
    if actor.role is Role.AUDITOR:
        return journal.as_told(true(), actor) | access_trail.of_person(actor.account_id)
    entry = journal.AccessEntry
    own = access_trail.of_person(actor.account_id)
    if actor.role is not Role.NATIONAL_COORDINATOR:
        return own & (col(entry.act) != access_trail.SAW)  # their own look has one entry for the whole
    officers = select(Account.id).where(
        Account.country == actor.country, col(Account.role).in_(sorted(role.value for role in NATIONAL_ROLES))
    )
    recorded = (col(entry.object_kind) != "account") | col(entry.object_id).in_(officers)
    central = col(entry.country).is_(None) & col(entry.object_kind).in_(("export", "calendar", "wall"))
    return (
        own
        | ((col(entry.country) == actor.country) & recorded)
        | (central & plan.within_reach(entry.operation_id, actor))
    )


def told_of(session: Session, operation_id: UUID) -> Any:
    """Return an SQL condition: of entries about the coordination's objects, only those about objects on the asker's
    map.
    """
    entry = journal.Entry
    there = select(MapObject.object_id).where(standing(session, operation_id))
    return (col(entry.object_kind) != "map_object") | col(entry.country).is_not(None) | col(entry.object_id).in_(there)
