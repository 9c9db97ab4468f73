"""Verbs of legal holds: set at once by one person, lifted by another (`policing.operation.legal_holds`)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core import proof
from operations.core.clock import now
from operations.core.drafts import Draft, Heading, NeededWords
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.operation import plan
from operations.policing.operation.legal_holds import LEGAL_HOLD, HoldState, LegalHold


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
    return LEGAL_HOLD.write(session, by, "hold.set", said)


@proof.needed
def take(session: Session, hold_id: UUID, to: HoldState, by: Actor, words: str = "") -> LegalHold:
    """Lift a hold. Raises RuleBroken for whoever set it: a second person lifts it."""
    found = LEGAL_HOLD.hold(session, hold_id)
    lifted = {"lifted_by": by.account_id, "lifted_name": by.name, "reason": words.strip(), "moved_at": now()}
    return LEGAL_HOLD.take(session, found, to, by, words, **lifted)
