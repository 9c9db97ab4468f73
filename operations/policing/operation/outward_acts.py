"""What leaves an operation for another country or for people, and in which of its states it may (domain 1.6.1).

A draft does nothing outward. Planning reaches others too (countries are invited, teams are offered, tasks handed out),
and is no part of this table: an approval rests on it. Every entry of the journal is checked against the table, so no
verb goes around it; what a screen says before anybody tries comes from here as well.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.vocabulary import FugitiveState, OperationState
from operations.policing.operation.rows import Operation, held_states

_S = OperationState
PLANNED = frozenset({_S.DRAFT, _S.PROPOSED})
"""Before the approval."""
ASKS = frozenset({_S.APPROVED, _S.PRE_OPERATIONAL, _S.ACTIVE, _S.CONSOLIDATION})
"""Where something new is asked of others: from the approval until the operation ends, and not while it is suspended."""
FOLLOWS = frozenset(_S) - PLANNED
"""Where others answer, and say what became of what was asked before: that goes on when an operation stops or ends."""
TALKS = FOLLOWS - {_S.CANCELLED}
"""Where countries write to each other and are given what was worked out."""

OUTWARD: Mapping[str, frozenset[OperationState]] = {
    **dict.fromkeys(("lead.share", "fugitive.freeze", "fugitive.publish"), ASKS),
    **dict.fromkeys(("deployment.order", "deployment.accredit", "report.remind_now", "partner.admit"), ASKS),
    **dict.fromkeys(("dispatch.send", "dispatch.answer", "dispatch.pass_on", "dispatch.ask"), TALKS),
    **dict.fromkeys(("dispatch.consent", "product.deliver", "product.share", "product.pass_on"), TALKS),
    **dict.fromkeys(("lead.answer", "hit.confirm", "snapshot.publish"), FOLLOWS),
    **dict.fromkeys(
        (
            "fugitive.move", "fugitive.locate", "fugitive.answer", "fugitive.arrest", "fugitive.appeal",
            "fugitive.tips", "fugitive.link", "fugitive.unlink",
        ),
        FOLLOWS,
    ),
}  # fmt: skip
"""Acts of the journal, each with the states of its operation in which it is done."""

_WHY = {
    **dict.fromkeys(
        PLANNED, N_("The operation is not approved yet: until then nothing of it goes to another country.")
    ),
    _S.SUSPENDED: N_("The operation is suspended: nothing new goes to another country until it is resumed."),
    _S.CANCELLED: N_("The operation is cancelled: nothing new goes to another country."),
}
_OVER = N_("The operation has ended: nothing new goes to another country.")
DRAFT_DOES = N_(
    "This operation is not approved yet. It can be planned. It cannot send leads or messages, accept targets, or order "
    "teams."
)
"""What the pages of a draft say."""


def flaw(act: str, state: str) -> Flaw | None:
    """Why an act is not done in an operation in this state; None where it may be."""
    here = OperationState(state)
    return None if here in OUTWARD.get(act, FOLLOWS | PLANNED) else Flaw("", _WHY.get(here, _OVER))


def obstacle(session: Session, operation: Any, act: str) -> Flaw | None:
    """The same of an operation by its id, as whoever asks may read it."""
    state = (
        held_states(session).get(operation)
        or session.exec(select(col(Operation.state)).where(col(Operation.id) == operation)).one_or_none()
    )
    return flaw(act, state) if state else None


def at_home(act: str, detail: Mapping[str, Any]) -> bool:
    """Whether it is done all the same because it takes something back: a nomination that is withdrawn again."""
    return act == "fugitive.move" and detail.get("after") == FugitiveState.NOTICE_WITHDRAWN
