"""Pointer answers: an operation answers a suspicion over several, of which it knows only its own side (1.6.5).

Once an analyst of each operation has let it be asked, the claim is opened as suspected; its countries answer as usual.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from operations.claims import claim_pointers, claims
from operations.claims.claim_pointers import LIFE as POINTER
from operations.claims.claim_pointers import ClaimPointer, PointerState
from operations.claims.claim_rows import CLAIM, Claim
from operations.claims.claim_states import ClaimState
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.store import locked, unscoped

_P = PointerState


def say(
    session: Session, claim_id: UUID, operation_id: UUID, to: PointerState, by: Actor, words: str = ""
) -> ClaimPointer:
    """Answer a suspicion over several operations for one of them, as an analyst. Raises NotFound and RuleBroken.

    If all let it be asked, the claim is opened; if one refuses, it is dismissed until that operation suspects it again.
    """
    rows.one(session, ClaimPointer, claim_id, operation_id)
    claim = _hold(session, claim_id)
    pointer = rows.hold(session, ClaimPointer, claim_id, operation_id)
    facts = claim_pointers.pointer_facts(session, [pointer], by)[claim_id]
    before = claim.state
    step, words = POINTER.take(pointer, facts, to, by, words)
    pointer.reason = words if step.why else ""
    pointer.said_name, pointer.said_at = by.name, now()
    session.add(pointer)
    session.flush()
    if to is _P.LET:
        known: dict[str, Any] = {"number": claim.named, "kind": claim.kind}
        journal.record(session, by, step.verb, "claim", claim.id, operation=operation_id, **known)
        if claim_pointers.others_let(session, pointer):
            lines = list(facts.known.lines)
            claims.begin(session, claim, lines, claims.suggested(lines).role, by)
        return pointer
    if to is _P.TOLD:
        CLAIM.follow(session, claim, ClaimState.SUSPECTED, by, reason="")
        claims.suspect_again(session, claim)
    else:
        over = ClaimState.DISMISSED if to is _P.REFUSED else ClaimState.LAPSED
        CLAIM.follow(session, claim, over, by, reason=pointer.reason)
        claims.end(session, claim)
    CLAIM.entry(session, by, step.verb, claim, before=before, after=claim.state)
    return pointer


def _hold(session: Session, claim_id: UUID) -> Claim:
    """Return the claim locked for update, with the reports that it moves. Applies no permissions."""
    query = select(Claim).where(Claim.id == claim_id)
    claims.alone_with(session, session.exec(unscoped(query)).one())
    claim: Claim = session.exec(unscoped(locked(query))).one()
    return claim
