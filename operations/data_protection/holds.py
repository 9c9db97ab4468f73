"""Verbs of legal holds: set at once by one person, lifted by another (`policing.operation.legal_holds`)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core import proof
from operations.core.clock import now
from operations.core.drafts import Draft, Heading, NeededWords
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.notices.messages import To, tell
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.operation import legal_holds, participations, plan
from operations.policing.operation.legal_holds import LEGAL_HOLD, HoldState, LegalHold
from operations.policing.operation.plan import Operation


class HoldDraft(Draft):
    """Draft of a hold."""

    id: UUID
    operation_id: Annotated[UUID, Label(N_("Operation"), draws="one")]
    case_id: Annotated[
        UUID | None,
        Label(N_("One case alone"), N_("Leave it empty to keep all that you have in this operation."), draws="one"),
    ] = None
    authority: Annotated[
        Heading, Rule(min_length=1, max_length=120), Label(N_("Who asks"), N_("The court or authority."))
    ]
    file_ref: Annotated[Heading, Rule(min_length=1, max_length=80), Label(N_("Its file number"))]
    why: Annotated[NeededWords, Label(N_("Why it has to be kept"))]


def holds(session: Session) -> Sequence[LegalHold]:
    """Return the holds that the asker may see: those in force first, the newest before."""
    found = session.exec(select(LegalHold).order_by(col(LegalHold.made_at).desc(), col(LegalHold.id))).all()
    return sorted(found, key=lambda hold: hold.state != HoldState.SET.value)


def cases(session: Session, operation_id: UUID | None = None) -> Sequence[FugitiveCase]:
    """Return the cases that the asker may see and that are not erased, by their numbers."""
    query = select(FugitiveCase).where(col(FugitiveCase.erased_at).is_(None))
    if operation_id is not None:
        query = query.where(FugitiveCase.operation_id == operation_id)
    return session.exec(query.order_by(col(FugitiveCase.requesting_country), col(FugitiveCase.number))).all()


def set_hold(session: Session, draft: HoldDraft, by: Actor) -> LegalHold:
    """Keep what an authority asks for, from now on. Idempotent. Raises RuleBroken for a case of another operation."""
    country = by.country if by.national else None
    require(by, Act.DATA_HOLD, Subject(country=country))
    if known := LEGAL_HOLD.known(session, said := draft.model_dump() | {"country": country}):
        return known
    plan.operation(session, draft.operation_id, by)
    if draft.case_id is not None and draft.case_id not in {case.id for case in cases(session, draft.operation_id)}:
        raise RuleBroken("case_id", "This case is of another operation, or it was erased already.")
    made = LEGAL_HOLD.store(session, by, said)
    _tell(session, made, by, N_("Legal hold {reference} keeps records of {title}: nobody erases them."))
    LEGAL_HOLD.entry(session, by, "hold.set", made)
    return made


@proof.needed
def take(session: Session, hold_id: UUID, to: HoldState, by: Actor, words: str = "") -> LegalHold:
    """Lift a hold. Raises RuleBroken for whoever set it: a second person lifts it.

    That is another of the same desk; the rights officer at the centre, and where a country has one coordinator alone.
    """
    found = LEGAL_HOLD.hold(session, hold_id)
    lifted = {"lifted_by": by.account_id, "lifted_name": by.name, "reason": words.strip(), "moved_at": now()}
    step = LEGAL_HOLD.step(session, found, to, by, words, **lifted)
    _tell(session, found, by, N_("Legal hold {reference} on {title} is lifted: its records may be erased again."))
    LEGAL_HOLD.journal(session, found, step, by)
    return found


def _tell(session: Session, hold: LegalHold, by: Actor, words: str) -> None:
    """Tell those whose erasure stops or goes on, those who can lift the hold, and who set it."""
    operation = session.exec(unscoped(select(Operation).where(Operation.id == hold.operation_id))).one()
    tell(
        session,
        [*_concerned(session, hold), To.those(hold.author_id)],
        MessageKind.LEGAL_HOLD,
        f"/data-protection/holds?show={hold.id}",
        key=f"hold.{hold.state}:{hold.id}",
        by=by,
        operation=operation.id,
        classification=Classification(operation.classification),
        about=Flaw("", words, {"reference": hold.reference, "title": operation.title}),
    )


def _concerned(session: Session, hold: LegalHold) -> list[To]:
    coordinators, officers = frozenset({Role.NATIONAL_COORDINATOR}), To(roles=frozenset({Role.RIGHTS_OFFICER}))
    if hold.country is not None:
        desk = To(roles=coordinators, country=hold.country)
        return [desk, officers] if legal_holds.alone(session, hold) else [desk]
    if hold.case_id is not None:
        owner = select(FugitiveCase.requesting_country).where(FugitiveCase.id == hold.case_id)
        countries = list(session.exec(unscoped(owner)))
    else:
        countries = participations.members(session, hold.operation_id)
    center = To(roles=frozenset({Role.OPERATION_COORDINATOR}), operation=hold.operation_id)
    return [center, officers, *(To(roles=coordinators, country=country) for country in countries)]
