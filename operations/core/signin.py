"""Signing in: passwords proven, sessions kept on the server, guessing slowed down.

A session is a random token of 256 bits that the browser holds; the database holds its SHA-256 only. Signing out, a new
password, a disabled account and both limits end it on the next request, wherever the copy of the cookie is.

Proving a password takes a moment of a core, so `sign_in` takes the store and opens its own short units of work: no
other writer waits for a hash, and a failure is remembered although it is refused.

Whoever guesses any other secret of an account is slowed down by the same three functions: `refuse_haste` before it is
proven, `note_failure` or `forget_failures` after.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, passwords, refused_tries
from operations.core.clock import UtcDateTime, now
from operations.core.errors import NotFound, RuleBroken
from operations.core.faults import Unavailable
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.people import Account, Actor, System
from operations.core.permissions import Act, Subject, require
from operations.core.said import N_
from operations.core.store import Store

WINDOW = timedelta(minutes=15)
FREE_FAILURES = 5  # of one account from one source
GLOBAL_FAILURES = 20  # of one account from everywhere
FIRST_DELAY = timedelta(seconds=30)
KNOWN_SOURCE = timedelta(days=30)
TOUCH_EVERY = timedelta(minutes=1)
TOUCH_AGAIN = timedelta(seconds=10)  # after one that could not be stored
TOUCH_PATIENCE = 0.2  # seconds: a reader waits for no writer

_WRONG = "User name and password do not belong together."
_UNCONFIRMED = N_("Your account waits until a second person confirms it. Ask whoever invited you.")
_CLOSED = N_(
    "This account is closed. What you typed is kept in the browser in which you typed it: ask whoever keeps your "
    "account to open it again."
)
_OVER = N_("The mandate of this account is over. Ask whoever keeps your account for another end.")
_WAIT = "Too many attempts. Try again in {minutes} min."
_STRANGE = "Too many failed attempts from your network. Try again in {minutes} min."


class Hasty(RuleBroken):
    """Whoever tries to prove a secret must wait `seconds` before the next attempt."""

    def __init__(self, field: str, template: str, wait: timedelta) -> None:
        self.seconds = max(1, int(wait.total_seconds()))
        super().__init__(field, template, minutes=-(-self.seconds // 60))


@dataclass(frozen=True)
class Limits:
    """How long a session lives: without a request, and at all."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


WALL = Limits(idle=timedelta(days=7), absolute=timedelta(days=7))
"""How long a screen on a wall lives: nobody touches it."""


# ---------------------------------------------------------------------------------------------------- tables


class SignIn(SQLModel, table=True):
    """A session of an account. `source` is the network address, `agent` what the browser calls itself.

    `only`: the one address that a screen on a wall shows (`operations.policing.operation.walls`); as long as its link
    waits for the screen, there is no source.
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


class Attempt(SQLModel, table=True):
    """A failed attempt. `username` is a hash of what was typed: people type passwords into the wrong field."""

    id: UUID = Field(primary_key=True)
    username: str = Field(max_length=64, index=True)
    source: str = Field(default="", max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


# ---------------------------------------------------------------------------------------------------- sessions


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def account_named(session: Session, username: str) -> Account | None:
    """The account of this name, as far as the asker may see it."""
    return session.exec(select(Account).where(Account.username == username)).one_or_none()


def _wait(session: Session, key: str, source: str, account: Account | None) -> timedelta:
    """How long this source must wait before it may try this secret again; zero when it need not.

    After five failures within 15 minutes the delay after the last one doubles with each more. Twenty failures from
    everywhere close the account to sources from which nobody signed in to it during the last 30 days: a stranger who
    guesses badly on purpose cannot lock out officers at their desks.
    """
    recent = session.exec(
        select(Attempt.source, Attempt.at)
        .where(Attempt.username == key, Attempt.at > now() - WINDOW)
        .order_by(col(Attempt.at))
    ).all()
    here = [at for found, at in recent if found == source]
    if len(here) >= FREE_FAILURES:
        delay: timedelta = min(FIRST_DELAY * (1 << min(len(here) - FREE_FAILURES, 10)), WINDOW)
        return max(here[-1] + delay - now(), timedelta())
    if len(recent) < GLOBAL_FAILURES or _known(session, account, source):
        return timedelta()
    return max(recent[-GLOBAL_FAILURES][1] + WINDOW - now(), timedelta())


def _known(session: Session, account: Account | None, source: str) -> bool:
    """Whether somebody signed in to this account from this source during the last 30 days."""
    if account is None:
        return False
    query = select(SignIn.id).where(
        SignIn.account_id == account.id,
        SignIn.source == source,
        SignIn.created_at > now() - KNOWN_SOURCE,
        col(SignIn.only).is_(None),
    )
    return session.exec(query.limit(1)).first() is not None


def refuse_haste(session: Session, secret: str, source: str, account: Account | None = None, field: str = "") -> None:
    """Raise Hasty on `field` where `source` must wait before it may try `secret` again.

    `secret` names what is guessed at ("ana", "password of <id>"); it is kept as a hash.
    """
    wait = _wait(session, _sha256(secret), source[:64], account)
    if wait:
        raise Hasty(field, _WAIT, wait)


def note_failure(session: Session, secret: str, source: str) -> None:
    """Remember that somebody tried `secret` and was wrong. What no longer counts is forgotten."""
    session.execute(delete(Attempt).where(col(Attempt.at) <= now() - WINDOW))
    session.add(Attempt(id=new_id(), username=_sha256(secret), source=source[:64], at=now()))


def forget_failures(session: Session, secret: str, source: str) -> None:
    """The secret was proven from this source: what failed before from there counts no longer."""
    session.execute(delete(Attempt).where(col(Attempt.username) == _sha256(secret), col(Attempt.source) == source[:64]))


def _note(session: Session, account: Account | None, outcome: str, source: str) -> None:
    """Add a sign-in to the access trail. An unknown user name is not repeated there."""
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
    )


def sign_in(
    store: Store,
    username: str,
    password: str,
    source: str = "",
    agent: str = "",
    closed_for: timedelta = timedelta(),
) -> str:
    """Prove a password and open a session; returns the token for the browser, a new one at each sign-in.

    `closed_for`: so long this source is closed to accounts that nobody signed in to from there before. Raises
    RuleBroken, with the same words for an unknown user and a wrong password (with others for who knows the password of
    an account that is closed, over or not confirmed yet), or Hasty. Every session that is opened is in the access trail
    when this returns; what is refused is there one by one or counted (see `refused_tries`).
    """
    username, source, agent = username.strip().casefold(), source[:64], agent[:200]
    refused = refused_tries.of(store)
    with store.reading(System()) as session:
        account = account_named(session, username)
        try:
            refuse_haste(session, username, source, account)
            if closed_for and not _known(session, account, source):
                raise Hasty("", _STRANGE, closed_for)
        except Hasty:
            refused.count(source, "denied")
            raise

    right = passwords.matches(password, account.password_hash if account else None)
    fresh = passwords.hashed(password) if right and account and passwords.outdated(account.password_hash) else None
    token, why = None, _WRONG
    with store.unit_of_work(System()) as session:
        account = account_named(session, username)
        if account and right and not account.may_enter:
            unconfirmed = _UNCONFIRMED if account.proposed_by is not None else _OVER
            why = unconfirmed if account.disabled_at is None else _CLOSED
        if account is None or not right or not account.may_enter:
            note_failure(session, username, source)
            if account is not None and refused.entry_of_its_own():
                _note(session, account, "failed", source)
            else:
                refused.count(source, "failed")
        else:
            account.password_hash = fresh or account.password_hash
            token = secrets.token_urlsafe(32)
            session.add(
                SignIn(
                    id=new_id(),
                    token_hash=_sha256(token),
                    account_id=account.id,
                    created_at=now(),
                    last_seen_at=now(),
                    source=source,
                    agent=agent,
                )
            )
            forget_failures(session, username, source)
            _note(session, account, "done", source)
    if token is None:
        raise RuleBroken("", why)
    return token


@dataclass(frozen=True)
class Visit:
    """A live session and the account behind it."""

    sign_in: SignIn
    account: Account


def visit(session: Session, token: str, limits: Limits = Limits()) -> Visit | None:
    """Who holds this token, or None when the session has ended, has expired, or its account is closed."""
    return visits(session, [token], limits).get(token)


_HELD = select(SignIn, Account).where(
    col(SignIn.token_hash).in_(bindparam("hashes", expanding=True)), SignIn.account_id == Account.id
)


def visits(session: Session, tokens: Iterable[str], limits: Limits = Limits()) -> dict[str, Visit]:
    """Who holds each of these tokens; what `visit` returns none for is left out."""
    by_hash = {_sha256(token): token for token in tokens}
    found = session.exec(_HELD, params={"hashes": list(by_hash)})
    return {
        by_hash[entry.token_hash]: Visit(entry, account)
        for entry, account in found
        if account.may_enter and _lives(entry, limits)
    }


def _lives(entry: SignIn, limits: Limits) -> bool:
    limits = limits if entry.only is None else WALL
    return (
        entry.ended_at is None
        and (entry.only is None or entry.source != "")
        and now() < max(entry.last_seen_at, _unstored.get(entry.id, entry.last_seen_at)) + limits.idle
        and now() < entry.created_at + limits.absolute
    )


def account_of(session: Session, token: str, limits: Limits = Limits()) -> Account | None:
    """The account of a live session, or None."""
    found = visit(session, token, limits)
    return found.account if found else None


_unstored: dict[UUID, datetime] = {}
"""When who holds a session was last there, where that could not be stored: known to this process alone until it can."""


def touch(store: Store, entry: SignIn) -> None:
    """Remember that the person behind a session is there: at most once a minute, in a unit of work of its own.

    Whoever reads goes on reading where nothing can be stored: it is remembered here then, and stored later.
    """
    kept_here = _unstored.get(entry.id)
    if now() - entry.last_seen_at < TOUCH_EVERY or (kept_here and now() - kept_here < TOUCH_AGAIN):
        return
    try:
        with store.unit_of_work(System(), patience=TOUCH_PATIENCE) as session:
            kept = session.get(SignIn, entry.id)
            if kept is not None and kept.ended_at is None:
                kept.last_seen_at = now()
                session.add(kept)
    except Unavailable:
        _unstored[entry.id] = now()
    else:
        _unstored.pop(entry.id, None)


def live_sessions(session: Session, account_id: UUID, limits: Limits = Limits()) -> Sequence[SignIn]:
    """The sessions of an account that a request would still find alive, newest first; screens on walls stand apart."""
    return session.exec(
        select(SignIn)
        .where(
            SignIn.account_id == account_id,
            col(SignIn.only).is_(None),
            col(SignIn.ended_at).is_(None),
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
    """End the session of this token. One that has ended already stays ended."""
    found = session.exec(
        select(SignIn, Account).where(
            SignIn.token_hash == _sha256(token), SignIn.account_id == Account.id, col(SignIn.ended_at).is_(None)
        )
    ).first()
    if found is not None:
        _end(session, [found[0]], found[1], System(), "account.sign_out")


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
    """End all sessions of an account, except `but` where given; returns how many."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    if isinstance(by, Actor) and account.id != by.account_id:
        require(by, Act.ACCOUNT_MANAGE, Subject(country=account.country))
    entries = [entry for entry in _unended(session, account_id) if entry.id != but]
    return _end(session, entries, account, by, "account.sign_out_everywhere")


def prove_again(
    store: Store, account: Account, password: str, sign_in_id: UUID | None, by: Actor, act: str, field: str
) -> bool:
    """Whether `password` is that of `account`, whose session `sign_in_id` asks for `act`; guesses count.

    A wrong one is in the access trail as `act` that failed, one that came too soon as denied. Raises RuleBroken on
    `field`, with how long to wait.
    """
    key = _sha256(account.username)
    with store.unit_of_work(System()) as session:
        entry = session.get(SignIn, sign_in_id) if sign_in_id else None
        source = entry.source if entry else ""
        if wait := _wait(session, key, source, account):
            _refused(session, account, by, act, "denied", source)
    if wait:
        raise RuleBroken(field, _WAIT, minutes=-(-int(wait.total_seconds()) // 60) or 1)
    if passwords.matches(password, account.password_hash):
        return True
    with store.unit_of_work(System()) as session:
        session.add(Attempt(id=new_id(), username=key, source=source, at=now()))
        _refused(session, account, by, act, "failed", source)
    return False


def _refused(session: Session, account: Account, by: Actor, act: str, outcome: str, source: str) -> None:
    journal.record(
        session, by, act, "account", account.id, country=account.country, outcome=outcome, chain=Chain.ACCESS,
        source=source,
    )  # fmt: skip
