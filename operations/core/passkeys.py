"""Passkeys: second factors that a device or a security key holds (WebAuthn). The database has their public halves.

A challenge is bound to the session that it was given to and holds for minutes; each passkey answers it once. Nothing of
it is stored: it carries its own time and seal.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import installation_key
from operations.core.clock import UtcDateTime, now
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account
from operations.core.rows import hold
from operations.core.store import locked
from operations.lazy_import import lazy_module

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import exceptions, structs
else:  # only who has a passkey needs them
    webauthn, structs, exceptions = (
        lazy_module(name) for name in ("webauthn", "webauthn.helpers.structs", "webauthn.helpers.exceptions")
    )

WITHIN = timedelta(minutes=5)
"""How long a challenge holds."""
MOST = 10
"""Passkeys of one account."""
_PURPOSE = "passkey"
_NONCE, _TIME = 16, 8


class Passkey(SQLModel, table=True):
    """A passkey of an account: its public key, how often it says it was used, and the name that its person gave it."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    credential: str = Field(unique=True, max_length=1400)
    public_key: str = Field(max_length=1400)
    uses: int = 0
    name: str = Field(max_length=60)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PasskeySite(NamedTuple):
    """The address that passkeys are for, and its name, which they are bound to."""

    origin: str
    name: str


def site(address: str) -> PasskeySite | None:
    """Return the site of an address; None where browsers know no passkeys: at a number, or without TLS."""
    parts = urlsplit(address)
    name = parts.hostname or ""
    with suppress(ValueError):
        ip_address(name)
        return None
    return PasskeySite(address.rstrip("/"), name) if name and (parts.scheme == "https" or name == "localhost") else None


# ------------------------------------------------------------------------------------------------- questions


def of(session: Session, account_id: UUID) -> Sequence[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    query = select(Passkey).where(Passkey.account_id == account_id)
    found: Sequence[Passkey] = session.exec(query.order_by(col(Passkey.made_at), col(Passkey.id))).all()
    return found


def creation(session: Session, account: Account, at: PasskeySite, bound: UUID) -> str:
    """Return what a browser needs to make a passkey, as JSON; `bound` is the session that asks."""
    known = [structs.PublicKeyCredentialDescriptor(id=_bytes(key.credential)) for key in of(session, account.id)]
    options = webauthn.generate_registration_options(
        rp_id=at.name,
        rp_name="Muster",
        user_id=account.id.bytes,
        user_name=account.username,
        user_display_name=account.name,
        challenge=_challenge("make", bound),
        exclude_credentials=known,
    )
    return str(webauthn.options_to_json(options))


def request(session: Session, account_id: UUID, at: PasskeySite, bound: UUID) -> str:
    """Return what a browser needs to use one of an account's passkeys, as JSON; "" where it has none."""
    known = [structs.PublicKeyCredentialDescriptor(id=_bytes(key.credential)) for key in of(session, account_id)]
    if not known:
        return ""
    options = webauthn.generate_authentication_options(
        rp_id=at.name, challenge=_challenge("use", bound), allow_credentials=known
    )
    return str(webauthn.options_to_json(options))


# ----------------------------------------------------------------------------------------------------- verbs


def register(session: Session, account_id: UUID, at: PasskeySite, bound: UUID, answer: str, name: str) -> Passkey:
    """Keep a passkey that a browser made. Raises RuleBroken for an answer that is none, or too late."""
    name = " ".join(name.split())[:60]
    if not name:
        raise RuleBroken("name", "Give the passkey a name, such as the device that holds it.")
    try:
        challenge, _at = _opened(answer, "make", bound)
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=at.name, expected_origin=at.origin
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        raise RuleBroken("", "This passkey was not accepted. Try again.") from None
    credential = _text(made.credential_id)
    if len(of(session, account_id)) >= MOST:
        raise RuleBroken("", "You have {most} passkeys. Remove one before you add another.", most=MOST)
    if session.exec(select(Passkey.id).where(Passkey.credential == credential)).first() is not None:
        raise RuleBroken("", "This passkey is registered already.")
    kept = Passkey(
        id=new_id(),
        account_id=account_id,
        credential=credential,
        public_key=_text(made.credential_public_key),
        uses=made.sign_count,
        name=name,
        made_at=now(),
    )
    session.add(kept)
    session.flush()
    return kept


def right(session: Session, account_id: UUID, at: PasskeySite, bound: UUID, answer: str, *, sure: bool = False) -> bool:
    """Return whether an answer is that of a passkey of this account, which it then has used once.

    `sure`: its device has to have asked for a PIN, a finger or a face.
    """
    try:
        challenge, issued = _opened(answer, "use", bound)
        told = str(json.loads(answer)["id"])
        query = select(Passkey).where(Passkey.account_id == account_id, Passkey.credential == told)
        kept: Passkey | None = session.exec(locked(query)).one_or_none()
        if kept is None or (kept.used_at is not None and kept.used_at >= issued):
            return False
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=at.name,
            expected_origin=at.origin,
            credential_public_key=_bytes(kept.public_key),
            credential_current_sign_count=kept.uses,
            require_user_verification=sure,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        return False
    kept.uses, kept.used_at = found.new_sign_count, now()
    session.add(kept)
    return True


def rename(session: Session, account_id: UUID, passkey_id: UUID, name: str) -> Passkey:
    """Give an own passkey another name. Raises NotFound."""
    kept = _own(session, account_id, passkey_id)
    kept.name = " ".join(name.split())[:60] or kept.name
    session.add(kept)
    return kept


def remove(session: Session, account_id: UUID, passkey_id: UUID) -> None:
    """Remove an own passkey. Raises NotFound."""
    session.delete(_own(session, account_id, passkey_id))
    session.flush()


def _own(session: Session, account_id: UUID, passkey_id: UUID) -> Passkey:
    kept = hold(session, Passkey, passkey_id)
    if kept.account_id != account_id:
        raise NotFound
    return kept


# ---------------------------------------------------------------------------------------------------- inside


def _challenge(what: str, bound: UUID) -> bytes:
    plain = secrets.token_bytes(_NONCE) + int(now().timestamp() * 1_000_000).to_bytes(_TIME, "big")
    return plain + _seal(what, bound, plain)


def _seal(what: str, bound: UUID, plain: bytes) -> bytes:
    return hmac.digest(installation_key.derived(_PURPOSE), f"{what}:{bound}:".encode() + plain, "sha256")


def _opened(answer: str, what: str, bound: UUID) -> tuple[bytes, datetime]:
    """Return the challenge of an answer, and when it was given. Raises ValueError for one that is not ours, or old."""
    said: dict[str, Any] = json.loads(_bytes(json.loads(answer)["response"]["clientDataJSON"]))
    challenge = _bytes(said["challenge"])
    plain, seal = challenge[: _NONCE + _TIME], challenge[_NONCE + _TIME :]
    issued = datetime.fromtimestamp(int.from_bytes(plain[_NONCE:], "big") / 1_000_000, UTC)
    if not hmac.compare_digest(seal, _seal(what, bound, plain)) or not issued <= now() <= issued + WITHIN:
        raise ValueError("a challenge of another session, or of before")
    return challenge, issued


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
