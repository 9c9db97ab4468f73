"""Federated identities: as whom an identity provider (OpenID Connect) knows the person of an account.

Whoever keeps an account binds it to the subject by hand, and nobody else: an identity that is bound to no account opens
none, and nothing that a provider says of a person changes what they may do.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now
from operations.core.errors import RuleBroken
from operations.core.people import Account, Actor
from operations.core.scope import scoped
from operations.core.second_factor import of_account
from operations.core.store import unscoped

LONGEST_SUBJECT = 255
"""Characters of a subject, as OpenID Connect Core 1.0 (section 2) says."""


class FederatedIdentity(SQLModel, table=True):
    """The identity of an account at a provider: its issuer, and the subject as which it knows the person."""

    __tablename__ = "federated_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_federated_identity_subject"),)
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    issuer: str = Field(max_length=200)
    subject: str = Field(max_length=LONGEST_SUBJECT)
    bound_at: datetime = Field(sa_type=UtcDateTime)


@scoped(FederatedIdentity)
def _identities_seen(actor: Actor) -> Any:
    return of_account(col(FederatedIdentity.account_id), actor)


def account_of(session: Session, issuer: str, subject: str) -> Account | None:
    """Return the account that is bound to a subject of an issuer; None where none is."""
    bound = FederatedIdentity.account_id == Account.id
    query = select(Account).where(bound, FederatedIdentity.issuer == issuer, FederatedIdentity.subject == subject)
    found: Account | None = session.exec(query).one_or_none()
    return found


def subjects(session: Session, accounts: Collection[UUID]) -> dict[UUID, str]:
    """Return the subject that each of these accounts is bound to; accounts without one are left out."""
    query = select(FederatedIdentity.account_id, FederatedIdentity.subject)
    return dict(session.exec(query.where(col(FederatedIdentity.account_id).in_(accounts))).all())


def bind(session: Session, account_id: UUID, issuer: str, subject: str) -> None:
    """Bind an account to a subject, in the place of the one before. Raises RuleBroken for a subject that is taken."""
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise RuleBroken(
            "", "Enter the identifier that the identity provider shows: 1 to {most} characters.", most=LONGEST_SUBJECT
        )
    held = select(FederatedIdentity.account_id).where(
        FederatedIdentity.issuer == issuer, FederatedIdentity.subject == subject
    )
    if session.exec(unscoped(held)).first() not in (None, account_id):
        raise RuleBroken("", "This identity is bound to another account. Take it from there first.")
    unbind(session, account_id)
    session.add(FederatedIdentity(account_id=account_id, issuer=issuer, subject=subject, bound_at=now()))
    session.flush()


def unbind(session: Session, account_id: UUID) -> bool:
    """Take the identity from an account. Return whether it had one."""
    kept = session.get(FederatedIdentity, account_id)
    if kept is not None:
        session.delete(kept)
        session.flush()
    return kept is not None
