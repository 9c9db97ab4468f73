"""Wall screens: read-only sessions that show the situation page of one operation and nothing else.

A person with the permission makes a link, which works once within 15 minutes, in the browser of the wall. The session
has no idle timeout: it ends after 7 days, when it is closed, and with the account that opened it. The actor of such a
session is bound to the operation (`Actor.only`): it reads no other one and no unit of work begins for it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.clock import now
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.people import Account, Actor, System
from operations.core.permissions import Act, Subject, may, require
from operations.core.sign_in import WALL, SignIn
from operations.core.store import Store, locked
from operations.policing.operation import membership, plan

LASTS = timedelta(minutes=15)
"""How long a link can be used."""

_UNKNOWN = N_("This link does not work, or a screen has already used it. Make a new one on the situation page.")
_LATE = N_("This link has expired: it is valid for 15 minutes. Make a new one on the situation page.")


@dataclass(frozen=True)
class Wall:
    """A wall screen, or a link not used yet; who opened it, and the operation that it shows."""

    entry: SignIn
    opened_by: Account
    operation: UUID

    @property
    def shows(self) -> bool:
        """Whether a screen has used the link."""
        return bool(self.entry.source)


def address(operation_id: UUID) -> str:
    """Return the address of the one page that such a session shows."""
    return f"/operations/{operation_id}/situation"


def operation_of(only: str) -> UUID:
    """Return the operation of an address that `address` made."""
    return UUID(only.split("/")[2])


def make_link(session: Session, operation_id: UUID, by: Actor) -> str:
    """Return the secret of a new link for one screen; only its hash is stored. Raises NotFound, NotPermitted."""
    operation = plan.operation(session, operation_id, by)
    require(by, Act.WALL_OPEN, plan.subject(operation))
    secret, at = secrets.token_urlsafe(32), now()
    made = SignIn(
        id=new_id(),
        token_hash=_hash(secret),
        account_id=by.account_id,
        created_at=at,
        last_seen_at=at,
        only=address(operation.id),
    )
    session.add(made)
    journal.record(session, by, "wall.open", "wall", made.id, operation=operation.id, chain=Chain.ACCESS)
    return secret


def enter(store: Store, secret: str, source: str = "", agent: str = "") -> tuple[str, str]:
    """Use a link: return the token for the browser of the wall, and the address that it shows. Raises RuleBroken."""
    token = secrets.token_urlsafe(32)
    with store.unit_of_work(System()) as session:
        entry = session.exec(locked(select(SignIn).where(SignIn.token_hash == _hash(secret.strip())))).one_or_none()
        account = session.get(Account, entry.account_id) if entry else None
        opener = membership.actor(session, account) if account else None
        by = wall_actor(opener, entry.only) if opener and entry and entry.only else None
        if entry is None or entry.only is None or entry.ended_at is not None or by is None:
            raise RuleBroken("", _UNKNOWN)
        if now() >= entry.created_at + LASTS:
            raise RuleBroken("", _LATE)
        entry.token_hash = hashlib.sha256(token.encode()).hexdigest()
        entry.created_at = entry.last_seen_at = now()
        entry.source, entry.agent = source[:64] or "-", agent[:200]
        session.add(entry)
        journal.record(
            session, by, "wall.enter", "wall", entry.id, operation=by.only, chain=Chain.ACCESS, source=entry.source
        )
        return token, entry.only


def wall_actor(by: Actor, only: str) -> Actor | None:
    """Return the actor of a session that shows `only`; None where its account may not open a screen there any more."""
    operation = operation_of(only)
    allowed = may(by, Act.WALL_OPEN, Subject(operation=operation))
    return replace(by, only=operation) if allowed else None


def own(session: Session, by: Actor) -> list[Wall]:
    """Return the screens and unused links of `by`, newest first."""
    return _found(session, by.account_id)


def all_walls(session: Session, by: Actor) -> list[Wall]:
    """Return all screens and unused links, newest first, for administrators. Raises NotPermitted."""
    require(by, Act.ACCOUNT_MANAGE, Subject())
    return _found(session, None)


def titles(session: Session, found: Sequence[Wall]) -> dict[UUID, str]:
    """Return the titles of the screens' operations that the asker may see."""
    shown = {each.operation for each in found}
    return {
        operation.id: operation.title
        for operation in session.exec(select(plan.Operation).where(col(plan.Operation.id).in_(shown)))
    }


def _found(session: Session, account_id: UUID | None) -> list[Wall]:
    query = (
        select(SignIn, Account)
        .where(
            SignIn.account_id == Account.id,
            col(SignIn.only).startswith("/operations/"),
            col(SignIn.ended_at).is_(None),
            SignIn.created_at > now() - WALL.absolute,
            (col(SignIn.source) != "") | (col(SignIn.created_at) > now() - LASTS),
        )
        .order_by(col(SignIn.created_at).desc())
    )
    if account_id is not None:
        query = query.where(SignIn.account_id == account_id)
    pairs: Sequence[tuple[SignIn, Account]] = session.exec(query).all()
    return [Wall(entry, account, operation_of(entry.only or "")) for entry, account in pairs if account.may_enter]


def _hash(secret: str) -> str:
    """Return the hash of a link's secret, prefixed so that the hash of a session token never matches it."""
    return hashlib.sha256(f"wall {secret}".encode()).hexdigest()
