"""Independence of evaluators: whether they coordinated what they evaluate; the report discloses it (domain 1.6.12)."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core.people import Actor, Assignment
from operations.core.store import unscoped
from operations.core.vocabulary import PhaseKind, Role
from operations.policing.operation import plan


def coordinated_operations(session: Session, operations: Iterable[UUID], by: Actor) -> set[UUID]:
    """Return those of the operations that `by` coordinates, or worked for as coordinator before their end.

    Coordinators who joined after the operational phases, to evaluate, do not count.
    """
    wanted = list(operations)
    if by.role is not Role.OPERATION_COORDINATOR or not wanted:
        return set()
    over = (
        select(sa.func.max(plan.Phase.ends))
        .where(plan.Phase.operation_id == Assignment.operation_id, plan.Phase.kind == PhaseKind.OPERATIONAL.value)
        .scalar_subquery()
    )
    query = select(Assignment.operation_id).where(
        col(Assignment.operation_id).in_(wanted),
        col(Assignment.account_id).in_(by.alike | {by.account_id}),
        col(Assignment.starts).is_(None) | over.is_(None) | (col(Assignment.starts) < over),
    )
    return set(session.exec(unscoped(query)))
