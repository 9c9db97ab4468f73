"""Search of rows by name, for fields that choose among more than a field can list."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlmodel import Session, col, or_

from operations.core.people import Account
from operations.core.vocabulary import Role

MOST_FOUND = 50
"""The most rows that one search answers."""
T = TypeVar("T")


@dataclass(frozen=True)
class NameSearch:
    """What is looked for: `typed` in a name. Those `chosen` are found in any case."""

    typed: str = ""
    chosen: Collection[UUID] = ()


@dataclass(frozen=True)
class AccountSearch(NameSearch):
    """What is looked for among people: `typed` in a name, or one of `roles`."""

    roles: Collection[Role] = ()


@dataclass(frozen=True)
class SearchResult(Generic[T]):
    """The first rows, by name, that a search found, after those chosen before. `more`: there are others."""

    rows: list[T]
    more: bool


def search(session: Session, among: Any, model: Any, asked: NameSearch, *others: Any) -> SearchResult[Any]:
    """Search a query of `model` by name, or by one of the conditions `others`.

    At most `MOST_FOUND` are answered beside those chosen.
    """
    query = among.order_by(col(model.name), col(model.id))
    chosen = list(session.exec(query.where(col(model.id).in_(asked.chosen)))) if asked.chosen else []
    if typed := asked.typed:
        spelt = {typed, typed.lower(), typed.upper(), typed.title()}  # SQLite knows the cases of ASCII letters alone
        query = query.where(or_(*(col(model.name).icontains(each, autoescape=True) for each in spelt), *others))
    found = session.exec(query.limit(MOST_FOUND + 1)).all()
    listed = list(found[:MOST_FOUND])
    return SearchResult([*(each for each in chosen if each not in listed), *listed], len(found) > MOST_FOUND)


def search_accounts(session: Session, among: Any, asked: AccountSearch) -> SearchResult[Account]:
    """Search a query of accounts by name and role."""
    return search(session, among, Account, asked, col(Account.role).in_([role.value for role in asked.roles]))
