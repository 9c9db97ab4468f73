"""The same person: the accounts that one person may be using, as the database knows it at this moment.

Whoever had a link in hand may have set the password and go on as that account, and with it make others. Until somebody
else has vouched for it, it is no other person than who handed it out. An account whose link nobody took up is nobody's.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from operations.core.people import Account, Actor

_ACCOUNT: sa.Table = Account.__table__  # type: ignore[attr-defined]
_ACCOUNTS: sa.BindParameter[list[UUID]] = sa.bindparam("accounts", expanding=True)
IN_OTHER_HANDS = (_ACCOUNT.c.handed_by.is_not(None), _ACCOUNT.c.vouched_by.is_(None), _ACCOUNT.c.password_hash != "")
"""SQL conditions: whoever had the link in hand by which somebody took the account up may be the one who uses it."""
_HANDED = sa.select(_ACCOUNT.c.id, _ACCOUNT.c.handed_by).where(*IN_OTHER_HANDS)
_NEAR = sa.union_all(_HANDED.where(_ACCOUNT.c.handed_by.in_(_ACCOUNTS)), _HANDED.where(_ACCOUNT.c.id.in_(_ACCOUNTS)))


def alike(connection: Connection, account_id: UUID) -> frozenset[UUID]:
    """The accounts that the person behind this one may be using, this one among them; empty where it stands alone.

    Only the own chain is followed.
    """
    found: set[UUID] = set()
    fresh = {account_id}
    while fresh:
        found |= fresh
        fresh = {each for pair in connection.execute(_NEAR, {"accounts": list(fresh)}) for each in pair} - found
    return frozenset(found) if len(found) > 1 else frozenset()


def alike_of_all(connection: Connection) -> dict[UUID, frozenset[UUID]]:
    """The same of all accounts that do not stand alone."""
    return _groups(tuple(pair) for pair in connection.execute(_HANDED))


def judging(session: Session, by: Actor) -> Actor:
    """`by` with the accounts that the same person may be using as of now: for four eyes, once the rows are held.

    Another unit of work may have linked accounts since this one began, while it waited for what that one held.
    """
    session.flush()
    return replace(by, alike=by.alike | alike(session.connection(), by.account_id))


def _groups(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for pair in pairs:
        group = set().union(*(found.get(each, {each}) for each in pair))
        found.update(dict.fromkeys(group, group))
    return {each: frozenset(group) for each, group in found.items()}
