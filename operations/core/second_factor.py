"""The second factor of an account: one-time codes of an app (TOTP, RFC 6238), passkeys (`passkeys`), or both.

Recovery codes let in whoever lost them. The secret of the app is sealed under the key of the installation; recovery
codes are kept as digests. No code is taken twice.
"""

import re
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

import pyotp
from sqlalchemy import true
from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from operations.core import installation_key, passkeys
from operations.core.clock import UtcDateTime, now
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.passkeys import Passkey, PasskeySite
from operations.core.people import Account, Actor
from operations.core.permissions import Act, may
from operations.core.scope import scoped
from operations.core.sign_in_throttle import sha256
from operations.core.store import locked

RECOVERY_CODES = 10
PERIOD = 30
"""Seconds for which an app shows a code."""
_PURPOSE = "second factor"
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class SecondFactor(SQLModel, table=True):
    """The app of an account, and the last step of time of which a code was taken. It holds once it is confirmed."""

    __tablename__ = "second_factor"
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    sealed: str = Field(max_length=200)
    made_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_step: int = 0


class RecoveryCode(SQLModel, table=True):
    """A recovery code, which lets its person in once."""

    __tablename__ = "recovery_code"
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    digest: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@scoped(SecondFactor)
def _factors_seen(actor: Actor) -> Any:
    return of_account(col(SecondFactor.account_id), actor)


@scoped(RecoveryCode)
def _codes_seen(actor: Actor) -> Any:
    return of_account(col(RecoveryCode.account_id), actor)


@scoped(Passkey)
def _passkeys_seen(actor: Actor) -> Any:
    return of_account(col(Passkey.account_id), actor)


def of_account(column: Any, actor: Actor) -> Any:
    """Return whose credential is seen: one's own, and those of accounts that one manages."""
    own = column == actor.account_id
    if not may(actor, Act.ACCOUNT_MANAGE):
        return own
    theirs = select(Account.id).where(Account.country == actor.country)
    return own | column.in_(theirs) if actor.national else true()


def confirmed(session: Session, account_id: UUID) -> bool:
    """Return whether an account has a second factor: an app, or a passkey."""
    return has_app(session, account_id) or bool(passkeys.of(session, account_id))


def has_app(session: Session, account_id: UUID) -> bool:
    """Return whether an account has an app for one-time codes."""
    query = select(SecondFactor.account_id).where(
        SecondFactor.account_id == account_id, col(SecondFactor.confirmed_at).is_not(None)
    )
    return session.exec(query).first() is not None


def holders(session: Session) -> frozenset[UUID]:
    """Return the accounts that have a second factor."""
    apps = session.exec(select(SecondFactor.account_id).where(col(SecondFactor.confirmed_at).is_not(None)))
    return frozenset(apps) | frozenset(session.exec(select(Passkey.account_id)))


def codes_left(session: Session, account_id: UUID) -> int:
    """Return how many recovery codes are unused."""
    unused = select(func.count()).where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(unused).one()


def begin(session: Session, account: Account) -> str:
    """Return the secret that an app is to be given: the same until it is confirmed, so that two tabs show one."""
    kept = session.get(SecondFactor, account.id)
    if kept is not None and kept.confirmed_at is not None:
        raise RuleBroken("", "This account has an app already. Remove it before you set up another.")
    if kept is not None:
        return installation_key.opened(_PURPOSE, kept.sealed, str(account.id))
    secret = pyotp.random_base32()
    sealed = installation_key.sealed(_PURPOSE, secret, str(account.id))
    session.add(SecondFactor(account_id=account.id, sealed=sealed, made_at=now()))
    session.flush()
    return secret


def address(account: Account, secret: str) -> str:
    """Return the address that an app reads from a QR code."""
    return pyotp.TOTP(secret, interval=PERIOD).provisioning_uri(name=account.username, issuer_name="Muster")


def confirm(session: Session, account_id: UUID, code: str) -> list[str] | None:
    """Confirm the app by its first code. Return the recovery codes, which are shown once; None for a wrong code."""
    kept = _held(session, account_id)
    if kept is None or kept.confirmed_at is not None or not _taken(kept, code):
        return None
    kept.confirmed_at = now()
    session.add(kept)
    return _new_codes(session, account_id)


def _new_codes(session: Session, account_id: UUID) -> list[str]:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    made = ["".join(secrets.choice(_LETTERS) for _letter in range(10)) for _code in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(id=new_id(), account_id=account_id, digest=sha256(code)) for code in made)
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in made]


def add_passkey(
    session: Session, account_id: UUID, at: PasskeySite, bound: UUID, answer: str, name: str
) -> tuple[Passkey, list[str]]:
    """Keep a passkey. Return it, and recovery codes where it is the first second factor of the account."""
    first = not confirmed(session, account_id)
    kept = passkeys.register(session, account_id, at, bound, answer, name)
    return kept, _new_codes(session, account_id) if first else []


def right(session: Session, account_id: UUID, code: str) -> bool:
    """Return whether a code of the app, or a recovery code, is right; it is used up then."""
    kept = _held(session, account_id)
    if kept is not None and kept.confirmed_at is not None and _taken(kept, code):
        session.add(kept)
        return True
    plain = re.sub(r"[\s-]", "", code).upper()
    query = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.digest == sha256(plain),
        col(RecoveryCode.used_at).is_(None),
    )
    recovery = session.exec(locked(query)).first()
    if recovery is None:
        return False
    recovery.used_at = now()
    session.add(recovery)
    return True


def remove(session: Session, account_id: UUID) -> bool:
    """Remove every second factor and the recovery codes. Return whether there was one."""
    there = confirmed(session, account_id)
    for table in (RecoveryCode, SecondFactor, Passkey):
        session.execute(delete(table).where(col(table.account_id) == account_id))
    return there


def remove_one(session: Session, account_id: UUID, passkey_id: UUID | None, needed: bool) -> bool:
    """Remove the app, or a passkey, and with the last of them the recovery codes. Return whether it was there.

    Raises RuleBroken for the last one where the role needs one.
    """
    held = len(passkeys.of(session, account_id)) + has_app(session, account_id)
    if needed and held <= 1:
        raise RuleBroken("", "Your role needs a second factor. You cannot remove the last one.")
    if passkey_id is not None:
        passkeys.remove(session, account_id, passkey_id)
    elif not has_app(session, account_id):
        return False
    else:
        session.execute(delete(SecondFactor).where(col(SecondFactor.account_id) == account_id))
    if held <= 1:
        session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    return True


def _held(session: Session, account_id: UUID) -> SecondFactor | None:
    query = locked(select(SecondFactor).where(SecondFactor.account_id == account_id))
    held: SecondFactor | None = session.exec(query).one_or_none()
    return held


def _taken(kept: SecondFactor, code: str) -> bool:
    """Whether a code is of now, or of the step before or after it, and of a later step than the last that was taken."""
    digits = re.sub(r"\s", "", code)
    app = pyotp.TOTP(installation_key.opened(_PURPOSE, kept.sealed, str(kept.account_id)), interval=PERIOD)
    here = int(now().timestamp()) // PERIOD
    for step in (here, here - 1, here + 1):
        if step > kept.last_step and secrets.compare_digest(app.at(step * PERIOD).encode(), digits.encode()):
            kept.last_step = step
            return True
    return False
