"""Who is asking: an account becomes an Actor, with the operations it works for at this moment.

An officer of a country works for the operations that the country was invited to and has not declined or left; a
person of a central role for those it is assigned to. An account that may not be used becomes nobody.

Assignments and postings begin and end by themselves: their days are official days of the operation, in its zone and
from its cut on, wherever a site lies, because reports are counted by the same days. A person asks with the reach of the
moment at which the request begins.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import NATIONAL_ROLES, Account, Actor, Assignment, Posting, ahead, begun, in_effect
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Role
from operations.policing.operation.plan import OUT, Participation

_IDLE = (Role.LEADERSHIP.value, Role.AUDITOR.value, Role.ADMINISTRATOR.value)


def actor(session: Session, account: Account) -> Actor | None:
    """The actor behind an account, or None when nobody may act with it now."""
    if not account.may_enter:
        return None
    role, moment = Role(account.role), now()
    posted: Sequence[tuple[UUID, bool]] = ()
    assigned: Sequence[tuple[UUID, Sequence[str]]] = ()
    if role in NATIONAL_ROLES:
        begins = select(Posting.site_id, ahead(Posting, moment)).where(Posting.account_id == account.id)
        posted = session.exec(begins.where(begun(Posting, moment))).all()
        operations = _of_the_country(session, account)
    else:
        works = select(Assignment.operation_id, Assignment.countries).where(Assignment.account_id == account.id)
        assigned = session.exec(works.where(in_effect(Assignment, moment))).all()
        operations = frozenset(operation for operation, _countries in assigned)
    return Actor(
        account_id=account.id,
        name=account.name,
        role=role,
        country=account.country,
        clearance=Classification(account.clearance),
        language=account.language,
        operations=operations,
        sites=frozenset(site for site, holds in posted if holds),
        posted=bool(posted),
        serves=frozenset((operation, country) for operation, countries in assigned for country in countries),
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
    if not works_for(session, by.account_id, operation_id):
        raise NotFound
    session.info["actor"] = grown = replace(by, operations=by.operations | {operation_id})
    return grown


def works_for(session: Session, account_id: UUID, operation_id: UUID) -> bool:
    """Whether a person of a central role is assigned to an operation now."""
    query = select(Assignment.id).where(Assignment.account_id == account_id, Assignment.operation_id == operation_id)
    return session.exec(query.where(in_effect(Assignment, now()))).first() is not None


def everybody(session: Session, operation_id: UUID, countries: Iterable[str]) -> list[Account]:
    """Who works for the operation, in its centre and in `countries`, by name, as far as the asker knows them."""
    query = select(Account).where(col(Account.disabled_at).is_(None), col(Account.role).not_in(_IDLE))
    assigned = select(Assignment.account_id).where(Assignment.operation_id == operation_id)
    assigned = assigned.where(in_effect(Assignment, now()))
    national = col(Account.role).in_([role.value for role in NATIONAL_ROLES]) & col(Account.country).in_(countries)
    return list(session.exec(query.where(national | col(Account.id).in_(assigned)).order_by(Account.name)))


def _of_the_country(session: Session, account: Account) -> frozenset[UUID]:
    query = select(Participation.operation_id).where(
        Participation.country == account.country, col(Participation.state).not_in(OUT)
    )
    return frozenset(session.exec(unscoped(query)).all())
