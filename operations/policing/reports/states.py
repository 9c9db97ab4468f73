"""What may be done with reports in which state of their operation: one rule, asked by every verb and by the screens.

While an operation is suspended or cancelled nothing moves. Once it is debriefed its figures stand: what its country
corrects, answers or withdraws then is a late change, which is marked and climbs again; nothing else moves.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from operations.core.errors import Flaw, RuleBroken
from operations.core.store import unscoped
from operations.core.vocabulary import OperationState
from operations.policing.operation.plan import Operation

S = OperationState
RUNNING = (S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION)
AFTERWARDS = (S.DEBRIEFED, S.FINAL, S.EVALUATED)


class Deed(StrEnum):
    """What is done with a report."""

    REPORT = "report"
    CORRECT = "correct"
    CLIMB = "climb"
    RETURN = "return"
    REJECT = "reject"
    ANSWER = "answer"
    WITHDRAW = "withdraw"


LATE = (Deed.CORRECT, Deed.ANSWER, Deed.WITHDRAW)
"""What a country may still do after the debriefing. Whatever else is done then concerns a late version."""


def obstacle(state: str, deed: Deed, *, late: bool = False) -> Flaw | None:
    """Why `deed` cannot be done in an operation of this state, or None. `late`: the version is itself a late change."""
    if state in RUNNING:
        return None
    if state == S.SUSPENDED:
        return Flaw("", "The operation is suspended: nothing moves until it is resumed.")
    if state == S.CANCELLED:
        return Flaw("", "The operation is cancelled: what was reported stays as it is.")
    if state not in AFTERWARDS:
        return Flaw("", "Reporting is not open: the operation is not running.")
    if deed is Deed.REPORT:
        return Flaw("", "The operation is debriefed: no new report is taken, only corrections of those that were sent.")
    if deed in LATE or late:
        return None
    return Flaw("", "The operation is debriefed: this stays as it stood. If it is wrong, its country corrects it.")


def require_open(state: str, deed: Deed, *, late: bool = False) -> bool:
    """Whether `deed` is a late change. Raises RuleBroken where it cannot be done in this state."""
    flaw = obstacle(state, deed, late=late)
    if flaw is not None:
        raise RuleBroken.all([flaw])
    return state in AFTERWARDS


def marked(*, late: bool) -> dict[str, Any]:
    """What the journal says of a late change, and of no other."""
    return {"late": True} if late else {}


def hold_state(session: Session, operation_id: UUID) -> str:
    """The state of an operation as it is now; it stays so until the transaction ends.

    Ask before anything else is locked: whoever moves the operation waits for this, and must not be waited for.
    """
    query = select(Operation.state).where(Operation.id == operation_id).with_for_update(read=True)
    state: str = session.exec(unscoped(query)).one()
    return state
