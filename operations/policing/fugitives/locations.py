"""Locations of wanted persons: the country of the place reports, the requesting country answers (domain 1.6.8, 6.8).

A location is positive when the requesting country says yes; an arrest counts when it has confirmed the identity. If it
was somebody else, the location is closed as negative, and its remark is erased.
"""

from typing import Annotated
from uuid import UUID

from sqlmodel import Session, select

from operations.core import rows
from operations.core.clock import now
from operations.core.drafts import Draft, Words
from operations.core.errors import Conflict, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import locked
from operations.core.vocabulary import FugitiveState, LocationState
from operations.policing.fugitives import case_lifecycle, lead_hits
from operations.policing.fugitives.case_rows import FugitiveCase, subject
from operations.policing.fugitives.cases import hold, record
from operations.policing.fugitives.sightings import LIFE, FugitiveLocation

_L = LocationState


class LocationDraft(Draft):
    """Draft of a location: a country reports that the person is there.

    `remark` says how that is known, without names.
    """

    id: UUID
    case_id: UUID
    remark: Annotated[Words, Label(N_("How it is known"), N_("No names, no numbers of documents."))] = ""


def report(session: Session, draft: LocationDraft, by: Actor) -> FugitiveLocation:
    """Report that the person is in the reporting country. It counts when the requesting country confirms.

    Idempotent; the same id with other content raises Conflict.
    """
    case = hold(session, draft.case_id)
    require(by, Act.FUGITIVE_FIND, subject(case, by.country))
    digest = fingerprint([draft.model_dump(mode="json"), str(by.account_id)])
    otherwise = Conflict("This location was already reported with other content. Reload the page to see it.")
    if known := rows.same_draft(session, FugitiveLocation, draft.id, {"content_hash": digest}, otherwise):
        return known
    if by.country == case.requesting_country:
        raise RuleBroken("state", "Only the country where the person is can do this.")
    if case.state != FugitiveState.LEAD_OUT:
        raise RuleBroken(
            "state", "You can report a location only while a lead is out. This case has moved on. Reload the page."
        )
    open_one = select(FugitiveLocation.id).where(
        FugitiveLocation.case_id == case.id,
        FugitiveLocation.country == by.country,
        FugitiveLocation.state == _L.REPORTED.value,
    )
    if session.exec(open_one).first() is not None:
        raise RuleBroken(
            "", "Your country has already reported a location. Wait for the answer of the requesting country."
        )
    made = FugitiveLocation(
        id=draft.id,
        case_id=case.id,
        country=str(by.country),
        requesting_country=case.requesting_country,
        remark=draft.remark,
        content_hash=digest,
        author_name=by.name,
        reported_at=now(),
    )
    session.add(made)
    record(session, case, by, "fugitive.locate", made.country)
    return made


def answer(session: Session, location_id: UUID, by: Actor, *, yes: bool) -> FugitiveLocation:
    """Record whether the requesting country confirms a reported location. Idempotent."""
    found, case = _hold(session, location_id)
    _by_the_requesting(case, by)
    if found.state == (_L.CONFIRMED if yes else _L.NEGATIVE):
        return found
    if found.state != _L.REPORTED:  # once an arrest is reported, `identify` answers
        raise RuleBroken("state", "This location was answered already. Reload the page to see how.")
    if not yes:
        return _negative(session, found, case, by)
    LIFE.take(found, case, _L.CONFIRMED, by)
    found.answered_at = now()
    session.add(found)
    record(session, case, by, "fugitive.answer", found.country, answer=found.state)
    case_lifecycle.go(session, case, FugitiveState.LOCATED, by)
    return found


def arrest(session: Session, location_id: UUID, by: Actor) -> FugitiveLocation:
    """Report that the person is under arrest. It counts when the requesting country confirms the identity."""
    found, case = _hold(session, location_id)
    require(by, Act.FUGITIVE_FIND, subject(case, by.country))
    if found.country != by.country:
        raise RuleBroken("state", "Only the country where the person is can do this.")
    if found.state in (_L.ARREST_REPORTED, _L.ARREST_CONFIRMED):
        return found
    LIFE.take(found, case, _L.ARREST_REPORTED, by)
    found.arrested_at = now()
    session.add(found)
    record(session, case, by, "fugitive.arrest", found.country)
    return found


def identify(session: Session, location_id: UUID, by: Actor, *, same: bool) -> FugitiveLocation:
    """Record whether the requesting country confirms the identity of the arrested person. Idempotent.

    If not, the location is negative, its remark is erased, and the case moves back to "lead out".
    """
    found, case = _hold(session, location_id)
    _by_the_requesting(case, by)
    if found.state == (_L.ARREST_CONFIRMED if same else _L.NEGATIVE):
        return found
    if found.state != _L.ARREST_REPORTED:
        raise RuleBroken("state", "No arrest waits for an answer here. Reload the page to see where the case stands.")
    if not same:
        negative = _negative(session, found, case, by)
        case_lifecycle.go(session, case, FugitiveState.LEAD_OUT, by)
        return negative
    LIFE.take(found, case, _L.ARREST_CONFIRMED, by)
    found.answered_at = now()
    session.add(found)
    record(session, case, by, "fugitive.answer", found.country, answer=found.state)
    case_lifecycle.go(session, case, FugitiveState.ARRESTED, by)
    return found


def _negative(session: Session, found: FugitiveLocation, case: FugitiveCase, by: Actor) -> FugitiveLocation:
    """Close a location as negative: the answer stays, and what describes somebody else is erased."""
    LIFE.take(found, case, _L.NEGATIVE, by)
    found.answered_at, found.arrested_at = now(), None
    found.remark, found.erased_at = "", now()
    session.add(found)
    lead_hits.forget(session, found.id)
    record(session, case, by, "fugitive.answer", found.country, answer=found.state)
    return found


def _by_the_requesting(case: FugitiveCase, by: Actor) -> None:
    """Require the requesting country. Raises NotFound for those who may not know the case, else RuleBroken."""
    require(by, Act.FUGITIVE_READ, subject(case, by.country if by.national else None))
    if by.country != case.requesting_country:
        raise RuleBroken("state", "Only the requesting country can do this.")
    require(by, Act.FUGITIVE_CONFIRM, subject(case))


def _hold(session: Session, location_id: UUID) -> tuple[FugitiveLocation, FugitiveCase]:
    seen = rows.one(session, FugitiveLocation, location_id)
    case = hold(session, seen.case_id)
    found: FugitiveLocation = session.exec(
        locked(select(FugitiveLocation).where(FugitiveLocation.id == location_id))
    ).one()
    return found, case
