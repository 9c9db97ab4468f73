"""API tokens: keys with which a system of a country asks the REST interface, in the name of the person who made one.

The database holds only the SHA-256 of a key. A token is a session without a browser: every transaction reads anew
whether it still stands, as for any session, and it ends when the account of its maker is closed, signs out everywhere
or changes its country. It may do what its maker may at that moment, within its scopes, and never more. Reports that
come by it count as its maker's own, so that somebody else verifies and validates them.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, NeededWords
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.journal import Chain
from operations.core.noun import Noun
from operations.core.people import Account, Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.sign_in import API, SignIn
from operations.core.sign_in_throttle import sha256
from operations.core.store import scoped
from operations.core.vocabulary import ApiScope, InList, Role
from operations.policing.operation import membership

LONGEST = timedelta(days=366)
MOST = 20
"""Tokens of one person that live at once."""
SCOPES = {
    ApiScope.REPORTS_WRITE: Act.REPORT_CORRECT,
    ApiScope.REPORTS_READ: Act.REPORT_READ,
    ApiScope.FIGURES_READ: Act.TOTALS_READ,
    ApiScope.PLAN_READ: Act.PLAN_READ,
    ApiScope.TEAMS_READ: Act.TEAM_READ,
    ApiScope.TEAMS_WRITE: Act.TEAM_KEEP,
    ApiScope.LEADS_READ: Act.LEAD_READ,
    ApiScope.LEADS_ANSWER: Act.LEAD_ANSWER,
}
"""What each scope allows, as far as the maker may do it."""


class ApiToken(SQLModel, table=True):
    """An API token of a system of a country. It never changes: its session, under the same id, is what ends.

    `sender_key`: the public key of the other Muster that uses it, 64 hexadecimal digits; "" for any other system. What
    writes with such a token has to be signed by that key.
    """

    __tablename__ = "api_token"
    id: UUID = Field(primary_key=True, foreign_key="sign_in.id")
    country: str = Field(max_length=3, index=True)
    system: str = Field(max_length=40)
    scopes: list[str] = Field(sa_type=JSON)
    sender_key: str = Field(default="", max_length=64)
    expires_on: date
    author_id: UUID = Field(foreign_key="account.id", index=True)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def ends(self) -> datetime:
        """When it expires: at the end of its last day, in UTC."""
        return datetime.combine(self.expires_on + timedelta(days=1), time(), UTC)


@scoped(ApiToken)
def _tokens_seen(actor: Actor) -> Any:
    """A country's coordinator sees those of the country, an administrator all, everybody else their own."""
    if actor.role is Role.ADMINISTRATOR:
        return col(ApiToken.id).is_not(None)
    if actor.role is Role.NATIONAL_COORDINATOR:
        return col(ApiToken.country) == actor.country
    return col(ApiToken.author_id) == actor.account_id


class TokenDraft(Draft):
    """Draft of a token. The system is an office's, never a person."""

    id: UUID
    system: Annotated[
        NeededWords,
        Rule(max_length=40),
        Label(N_("System"), N_("The name of the program that will use it, such as Border entry."), draws="text"),
    ]
    scopes: Annotated[
        list[Annotated[str, InList("CL-APISCOPE")]],
        Rule(min_length=1),
        Label(N_("What it may do"), N_("Never more than you may do yourself.")),
    ]
    sender_key: Annotated[
        str,
        Rule(pattern=r"^([0-9a-f]{64})?$"),
        Label(
            N_("Public key of another Muster"),
            N_("Only where the system is another Muster: what it sends then has to be signed by this key."),
            draws="text",
        ),
    ] = ""
    expires_on: Annotated[date, Label(N_("Last day"), N_("At most a year from today."))]


def _record(session: Session, by: Actor, act: str, kind: str, of: ApiToken, /, **detail: Any) -> None:
    """Write an entry into the access trail: a token opens access, it changes nothing in an operation."""
    journal.record(session, by, act, kind, of.id, country=of.country, chain=Chain.ACCESS, **detail)


TOKEN = Noun(
    ApiToken,
    "api_token",
    _record,
    N_("This token was already made with other content. Reload the page to see it."),
)


@dataclass(frozen=True)
class NewToken:
    """A new token and its key, which is shown once; no key where the same draft had made it before."""

    token: ApiToken
    key: str


def make(session: Session, draft: TokenDraft, by: Actor) -> NewToken:
    """Make a token for a system of the own country. Raises RuleBroken for a last day that is past or too far."""
    require(by, Act.API_OPEN, Subject(country=by.country))
    said = {
        **draft.model_dump(),
        "country": by.country,
        "scopes": [each.value for each in ApiScope if each in draft.scopes],
    }
    if known := TOKEN.known(session, said):
        return NewToken(known, "")
    today = now().date()
    if not today <= draft.expires_on <= today + LONGEST:
        raise RuleBroken("expires_on", "Choose a last day within a year from today.")
    if not all(may(by, SCOPES[ApiScope(each)]) for each in draft.scopes):
        raise RuleBroken("scopes", "Your role does not allow all of this.")
    if draft.sender_key and not may(by, Act.REPORT_WRITE):
        raise RuleBroken("sender_key", "An officer or a team leader makes this token: they send reports.")
    if sum(each.author_id == by.account_id for each, _entry in tokens(session)) >= MOST:
        raise RuleBroken("", "You have {most} tokens. End one that is not used any more.", most=MOST)
    key = f"muster_{secrets.token_urlsafe(32)}"
    moment = now()
    entry = SignIn(
        id=draft.id,
        token_hash=_hash(key),
        account_id=by.account_id,
        created_at=moment,
        last_seen_at=moment,
        agent=draft.system,
        only=API,
    )
    session.add(entry)
    session.flush()
    return NewToken(TOKEN.write(session, by, "api.open", said, system=draft.system, scopes=said["scopes"]), key)


def end(session: Session, token_id: UUID, by: Actor) -> ApiToken:
    """End a token: one's own, one of the country as its coordinator, any as an administrator. Idempotent."""
    found = TOKEN.hold(session, token_id)
    if found.author_id != by.account_id:
        require(by, Act.API_END, Subject(country=found.country))
    entry = session.get_one(SignIn, found.id)
    if entry.ended_at is None:
        entry.ended_at = now()
        session.add(entry)
        _record(session, by, "api.end", "api_token", found, system=found.system)
    return found


def tokens(session: Session) -> Sequence[tuple[ApiToken, SignIn]]:
    """Return the tokens that live and that the asker may see, each with its session, the newest first."""
    query = (
        select(ApiToken, SignIn)
        .join(SignIn, col(SignIn.id) == col(ApiToken.id))
        .where(col(SignIn.ended_at).is_(None), col(ApiToken.expires_on) >= now().date())
        .order_by(col(ApiToken.made_at).desc(), col(ApiToken.id))
    )
    return session.exec(query).all()


@dataclass(frozen=True)
class Bearer:
    """Who asks by a token: the token, its session, and its maker as an actor whose name also tells the system."""

    token: ApiToken
    entry: SignIn
    actor: Actor

    @property
    def scopes(self) -> frozenset[ApiScope]:
        """What it may do now: of its scopes those that its maker still has."""
        return frozenset(each for each in map(ApiScope, self.token.scopes) if may(self.actor, SCOPES[each]))


def bearer(session: Session, key: str) -> Bearer | None:
    """Return who asks by a key; None where it is unknown, has ended or expired, or its maker may not make one any more.

    `session` is Muster's own.
    """
    query = select(ApiToken, SignIn, Account).where(
        SignIn.token_hash == _hash(key), ApiToken.id == SignIn.id, SignIn.account_id == Account.id
    )
    found = session.exec(query).one_or_none()
    if found is None:
        return None
    token, entry, account = found
    by = membership.actor(session, account) if entry.ended_at is None and now() < token.ends else None
    if by is None or by.country != token.country or not may(by, Act.API_OPEN, Subject(country=token.country)):
        return None
    name = f"{by.name[:76]} · {token.system}"
    return Bearer(token, entry, replace(by, name=name, sign_in_id=entry.id, session_ends=token.ends))


def _hash(key: str) -> str:
    """Return the hash of a key, prefixed so that the hash of a browser's session never matches it."""
    return sha256(f"api {key}")
