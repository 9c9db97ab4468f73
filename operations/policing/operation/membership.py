"""Who is asking: an account becomes an Actor, with the operations it works for at this moment.

An officer of a country works for the operations that the country was invited to and has not declined or left; a
person of a central role for those it is assigned to. An account that may not be used becomes nobody.
"""

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.errors import NotFound
from operations.core.people import NATIONAL_ROLES, Account, Actor, Assignment, Posting
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, ParticipationState, Role
from operations.policing.operation.plan import Participation

_OUT = (ParticipationState.DECLINED.value, ParticipationState.WITHDRAWN.value)


def actor(session: Session, account: Account) -> Actor | None:
    """The actor behind an account, or None when nobody may act with it now."""
    if not account.may_enter:
        return None
    role = Role(account.role)
    return Actor(
        account_id=account.id,
        name=account.name,
        role=role,
        country=account.country,
        clearance=Classification(account.clearance),
        language=account.language,
        operations=_operations(session, account, role),
        sites=frozenset(session.exec(select(Posting.site_id).where(Posting.account_id == account.id)).all()),
        alike=_alike(session, account),
    )


def _alike(session: Session, account: Account) -> frozenset[UUID]:
    """The accounts that the person behind this one may be using, this one among them; empty where it stands alone.

    Whoever had a link in hand may have set the password and go on as that account, and with it make others. Until
    somebody else has vouched for it, it is no other person than who handed it out.
    """
    handed = select(Account.id, Account.handed_by).where(
        col(Account.handed_by).is_not(None), col(Account.vouched_by).is_(None)
    )
    pairs = [set(pair) for pair in session.exec(unscoped(handed))]
    found: set[UUID] = {account.id}
    while joining := [pair for pair in pairs if not found.isdisjoint(pair) and not pair <= found]:
        found.update(*joining)
    return frozenset(found) if len(found) > 1 else frozenset()


def joined(session: Session, by: Actor, operation_id: UUID) -> Actor:
    """`by` as one who also works for an operation that was created in this very unit of work.

    An actor is made where a request begins, so what it creates is not yet among its operations. Raises NotFound where
    `by` was not assigned to it.
    """
    if session.get(Assignment, (by.account_id, operation_id)) is None:
        raise NotFound
    session.info["actor"] = grown = replace(by, operations=by.operations | {operation_id})
    return grown


def _operations(session: Session, account: Account, role: Role) -> frozenset[UUID]:
    if role in NATIONAL_ROLES:
        query = select(Participation.operation_id).where(
            Participation.country == account.country,
            col(Participation.state).not_in(_OUT),
        )
        return frozenset(session.exec(unscoped(query)).all())
    return frozenset(session.exec(select(Assignment.operation_id).where(Assignment.account_id == account.id)).all())
