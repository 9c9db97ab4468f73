"""Sign-in: password checks, server-side sessions, and throttled guessing.

A session is a random token of 256 bits held by the browser; the database holds only its SHA-256. Signing out, a new
password, a disabled account and both time limits end it at the next request, wherever the cookie was copied.

Checking a password takes a moment of a core, so `sign_in` takes the store and opens its own short units of work: no
other writer waits for a hash, and a failure is recorded although it is refused.
"""

import functools
import secrets
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import (
    deferred_writes,
    failed_sign_ins,
    federated_identities,
    journal,
    passkeys,
    passwords,
    proof,
    second_factor,
    sign_in_throttle,
)
from operations.core.clock import UtcDateTime, now
from operations.core.errors import NotFound, RuleBroken, existing
from operations.core.field_labels import N_
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.passkeys import PasskeySite
from operations.core.people import Account, Actor, System
from operations.core.permissions import Act, Subject, require
from operations.core.sign_in_throttle import sha256
from operations.core.store import Store
from operations.core.vocabulary import Role

KNOWN_SOURCE = timedelta(days=30)
TOUCH_EVERY = timedelta(minutes=1)

_WRONG = "User name and password do not belong together."
_UNCONFIRMED = N_("Your account waits until a second person confirms it. Ask whoever invited you.")
_CLOSED = N_(
    "This account is closed. What you typed is kept in the browser in which you typed it: ask whoever keeps your "
    "account to open it again."
)
_UNBOUND = N_("No account of Muster is bound to you. Give this identifier to whoever keeps your account: {subject}")
_OVER = N_("The mandate of this account is over. Ask whoever keeps your account for another end.")


@dataclass(frozen=True)
class SessionLimits:
    """The lifetime of a session: without a request, and in all."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


API = "/api/v1"
"""The address that the session of an API token opens (`operations.exchange.api_tokens`), and no other."""
WALL = SessionLimits(idle=timedelta(days=7), absolute=timedelta(days=7))
"""The lifetime of a wall screen, which nobody touches."""


# ---------------------------------------------------------------------------------------------------- tables


class SignIn(SQLModel, table=True):
    """A session of an account. `source` is the network address, `agent` the browser's user agent.

    `only`: the one address that a wall screen shows (`operations.policing.operation.wall_screens`); there is no source
    until the screen has opened its link. Of an API token it is `API`. `factor_due`: the password was right, and the
    second factor is still asked for; such a session opens nothing. `proven_at`: when the person last gave the password
    again.
    """

    __tablename__ = "sign_in"
    id: UUID = Field(primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    source: str = Field(default="", max_length=64)
    agent: str = Field(default="", max_length=200)
    only: str | None = Field(default=None, max_length=120)
    factor_due: bool = False
    proven_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# ---------------------------------------------------------------------------------------------------- sessions


def account_named(session: Session, username: str) -> Account | None:
    """Return the account of this name if the asker may see it."""
    return session.exec(select(Account).where(Account.username == username)).one_or_none()


def _known(session: Session, account: Account | None, source: str) -> bool:
    """Whether somebody signed in to this account from this source during the last 30 days."""
    if account is None:
        return False
    query = select(SignIn.id).where(
        SignIn.account_id == account.id,
        SignIn.source == source,
        SignIn.created_at > now() - KNOWN_SOURCE,
        col(SignIn.only).is_(None),
        ~col(SignIn.factor_due),
    )
    return session.exec(query.limit(1)).first() is not None


def _note(session: Session, account: Account | None, outcome: str, source: str, **said: Any) -> None:
    """Add a sign-in to the access trail. Unknown user names are not stored there."""
    journal.record(
        session,
        System(),
        "account.sign_in",
        "account",
        account.id if account else None,
        country=account.country if account else None,
        outcome=outcome,
        chain=Chain.ACCESS,
        source=source,
        **said,
    )


def sign_in(
    store: Store,
    username: str,
    password: str,
    source: str = "",
    agent: str = "",
    slow: bool = False,
    demands: frozenset[Role] = frozenset(),
) -> str:
    """Check a password and open a session. Return the token for the browser, a new one at each sign-in.

    A session of an account that has a second factor, or whose role `demands` one, opens nothing until `complete`.

    `slow`: the caller answers after some seconds whatever comes of it, so that no hash is spent on unknown names.
    Raises RuleBroken, with the same words for an unknown user and a wrong password (with others for who knows the
    password of an account that is closed, over or not confirmed yet), or Hasty. Every session that is opened is in the
    access trail when this returns; what is refused is there one by one or counted (see `failed_sign_ins`).
    """
    username, source, agent = username.strip().casefold(), source[:64], agent[:200]
    refused = failed_sign_ins.of(store)
    with store.reading(System()) as session:
        account = account_named(session, username)
        known = functools.partial(_known, session, account, source)
        try:
            sign_in_throttle.refuse_haste(session, username, source, known)
        except sign_in_throttle.Hasty:
            refused.count(source, "denied")
            raise

    spared = slow and account is None
    right = not spared and passwords.matches(password, account.password_hash if account else None)
    fresh = passwords.hashed(password) if right and account and passwords.outdated(account.password_hash) else None
    token, why = None, _WRONG
    with store.unit_of_work(System()) as session:
        account = account_named(session, username)
        if account and right and not account.may_enter:
            why = _why_outside(account)
        if account is None or not right or not account.may_enter:
            sign_in_throttle.note_failure(session, username, source)
            if account is not None and refused.entry_of_its_own():
                _note(session, account, "failed", source)
            else:
                refused.count(source, "failed")
        else:
            account.password_hash = fresh or account.password_hash
            token, due = _opened(session, account, source, agent, demands)
            if not due:
                sign_in_throttle.forget_failures(session, username, source)
                _note(session, account, "done", source)
    if token is None:
        raise RuleBroken("", why)
    return token


def _why_outside(account: Account) -> str:
    """Return why an account that is proven may not enter."""
    unconfirmed = _UNCONFIRMED if account.proposed_by is not None else _OVER
    return unconfirmed if account.disabled_at is None else _CLOSED


def _opened(
    session: Session, account: Account, source: str, agent: str, demands: frozenset[Role], **more: Any
) -> tuple[str, bool]:
    """Open a session. Return its token, and whether it opens nothing before its second factor."""
    token = secrets.token_urlsafe(32)
    due = account.role in demands or second_factor.confirmed(session, account.id)
    about = {"account_id": account.id, "source": source, "agent": agent, "factor_due": due, **more}
    session.add(SignIn(id=new_id(), token_hash=sha256(token), created_at=now(), last_seen_at=now(), **about))
    return token, due


def sign_in_by_identity(
    store: Store,
    issuer: str,
    subject: str,
    source: str = "",
    agent: str = "",
    demands: frozenset[Role] = frozenset(),
) -> "Completed":
    """Open a session for the account that is bound to a subject of an identity provider, which the caller has verified.

    It waits for the second factor as after a password, and proves nothing before what asks for the password again.
    Raises RuleBroken for a subject that no account is bound to, and for an account that is closed, over or unconfirmed.
    """
    source, agent = source[:64], agent[:200]
    with store.unit_of_work(System()) as session:
        account = federated_identities.account_of(session, issuer, subject)
        entered = account is not None and account.may_enter
        if account is None:
            failed_sign_ins.of(store).count(source, "failed")
        elif not entered:
            _note(session, account, "failed", source, federated=True)
        else:
            unproven = now() - proof.FRESH
            token, due = _opened(session, account, source, agent, demands, proven_at=unproven)
            if not due:
                _note(session, account, "done", source, federated=True)
    if account is None:
        raise RuleBroken("", _UNBOUND, subject=subject)
    if not entered:
        raise RuleBroken("", _why_outside(account))
    return Completed(token, account, [])


CODE_WITHIN = timedelta(minutes=10)
"""How long after the password a code is taken."""
_WRONG_CODE = N_("This code is not right. Wait for the next one of your app, or use a recovery code.")
_WRONG_PASSKEY = N_("This passkey was not accepted. Try again, or use a code.")
_TOO_LATE = N_("This took too long. Sign in again.")


class Pending(NamedTuple):
    """A session that waits for its second factor: the account, whether it has one, and the secret to set one up.

    `app`: it has an app for codes. `passkey` is what a browser needs to use a passkey, or to make the first one.
    """

    account: Account
    enrolled: bool
    secret: str
    app: bool = False
    passkey: str = ""


def _pending(session: Session, token: str) -> tuple[SignIn, Account] | None:
    query = select(SignIn, Account).where(
        SignIn.token_hash == sha256(token),
        SignIn.account_id == Account.id,
        col(SignIn.factor_due),
        col(SignIn.ended_at).is_(None),
        SignIn.created_at > now() - CODE_WITHIN,
    )
    found = session.exec(query).first()
    return (found[0], found[1]) if found is not None and found[1].may_enter else None


def pending(store: Store, token: str, at: PasskeySite | None = None) -> Pending | None:
    """Return what the session of this token waits for; None where it waits for nothing. `at`: where passkeys hold."""
    with store.reading(System()) as session:
        found = _pending(session, token)
        if found is None:
            return None
        entry, account = found
        if second_factor.confirmed(session, account.id):
            asked = passkeys.request(session, account.id, at, entry.id) if at else ""
            return Pending(account, True, "", second_factor.has_app(session, account.id), asked)
    with store.unit_of_work(System()) as session:
        found = _pending(session, token)
        if found is None:
            return None
        entry, account = found
        made = passkeys.creation(session, account, at, entry.id) if at else ""
        return Pending(account, enrolled=False, secret=second_factor.begin(session, account), passkey=made)


class Completed(NamedTuple):
    """A session that opens Muster: its new token, its account, and recovery codes where the factor was just set up."""

    token: str
    account: Account
    codes: list[str]


class PasskeyAnswer(NamedTuple):
    """What a browser answered, where, and the name for a passkey that is new."""

    at: PasskeySite
    said: str
    name: str = ""


def complete(store: Store, token: str, code: str, passkey: PasskeyAnswer | None = None) -> Completed:
    """Open the session of this token by a code of the second factor, which is set up by its first code, or a passkey.

    Raises RuleBroken for a wrong code, and Hasty: tries are counted with those of the password.
    """
    codes: list[str] | None = []
    with store.unit_of_work(System()) as session:
        found = _pending(session, token)
        if found is None:
            raise RuleBroken("", _TOO_LATE)
        entry, account = found
        known = functools.partial(_known, session, account, entry.source)
        sign_in_throttle.refuse_haste(session, account.username, entry.source, known, "code")
        if second_factor.confirmed(session, account.id):
            proven = _factor_right(session, entry, code, passkey)
        elif passkey is not None:
            _kept, codes = second_factor.add_passkey(
                session, account.id, passkey.at, entry.id, passkey.said, passkey.name
            )
            proven = True
        else:
            codes = second_factor.confirm(session, account.id, code)
            proven = codes is not None
        if proven:
            fresh = secrets.token_urlsafe(32)
            entry.token_hash, entry.factor_due, entry.last_seen_at = sha256(fresh), False, now()
            session.add(entry)
            sign_in_throttle.forget_failures(session, account.username, entry.source)
            _note(session, account, "done", entry.source)
            if codes:
                _factor(session, account, System(), "account.factor_set")
        else:
            sign_in_throttle.note_failure(session, account.username, entry.source)
            _note(session, account, "failed", entry.source)
    if not proven:
        raise RuleBroken("code", _WRONG_CODE if passkey is None else _WRONG_PASSKEY)
    return Completed(fresh, account, codes or [])


def _factor_right(
    session: Session, entry: SignIn, code: str, passkey: PasskeyAnswer | None, *, sure: bool = False
) -> bool:
    if passkey is None:
        return second_factor.right(session, entry.account_id, code)
    return passkeys.right(session, entry.account_id, passkey.at, entry.id, passkey.said, sure=sure)


def _factor(session: Session, account: Account, by: Actor | System, act: str) -> None:
    journal.record(session, by, act, "account", account.id, country=account.country, chain=Chain.ACCESS)


@dataclass(frozen=True)
class Visit:
    """A live session and its account, and how long it lives."""

    sign_in: SignIn
    account: Account
    limits: SessionLimits = SessionLimits()


def visit(session: Session, token: str, limits: SessionLimits = SessionLimits()) -> Visit | None:
    """Return the session and account of this token, or None if it has ended or expired, or its account is closed."""
    return visits(session, [token], limits).get(token)


_HELD = select(SignIn, Account).where(
    col(SignIn.token_hash).in_(bindparam("hashes", expanding=True)), SignIn.account_id == Account.id
)


def visits(session: Session, tokens: Iterable[str], limits: SessionLimits = SessionLimits()) -> dict[str, Visit]:
    """Return the session and account of each of these tokens that `visit` accepts."""
    by_hash = {sha256(token): token for token in tokens}
    rows_of = session.exec(_HELD, params={"hashes": list(by_hash)})
    return {
        by_hash[entry.token_hash]: Visit(entry, account, limits if entry.only is None else WALL)
        for entry, account in rows_of
        if account.may_enter and _lives(entry, limits if entry.only is None else WALL)
    }


def _lives(entry: SignIn, limits: SessionLimits) -> bool:
    return (
        entry.ended_at is None
        and not entry.factor_due
        and (entry.only is None or entry.source != "")
        and entry.last_seen_at > seen_since(entry.id, limits.idle)
        and now() < entry.created_at + limits.absolute
    )


_EVER = datetime.min.replace(tzinfo=UTC)


def seen_since(sign_in_id: UUID | None, idle: timedelta | None) -> datetime:
    """Return after which moment the stored `last_seen_at` of a session that lives must lie.

    It is any moment where this process knows of a later request that is not stored yet.
    """
    if idle is None:
        return _EVER
    unstored = _unstored.get(sign_in_id) if sign_in_id else None
    return _EVER if unstored is not None and now() < unstored + idle else now() - idle


def account_of(session: Session, token: str, limits: SessionLimits = SessionLimits()) -> Account | None:
    """Return the account of a live session, or None."""
    live = visit(session, token, limits)
    return live.account if live else None


_unstored: dict[UUID, datetime] = {}
"""When who holds a session was last there, until that is stored: known to this process alone meanwhile."""
_stored: deque[tuple[float, UUID, datetime]] = deque()
"""What was stored lately, and when by `time.monotonic`: whoever read the session just before that still knows of it."""
_KNOWN = 60.0
"""Seconds for which that is known."""


def touch(store: Store, entry: SignIn) -> None:
    """Remember that the person behind a session is there, at most once a minute: whoever reads waits for no writer.

    It is known here at once, and stored beside the answer; where nothing can be stored, that is tried again.
    """
    kept_here = _unstored.get(entry.id)
    if now() - entry.last_seen_at < TOUCH_EVERY or (kept_here and now() - kept_here < TOUCH_EVERY):
        return
    _unstored[entry.id] = now()
    deferred_writes.of(store).do(("presence", entry.id), functools.partial(_store_presence, store, entry.id))


def _store_presence(store: Store, sign_in_id: UUID) -> None:
    """Store when somebody was last there. Raises Unavailable."""
    seen = _unstored.get(sign_in_id)
    if seen is None:  # the write before this one stored it as well
        return
    with store.unit_of_work(System(), behind=True) as session:
        kept = session.get(SignIn, sign_in_id)
        if kept is not None and kept.ended_at is None:
            kept.last_seen_at = max(kept.last_seen_at, seen)
            session.add(kept)
    _stored.append((time.monotonic(), sign_in_id, seen))
    while _stored and _stored[0][0] <= time.monotonic() - _KNOWN:
        _since, settled, at = _stored.popleft()
        if _unstored.get(settled) == at:
            _unstored.pop(settled, None)


def live_sessions(session: Session, account_id: UUID, limits: SessionLimits = SessionLimits()) -> Sequence[SignIn]:
    """Return the live sessions of an account, newest first, without wall screens."""
    return session.exec(
        select(SignIn)
        .where(
            SignIn.account_id == account_id,
            col(SignIn.only).is_(None),
            col(SignIn.ended_at).is_(None),
            ~col(SignIn.factor_due),
            SignIn.last_seen_at > now() - limits.idle,
            SignIn.created_at > now() - limits.absolute,
        )
        .order_by(col(SignIn.created_at).desc())
    ).all()


def _end(session: Session, entries: Sequence[SignIn], account: Account, by: Actor | System, act: str) -> int:
    for entry in entries:
        entry.ended_at = now()
        session.add(entry)
    journal.record(
        session, by, act, "account", account.id, country=account.country, chain=Chain.ACCESS, sessions=len(entries)
    )
    return len(entries)


def _unended(session: Session, account_id: UUID) -> Sequence[SignIn]:
    return session.exec(select(SignIn).where(SignIn.account_id == account_id, col(SignIn.ended_at).is_(None))).all()


def sign_out(session: Session, token: str) -> None:
    """End the session of this token. A session that has ended already stays ended."""
    row = session.exec(
        select(SignIn, Account).where(
            SignIn.token_hash == sha256(token), SignIn.account_id == Account.id, col(SignIn.ended_at).is_(None)
        )
    ).first()
    if row is not None:
        _end(session, [row[0]], row[1], System(), "account.sign_out")


def end_session(session: Session, sign_in_id: UUID, by: Actor) -> None:
    """End one session of one's own, or of an account that one manages. Raises NotFound for any other."""
    entry = session.get(SignIn, sign_in_id)
    account = session.get(Account, entry.account_id) if entry else None
    if entry is None or account is None:
        raise NotFound
    if account.id != by.account_id:
        require(by, Act.ACCOUNT_MANAGE, Subject(country=account.country))
    if entry.ended_at is None:
        _end(session, [entry], account, by, "account.end_session")


def sign_out_everywhere(session: Session, account_id: UUID, by: Actor | System, but: UUID | None = None) -> int:
    """End all sessions of an account, except `but` if given. Return their number."""
    account = existing(session.get(Account, account_id))
    if isinstance(by, Actor) and account.id != by.account_id:
        require(by, Act.ACCOUNT_MANAGE, Subject(country=account.country))
    entries = [entry for entry in _unended(session, account_id) if entry.id != but]
    return _end(session, entries, account, by, "account.sign_out_everywhere")


def end_by_provider(store: Store, issuer: str, subject: str, at: datetime) -> int:
    """End the sessions that the person of an identity began up to a moment, as its provider says. Return their number.

    What works without its person (walls, programs) goes on, and so does what was begun since: a token that somebody
    sends again ends nothing more.
    """
    with store.unit_of_work(System()) as session:
        account = federated_identities.account_of(session, issuer, subject)
        if account is None:
            return 0
        begun = at + timedelta(seconds=1)  # the provider tells whole seconds
        ended = [each for each in _unended(session, account.id) if each.only is None and each.created_at < begun]
        return _end(session, ended, account, System(), "account.sign_out_everywhere") if ended else 0


def erased_since(session: Session, account_id: UUID, since: datetime) -> bool:
    """Return whether devices must erase what they keep for an account: closed, or signed out everywhere since.

    By an administrator, that is: whoever sets a new password, or ends sessions of their own, has reports to send.
    """
    account = session.get(Account, account_id)
    if account is None or not account.may_enter:
        return True
    entry = journal.Entry
    query = select(entry.seq).where(
        entry.object_id == account_id, entry.act == "account.end_sessions", entry.at > since
    )
    return session.exec(query.limit(1)).first() is not None


def prove_again(
    store: Store, account: Account, password: str, sign_in_id: UUID | None, by: Actor, act: str, field: str
) -> bool:
    """Whether `password` is that of `account`, whose session `sign_in_id` asks for `act`; guesses are throttled.

    The access trail records a wrong password as a failed `act`, and an attempt that came too soon as denied. Raises
    RuleBroken on `field`, with the time to wait.
    """
    with store.unit_of_work(System()) as session:
        entry = session.get(SignIn, sign_in_id) if sign_in_id else None
        source = entry.source if entry else ""
        known = functools.partial(_known, session, account, source)
        if wait := sign_in_throttle.wait(session, account.username, source, known):
            _refused(session, account, by, act, "denied", source)
    if wait:
        raise sign_in_throttle.Hasty(field, sign_in_throttle.WAIT, wait)
    if passwords.matches(password, account.password_hash):
        return True
    with store.unit_of_work(System()) as session:
        sign_in_throttle.note_failure(session, account.username, source)
        _refused(session, account, by, act, "failed", source)
    return False


def _refused(session: Session, account: Account, by: Actor, act: str, outcome: str, source: str) -> None:
    journal.record(
        session,
        by,
        act,
        "account",
        account.id,
        country=account.country,
        outcome=outcome,
        chain=Chain.ACCESS,
        source=source,
    )


def prove(store: Store, by: Actor, password: str, code: str = "", passkey: PasskeyAnswer | None = None) -> None:
    """Prove that the person behind a session is who signed in.

    By the password and, where there is one, a code; or by a passkey alone, whose device asked for a PIN, a finger or a
    face. Raises RuleBroken on `password` or `code`, and Hasty; tries are counted with those to sign in.
    """
    with store.reading(System()) as session:
        account = session.get(Account, by.account_id)
        factor = second_factor.confirmed(session, by.account_id)
    if account is None or by.sign_in_id is None:
        raise NotFound
    if passkey is None and not prove_again(store, account, password, by.sign_in_id, by, "account.prove", "password"):
        raise RuleBroken("password", "This is not your present password.")
    with store.unit_of_work(System()) as session:
        entry = session.get_one(SignIn, by.sign_in_id)
        if passkey is not None:
            known = functools.partial(_known, session, account, entry.source)
            sign_in_throttle.refuse_haste(session, account.username, entry.source, known, "code")
        proven = (passkey is None and not factor) or _factor_right(session, entry, code, passkey, sure=True)
        if proven:
            entry.proven_at = now()
            session.add(entry)
            sign_in_throttle.forget_failures(session, account.username, entry.source)
            _factor(session, account, by, "account.prove")
        else:
            sign_in_throttle.note_failure(session, account.username, entry.source)
            _refused(session, account, by, "account.prove", "failed", entry.source)
    if not proven:
        raise RuleBroken("code", _WRONG_CODE if passkey is None else _WRONG_PASSKEY)


def set_up_factor(store: Store, by: Actor, code: str) -> list[str]:
    """Confirm the own second factor by its first code. Return the recovery codes, which are shown once."""
    with store.unit_of_work(System()) as session:
        account = session.get_one(Account, by.account_id)
        codes = second_factor.confirm(session, account.id, code)
        if codes is not None:
            _factor(session, account, by, "account.factor_set")
    if codes is None:
        raise RuleBroken("code", _WRONG_CODE)
    return codes


@proof.needed
def add_passkey(store: Store, by: Actor, passkey: PasskeyAnswer) -> list[str]:
    """Keep an own passkey. Return recovery codes, which are shown once, where it is the first second factor."""
    if by.sign_in_id is None:
        raise NotFound
    with store.unit_of_work(System()) as session:
        account = session.get_one(Account, by.account_id)
        made = (session, account.id, passkey.at, by.sign_in_id, passkey.said, passkey.name)
        _kept, codes = second_factor.add_passkey(*made)
        _factor(session, account, by, "account.factor_set")
    return codes


@proof.needed
def rename_passkey(store: Store, by: Actor, passkey_id: UUID, name: str) -> None:
    """Give an own passkey another name."""
    with store.unit_of_work(System()) as session:
        passkeys.rename(session, by.account_id, passkey_id, name)
        _factor(session, session.get_one(Account, by.account_id), by, "account.factor_named")


@proof.needed
def remove_factor(store: Store, by: Actor, passkey_id: UUID | None = None, *, needed: bool = False) -> None:
    """Remove the own app, or a passkey. Raises RuleBroken for the last second factor where the role needs one."""
    with store.unit_of_work(System()) as session:
        account = session.get_one(Account, by.account_id)
        if second_factor.remove_one(session, account.id, passkey_id, needed):
            _factor(session, account, by, "account.factor_removed")


def has_factor(store: Store, by: Actor) -> bool:
    """Return whether the asker has a second factor."""
    with store.reading(System()) as session:
        return second_factor.confirmed(session, by.account_id)
