"""Actors: builds the `Actor` of an account, with the operations it works for at this moment.

An officer of a country works for the operations that the country was invited to and has not declined or left; a person
of a central role for those it is assigned to. An account that may not be used has no actor.

Assignments and postings begin and end by themselves: their days are official days of the operation, in its zone and
from its cut on, wherever a site lies, because reports are counted by the same days. The reach of an actor is fixed when
the request begins.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import NATIONAL_ROLES, Account, Actor, Assignment, Posting, ahead, begun, in_effect
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Role
from operations.policing.operation.plan import OUT, Participation

_IDLE = (Role.LEADERSHIP.value, Role.AUDITOR.value, Role.ADMINISTRATOR.value, Role.RIGHTS_OFFICER.value)


def actor(session: Session, account: Account) -> Actor | None:
    """Return the actor of an account, or None when nobody may act with it now."""
    if not account.may_enter:
        return None
    return _actors(session, [account], {account.id: _alike(session, account)})[0]


def actors(session: Session, accounts: Iterable[Account]) -> list[Actor]:
    """Return the actors of many accounts, in few queries; accounts with which nobody may act now are left out."""
    entering = [each for each in accounts if each.may_enter]
    pairs = session.exec(unscoped(select(Account.id, Account.handed_by).where(*_UNCONFIRMED))).all()
    return _actors(session, entering, _groups(pairs))


def _actors(session: Session, accounts: Sequence[Account], alike: Mapping[UUID, frozenset[UUID]]) -> list[Actor]:
    moment = now()
    national = {each.id for each in accounts if each.role in NATIONAL_ROLES}
    posted = _by_account(session, _POSTED, national, moment)
    assigned = _by_account(session, _ASSIGNED, {each.id for each in accounts} - national, moment)
    joined_by = _of_countries(session, {str(each.country) for each in accounts if each.id in national})

    def made(account: Account) -> Actor:
        role, sites, work = Role(account.role), posted[account.id], assigned[account.id]
        inside, left = joined_by[str(account.country)]
        return Actor(
            account_id=account.id,
            name=account.name,
            role=role,
            country=account.country,
            clearance=Classification(account.clearance),
            language=account.language,
            operations=inside if account.id in national else frozenset(of for of, _ in work),
            sites=frozenset(site for site, holds in sites if holds),
            posted=bool(sites),
            serves=frozenset((operation, country) for operation, countries in work for country in countries),
            alike=alike.get(account.id, frozenset()),
            left=left if account.id in national else frozenset(),
        )

    return [made(each) for each in accounts]


# Every request runs these queries, so they are built once: building one takes longer than running it.
_MOMENT: Any = sa.bindparam("moment")
_ACCOUNTS: Any = sa.bindparam("accounts", expanding=True)
_POSTED = select(Posting.account_id, Posting.site_id, ahead(Posting, _MOMENT)).where(
    begun(Posting, _MOMENT), col(Posting.account_id).in_(_ACCOUNTS)
)
_ASSIGNED = select(Assignment.account_id, Assignment.operation_id, Assignment.countries).where(
    in_effect(Assignment, _MOMENT), col(Assignment.account_id).in_(_ACCOUNTS)
)
_TAKING_PART = unscoped(
    select(
        Participation.country, Participation.operation_id, col(Participation.state).in_(OUT), Participation.kept
    ).where(col(Participation.country).in_(sa.bindparam("countries", expanding=True)))
)
_ACCOUNT: sa.Table = Account.__table__  # type: ignore[attr-defined]
_UNCONFIRMED = (_ACCOUNT.c.handed_by.is_not(None), _ACCOUNT.c.vouched_by.is_(None))
_HANDED = sa.select(_ACCOUNT.c.id, _ACCOUNT.c.handed_by).where(*_UNCONFIRMED)
_NEAR = unscoped(
    sa.union_all(_HANDED.where(_ACCOUNT.c.handed_by.in_(_ACCOUNTS)), _HANDED.where(_ACCOUNT.c.id.in_(_ACCOUNTS)))
)


def _by_account(
    session: Session, periods: Any, accounts: Collection[UUID], moment: datetime
) -> defaultdict[UUID, list[tuple[Any, ...]]]:
    """Return the columns of these accounts' periods in force at the moment, by account."""
    found: defaultdict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    if accounts:
        for account, *rest in session.exec(periods, params={"moment": moment, "accounts": list(accounts)}):
            found[account].append(tuple(rest))
    return found


def _alike(session: Session, account: Account) -> frozenset[UUID]:
    """Return the accounts that one person may be using together with this one, itself included; empty where there is no
    other.

    A person who handed out an invitation link may have used it and set the password, and may have invited others with
    that account. Until somebody else has vouched for the account, it counts as the person who handed out its link. Only
    this account's own chain is followed.
    """
    found: set[UUID] = set()
    fresh = {account.id}
    while fresh:
        found |= fresh
        fresh = {each for pair in session.execute(_NEAR, {"accounts": list(fresh)}) for each in pair} - found
    return frozenset(found) if len(found) > 1 else frozenset()


def _groups(pairs: Iterable[tuple[UUID, UUID | None]]) -> dict[UUID, frozenset[UUID]]:
    """Group accounts that one person may be using, from pairs of an account and the one that handed out its link."""
    found: dict[UUID, set[UUID]] = {}
    for pair in pairs:
        group = set().union(*(found.get(each, {each}) for each in pair if each is not None))
        found.update(dict.fromkeys(group, group))
    return {each: frozenset(group) for each, group in found.items()}


def joined(session: Session, by: Actor, operation_id: UUID) -> Actor:
    """Return `by` with an operation added that was created in the same unit of work.

    An actor is built when a request begins, so an operation it creates is not yet among its operations. Raises NotFound
    where `by` was not assigned to it.
    """
    if not works_for(session, by.account_id, operation_id):
        raise NotFound
    session.info["actor"] = grown = replace(by, operations=by.operations | {operation_id})
    return grown


def works_for(session: Session, account_id: UUID, operation_id: UUID) -> bool:
    """Return whether a person of a central role is assigned to an operation now."""
    query = select(Assignment.id).where(Assignment.account_id == account_id, Assignment.operation_id == operation_id)
    return session.exec(query.where(in_effect(Assignment, now()))).first() is not None


def everybody(session: Session, operation_id: UUID, countries: Iterable[str]) -> list[Account]:
    """Return the accounts of the operation's centre and of `countries`, by name, that the asker may know."""
    query = select(Account).where(col(Account.disabled_at).is_(None), col(Account.role).not_in(_IDLE))
    assigned = select(Assignment.account_id).where(Assignment.operation_id == operation_id)
    assigned = assigned.where(in_effect(Assignment, now()))
    national = col(Account.role).in_([role.value for role in NATIONAL_ROLES]) & col(Account.country).in_(countries)
    return list(session.exec(query.where(national | col(Account.id).in_(assigned)).order_by(Account.name)))


def _of_countries(
    session: Session, countries: Collection[str]
) -> defaultdict[str, tuple[frozenset[UUID], frozenset[UUID]]]:
    """Return by country the operations it takes part in or is invited to, and those that it left and may still read."""
    found: defaultdict[str, tuple[frozenset[UUID], frozenset[UUID]]] = defaultdict(lambda: (frozenset(), frozenset()))
    if countries:
        for country, operation, out, kept in session.exec(_TAKING_PART, params={"countries": list(countries)}):
            inside, left = found[country]
            found[country] = (inside, left | {operation} if kept else left) if out else (inside | {operation}, left)
    return found
