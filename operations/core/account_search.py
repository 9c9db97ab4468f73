"""Search of accounts by name and role, for fields that choose people among more than a field can list."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_

from operations.core.people import Account
from operations.core.vocabulary import Role

MOST_FOUND = 50
"""The most people that one search answers."""


@dataclass(frozen=True)
class AccountSearch:
    """What is looked for: `typed` in a name, or one of `roles`. Those `chosen` are found in any case."""

    typed: str = ""
    roles: Collection[Role] = ()
    chosen: Collection[UUID] = ()


@dataclass(frozen=True)
class FoundAccounts:
    """The first accounts, by name, that a search found, after those chosen before. `more`: there are others."""

    accounts: list[Account]
    more: bool


def search(session: Session, among: Any, asked: AccountSearch) -> FoundAccounts:
    """Search a query of accounts. At most `MOST_FOUND` beside those chosen."""
    query = among.order_by(col(Account.name), col(Account.id))
    typed = asked.typed
    spelt = {typed, typed.lower(), typed.upper(), typed.title()}  # SQLite knows the cases of ASCII letters alone
    named = or_(
        *(col(Account.name).icontains(each, autoescape=True) for each in spelt),
        col(Account.role).in_([role.value for role in asked.roles]),
    )
    found = session.exec(query.where(named).limit(MOST_FOUND + 1)).all()
    kept = session.exec(query.where(col(Account.id).in_(asked.chosen))).all() if asked.chosen else []
    listed = list(found[:MOST_FOUND])
    return FoundAccounts([*(each for each in kept if each not in listed), *listed], len(found) > MOST_FOUND)
