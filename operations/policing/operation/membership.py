"""Actors: builds the `Actor` of an account, with the operations it works for at this moment.

An officer of a country works for the operations that the country was invited to and has not declined or left; a person
of a central role for those it is assigned to. An account that may not be used has no actor.

Assignments and postings begin and end by themselves: their days are official days of the operation, in its zone and
from its cut on, wherever a site lies, because reports are counted by the same days. A person asks with the reach of the
moment at which the request begins, and no longer than it lasts: each transaction reads it anew (`scope`).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session, col, select

from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.name_search import AccountSearch, SearchResult, search_accounts
from operations.core.people import NATIONAL_ROLES, Account, Actor, Assignment, Posting, ahead, begun, in_effect
from operations.core.same_person import IN_OTHER_HANDS, alike, alike_of_all
from operations.core.scope import identifies
from operations.core.sign_in import SignIn, Visit, seen_since
from operations.core.vocabulary import Classification, Role
from operations.policing.operation.plan import OUT, Participation

_IDLE = (Role.LEADERSHIP.value, Role.AUDITOR.value, Role.ADMINISTRATOR.value, Role.RIGHTS_OFFICER.value)


def actor(session: Session, account: Account) -> Actor | None:
    """The actor behind an account, or None when nobody may act with it now."""
    session.flush()
    connection = session.connection()
    return next(iter(_actors(connection, [account], {account.id: alike(connection, account.id)})), None)


def actors(session: Session, accounts: Iterable[Account]) -> list[Actor]:
    """The actors behind many accounts, in few questions; those with which nobody may act now are left out."""
    session.flush()
    connection = session.connection()
    return _actors(connection, [*accounts], alike_of_all(connection))


def signed_in(session: Session, visit: Visit) -> Actor | None:
    """The actor of a browser's session, which each of its transactions reads anew; None as for `actor`."""
    session.flush()
    entry, limits = visit.sign_in, visit.limits
    ends = entry.created_at + limits.absolute
    person = replace(
        _person(visit.account),
        sign_in_id=entry.id,
        idle=limits.idle,
        session_ends=ends,
        proven_at=entry.proven_at or entry.created_at,
    )
    return _read_anew(session.connection(), person)


@identifies
def _read_anew(connection: Connection, by: Actor) -> Actor | None:
    """The person of a browser's session as of this transaction, by one question; None where the session has ended."""
    if by.session_ends is not None and by.session_ends <= now():
        return None
    found: defaultdict[str, list[Any]] = defaultdict(list)
    values = {"account": by.account_id, "country": by.country or "", "sign_in": by.sign_in_id, "moment": now()}
    values["seen_since"] = seen_since(by.sign_in_id, by.idle)
    for row in connection.execute(_FACTS, values):
        found[row[0]].append(row)
    if not found["account"]:
        return None
    [(_, _, _, role, country, clearance)] = found["account"]
    return replace(
        by,
        role=Role(role),
        country=country,
        clearance=Classification(clearance),
        alike=alike(connection, by.account_id) if found["alike"] else frozenset(),
        **_reach(
            Role(role) in NATIONAL_ROLES,
            [(site, holds) for _, site, holds, *_ in found["posting"]],
            [(operation, json.loads(countries)) for _, operation, _, countries, *_ in found["assignment"]],
            {operation for _, operation, out, *_ in found["participation"] if not out},
            {operation for _, operation, out, *_ in found["participation"] if out},
        ),
    )


def _actors(connection: Connection, accounts: Sequence[Account], alike: Mapping[UUID, frozenset[UUID]]) -> list[Actor]:
    moment, accounts = now(), [each for each in accounts if each.may_enter]
    national = {each.id for each in accounts if each.role in NATIONAL_ROLES}
    posted = _by_account(connection, _POSTED, national, moment)
    assigned = _by_account(connection, _ASSIGNED, {each.id for each in accounts} - national, moment)
    joined_by = _of_countries(connection, {str(each.country) for each in accounts if each.id in national})

    def made(account: Account) -> Actor:
        reach = _reach(
            account.id in national, posted[account.id], assigned[account.id], *joined_by[str(account.country)]
        )
        return replace(_person(account), alike=alike.get(account.id, frozenset()), **reach)

    return [made(each) for each in accounts]


def _person(account: Account) -> Actor:
    """The person of an account, without any reach."""
    return Actor(
        account_id=account.id,
        name=account.name,
        role=Role(account.role),
        country=account.country,
        clearance=Classification(account.clearance),
        language=account.language,
    )


def _reach(
    national: bool,
    sites: Sequence[tuple[UUID, bool]],
    work: Sequence[tuple[UUID, Sequence[str]]],
    inside: Set[UUID],
    left: Set[UUID],
) -> dict[str, Any]:
    """How far an actor reaches: by postings and by what the country takes part in, or by assignments."""
    return {
        "operations": frozenset(inside if national else (operation for operation, _ in work)),
        "sites": frozenset(site for site, holds in sites if holds),
        "posted": bool(sites),
        "serves": frozenset((operation, country) for operation, countries in work for country in countries),
        "left": frozenset(left if national else ()),
    }


# Whoever asks anything is asked for by these: they are put together once, for that takes longer than to answer them.
_MOMENT: Any = sa.bindparam("moment")
_ACCOUNTS: Any = sa.bindparam("accounts", expanding=True)
_POSTED = select(Posting.account_id, Posting.site_id, ahead(Posting, _MOMENT)).where(
    begun(Posting, _MOMENT), col(Posting.account_id).in_(_ACCOUNTS)
)
_ASSIGNED = select(Assignment.account_id, Assignment.operation_id, Assignment.countries).where(
    in_effect(Assignment, _MOMENT), col(Assignment.account_id).in_(_ACCOUNTS)
)
_TAKING_PART = select(
    Participation.country, Participation.operation_id, col(Participation.state).in_(OUT), Participation.kept
).where(col(Participation.country).in_(sa.bindparam("countries", expanding=True)))
_ACCOUNT: sa.Table = Account.__table__  # type: ignore[attr-defined]
_OWN: Any = sa.bindparam("account")


def _among(column: Any, words: Iterable[str]) -> Any:
    """An SQL condition without values, which would have to be put in each time."""
    return sa.or_(*(column == sa.literal_column(f"'{word}'") for word in sorted(words)))


def _fact(kind: str, ident: Any, flag: Any, *words: Any) -> Any:
    """A row of `_FACTS`: what it is about, which one, whether, and up to three texts."""
    texts = [sa.cast(each, sa.Text) for each in (*words, *[sa.null()] * (3 - len(words)))]
    return sa.select(sa.literal_column(f"'{kind}'"), ident, sa.cast(flag, sa.Boolean), *texts)


_NATIONAL = _among(_ACCOUNT.c.role, NATIONAL_ROLES)
_OUT = _among(Participation.state, OUT)
_FACTS = sa.union_all(
    _fact("account", _ACCOUNT.c.id, sa.true(), _ACCOUNT.c.role, _ACCOUNT.c.country, _ACCOUNT.c.clearance).where(
        _ACCOUNT.c.id == _OWN,
        _ACCOUNT.c.disabled_at.is_(None),
        _ACCOUNT.c.proposed_by.is_(None),
        _ACCOUNT.c.expires_at.is_(None) | (_ACCOUNT.c.expires_at > _MOMENT),
        col(SignIn.id) == sa.bindparam("sign_in"),
        col(SignIn.account_id) == _ACCOUNT.c.id,
        col(SignIn.ended_at).is_(None),
        ~col(SignIn.factor_due),
        col(SignIn.last_seen_at) > sa.bindparam("seen_since"),
    ),
    _fact("posting", Posting.site_id, ahead(Posting, _MOMENT)).where(
        _ACCOUNT.c.id == _OWN, _NATIONAL, col(Posting.account_id) == _ACCOUNT.c.id, begun(Posting, _MOMENT)
    ),
    _fact("assignment", Assignment.operation_id, sa.true(), Assignment.countries).where(
        _ACCOUNT.c.id == _OWN, ~_NATIONAL, col(Assignment.account_id) == _ACCOUNT.c.id, in_effect(Assignment, _MOMENT)
    ),
    _fact("participation", Participation.operation_id, _OUT).where(
        col(Participation.country) == sa.bindparam("country"), ~_OUT | (col(Participation.kept) != "")
    ),
    *(
        _fact("alike", _ACCOUNT.c.id, sa.true()).where(side == _OWN, *IN_OTHER_HANDS)
        for side in (_ACCOUNT.c.id, _ACCOUNT.c.handed_by)
    ),
)


def _by_account(
    connection: Connection, periods: Any, accounts: Collection[UUID], moment: datetime
) -> defaultdict[UUID, list[tuple[Any, ...]]]:
    """Return the columns of these accounts' periods in force at the moment, by account."""
    found: defaultdict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    if accounts:
        for account, *rest in connection.execute(periods, {"moment": moment, "accounts": list(accounts)}):
            found[account].append(tuple(rest))
    return found


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


def operation_accounts(
    session: Session, operation_id: UUID, countries: Iterable[str], asked: AccountSearch
) -> SearchResult[Account]:
    """Search the accounts of the operation's centre and of `countries` that the asker may know."""
    return search_accounts(session, _accounts_of([operation_id], countries), asked)


def names(session: Session, operation_id: UUID, countries: Iterable[str], ids: Set[UUID | None]) -> dict[UUID, str]:
    """Return the names by id of those of `ids` whom `operation_accounts` would find."""
    named = _accounts_of([operation_id], countries).where(col(Account.id).in_(ids - {None}))
    return {each.id: each.name for each in session.exec(named)}


def known_colleagues(
    session: Session, operations: Collection[UUID], countries: Iterable[str], by: Actor, asked: AccountSearch
) -> SearchResult[Account]:
    """Search the accounts of the centres of operations and of `countries`, without one's own."""
    among = _accounts_of(operations, countries).where(Account.id != by.account_id)
    return search_accounts(session, among, asked)


def _accounts_of(operations: Collection[UUID], countries: Iterable[str]) -> Any:
    query = select(Account).where(col(Account.disabled_at).is_(None), col(Account.role).not_in(_IDLE))
    assigned = select(Assignment.account_id).where(col(Assignment.operation_id).in_(operations))
    assigned = assigned.where(in_effect(Assignment, now()))
    national = col(Account.role).in_([role.value for role in NATIONAL_ROLES]) & col(Account.country).in_(countries)
    return query.where(national | col(Account.id).in_(assigned))


def _of_countries(
    connection: Connection, countries: Collection[str]
) -> defaultdict[str, tuple[frozenset[UUID], frozenset[UUID]]]:
    """Return by country the operations it takes part in or is invited to, and those that it left and may still read."""
    found: defaultdict[str, tuple[frozenset[UUID], frozenset[UUID]]] = defaultdict(lambda: (frozenset(), frozenset()))
    if countries:
        for country, operation, out, kept in connection.execute(_TAKING_PART, {"countries": list(countries)}):
            inside, left = found[country]
            found[country] = (inside, left | {operation} if kept else left) if out else (inside | {operation}, left)
    return found
