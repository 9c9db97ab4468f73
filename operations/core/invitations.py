"""Invitations: a link that works once, within 72 hours, and lets its person set a password that nobody else knows.

The secret in the link is stored only as its SHA-256 and shown once, to the inviter. A new link ends the one before.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, passwords, proof
from operations.core.account_admin import EMERGENCY, end_of, locked_account, not_over, require_keeper
from operations.core.accounts import Language, MailAddress, PersonDraft, Username, refuse_taken
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Name, Words, rule
from operations.core.drafts import reason as checked_reason
from operations.core.errors import Conflict, RuleBroken
from operations.core.field_labels import N_
from operations.core.ids import new_id
from operations.core.languages import LOCALES
from operations.core.people import Account, Actor, System
from operations.core.permissions import PRIVILEGED_ROLES, Act, may
from operations.core.same_person import alike
from operations.core.sign_in import sign_out_everywhere
from operations.core.store import Store, locked, scoped, unscoped
from operations.core.vocabulary import Role

LASTS = timedelta(hours=72)
_EMERGENCY_WHY = rule("emergency_why", "Say why this account is urgent. The journal records your reason.")

_UNKNOWN = N_("This link does not work. It may be incomplete. Ask the sender for a new link.")
_USED = N_(
    "This link was used already: sign in with the password that was set. If that was not you, tell whoever gave you "
    "the link at once."
)
_REPLACED = N_("A newer link was made for you, and it ended this one: use the newest.")
_LATE = N_("This link could be used for 72 hours, which are over: ask whoever gave it to you for a new one.")
_CLOSED = N_("This account is closed: ask whoever gave you the link.")


class Invitation(SQLModel, table=True):
    """An invitation link. `by_id` had it in hand (None: the keeper of the server); `replaced_at`: by a newer link."""

    __table_args__ = (
        CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name="ends_once"),
        CheckConstraint("ends_at > made_at", name="has_time"),
    )
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    secret_hash: str = Field(unique=True, max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    by_id: UUID | None = None
    by_name: str = Field(max_length=120)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@scoped(Invitation)
def _invitations_seen(actor: Actor) -> Any:
    """Those who manage accounts see the links of these accounts."""
    if not may(actor, Act.ACCOUNT_MANAGE):
        return sa.false()
    own = sa.select(col(Account.id)).where(col(Account.country) == actor.country)
    return col(Invitation.account_id).in_(own) if actor.national else sa.true()


class InvitationDraft(PersonDraft):
    """A person to invite. Without a user name, one is made from the name; `last_day` ends the mandate.

    `mail` is where the link is sent, if mail is set up: it is stored nowhere, and each person says later where to be
    notified.
    """

    id: UUID
    name: Name
    username: Username | None = None
    language: Language = "en"
    last_day: Annotated[date, AfterValidator(not_over)] | None = None
    mail: MailAddress = ""
    emergency: bool = False
    reason: Words = ""

    @model_validator(mode="after")
    def _whole(self) -> "InvitationDraft":
        if self.emergency and not self.reason:
            raise PydanticCustomError(_EMERGENCY_WHY, "emergency why")
        return self


@dataclass(frozen=True)
class InvitationLink:
    """A link to hand out, with the only copy of its secret, which is neither logged nor stored. `mail`: its address."""

    account: Account
    secret: str = field(repr=False)
    mail: str = field(default="", repr=False)


# ------------------------------------------------------------------------------------------------------ inviting


@proof.needed
def invite(session: Session, draft: InvitationDraft, by: Actor | System) -> InvitationLink:
    """Make an account without a password and the link for its person. Idempotent, except that a retry makes a new link.

    Raises NotPermitted if `by` manages no such accounts, and RuleBroken for a user name that is taken.
    """
    return invite_all(session, [draft], by)[0]


def invite_all(session: Session, drafts: Sequence[InvitationDraft], by: Actor | System) -> list[InvitationLink]:
    """Invite everybody or nobody (see `invite`), with few statements: others wait to write meanwhile."""
    for draft in drafts:
        require_keeper(by, draft.role, draft.country, draft.clearance)
    same = col(Account.id).in_([draft.id for draft in drafts])
    known = {each.id: each for each in session.exec(unscoped(locked(select(Account).where(same))))}
    new = [draft for draft in drafts if draft.id not in known]
    links = {account.id: _link(session, account, by) for account in _accounts(session, new, by)}
    for draft in new:
        said: dict[str, Any] = {"reason": checked_reason(draft.reason)} if draft.reason else {}
        said |= {"role": draft.role, "emergency": draft.emergency}
        journal.record(session, by, "account.invite", "account", draft.id, country=draft.country, **said)
    return [
        replace(links[draft.id], mail=draft.mail) if draft.id in links else _again(session, known[draft.id], draft, by)
        for draft in drafts
    ]


def _accounts(session: Session, drafts: Sequence[InvitationDraft], by: Actor | System) -> list[Account]:
    """Add an account for each draft. Raises RuleBroken for a user name that is taken."""
    named = {draft.id: draft.username or username_of(session, draft.name, draft.country) for draft in drafts}
    refuse_taken(session, named.values())
    by_id = by.account_id if isinstance(by, Actor) else None
    made = [
        Account(
            **draft.model_dump(
                mode="python", include={"id", "name", "role", "country", "unit", "clearance", "language"}
            ),
            username=named[draft.id],
            emergency=draft.emergency,
            password_hash="",
            created_at=now(),
            expires_at=now() + EMERGENCY if draft.emergency else end_of(draft.last_day),
            handed_by=by_id,
            proposed_by=by_id if draft.role in PRIVILEGED_ROLES else None,
        )
        for draft in drafts
    ]
    session.add_all(made)
    session.flush()
    return made


def _again(session: Session, known: Account, draft: InvitationDraft, by: Actor | System) -> InvitationLink:
    """Return a link for a person invited by the same form before, as the answer may have been lost."""
    same = known.name == draft.name and known.role == draft.role and known.country == draft.country
    if not same or known.password_hash:
        raise Conflict("This account already exists with different content. Reload the page to see it.")
    return replace(renew(session, known.id, by), mail=draft.mail)


@proof.needed
def renew(session: Session, account_id: UUID, by: Actor | System) -> InvitationLink:
    """Return a new link for a person, for the first or another password; the previous link ends.

    The present password works until the link is used. Raises NotFound, and RuleBroken for the own account or one that
    is closed or over.
    """
    account = locked_account(session, account_id, by)
    require_keeper(by, Role(account.role), account.country, account.clearance)
    if isinstance(by, Actor) and account.id == by.account_id:
        raise RuleBroken("", "Change your own password on your account page.")
    if account.disabled_at is not None:
        raise RuleBroken("", "This account is closed: open it again first.")
    if account.expires_at is not None and account.expires_at <= now():
        raise RuleBroken("", "The mandate of this account has ended. Give it a later last day first.")
    for older in session.exec(locked(_unused(account.id))):
        older.replaced_at = now()
        session.add(older)
    made = _link(session, account, by)
    again: dict[str, Any] = (
        {"again": True} if account.password_hash else {}
    )  # whoever works with it is told: `timetable.mandates`
    journal.record(session, by, "account.link", "account", account.id, country=account.country, **again)
    return made


def _link(session: Session, account: Account, by: Actor | System) -> InvitationLink:
    secret = secrets.token_urlsafe(32)
    made = Invitation(
        id=new_id(),
        account_id=account.id,
        secret_hash=_hash(secret),
        made_at=now(),
        ends_at=now() + LASTS,
        by_id=by.account_id if isinstance(by, Actor) else None,
        by_name=by.name,
    )
    session.add(made)
    return InvitationLink(account, secret)


def waiting(session: Session, account_id: UUID) -> Invitation | None:
    """Return the link of an account that can still be used."""
    link: Invitation | None = session.exec(_unused(account_id).where(col(Invitation.ends_at) > now())).first()
    return link


def _unused(account_id: UUID) -> Any:
    return select(Invitation).where(
        Invitation.account_id == account_id, col(Invitation.used_at).is_(None), col(Invitation.replaced_at).is_(None)
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def username_of(session: Session, name: str, country: str | None, taken: frozenset[str] = frozenset()) -> str:
    """Return a user name made from a name: ana.ferreira, followed by the country or a number if that is taken.

    Raises RuleBroken for a name without Latin letters.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    short = ".".join([words[0], words[-1]] if len(words) > 1 else words)[:48]
    if len(short) < 3:
        raise RuleBroken("username", "Muster cannot make a user name from this name. Give one.")
    tries = [short, *([f"{short}.{country.casefold()}"] if country else []), *(f"{short}{n}" for n in range(2, 1000))]
    query = select(Account.username).where(col(Account.username).like(f"{short}%"))
    known = taken | set(session.exec(unscoped(query)))
    return next(candidate for candidate in tries if candidate not in known)


# ----------------------------------------------------------------------------------------------------- accepting


def invited(session: Session, secret: str) -> Account:
    """Return the account of a link. Raises RuleBroken, with advice, if the link cannot be used (any more)."""
    return _usable(session, secret)[1]


def accept(store: Store, secret: str, password: str, language: str) -> Account:
    """Set the password by a link, which ends the link and every session of the account.

    Raises RuleBroken if the link cannot be used, and on `password` if it is too easy.
    """
    with store.reading(System()) as session:
        account = invited(session, secret)
    passwords.check(password, (account.username, account.name))
    fresh = passwords.hashed(password)
    with store.unit_of_work(System()) as session:
        link, account = _usable(session, secret, hold=True)
        link.used_at = now()
        account.password_hash = fresh
        account.language = language if language in LOCALES else account.language
        account.handed_by, account.vouched_by = link.by_id, None
        account.version += 1
        session.add(link)
        session.add(account)
        if link.by_id is not None and _crosses_countries(session, account):
            account.proposed_by = account.proposed_by or link.by_id
        sign_out_everywhere(session, account.id, System())
        journal.record(session, System(), "account.accept", "account", account.id, country=account.country)
    return account


def _crosses_countries(session: Session, account: Account) -> bool:
    """Whether who may be using the account reads of several countries: by its role, or by accounts of several.

    Closed accounts count too: whoever had them in hand has read with them.
    """
    if account.role in PRIVILEGED_ROLES:
        return True
    session.flush()
    own = alike(session.connection(), account.id)
    countries = select(Account.country).where(col(Account.id).in_(own), col(Account.country).is_not(None)).distinct()
    return len(session.exec(unscoped(countries)).all()) > 1


def _usable(session: Session, secret: str, *, hold: bool = False) -> tuple[Invitation, Account]:
    query = select(Invitation).where(Invitation.secret_hash == _hash(secret.strip()))
    link = session.exec(locked(query) if hold else query).one_or_none()
    if link is None:
        raise RuleBroken("", _UNKNOWN)
    account = locked_account(session, link.account_id, System()) if hold else session.get_one(Account, link.account_id)
    over = account.expires_at is not None and account.expires_at <= now()
    for refused, why in (
        (link.used_at is not None, _USED),
        (account.disabled_at is not None or over, _CLOSED),
        (link.replaced_at is not None, _REPLACED),
        (link.ends_at <= now(), _LATE),
    ):
        if refused:
            raise RuleBroken("", why)
    return link, account
